import { useEffect, useState } from "preact/hooks";
import { ReportForm } from "../reports/form.tsx";
import { Button, Failed, Loading } from "../../kit/parts.tsx";
import { send } from "../../lib/api.ts";
import type { Person } from "../../lib/person.ts";
import { t } from "../../lib/text.ts";
import type { Catalogue } from "../../looks/catalogue.ts";
import { Words } from "./preview.tsx";
import { loadCatalogue, lookOf, type Shown } from "./send_look.ts";
import { tell } from "./tell.ts";

/** What somebody looks like, for whoever does not see it: asked for when it is opened. */
export function LookTold({ person }: { person: Person }) {
  const [open, setOpen] = useState(false);
  if (!person.look) return null;
  return (
    <details class="look-told" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("look.told")}</summary>
      {open && <Told key={person.look} person={person} look={person.look} />}
    </details>
  );
}

function Told({ person, look }: { person: Person; look: string }) {
  const [found, setFound] = useState<[Shown, Catalogue] | null>(null);
  const [failed, setFailed] = useState(false);
  const [reports, setReports] = useState(false);
  const load = () => {
    setFailed(false);
    Promise.all([lookOf(look), loadCatalogue()]).then(setFound, () => setFailed(true));
  };
  useEffect(load, []);
  if (failed) return <Failed retry={load} />;
  if (!found) return <Loading rows={2} />;
  const [shown, catalogue] = found;
  if (!shown.words) return <Words words={tell(shown.recipe, catalogue)} />;
  if (reports)
    return (
      <ReportForm
        lead={t("look.report_lead", { name: person.name })}
        person={person}
        report={(what) => send("POST /api/reports", { kind: "look", id: person.id, ...what })}
        close={() => setReports(false)}
      />
    );
  return (
    <div class="stack tight">
      <p dir="auto">{shown.words}</p>
      {person.relation !== "self" && (
        <div class="row">
          <Button kind="line" icon="flag" onClick={() => setReports(true)}>
            {t("look.report_words")}
          </Button>
        </div>
      )}
    </div>
  );
}
