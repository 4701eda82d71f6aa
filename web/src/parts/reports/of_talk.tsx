import { send } from "../../lib/api.ts";
import { closeReport, type Reported } from "./reporting.ts";
import { t } from "../../lib/text.ts";
import { Dialog } from "../../kit/dialog.tsx";
import { ReportForm } from "./form.tsx";

/** A window over the talk: what is wrong with a room, a line or a message. */
export function ReportTalk({ what }: { what: Reported }) {
  const { kind, id, seq, name, from, text } = what;
  return (
    <Dialog title={t(`report.title_${kind}`, { name })} close={closeReport}>
      {text && (
        <blockquote class="reported" dir="auto">
          {text}
        </blockquote>
      )}
      <ReportForm
        lead={t(`report.lead_${kind}`, { name })}
        person={from ? { id: from, name } : undefined}
        report={(said) => send("POST /api/reports", { kind, id, ...(seq ? { seq } : {}), ...said })}
        close={closeReport}
      />
    </Dialog>
  );
}
