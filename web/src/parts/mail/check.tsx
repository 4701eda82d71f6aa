import { useState } from "preact/hooks";
import { send, type Out } from "../../lib/api.ts";
import { showMoment, t } from "../../lib/text.ts";
import { Field, Form, useForm } from "../../kit/form.tsx";
import { Notice } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";

/** "Was this mail really from us?" — by the code at the end of every mail. */
export function MailCheck() {
  const form = useForm();
  const [code, setCode] = useState("");
  const [found, setFound] = useState<Out<"POST /api/me/mail/check"> | null>(null);
  const submit = async () => {
    setFound(null);
    if (!code.trim()) return form.fail({ code: t("mail_page.code_missing") });
    setFound(await send("POST /api/me/mail/check", { code: code.trim() }));
  };
  return (
    <Section id="check" title={t("mail_page.check")} lead={t("mail_page.check_lead")}>
      <Form state={form} submit={submit} button={t("mail_page.check_button")}>
        <Field
          form={form}
          name="code"
          label={t("mail_page.code")}
          hint={t("mail_page.code_hint")}
          value={code}
          set={setCode}
          autocomplete="off"
          autocapitalize="characters"
          maxLength={40}
        />
      </Form>
      <div role="status">
        {found?.ours && (
          <Notice kind="good" icon="check">
            <p>
              {t("mail_page.ours", { subject: found.subject, when: showMoment(found.sent_ms) })}
            </p>
          </Notice>
        )}
        {found && !found.ours && (
          <Notice kind="bad">
            <p>{t("mail_page.not_ours")}</p>
          </Notice>
        )}
      </div>
    </Section>
  );
}
