import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../lib/text.ts";
import { Icon, type IconName } from "../../kit/icons.tsx";
import { Button } from "../../kit/parts.tsx";

export interface Party {
  /** As people know it, and who is really contacted. */
  name: string;
  host: string;
  /** What it learns, and what this site gets from it. */
  learns: string;
  gets: string;
  terms?: string | null;
  privacy?: string | null;
}

/**
 * The doorstep of everything that others run: an outside account, a page, a plug-in. Says who
 * learns what and whose terms apply; nothing of theirs is loaded or asked before the click, so
 * what lies behind comes as a function: `go` leads away, `show` puts it in this place.
 */
export function ThirdParty({
  party,
  button,
  busy,
  go,
  show,
  children,
}: {
  party: Party;
  button: string;
  busy?: boolean;
  go?: () => void;
  show?: () => ComponentChildren;
  children?: ComponentChildren;
}) {
  const [open, setOpen] = useState(false);
  const { name, host, terms, privacy } = party;
  if (open && show) return <>{show()}</>;
  return (
    <section class="card stack party" aria-label={name} data-third-party={host}>
      <Fact icon="eye" title={t("third_party.learns", { name })} text={party.learns} />
      <Fact icon="key" title={t("third_party.gets")} text={party.gets} />
      <Fact
        icon="scrollText"
        title={t("third_party.terms")}
        text={t("third_party.apply", { name })}
      >
        {(terms || privacy) && (
          <p class="row">
            {terms && <Elsewhere href={terms} text={t("third_party.terms_of", { name })} />}
            {privacy && <Elsewhere href={privacy} text={t("third_party.privacy_of", { name })} />}
          </p>
        )}
      </Fact>
      {children}
      <div class="row">
        <Button kind="main" busy={busy} onClick={() => (go ? go() : setOpen(true))}>
          {button}
        </Button>
      </div>
      <p class="mute small">{t("third_party.before", { host })}</p>
    </section>
  );
}

function Fact({
  icon,
  title,
  text,
  children,
}: {
  icon: IconName;
  title: string;
  text: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="party-fact">
      <span class="point-icon">
        <Icon name={icon} />
      </span>
      <div class="stack tight grow">
        <h2>{title}</h2>
        <p>{text}</p>
        {children}
      </div>
    </div>
  );
}

/** A page of theirs: it is opened by a click, and not told where one came from. */
function Elsewhere({ href, text }: { href: string; text: string }) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {text}
    </a>
  );
}
