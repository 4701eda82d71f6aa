import { useEffect, useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { me, signedIn } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { useTicket } from "./ticket.ts";
import { Form, useForm } from "../../kit/form.tsx";
import { Page } from "../../kit/page.tsx";
import { Notice } from "../../kit/parts.tsx";

/** Behind the link of a mail: a button, because programs that look at mail open links too. */
export function Verify() {
  const ticket = useTicket();
  const form = useForm();
  const [changed, setChanged] = useState<boolean | null>(null);
  useEffect(() => setChanged(null), [ticket]);
  const submit = async () => {
    const done = await send("POST /api/verifications", { ticket });
    if (me.value) await signedIn();
    setChanged(done.changed);
  };
  if (changed !== null)
    return (
      <Page key="done" title={t("verify.done_title")}>
        <Notice kind="good" icon="check">
          <p>{t(changed ? "verify.done_changed" : "verify.done")}</p>
        </Notice>
        <Onward />
      </Page>
    );
  if (!ticket)
    return (
      <Page key="none" title={t("verify.title")}>
        <Notice kind="bad">
          <p>{t("link.whole")}</p>
        </Notice>
        <Onward />
      </Page>
    );
  return (
    <Page key="ask" title={t("verify.title")} lead={t("verify.lead")}>
      <Form state={form} submit={submit} button={t("verify.confirm")} icon="check">
        {null}
      </Form>
    </Page>
  );
}

function Onward() {
  return (
    <div class="row">
      <a class="button line" href={me.value ? "/settings/profile#email" : "/sign-in"}>
        {t(me.value ? "verify.settings" : "nav.sign_in")}
      </a>
    </div>
  );
}
