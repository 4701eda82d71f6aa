import { showDay, t } from "../../lib/text.ts";
import { Switch } from "../../kit/choices.tsx";
import { consentName, useConsents, type Consent } from "./consent.ts";
import type { IconName } from "../../kit/icons.tsx";
import { Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { WayCards } from "../../kit/way_cards.tsx";

function words(one: Consent): string {
  const text = one.text ?? t("data.words_changed");
  if (!one.how) return text;
  const when = showDay(one.at_ms);
  return `${text} ${t(one.given ? "data.given" : "data.withdrawn", { when })}`;
}

/** What the member may allow: everything is off until somebody turns it on. */
export function Allowed() {
  const { data, failed, again, put } = useConsents();
  const own = data?.items.filter((one) => one.own) ?? [];
  return (
    <Section id="allowed" title={t("privacy.allowed")} lead={t("privacy.allowed_lead")}>
      {failed && !data ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading rows={2} />
      ) : (
        <div class="switches">
          {own.map((one) => (
            <Switch
              key={one.purpose}
              label={consentName(one)}
              hint={words(one)}
              on={one.given}
              set={(on) => void put(one, on)}
            />
          ))}
        </div>
      )}
      <p>
        <a href="/settings/data#consents">{t("privacy.all_consents")}</a>
      </p>
    </Section>
  );
}

/* What keeps the account safe stands where one signs in. A feature adds its row. */
const SAFE: { icon: IconName; href: string; text: string }[] = [
  { icon: "key", href: "/settings/sign-in#passkeys", text: "privacy.safe_passkeys" },
  { icon: "shield", href: "/settings/sign-in#factors", text: "privacy.safe_factors" },
  { icon: "lock", href: "/settings/sign-in#password", text: "privacy.safe_password" },
  { icon: "monitor", href: "/settings/sign-in#devices", text: "privacy.safe_devices" },
  { icon: "mail", href: "/settings/mail#check", text: "privacy.safe_mail" },
  { icon: "code", href: "/settings/programs", text: "privacy.safe_programs" },
];

export function Safe() {
  return (
    <Section id="safe" title={t("privacy.safe")} lead={t("privacy.safe_lead")}>
      <WayCards
        ways={SAFE.map(({ icon, href, text }) => ({
          icon,
          href,
          title: t(text),
          line: t(`${text}_line`),
        }))}
      />
    </Section>
  );
}
