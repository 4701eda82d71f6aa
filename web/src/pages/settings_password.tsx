import { useState } from "preact/hooks";
import { send } from "../api.ts";
import { t } from "../text.ts";
import { Form, Password, useForm } from "../ui/form.tsx";
import { NewPassword, passwordFault } from "../ui/new_password.tsx";
import { Section } from "../ui/section.tsx";
import { toast } from "../ui/toast.tsx";

export function ChangePassword() {
  const form = useForm();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const submit = async () => {
    const weak = passwordFault(password);
    if (!current) return form.fail({ current: t("sign_in.password_missing") });
    if (weak) return form.fail({ password: weak });
    await send("PUT /api/me/password", { current, password });
    setCurrent("");
    setPassword("");
    toast(t("password.changed"));
  };
  return (
    <Section id="password" title={t("password.title")}>
      <Form state={form} submit={submit} button={t("password.change")}>
        <Password
          form={form}
          name="current"
          label={t("password.current")}
          value={current}
          set={setCurrent}
          autocomplete="current-password"
          required
        />
        <NewPassword form={form} value={password} set={setPassword} />
      </Form>
    </Section>
  );
}
