import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { firstLook } from "../../lib/ahead.ts";
import { go, place } from "../../lib/router.ts";
import { signedIn, site } from "../../lib/session.ts";
import { language, t } from "../../lib/text.ts";
import { birthFaults, BirthFields, useBirth } from "./birth.tsx";
import { birthDate } from "./birth_date.ts";
import { Form, useForm } from "../../kit/form.tsx";
import { EmailField } from "./email_field.tsx";
import { NameField } from "./name_field.tsx";
import { NewPassword, passwordFault } from "./new_password.tsx";
import { Page } from "../../kit/page.tsx";
import { Notice } from "../../kit/parts.tsx";

/* A link that was cut somewhere names nobody. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** Where the one-time link of `bauta admin create` leads: /welcome#CODE/NAME. */
export function Welcome() {
  const form = useForm();
  const [code = "", named = ""] = place.value.hash.slice(1).split("/");
  const [birth, setBirth] = useBirth(site.value?.country);
  // With another name the link is refused.
  const [name, setName] = useState(() => decoded(named));
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const submit = async () => {
    const faults = birthFaults(birth) ?? {};
    if ([...name.trim()].length < 3) faults.avatar_name = t("name.short");
    if (!/^\S+@\S+$/.test(email.trim())) faults.email = t("register.email_wrong");
    const weak = passwordFault(password);
    if (weak) faults.password = weak;
    if (Object.keys(faults).length > 0) return form.fail(faults);
    await signedIn(
      await send("POST /api/claims", {
        invite: code,
        avatar_name: name.trim(),
        password,
        email: email.trim(),
        birth_date: birthDate(birth)!,
        country: birth.country,
        language: language.value,
      }),
    );
    go(firstLook("/admin"), true);
  };
  if (!code) {
    return (
      <Page title={t("welcome.title")}>
        <Notice kind="bad">
          <p>{t("welcome.no_code")}</p>
        </Notice>
      </Page>
    );
  }
  return (
    <Page title={t("welcome.title")} lead={t("welcome.lead")}>
      <Form state={form} submit={submit} button={t("welcome.claim")}>
        <BirthFields form={form} birth={birth} set={setBirth} />
        <NameField form={form} value={name} set={setName} />
        <EmailField form={form} value={email} set={setEmail} hint={t("register.email_hint")} />
        <NewPassword form={form} value={password} set={setPassword} />
      </Form>
    </Page>
  );
}
