import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import type { PageProps } from "../app.tsx";
import { place } from "../router.ts";
import { t } from "../text.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { Heading, Page } from "../ui/page.tsx";
import { PartNav } from "../ui/part_nav.tsx";
import { NotFound } from "./not_found.tsx";
import { MailCheck } from "./mail_check.tsx";
import { About, Consents, Copy } from "./settings_data.tsx";
import { CloseAccount } from "./settings_close.tsx";
import { Devices } from "./settings_devices.tsx";
import { Email } from "./settings_email.tsx";
import { Factors } from "./settings_factors.tsx";
import { Accessibility, LanguageOfAccount } from "./settings_language.tsx";
import { AvatarName } from "./settings_name.tsx";
import { Passkeys } from "./settings_passkeys.tsx";
import { ChangePassword } from "./settings_password.tsx";
import { ReadMarks } from "./settings_messages.tsx";
import { Contact } from "./settings_people.tsx";
import { Notifications } from "./settings_mail.tsx";
import { Allowed, Safe } from "./settings_privacy.tsx";
import { Profile } from "./settings_profile.tsx";
import { Programs } from "./settings_programs.tsx";
import { Providers } from "./settings_providers.tsx";

interface Part {
  name: string;
  icon: IconName;
  /** Its name; with `_line` at the end, what is in it. */
  text: string;
  sections: ComponentType[];
}

/* A feature with settings adds its section to a part: `settings_<thing>.tsx`. */
const ALL: Part[] = [
  { name: "profile", icon: "user", text: "settings.profile", sections: [Profile, AvatarName, Email] },
  {
    name: "sign-in",
    icon: "key",
    text: "settings.sign_in",
    sections: [Passkeys, ChangePassword, Factors, Providers, Devices],
  },
  {
    name: "privacy",
    icon: "shield",
    text: "settings.privacy",
    sections: [Contact, ReadMarks, Allowed, Safe],
  },
  { name: "mail", icon: "mail", text: "settings.mail", sections: [Notifications, MailCheck] },
  {
    name: "language",
    icon: "accessibility",
    text: "settings.language",
    sections: [LanguageOfAccount, Accessibility],
  },
  { name: "data", icon: "folder", text: "settings.data", sections: [Consents, About, Copy] },
  { name: "programs", icon: "code", text: "settings.programs", sections: [Programs] },
  { name: "close", icon: "doorOpen", text: "settings.close", sections: [CloseAccount] },
];
const PARTS = ALL.filter((part) => part.sections.length > 0).map((part) => ({
  ...part,
  href: `/settings/${part.name}`,
}));

/** One place for everything about the account: the list of its parts, or one of them. */
export function Settings({ params }: PageProps) {
  const part = PARTS.find((one) => one.name === params.part);
  const { hash } = place.value;
  useEffect(() => {
    if (hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [part, hash]);
  if (!params.part) return <Start />;
  if (!part) return <NotFound />;
  return (
    <div class="page with-side" key={part.name}>
      <div class="side-nav">
        <p class="label">
          <a href="/settings">{t("settings.title")}</a>
        </p>
        <PartNav label={t("settings.title")} parts={PARTS} />
      </div>
      <div class="sections">
        <div class="stack tight">
          <a class="back" href="/settings">
            <Icon name="arrowLeft" />
            {t("settings.title")}
          </a>
          <Heading title={t(part.text)}>{t(part.text)}</Heading>
        </div>
        {part.sections.map((One, i) => (
          <One key={i} />
        ))}
      </div>
    </div>
  );
}

function Start() {
  return (
    <Page wide title={t("settings.title")} lead={t("settings.lead")}>
      <ul class="part-cards">
        {PARTS.map(({ name, href, icon, text }) => (
          <li key={name} class="part-card">
            <span class="point-icon">
              <Icon name={icon} />
            </span>
            <div class="grow">
              <h2>
                <a href={href}>{t(text)}</a>
              </h2>
              <p class="mute small">{t(`${text}_line`)}</p>
            </div>
          </li>
        ))}
      </ul>
    </Page>
  );
}
