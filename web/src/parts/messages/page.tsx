import { useEffect, useState } from "preact/hooks";
import type { PageProps } from "../../rows.ts";
import { ConversationPane } from "./conversation.tsx";
import { ListPane } from "./list.tsx";
import { inbox } from "./start.ts";
import { number, t } from "../../lib/text.ts";
import { useNarrow } from "../../lib/theme.ts";
import { Icon } from "../../kit/icons.tsx";
import { Heading } from "../../kit/page.tsx";
import { Empty, Failed, Loading } from "../../kit/parts.tsx";

/** The list and a conversation: side by side, or one after the other where there is no room. */
export function Messages({ params }: PageProps) {
  const { id } = params;
  const narrow = useNarrow();
  const list = !narrow || !id;
  return (
    <div class={`talks ${id ? "open" : ""}`}>
      {list && <ListPane title={id ? <h2>{t("nav.messages")}</h2> : <Title />} open={id} />}
      {id ? (
        <Chosen key={id} id={id} />
      ) : (
        !narrow && (
          <div class="talks-blank">
            <Empty icon="message" title={t("talk.choose")}>
              <p class="mute">{t("talk.choose_hint")}</p>
            </Empty>
          </div>
        )
      )}
    </div>
  );
}

function Title() {
  const n = inbox.news.value;
  const title = t("nav.messages");
  return <Heading title={n > 0 ? `(${number(n)}) ${title}` : title}>{title}</Heading>;
}

function Chosen({ id }: { id: string }) {
  const [state, setState] = useState<"asking" | "failed" | "none">("asking");
  const one = inbox.find(id);
  const load = () => {
    setState("asking");
    inbox.fetch(id).then(
      (found) => setState(found ? "asking" : "none"),
      () => setState("failed"),
    );
  };
  useEffect(() => {
    if (!one) load();
  }, [id, !one]);
  if (one) return <ConversationPane one={one} />;
  return (
    <div class="talks-blank">
      {state === "asking" ? (
        <Loading rows={4} />
      ) : state === "failed" ? (
        <Failed retry={load} />
      ) : (
        <Empty icon="message" title={t("talk.missing")}>
          <p class="mute">{t("talk.missing_hint")}</p>
          <a class="button line" href="/messages">
            <Icon name="arrowLeft" />
            {t("talk.all")}
          </a>
        </Empty>
      )}
      <Heading title={t("nav.messages")} unseen>
        {t("nav.messages")}
      </Heading>
    </div>
  );
}
