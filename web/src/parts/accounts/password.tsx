import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { t } from "../../lib/text.ts";
import { Check, Form, useForm } from "../../kit/form.tsx";
import { useLoad } from "../../kit/load.ts";
import { NewPassword, passwordFault } from "./new_password.tsx";
import { Section } from "../../kit/section.tsx";
import { toast } from "../../kit/toast.tsx";

export function ChangePassword() {
  const form = useForm();
  const least = useLoad("GET /api/factors", {}).data?.password_min;
  const programs = useLoad("GET /api/tokens", {}).data?.items.length ?? 0;
  const [password, setPassword] = useState("");
  const [endTokens, setEndTokens] = useState(true);
  const submit = async () => {
    const weak = passwordFault(password, least);
    if (weak) return form.fail({ password: weak });
    await send("PUT /api/me/password", { password, end_tokens: programs > 0 && endTokens });
    setPassword("");
    toast(t("password.changed"));
  };
  return (
    <Section id="password" title={t("password.title")}>
      <Form state={form} submit={submit} button={t("password.change")}>
        <NewPassword form={form} value={password} set={setPassword} least={least} />
        {programs > 0 && (
          <Check
            label={t("password.end_tokens", { n: programs })}
            hint={t("password.end_tokens_hint")}
            checked={endTokens}
            set={setEndTokens}
          />
        )}
      </Form>
    </Section>
  );
}
