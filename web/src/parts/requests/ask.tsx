// What one asks for: the kind, to what one objects, and in one's own words.
import { t } from "../../lib/text.ts";
import { useLoad } from "../../kit/load.ts";
import { Area, Select, type FormState } from "../../kit/form.tsx";
import { kindName, TEXT_MOST } from "./view.tsx";

export interface Wish {
  kind: string;
  purpose: string;
  text: string;
}
export const NO_WISH: Wish = { kind: "", purpose: "", text: "" };

export const wished = ({ kind, purpose, text }: Wish) => ({
  kind,
  text,
  ...(purpose ? { purpose } : {}),
});

/** What is missing; null: it can be sent. */
export function lacking({ kind, text }: Wish): Record<string, string> | null {
  if (!kind) return { kind: t("rights.choose") };
  return text.trim() ? null : { text: t("rights.text_missing") };
}

export function AskFields({
  form,
  wish,
  set,
  country,
}: {
  form: FormState;
  wish: Wish;
  set: (wish: Wish) => void;
  country: string;
}) {
  const kinds = (useLoad("GET /api/requests/kinds", {}).data?.items ?? []).filter(
    ({ where }) => !where || where.slice(0, 2) === country,
  );
  const purposes = kinds.find(({ name }) => name === wish.kind)?.purposes?.split(" ") ?? [];
  return (
    <>
      <Select
        form={form}
        name="kind"
        label={t("rights.kind")}
        hint={wish.kind && t(`requests.about_${wish.kind}`)}
        value={wish.kind}
        set={(kind) => set({ ...wish, kind, purpose: "" })}
        options={[
          { value: "", label: t("rights.kind_none") },
          ...kinds.map(({ name }) => ({ value: name, label: kindName(name) })),
        ]}
      />
      {purposes.length > 0 && (
        <Select
          form={form}
          name="purpose"
          label={t("rights.purpose")}
          value={wish.purpose}
          set={(purpose) => set({ ...wish, purpose })}
          options={[
            { value: "", label: t("rights.kind_none") },
            ...purposes.map((value) => ({ value, label: t(`rights.purpose_${value}`) })),
          ]}
        />
      )}
      <Area
        form={form}
        name="text"
        label={t("rights.text")}
        hint={t("rights.text_hint")}
        value={wish.text}
        set={(text) => set({ ...wish, text })}
        most={TEXT_MOST}
      />
    </>
  );
}
