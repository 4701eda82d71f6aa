import { t } from "../../lib/text.ts";
import type { SettingsSection } from "../../rows.ts";
import { Icon } from "../../kit/icons.tsx";
import { Section } from "../../kit/section.tsx";

/** The way from what one chooses to what comes of it. */
function Preview() {
  return (
    <Section id="seen" title={t("seen.check")}>
      <ul class="part-cards one">
        <li class="part-card">
          <Icon name="eye" />
          <div class="grow">
            <h3>
              <a href="/profile/seen">{t("seen.title")}</a>
            </h3>
            <p class="mute small">{t("seen.line")}</p>
          </div>
          <Icon name="chevronRight" />
        </li>
      </ul>
    </Section>
  );
}

export const sections: SettingsSection[] = [{ part: "privacy", place: 15, section: Preview }];
