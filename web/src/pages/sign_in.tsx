import { useEffect, useState } from "preact/hooks";
import { send } from "../api.ts";
import { go, place } from "../router.ts";
import { me, signedIn, site } from "../session.ts";
import { t } from "../text.ts";
import { Check, Field, Form, Password, useForm } from "../ui/form.tsx";
import { Page } from "../ui/page.tsx";

/** Where to go after signing in: a path of ours, nothing that leads elsewhere. */
function target(): string {
  const to = new URLSearchParams(place.value.search).get("to") ?? "";
  return /^\/[^/\\]/.test(to) ? to : "/rooms";
}

export function SignIn() {
  const form = useForm();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [remember, setRemember] = useState(false);
  useEffect(() => {
    if (me.value) go(target(), true);
  }, []);
  const submit = async () => {
    const missing: Record<string, string> = {};
    if (!name.trim()) missing.name = t("sign_in.name_missing");
    if (!password) missing.password = t("sign_in.password_missing");
    if (Object.keys(missing).length > 0) return form.fail(missing);
    await send("POST /api/sessions", { name: name.trim(), password, remember });
    await signedIn();
    go(target(), true);
  };
  return (
    <Page title={t("sign_in.title")}>
      <Form state={form} submit={submit} button={t("nav.sign_in")}>
        <Field
          form={form}
          name="name"
          label={t("name.label")}
          value={name}
          set={setName}
          autocomplete="username"
          autocapitalize="off"
          spellcheck={false}
          required
        />
        <Password
          form={form}
          name="password"
          label={t("sign_in.password")}
          value={password}
          set={setPassword}
          autocomplete="current-password"
          required
        />
        <Check
          label={t("sign_in.remember")}
          hint={t("sign_in.remember_hint")}
          checked={remember}
          set={setRemember}
        />
      </Form>
      {site.value?.registration !== "closed" && (
        <p>
          {t("sign_in.new")} <a href="/register">{t("nav.register")}</a>
        </p>
      )}
    </Page>
  );
}
