import { useEffect, useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { t } from "../../lib/text.ts";
import { Field, type FormState } from "../../kit/form.tsx";
import { Icon } from "../../kit/icons.tsx";

const PAUSE_MS = 350;
const LEAST = 3;

/** The avatar name, with the server's word on it while one types. */
export function NameField({
  form,
  value,
  set,
}: {
  form: FormState;
  value: string;
  set: (name: string) => void;
}) {
  const [said, setSaid] = useState<{ free: boolean; text: string } | null>(null);
  const name = value.trim();
  useEffect(() => {
    setSaid(null);
    if ([...name].length < LEAST) return;
    let current = true;
    const timer = setTimeout(() => {
      send("GET /api/names/{name}", { name }).then(
        ({ free, text }) =>
          current && setSaid({ free, text: free ? t("name.free") : (text ?? "") }),
        () => undefined,
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [name]);
  return (
    <div class="stack tight">
      <Field
        form={form}
        name="avatar_name"
        label={t("name.label")}
        value={value}
        set={set}
        hint={t("name.hint")}
        maxLength={32}
        autocomplete="username"
        autocapitalize="off"
        spellcheck={false}
        required
      />
      <div role="status" class={said?.free ? "answer good" : "answer"}>
        {said && !form.faults.avatar_name && (
          <>
            <Icon name={said.free ? "check" : "alert"} />
            {said.text}
          </>
        )}
      </div>
    </div>
  );
}
