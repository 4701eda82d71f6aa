import type { SettingsSection } from "../../rows.ts";
import { t } from "../../lib/text.ts";
import { Section } from "../../kit/section.tsx";

function Asked() {
  return (
    <Section id="requests" title={t("rights.title")} lead={t("rights.settings_lead")}>
      <p>
        <a href="/privacy/requests">{t("rights.settings_link")}</a>
      </p>
    </Section>
  );
}

export const sections: SettingsSection[] = [{ part: "data", place: 40, section: Asked }];
