import type { Out } from "../../lib/api.ts";
import type { SeenBy } from "../../lib/seen.ts";
import { t } from "../../lib/text.ts";
import type { SeenRow } from "../../rows.ts";
import { Icon } from "../../kit/icons.tsx";
import { useLoad } from "../../kit/load.ts";
import { Failed, Loading, Notice } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";

type What = Out<"GET /api/me/seen">["lines"][number]["what"];

/* Whoever is not signed in has a link, and no list. */
const textOf = (by: SeenBy, what: What): string =>
  t(by === "nobody" && what === "rooms" ? "seen.may_rooms_link" : `seen.may_${what}`);

function Lines({
  title,
  by,
  whats,
  can,
}: {
  title: string;
  by: SeenBy;
  whats: What[];
  can: boolean;
}) {
  if (whats.length === 0) return null;
  return (
    <div class="stack tight">
      <h3>{title}</h3>
      <ul class="seen-lines">
        {whats.map((what) => (
          <li key={what} class={can ? "can" : "cannot"}>
            <Icon name={can ? "check" : "close"} />
            {textOf(by, what)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What such a one can do and cannot, by my own choices. */
function May({ by }: { by: SeenBy }) {
  const { data, failed, refused, again } = useLoad("GET /api/me/seen", { by });
  /* A friend has nothing to ask for any more. */
  const those = (yes: boolean) =>
    (data?.lines ?? [])
      .filter((line) => line.yes === yes && !(by === "friend" && line.what === "request"))
      .map(({ what }) => what);
  return (
    <Section id="seen-may" title={t("seen.may")}>
      {failed || refused ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={4} />
      ) : (
        <>
          {data.minor && (
            <Notice icon="shield">
              <p>{t("seen.minor")}</p>
            </Notice>
          )}
          <div class="seen-may">
            <Lines title={t("seen.can")} by={by} whats={those(true)} can />
            <Lines title={t("seen.cannot")} by={by} whats={those(false)} can={false} />
          </div>
        </>
      )}
    </Section>
  );
}

export const seen: SeenRow[] = [{ place: 10, when: (by) => by !== "parent", Seen: May }];
