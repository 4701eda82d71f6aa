import logo from "../icons/logo.svg";
import { LANGUAGES, LOOKS, type Language, type Look } from "../lib/choices.ts";
import { parts } from "../gen/parts/pages.ts";
import { pageOf } from "../lib/person.ts";
import { place } from "../lib/router.ts";
import { onTheWay } from "../lib/ahead.ts";
import { inPlace } from "../rows.ts";
import { inside, may, me, setLanguage, signOut, site, type Me } from "../lib/session.ts";
import { language, languageName, number, t } from "../lib/text.ts";
import { chooseLook, look } from "../lib/theme.ts";
import { Bell } from "../parts/notices/bell.tsx";
import { Icon } from "../kit/icons.tsx";
import { MenuButton } from "../kit/menu.tsx";
import { Portrait } from "../kit/portrait.tsx";
import { complain } from "../kit/toast.tsx";

const NAV = inPlace(parts.flatMap((part) => part.nav ?? []));

const here = (href: string): boolean =>
  place.value.path === href || place.value.path.startsWith(`${href}/`);

export function SkipLink() {
  return (
    <a
      class="skip button main"
      href="#main"
      onClick={(event) => {
        event.preventDefault();
        document.getElementById("main")?.focus();
      }}
    >
      {t("nav.skip")}
    </a>
  );
}

export function Logo() {
  // biome-ignore lint/security/noDangerouslySetInnerHtml: our own file
  return <span class="logo" aria-hidden="true" dangerouslySetInnerHTML={{ __html: logo }} />;
}

export function Header() {
  const member = me.value;
  const name = site.value?.name ?? "Bauta";
  return (
    <header class="top">
      <a class="brand" href={member ? "/rooms" : "/"} aria-label={name}>
        <Logo />
        <span class="brand-name">{name}</span>
      </a>
      {site.value?.demo && <span class="tag plain">{t("nav.demo")}</span>}
      <span class="gap" />
      {member ? (
        <>
          <Bell />
          <AccountMenu member={member} />
        </>
      ) : inside.value ? null : (
        <>
          <a class="button" href={onTheWay("/sign-in")}>
            {t("nav.sign_in")}
          </a>
          {site.value?.registration !== "closed" && (
            <a class="button main" href={onTheWay("/register")}>
              {t("nav.register")}
            </a>
          )}
        </>
      )}
    </header>
  );
}

function AccountMenu({ member }: { member: Me }) {
  return (
    <MenuButton
      label={t("nav.account")}
      rows={[
        { text: t("nav.account"), icon: "settings", href: "/settings" },
        { text: t("nav.my_avatar"), icon: "shirt", href: "/avatar" },
        { text: t("nav.my_page"), icon: "user", href: pageOf(member.id) },
        { text: t("nav.sign_out"), icon: "logOut", act: () => void signOut().catch(complain) },
      ]}
    >
      <Portrait look={member.look} avatar={member.avatar} name={member.avatar_name} size="s" />
      <span class="who-text">
        <span class="who-name">{member.avatar_name}</span>{" "}
        <span class="mute">{t("nav.account")}</span>
      </span>
    </MenuButton>
  );
}

export function Rail() {
  return (
    <nav class="rail" aria-label={t("nav.main")}>
      <ul class="rail-list">
        {NAV.filter((row) => may(row.who) || (row.who === "member" && inside.value)).map((row) => (
          <li key={row.href}>
            <a href={row.href} aria-current={here(row.href) ? "page" : undefined}>
              <Icon name={row.icon} />
              {t(row.text)}
              {row.news && <News n={row.news()} text={`${row.text}_news`} />}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const NEWS_MOST = 99;

function News({ n, text }: { n: number; text: string }) {
  if (n === 0) return null;
  return (
    <>
      <span class="rail-news" aria-hidden="true">
        {n > NEWS_MOST ? `${number(NEWS_MOST)}+` : number(n)}
      </span>
      <span class="unseen">{t(text, { n })}</span>
    </>
  );
}

export function LanguageChoice() {
  return (
    <select
      class="input slim"
      aria-label={t("nav.language")}
      value={language.value}
      onChange={(event) => void setLanguage(event.currentTarget.value as Language).catch(complain)}
    >
      {LANGUAGES.map((code) => (
        <option key={code} value={code} lang={code}>
          {languageName(code)}
        </option>
      ))}
    </select>
  );
}

export function ThemeChoice() {
  return (
    <select
      class="input slim"
      aria-label={t("nav.theme")}
      value={look.value.theme}
      onChange={(event) => chooseLook("theme", event.currentTarget.value as Look["theme"])}
    >
      {LOOKS.theme.map((one) => (
        <option key={one} value={one}>
          {t(`theme.${one}`)}
        </option>
      ))}
    </select>
  );
}

export function Footer() {
  const contact = site.value?.contact;
  const source = site.value?.source_url;
  return (
    <footer class="foot">
      <ul class="foot-links">
        {source && (
          <li>
            <a
              href={source}
              {...(source.startsWith("/")
                ? { download: "" }
                : { target: "_blank", rel: "noopener" })}
            >
              {t("nav.source")}
            </a>
          </li>
        )}
        <li>
          <a href="/contact">{t("nav.contact")}</a>
        </li>
        {site.value?.policies.some(({ kind }) => kind === "terms") && (
          <li>
            <a href="/terms">{t("policies.title_terms")}</a>
          </li>
        )}
        <li>
          <a href="/privacy">{t("privacy.title")}</a>
        </li>
        <li>
          <a href="/promises">{t("promises.title")}</a>
        </li>
        <li>
          <a href="/credits">{t("nav.credits")}</a>
        </li>
        <li>
          <a href="/developers">{t("nav.developers")}</a>
        </li>
      </ul>
      {contact?.officer_postal && (
        <p class="mute">{t("nav.officer", { address: contact.officer_postal })}</p>
      )}
      <span class="gap" />
      <LanguageChoice />
      <ThemeChoice />
    </footer>
  );
}
