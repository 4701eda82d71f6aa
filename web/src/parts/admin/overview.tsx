import { t } from "../../lib/text.ts";
import { Section } from "../../kit/section.tsx";
import { Empty, Loading } from "../../kit/parts.tsx";
import { adminsWaits } from "../staff/waits.ts";
import { Checklist } from "./checklist.tsx";

/** What an administrator sees first: what waits for a person, then what the site still lacks. */
export function Overview() {
  return (
    <>
      <Section id="waits" title={t("admin.waits")}>
        <Waits />
      </Section>
      <Section id="steps" title={t("admin.checklist")}>
        <Checklist />
      </Section>
    </>
  );
}

function Waits() {
  const desks = adminsWaits.desks.value;
  if (!desks) return <Loading rows={1} />;
  const some = desks.filter(({ waiting }) => waiting > 0);
  if (some.length === 0) return <Empty icon="check" title={t("admin.waits_none")} />;
  return (
    <ul class="table">
      {some.map(({ name, path, waiting }) => (
        <li key={name}>
          <a class="grow" href={path}>
            {t(`desk.${name}`, { n: waiting })}
          </a>
        </li>
      ))}
    </ul>
  );
}
