import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { place } from "../../lib/router.ts";
import { t } from "../../lib/text.ts";
import { useLoad } from "../../kit/load.ts";
import { Page } from "../../kit/page.tsx";
import { Button, Failed, Loading, Notice } from "../../kit/parts.tsx";
import { complain } from "../../kit/toast.tsx";

/** Where the link of a mail leads: looking changes nothing, one button does. */
export function Unsubscribe() {
  const [ticket] = useState(() => place.peek().hash.slice(1));
  return (
    <Page title={t("mail_page.unsubscribe")}>
      {ticket ? (
        <Topic ticket={ticket} />
      ) : (
        <Notice kind="bad">
          <p>{t("mail_page.no_ticket")}</p>
        </Notice>
      )}
      <p>
        <a href="/settings/mail">{t("mail_page.all")}</a>
      </p>
    </Page>
  );
}

function Topic({ ticket }: { ticket: string }) {
  const { data, failed, refused, again, set } = useLoad("POST /api/mail/topic", { ticket });
  const [busy, setBusy] = useState(false);
  const stop = async () => {
    setBusy(true);
    try {
      const now = await send("POST /api/mail/topic", { ticket, wanted: "no" });
      set(() => now);
    } catch (error) {
      complain(error);
    } finally {
      setBusy(false);
    }
  };
  if (failed) return <Failed retry={again} />;
  if (refused) {
    return (
      <Notice kind="bad">
        <p>{refused.message}</p>
      </Notice>
    );
  }
  if (!data) return <Loading rows={2} />;
  return (
    <div class="stack">
      <p>
        {t("mail_page.this_kind")} <strong>{data.text}</strong>
      </p>
      <div role="status">
        {!data.wanted && (
          <Notice kind="good" icon="check">
            <p>{t("mail_page.stopped")}</p>
          </Notice>
        )}
      </div>
      {data.wanted && (
        <div class="row">
          <Button kind="main" busy={busy} onClick={() => void stop()}>
            {t("mail_page.stop")}
          </Button>
        </div>
      )}
    </div>
  );
}
