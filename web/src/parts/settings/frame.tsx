import { useEffect } from "preact/hooks";
import { parts } from "../../gen/parts/settings.ts";
import { place } from "../../lib/router.ts";
import { inPlace, type PageProps } from "../../rows.ts";
import { t } from "../../lib/text.ts";
import { Icon } from "../../kit/icons.tsx";
import { Heading, Page } from "../../kit/page.tsx";
import { PartNav } from "../../kit/part_nav.tsx";
import { NotFound } from "../../kit/not_found.tsx";

const SECTIONS = inPlace(parts.flatMap((part) => part.sections ?? []));
const PARTS = inPlace(parts.flatMap((part) => part.settings ?? [])).map((part) => ({
  ...part,
  href: `/settings/${part.name}`,
  sections: SECTIONS.filter((row) => row.part === part.name),
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
        {part.sections.map(({ section: One }, i) => (
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
                <a class="whole-link" href={href}>
                  {t(text)}
                </a>
              </h2>
              <p class="mute small">{t(`${text}_line`)}</p>
            </div>
          </li>
        ))}
      </ul>
    </Page>
  );
}
