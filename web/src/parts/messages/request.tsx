import { useState } from "preact/hooks";
import { reportPerson } from "../../lib/person.ts";
import { reportMessage } from "./report.ts";
import { go } from "../../lib/router.ts";
import { listed, t } from "../../lib/text.ts";
import { Button, Notice } from "../../kit/parts.tsx";
import { complain } from "../../kit/toast.tsx";
import { blockAndLeave, forget } from "./conversation.tsx";
import { letIn } from "./open.ts";
import type { Conversation } from "./shapes.ts";
import type { Thread } from "./thread.ts";
import { askTitle, isMinor } from "./words.ts";

/** Somebody asks to be let in. Whatever is chosen but "accept", they are told nothing. */
export function Request({ one, thread }: { one: Conversation; thread: Thread | null }) {
  const [busy, setBusy] = useState(false);
  const pair = one.kind === "pair";
  const [other] = one.people;
  const others = one.people.filter(({ id }) => id !== one.asked_by).map(({ name }) => name);
  const written = thread?.messages.value.filter(({ mine, gone }) => !mine && !gone).at(-1);
  const accept = async () => {
    setBusy(true);
    try {
      await letIn(one.id);
      go(`/messages/${encodeURIComponent(one.id)}`, true);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="talk-request stack tight" aria-label={t("talk.request")}>
      <h2>{askTitle(one)}</h2>
      {!pair && others.length > 0 && <p>{t("talk.request_with", { names: listed(others) })}</p>}
      <Notice>
        {isMinor() && <p>{t("talk.waits_until")}</p>}
        <p>{t(isMinor() ? "talk.caution_minor" : "talk.caution")}</p>
        {isMinor() && <p>{t("talk.caution_adult")}</p>}
      </Notice>
      <div class="row">
        <Button kind="main" busy={busy} onClick={() => void accept().catch(complain)}>
          {t("talk.accept")}
        </Button>
        <Button kind="line" onClick={() => forget(one)}>
          {t("talk.decline")}
        </Button>
        {pair && other && (
          <Button kind="bad" icon="ban" onClick={() => void blockAndLeave(other).catch(complain)}>
            {t("blocks.block")}
          </Button>
        )}
        {written ? (
          <Button kind="line" icon="flag" onClick={() => reportMessage(one.id, written)}>
            {t("report.open_written", { name: written.name })}
          </Button>
        ) : (
          pair &&
          other && (
            <Button kind="line" icon="flag" onClick={() => reportPerson(other.id)}>
              {t("report.title", { name: other.name })}
            </Button>
          )
        )}
      </div>
      <p class="mute small">{t("talk.request_told")}</p>
    </section>
  );
}

/** In a group that one is in: the words of somebody who came later, and whom one does not know. */
export function Newcomers({ one }: { one: Conversation }) {
  return (
    <section class="talk-request stack tight" aria-label={t("talk.request")}>
      <p>{t("talk.newcomers")}</p>
      <div class="row">
        <Button kind="main" onClick={() => void letIn(one.id).catch(complain)}>
          {t("talk.accept")}
        </Button>
        <Button kind="line" onClick={() => forget(one)}>
          {t("talk.leave")}
        </Button>
      </div>
    </section>
  );
}
