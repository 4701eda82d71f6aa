import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { keepCode } from "../accounts/claim.ts";
import { go } from "../../lib/router.ts";
import { site } from "../../lib/session.ts";
import { language, t } from "../../lib/text.ts";
import { birthDate, type Birth } from "../accounts/birth_date.ts";
import { Field, Form, useForm } from "../../kit/form.tsx";
import { NameField } from "../accounts/name_field.tsx";
import { Page } from "../../kit/page.tsx";
import { Notice } from "../../kit/parts.tsx";
import { WayBack } from "./way_back.tsx";
import { TermsLine } from "../policies/terms_line.tsx";

/** At the age that needs a parent's consent: only what is needed to ask. */
export function AskParent({
  birth,
  invite: given,
  refuse,
}: {
  birth: Birth;
  invite: string;
  refuse: (error: unknown) => void;
}) {
  const form = useForm();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [invite, setInvite] = useState(given);
  const byInvite = site.value?.registration === "invite";
  const submit = async () => {
    const found: Record<string, string> = {};
    if (byInvite && !invite.trim()) found.invite = t("register.invite_missing");
    if ([...name.trim()].length < 3) found.avatar_name = t("name.short");
    if (!/^\S+@\S+$/.test(email.trim())) found.parent_email = t("register.email_wrong");
    if (Object.keys(found).length > 0) return form.fail(found);
    let asked;
    try {
      asked = await send("POST /api/guardians", {
        birth_date: birthDate(birth)!,
        country: birth.country,
        avatar_name: name.trim(),
        parent_email: email.trim(),
        language: language.value,
        ...(invite.trim() ? { invite: invite.trim() } : {}),
      });
    } catch (error) {
      return refuse(error);
    }
    keepCode(asked.code);
    go("/waiting", true);
  };
  return (
    <Page title={t("parents.ask_title")} lead={t("parents.ask_lead")}>
      <Notice>
        <p>{t("parents.ask_kept")}</p>
      </Notice>
      <Form state={form} submit={submit} button={t("parents.ask_send")} icon="send">
        {byInvite && (
          <Field
            form={form}
            name="invite"
            label={t("register.invite")}
            value={invite}
            set={setInvite}
            hint={t("register.invite_hint")}
            autocomplete="off"
            required
          />
        )}
        <NameField form={form} value={name} set={setName} />
        <Field
          form={form}
          name="parent_email"
          label={t("parents.ask_email")}
          type="email"
          value={email}
          set={setEmail}
          hint={t("parents.ask_email_hint")}
          autocomplete="off"
          required
        />
        <TermsLine />
      </Form>
      <WayBack />
    </Page>
  );
}
