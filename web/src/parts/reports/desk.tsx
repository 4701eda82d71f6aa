import { useState } from "preact/hooks";
import { parts } from "../../gen/parts/reports.ts";
import type { PageProps, ReportRow } from "../../rows.ts";
import { Refused, send, type Item, type Out } from "../../lib/api.ts";
import { go } from "../../lib/router.ts";
import { showDay, showMoment, t } from "../../lib/text.ts";
import { Choices } from "../../kit/choices.tsx";
import { Area, Form, useForm } from "../../kit/form.tsx";
import { useLoad } from "../../kit/load.ts";
import { Page } from "../../kit/page.tsx";
import { Section } from "../../kit/section.tsx";
import { toast } from "../../kit/toast.tsx";
import { Desk, NotYet, type Decided } from "../staff/desk.tsx";

type Report = Out<"GET /api/staff/reports/{id}">;
type Outcome = "nothing" | "warned" | "emptied";
const WHY_MOST = 500;
/* The server's list of kinds is this one's, or the client is not built. */
const KINDS = new Map<string, ReportRow>(
  parts.flatMap((part) => part.reports).map((row) => [row.kind, row]),
);

/** What members reported: those that wait, danger first, and those that were decided. */
export function StaffReports({ params }: PageProps) {
  return params.id ? <One id={params.id} /> : <Queue />;
}

function Queue() {
  const [decided, setDecided] = useState<Decided>("no");
  return (
    <Desk
      title={t("reports.title")}
      lead={t("reports.lead")}
      decided={decided}
      setDecided={setDecided}
      list={useLoad("GET /api/staff/reports", { decided })}
      row={(one) => <Row key={one.id} one={one} />}
    />
  );
}

const whose = (name: string | null | undefined): string => name ?? t("reports.gone");

function Row({ one }: { one: Item<"GET /api/staff/reports"> }) {
  return (
    <li>
      <div class="grow">
        <strong dir="auto">{whose(one.name)}</strong>{" "}
        <span class={`tag ${one.reason === "danger" ? "bad" : "plain"}`}>
          {t(`report.${one.reason}`)}
        </span>{" "}
        <span class="tag plain">{t(`reports.kind_${one.kind}`)}</span>{" "}
        {one.outcome && <span class="tag plain">{t(`reports.was_${one.outcome}`)}</span>}
        <p class="mute small">
          {one.outcome
            ? t("officer.decided_on", { day: showDay(one.decided_ms) })
            : t("reports.since", { when: showMoment(one.at_ms) })}
        </p>
        {one.others > 0 && <p class="small">{t("reports.others", { n: one.others })}</p>}
      </div>
      <a class="button main slim" href={`/staff/reports/${one.id}`}>
        {t("officer.open")}
        <span class="unseen"> {whose(one.name)}</span>
      </a>
    </li>
  );
}

/** One report. That it was opened is written down, and the page says so. */
function One({ id }: { id: string }) {
  const { data, failed, refused, again } = useLoad("GET /api/staff/reports/{id}", { id });
  const title = t("reports.one", { number: id.slice(0, 8) });
  if (!data || failed || refused)
    return (
      <Page key="wait" title={title}>
        <NotYet failed={failed} refused={refused} again={again} />
      </Page>
    );
  const { row, seen } = data;
  const kind = KINDS.get(row.kind);
  const facts: [string, string][] = [
    ["kind", t(`reports.kind_${row.kind}`)],
    ["subject", whose(row.name)],
    ["reason", t(`report.${row.reason}`)],
    ["when", showMoment(row.at_ms)],
    ["reporter", whose(data.reporter)],
    ...(data.words ? [["words", data.words] as [string, string]] : []),
    ...(row.outcome ? [["outcome", t(`reports.was_${row.outcome}`)] as [string, string]] : []),
    ...(data.why ? [["why", data.why] as [string, string]] : []),
    ...(data.officer ? [["officer", data.officer] as [string, string]] : []),
  ];
  return (
    <Page title={title} lead={t("officer.logged")}>
      <Section id="facts" title={t("reports.facts")}>
        <Facts
          rows={facts.map(([key, value]) => ({ name: t(`reports.fact_${key}`), text: value }))}
        />
      </Section>
      <Section id="seen" title={t("reports.seen")} lead={t("reports.seen_lead")}>
        <Facts
          rows={[
            { name: t("reports.seen_name"), text: seen.name },
            ...(seen.room ? [{ name: t("reports.seen_room"), text: seen.room }] : []),
            ...seen.fields.map(({ name, text }) =>
              kind?.field ? kind.field(name, text) : { name: t(`reports.${name}`), text },
            ),
            ...seen.blocks.map(({ name, text }) => ({ name: kind?.block?.(name) ?? name, text })),
            ...seen.entries.map(({ name, text, at }, i) => ({
              name: t(
                `reports.${data.last && i === seen.entries.length - 1 ? "it" : "entry"}_${row.kind}`,
                {
                  name,
                  when: showMoment(at),
                },
              ),
              text,
            })),
          ]}
        />
      </Section>
      {!row.outcome && <Decide report={data} />}
    </Page>
  );
}

/* Text as it was typed: nothing in it leads anywhere. */
function Facts({ rows }: { rows: { name: string; text: string }[] }) {
  return (
    <table class="data-table">
      <tbody>
        {rows.map(({ name, text }, i) => (
          <tr key={i}>
            <th scope="row">{name}</th>
            <td class="prose" dir="auto">
              {text}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Decide({ report }: { report: Report }) {
  const form = useForm();
  const [outcome, setOutcome] = useState<Outcome | "">("");
  const [why, setWhy] = useState("");
  const submit = async () => {
    if (!outcome) return form.fail({ "": t("officer.choose") });
    if (!why.trim()) return form.fail({ why: t("officer.reason_missing") });
    try {
      await send("POST /api/staff/reports/{id}/decision", { id: report.row.id, outcome, why });
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 409) throw error;
      return form.fail({ "": error.message });
    }
    toast(t("reports.told"));
    go("/staff/reports");
  };
  return (
    <Section id="decide" title={t("officer.decide")} lead={t("reports.decide_lead")}>
      <Form state={form} submit={submit} button={t("officer.decide_do")} icon="check">
        <Choices
          legend={t("officer.decision")}
          hint={outcome && t(`reports.do_${outcome}_what`)}
          options={[
            { value: "nothing", label: t("reports.do_nothing") },
            { value: "warned", label: t("reports.do_warned") },
            ...(report.empties ? [{ value: "emptied", label: t("reports.do_emptied") }] : []),
          ]}
          value={outcome}
          set={(value) => setOutcome(value as Outcome)}
        />
        <Area
          form={form}
          name="why"
          label={t("officer.reason")}
          hint={t("reports.why_hint")}
          value={why}
          set={setWhy}
          most={WHY_MOST}
        />
      </Form>
    </Section>
  );
}
