import { send } from "../api.ts";
import { closePerson, type Person } from "../person.ts";
import { t } from "../text.ts";
import { ReportForm } from "./report_form.tsx";

/** In somebody's card: what is wrong with their page. */
export function ReportPerson({ person }: { person: Person }) {
  return (
    <ReportForm
      lead={t("report.lead", { name: person.name })}
      person={person}
      report={(what) => send("POST /api/people/{id}/report", { id: person.id, ...what })}
      close={closePerson}
    />
  );
}
