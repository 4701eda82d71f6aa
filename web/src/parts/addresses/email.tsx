import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { showMoment, t } from "../../lib/text.ts";
import { Field, Form, useForm } from "../../kit/form.tsx";
import { useLoad } from "../../kit/load.ts";
import { Button, Failed, Loading, Notice } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain } from "../../kit/toast.tsx";
import { mailAgain } from "./unproved.tsx";

/** The address of the account: is it proved, and another one instead. */
export function Email() {
  const { data, failed, again } = useLoad("GET /api/me/email", {});
  const form = useForm();
  const [email, setEmail] = useState("");
  const drop = () => send("DELETE /api/me/email/change", {}).then(again, complain);
  const submit = async () => {
    if (!/^\S+@\S+$/.test(email.trim())) return form.fail({ email: t("register.email_wrong") });
    await send("PUT /api/me/email", { email: email.trim() });
    setEmail("");
    again();
  };
  return (
    <Section id="email" title={t("email.title")} lead={t("email.lead")}>
      {failed ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={1} />
      ) : (
        <>
          <p class="row">
            <strong class="phrase">{data.email ?? t("email.none")}</strong>
            {data.email && (
              <span class={data.verified ? "tag good" : "tag plain"}>
                {t(data.verified ? "email.proved" : "email.unproved")}
              </span>
            )}
          </p>
          {data.email && !data.verified && (
            <Notice>
              <p>{t("email.unproved_what")}</p>
              <div class="row">
                <Button kind="line slim" icon="mail" onClick={() => void mailAgain()}>
                  {t("email.resend")}
                </Button>
              </div>
            </Notice>
          )}
          {data.asked && (
            <Notice icon="mail">
              <p role="status">
                {t("email.asked", { email: data.asked, when: showMoment(data.ends_ms) })}
              </p>
              <div class="row">
                <Button kind="line slim" onClick={() => void drop()}>
                  {t("email.drop")}
                </Button>
              </div>
            </Notice>
          )}
          <Form state={form} submit={submit} button={t("email.change")}>
            <Field
              form={form}
              name="email"
              label={t("email.new")}
              type="email"
              value={email}
              set={setEmail}
              hint={t("email.new_hint")}
              autocomplete="email"
              required
            />
          </Form>
        </>
      )}
    </Section>
  );
}
