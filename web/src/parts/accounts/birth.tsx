import { computed } from "@preact/signals";
import { useState } from "preact/hooks";
import { countries } from "../../lib/countries.ts";
import { language, t } from "../../lib/text.ts";
import { Field, Select, type FormState } from "../../kit/form.tsx";
import { wrongPart, type Birth } from "./birth_date.ts";

/** The neutral age screen's fields: nothing in them says which answer would be welcome. */
export function useBirth(
  country: string | null | undefined,
): [Birth, (change: Partial<Birth>) => void] {
  const [birth, set] = useState<Birth>({ day: "", month: "", year: "", country: country ?? "" });
  return [birth, (change) => set((old) => ({ ...old, ...change }))];
}

const month = (parts: Intl.DateTimeFormatPart[]) =>
  parts.find(({ type }) => type === "month")!.value;

/* Made once a language, not with each letter that is typed. */
const months = computed(() => {
  // Browsers make a style of their own much faster than one that is put together for us.
  const date = new Intl.DateTimeFormat(language.value, { dateStyle: "long", timeZone: "UTC" });
  return Array.from({ length: 12 }, (_, i) => ({
    value: String(i + 1),
    label: month(date.formatToParts(Date.UTC(2000, i, 1))),
  }));
});

export function BirthFields({
  form,
  birth,
  set,
}: {
  form: FormState;
  birth: Birth;
  set: (change: Partial<Birth>) => void;
}) {
  const digits = (text: string, most: number) => text.replace(/\D/g, "").slice(0, most);
  return (
    <>
      <fieldset>
        <legend>{t("birth.when")}</legend>
        <div class="birth">
          <Field
            form={form}
            name="birth_date"
            label={t("birth.day")}
            value={birth.day}
            set={(text) => set({ day: digits(text, 2) })}
            inputMode="numeric"
            autocomplete="bday-day"
            required
          />
          <Select
            form={form}
            name="birth_month"
            label={t("birth.month")}
            value={birth.month}
            set={(month) => set({ month })}
            autocomplete="bday-month"
            required
            options={[{ value: "", label: t("birth.choose") }, ...months.value]}
          />
          <Field
            form={form}
            name="birth_year"
            label={t("birth.year")}
            value={birth.year}
            set={(text) => set({ year: digits(text, 4) })}
            inputMode="numeric"
            autocomplete="bday-year"
            required
          />
        </div>
      </fieldset>
      <Select
        form={form}
        name="country"
        label={t("birth.country")}
        value={birth.country}
        set={(country) => set({ country })}
        autocomplete="country"
        required
        hint={t("birth.country_hint")}
        options={[{ value: "", label: t("birth.choose") }, ...countries.value]}
      />
    </>
  );
}

/* What the fields are called: the day's is what the server speaks of. */
const FIELDS = { day: "birth_date", month: "birth_month", year: "birth_year" };

/** What is missing or impossible, by field; null when all is there. */
export function birthFaults(birth: Birth): Record<string, string> | null {
  const faults: Record<string, string> = {};
  const part = wrongPart(birth);
  if (part) {
    faults[FIELDS[part]] = t(`birth.wrong_${part}`);
  }
  if (!birth.country) faults.country = t("birth.no_country");
  return Object.keys(faults).length > 0 ? faults : null;
}
