import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { signedOut } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { useTicket } from "./ticket.ts";
import { Form, useForm } from "../../kit/form.tsx";
import { EmailField } from "./email_field.tsx";
import { NewPassword, passwordFault } from "./new_password.tsx";
import { Page } from "../../kit/page.tsx";
import { Notice } from "../../kit/parts.tsx";

/** Asking for a link, or, with one, choosing the new password. */
export function Reset() {
  const ticket = useTicket();
  return ticket ? (
    <ChoosePassword key={ticket} ticket={ticket} title={t("reset.choose")} />
  ) : (
    <Ask />
  );
}

function Ask() {
  const form = useForm();
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState(false);
  const submit = async () => {
    if (!/^\S+@\S+$/.test(email.trim())) return form.fail({ email: t("register.email_wrong") });
    await send("POST /api/resets", { email: email.trim() });
    setSent(true);
  };
  if (sent)
    return (
      <Page key="sent" title={t("reset.sent_title")}>
        <Notice icon="mail">
          <p>{t("reset.sent")}</p>
          <p>{t("reset.sent_not")}</p>
        </Notice>
        <div class="row">
          <a class="button line" href="/sign-in">
            {t("nav.sign_in")}
          </a>
        </div>
      </Page>
    );
  return (
    <Page key="ask" title={t("reset.title")} lead={t("reset.lead")}>
      <Form state={form} submit={submit} button={t("reset.send")} icon="send">
        <EmailField form={form} value={email} set={setEmail} hint={t("reset.only_proved")} />
      </Form>
    </Page>
  );
}

/** The last step of a link for a new password; the undo of a changed address ends here too. */
export function ChoosePassword({ ticket, title }: { ticket: string; title: string }) {
  const form = useForm();
  const [password, setPassword] = useState("");
  const [done, setDone] = useState(false);
  const submit = async () => {
    const weak = passwordFault(password);
    if (weak) return form.fail({ password: weak });
    await send("POST /api/passwords", { ticket, password });
    signedOut();
    setDone(true);
  };
  if (done)
    return (
      <Page key="done" title={t("reset.done_title")}>
        <Notice kind="good" icon="check">
          <p>{t("reset.done")}</p>
        </Notice>
        <div class="row">
          <a class="button main" href="/sign-in">
            {t("nav.sign_in")}
          </a>
        </div>
      </Page>
    );
  return (
    <Page key="choose" title={title} lead={t("reset.choose_lead")}>
      <Form state={form} submit={submit} button={t("reset.set")}>
        <NewPassword form={form} value={password} set={setPassword} />
      </Form>
      {form.faults[""] && (
        <p>
          <a href="/reset">{t("reset.again")}</a>
        </p>
      )}
    </Page>
  );
}
