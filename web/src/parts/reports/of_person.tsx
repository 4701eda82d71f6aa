import { send } from "../../lib/api.ts";
import { closePerson, type Person } from "../../lib/person.ts";
import { t } from "../../lib/text.ts";
import { ReportForm } from "./form.tsx";

/** In somebody's card: what is wrong with their page. */
export function ReportPerson({ person }: { person: Person }) {
  return (
    <ReportForm
      lead={t("report.lead", { name: person.name })}
      person={person}
      report={(what) => send("POST /api/reports", { kind: "page", id: person.id, ...what })}
      close={closePerson}
    />
  );
}
