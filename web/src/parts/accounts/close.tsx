import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { go } from "../../lib/router.ts";
import { signedOut } from "../../lib/session.ts";
import { showDay, t } from "../../lib/text.ts";
import { Dialog } from "../../kit/dialog.tsx";
import { Form, useForm } from "../../kit/form.tsx";
import { Button } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { toast } from "../../kit/toast.tsx";

const WHAT = ["now", "days", "gone", "stays"];

/** Closing the account: what it means stands before the button. */
export function CloseAccount() {
  const [asking, setAsking] = useState(false);
  return (
    <Section id="close" title={t("close.title")} lead={t("close.lead")}>
      <ul>
        {WHAT.map((what) => (
          <li key={what}>{t(`close.${what}`)}</li>
        ))}
      </ul>
      <div class="row">
        <Button kind="line bad" onClick={() => setAsking(true)}>
          {t("close.button")}
        </Button>
      </div>
      {asking && <Sure close={() => setAsking(false)} />}
    </Section>
  );
}

function Sure({ close }: { close: () => void }) {
  const form = useForm();
  const submit = async () => {
    const { erase_ms } = await send("DELETE /api/me", {});
    signedOut();
    go("/", true);
    toast(t("close.done", { day: showDay(erase_ms) }));
  };
  return (
    <Dialog title={t("close.sure")} close={close}>
      <Form state={form} submit={submit} button={t("close.button")}>
        <p>{t("close.sure_what")}</p>
      </Form>
    </Dialog>
  );
}
