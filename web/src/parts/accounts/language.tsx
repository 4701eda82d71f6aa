import { LANGUAGES, LOOKS, type Language, type Look } from "../../lib/choices.ts";
import { chooseText, drawable, wantsText } from "../../room/mode.ts";
import { setLanguage } from "../../lib/session.ts";
import { language, languageName, percent, t } from "../../lib/text.ts";
import { Choices, Switch } from "../../kit/choices.tsx";
import { chooseLook, look } from "../../lib/theme.ts";
import { Button } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain } from "../../kit/toast.tsx";

export function LanguageOfAccount() {
  return (
    <Section id="language" title={t("nav.language")} lead={t("look.language_lead")}>
      <Choices
        legend={t("look.language_legend")}
        options={LANGUAGES.map((code) => ({ value: code, label: languageName(code) }))}
        value={language.value}
        set={(wanted) => void setLanguage(wanted as Language).catch(complain)}
      />
    </Section>
  );
}

function label(key: keyof Look, value: string): string {
  if (key === "text") return percent(Number(value) / 100);
  return t(key === "theme" ? `theme.${value}` : `look.${key}_${value}`);
}

function LookChoice({ name }: { name: keyof Look }) {
  return (
    <Choices
      legend={t(`look.${name}`)}
      hint={name === "theme" ? undefined : t(`look.${name}_hint`)}
      options={LOOKS[name].map((value) => ({ value, label: label(name, value) }))}
      value={look.value[name]}
      set={(value) => chooseLook(name, value as never)}
    />
  );
}

const NAMES = Object.keys(LOOKS) as (keyof Look)[];

export function Accessibility() {
  const changed = NAMES.filter((name) => look.value[name] !== LOOKS[name][0]);
  return (
    <Section id="look" title={t("look.title")} lead={t("look.lead")}>
      <div class="stack loose">
        {NAMES.map((name) => (
          <LookChoice key={name} name={name} />
        ))}
      </div>
      {drawable.value && (
        <div class="switches">
          <Switch
            label={t("look.rooms_text")}
            hint={t("look.rooms_text_hint")}
            on={wantsText.value}
            set={chooseText}
          />
        </div>
      )}
      <div class="row">
        <Button
          kind="line"
          icon="refresh"
          aria-disabled={changed.length === 0}
          onClick={() => changed.forEach((name) => chooseLook(name, LOOKS[name][0]))}
        >
          {t("look.reset")}
        </Button>
      </div>
    </Section>
  );
}
