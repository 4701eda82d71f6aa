import { t } from "../../lib/text.ts";
import type { SettingsSection } from "../../rows.ts";
import { Section } from "../../kit/section.tsx";
import { WayCards } from "../../kit/way_cards.tsx";

/** The way from what one chooses to what comes of it. */
function Preview() {
  return (
    <Section id="seen" title={t("seen.check")}>
      <WayCards
        ways={[
          { icon: "eye", href: "/profile/seen", title: t("seen.title"), line: t("seen.line") },
        ]}
      />
    </Section>
  );
}

export const sections: SettingsSection[] = [{ part: "privacy", place: 15, section: Preview }];
