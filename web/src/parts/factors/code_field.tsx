import { t } from "../../lib/text.ts";
import { Field, type FormState } from "../../kit/form.tsx";

interface Props {
  form: FormState;
  value: string;
  set: (value: string) => void;
}

/** Six digits of a code app. */
export function CodeField({ form, value, set }: Props) {
  return (
    <Field
      form={form}
      name="code"
      label={t("second.code")}
      hint={t("second.code_hint")}
      value={value}
      set={set}
      inputMode="numeric"
      autocomplete="one-time-code"
      maxLength={12}
      required
    />
  );
}

export function RecoveryField({ form, value, set }: Props) {
  return (
    <Field
      form={form}
      name="recovery"
      label={t("second.recovery")}
      hint={t("second.recovery_hint")}
      value={value}
      set={set}
      autocomplete="off"
      autocapitalize="off"
      spellcheck={false}
      maxLength={32}
      required
    />
  );
}
