import { site } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { Page } from "../../kit/page.tsx";
import { About } from "../consents/data.tsx";

/** What is kept of whom, as the data inventory has it, for everybody. */
export function Privacy() {
  const contact = site.value?.contact;
  return (
    <Page
      title={t("privacy.title")}
      lead={t("privacy.lead", { site: site.value?.name ?? "Bauta" })}
    >
      <section class="stack tight">
        <p>{t("privacy.rights")}</p>
        {contact?.email ? (
          <p>
            {t("privacy.contact")} <a href={`mailto:${contact.email}`}>{contact.email}</a>
          </p>
        ) : (
          <p>{t("privacy.no_contact")}</p>
        )}
        {contact?.officer_postal && <p>{t("nav.officer", { address: contact.officer_postal })}</p>}
        {site.value?.policies.some(({ kind }) => kind === "notice") && (
          <p>
            <a href="/policies/notice">{t("policies.read_notice")}</a>
          </p>
        )}
        <p>
          <a href="/promises">{t("promises.title")}</a>
        </p>
      </section>
      <About />
    </Page>
  );
}
