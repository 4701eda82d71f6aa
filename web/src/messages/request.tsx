import { useState } from "preact/hooks";
import { send } from "../api.ts";
import { go } from "../router.ts";
import { t } from "../text.ts";
import { Button, Notice } from "../ui/parts.tsx";
import { complain } from "../ui/toast.tsx";
import { blockAndLeave, forget } from "./conversation.tsx";
import type { Conversation } from "./shapes.ts";
import { inbox } from "./start.ts";
import { isMinor, titleOf } from "./words.ts";

/** Somebody asks to be let in. Whatever is chosen but "accept", they are told nothing. */
export function Request({ one }: { one: Conversation }) {
  const [busy, setBusy] = useState(false);
  const pair = one.kind === "pair";
  const [other] = one.people;
  const accept = async () => {
    setBusy(true);
    try {
      inbox.put(await send("POST /api/conversations/{id}/accept", { id: one.id }));
      go(`/messages/${encodeURIComponent(one.id)}`, true);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="talk-request stack tight" aria-label={t("talk.request")}>
      <h2>
        {t(pair ? "talk.request_pair" : "talk.request_group", { name: titleOf(one) })}
      </h2>
      <Notice>
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
          <Button
            kind="bad"
            icon="ban"
            onClick={() => void blockAndLeave(other.id).catch(complain)}
          >
            {t("blocks.block")}
          </Button>
        )}
      </div>
      <p class="mute small">{t("talk.request_told")}</p>
    </section>
  );
}
