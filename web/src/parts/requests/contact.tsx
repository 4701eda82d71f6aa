import { useState } from "preact/hooks";
import { countries } from "../../lib/countries.ts";
import { me, site } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { Select, useForm } from "../../kit/form.tsx";
import { Page } from "../../kit/page.tsx";
import { Section } from "../../kit/section.tsx";
import { Authority } from "./authority.tsx";

/** How to reach those who run the site, its privacy officer, and who watches over them. */
export function Contact() {
  const form = useForm();
  const contact = site.value?.contact;
  const [country, setCountry] = useState(me.value?.country ?? site.value?.country ?? "");
  return (
    <Page title={t("reach.title")} lead={t("reach.lead", { site: site.value?.name ?? "" })}>
      <Section id="support" title={t("reach.support")} lead={t("reach.support_lead")}>
        <ul class="part-cards">
          <li class="part-card">
            <div class="grow">
              <h3>
                <a class="whole-link" href={me.value ? "/privacy/requests" : "/privacy/ask"}>
                  {t("reach.privacy")}
                </a>
              </h3>
              <p class="mute small">{t("reach.privacy_line")}</p>
            </div>
          </li>
        </ul>
      </Section>
      <Section id="officer" title={t("reach.officer")}>
        {contact?.officer_postal ? (
          <address class="prose" dir="auto">
            {contact.officer_postal}
          </address>
        ) : (
          <p>{t("reach.officer_none")}</p>
        )}
        {contact?.email && (
          <p>
            {t("reach.mail")} <a href={`mailto:${contact.email}`}>{contact.email}</a>
          </p>
        )}
      </Section>
      <Select
        form={form}
        name="country"
        label={t("guest.country")}
        value={country}
        set={setCountry}
        options={[{ value: "", label: t("rights.kind_none") }, ...countries.value]}
      />
      <Authority country={country} />
    </Page>
  );
}
