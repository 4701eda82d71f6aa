import { t } from "../../lib/text.ts";
import { Field, type FormState } from "../../kit/form.tsx";

interface Props {
  form: FormState;
  value: string;
  set: (value: string) => void;
  hint: string;
}

/** One's own e-mail address. */
export function EmailField({ form, value, set, hint }: Props) {
  return (
    <Field
      form={form}
      name="email"
      label={t("register.email")}
      type="email"
      value={value}
      set={set}
      hint={hint}
      autocomplete="email"
      required
    />
  );
}
