import type { SettingsSection } from "../../rows.ts";
import { t } from "../../lib/text.ts";
import { Section } from "../../kit/section.tsx";

function Kept() {
  return (
    <Section id="gifts" title={t("gifts.title")} lead={t("gifts.kept")}>
      <p>
        <a href="/gifts">{t("gifts.look")}</a>
      </p>
    </Section>
  );
}

export const sections: SettingsSection[] = [{ part: "data", place: 25, section: Kept }];
