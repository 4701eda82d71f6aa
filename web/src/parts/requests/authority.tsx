import { countryName } from "../../lib/countries.ts";
import { t } from "../../lib/text.ts";
import { useLoad } from "../../kit/load.ts";
import { Section } from "../../kit/section.tsx";

/** Where one can complain who lives in this country, and that one may. */
export function Authority({ country }: { country: string }) {
  const all = useLoad("GET /api/authorities", {}).data?.items;
  const own = all?.filter((one) => one.country.slice(0, 2) === country) ?? [];
  return (
    <Section id="authority" title={t("authority.title")} lead={t("authority.lead")}>
      {all && own.length === 0 && <p>{t("authority.none")}</p>}
      {own.map((one) => (
        <p key={one.country}>
          {one.country.length > 2 ? t("authority.california") : `${countryName(one.country)}: `}
          <a href={one.url} target="_blank" rel="noopener noreferrer">
            {one.name}
          </a>
        </p>
      ))}
    </Section>
  );
}
