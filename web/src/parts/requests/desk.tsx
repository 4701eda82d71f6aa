import { useState } from "preact/hooks";
import type { PageProps } from "../../rows.ts";
import { Refused, send, type Item, type Out } from "../../lib/api.ts";
import { countryName } from "../../lib/countries.ts";
import { languageName, showDay, showMoment, t } from "../../lib/text.ts";
import { Choices } from "../../kit/choices.tsx";
import { useLoad } from "../../kit/load.ts";
import { Page } from "../../kit/page.tsx";
import { PartNav } from "../../kit/part_nav.tsx";
import { Button, Empty, Notice } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain, toast } from "../../kit/toast.tsx";
import { NotYet } from "../staff/desk.tsx";
import { desksWait } from "../staff/waits.ts";
import { Act } from "./act.tsx";
import { Entries, kindName } from "./view.tsx";

export type Case = Out<"GET /api/staff/requests/{id}">;
type Row = Item<"GET /api/staff/requests">;
type Show = "waiting" | "mine" | "answered" | "closed";
const SHOWN: Show[] = ["waiting", "mine", "answered", "closed"];
const SOON_MS = 3 * 24 * 3600 * 1000;

/** The desk of the privacy officer: what waits, the first to end first, and one of it. */
export function StaffRequests({ params }: PageProps) {
  return params.id ? <One id={params.id} /> : <Queue />;
}

const whose = ({ member, name }: Row): string =>
  name ?? t(member ? "requests.erased" : "requests.guest");

function Queue() {
  const [show, setShow] = useState<Show>("waiting");
  const list = useLoad("GET /api/staff/requests", { show });
  const desks = useLoad("GET /api/staff/waiting", {}).data?.items ?? [];
  const urgent = desks.find(({ path }) => path === "/staff/requests")?.urgent ?? 0;
  return (
    <Page title={t("requests.title")} lead={t("requests.lead")}>
      <PartNav
        label={t("nav.staff")}
        parts={desks.map(({ name, path, waiting }) => ({
          href: path,
          text: `${name}.title`,
          count: waiting,
        }))}
      />
      {urgent > 0 && (
        <Notice kind="bad" icon="alert">
          <p>{t("requests.urgent", { n: urgent })}</p>
        </Notice>
      )}
      <Choices
        legend={t("officer.which")}
        options={SHOWN.map((value) => ({ value, label: t(`requests.show_${value}`) }))}
        value={show}
        set={(value) => setShow(value as Show)}
      />
      {!list.data || list.failed || list.refused ? (
        <NotYet {...list} />
      ) : list.data.items.length === 0 ? (
        <Empty icon="check" title={t("requests.show_none")} />
      ) : (
        <ul class="table">
          {list.data.items.map((one) => (
            <QueueRow key={one.id} one={one} />
          ))}
        </ul>
      )}
    </Page>
  );
}

/** By when; a colour never says it alone. */
function due(one: Row): { text: string; bad: boolean } {
  if (one.closed_ms)
    return { text: t("requests.closed_on", { day: showDay(one.closed_ms) }), bad: false };
  if (one.answered_ms)
    return { text: t("requests.answered_on", { day: showDay(one.answered_ms) }), bad: false };
  const left = one.due_ms - Date.now();
  return {
    text: t(left < 0 ? "requests.late_since" : "requests.due", { when: showMoment(one.due_ms) }),
    bad: left < SOON_MS,
  };
}

function QueueRow({ one }: { one: Row }) {
  const { text, bad } = due(one);
  return (
    <li>
      <div class="grow">
        <strong>{kindName(one.kind)}</strong>{" "}
        <span class={`tag ${bad ? "bad" : "plain"}`}>{text}</span>{" "}
        <span class="tag plain">{t(`rights.state_${one.state}`)}</span>
        <p class="mute small" dir="auto">
          {whose(one)} · {one.id.slice(0, 8)}
          {one.country && ` · ${countryName(one.country)}`}
        </p>
        {one.held && (
          <p class="small" dir="auto">
            {one.mine
              ? t("requests.held_by_me")
              : t("requests.held_by", { name: one.holder ?? t("requests.erased") })}
          </p>
        )}
      </div>
      <a class="button main slim" href={`/staff/requests/${one.id}`}>
        {t("officer.open")}
        <span class="unseen"> {one.id.slice(0, 8)}</span>
      </a>
    </li>
  );
}

/** One request. That it was opened is written down, and the page says so. */
function One({ id }: { id: string }) {
  const { data, failed, refused, again } = useLoad("GET /api/staff/requests/{id}", { id });
  const title = t("requests.one", { number: id.slice(0, 8) });
  if (!data || failed || refused)
    return (
      <Page key="wait" title={title}>
        <NotYet failed={failed} refused={refused} again={again} />
      </Page>
    );
  const { row } = data;
  const changed = () => {
    void desksWait.look();
    again();
  };
  const facts: [string, string][] = [
    ["kind", kindName(row.kind)],
    ["whose", whose(row)],
    ...(row.purpose ? [["purpose", t(`rights.purpose_${row.purpose}`)] as [string, string]] : []),
    ["state", t(`rights.state_${row.state}`)],
    ["when", showMoment(row.made_ms)],
    ...(row.country ? [["country", countryName(row.country)] as [string, string]] : []),
    ["language", languageName(row.language)],
    ["proof", row.proof ? t(`rights.code_${row.proof}`) : t("requests.proof_none")],
    ["holder", row.held ? (row.holder ?? t("requests.erased")) : t("requests.held_none")],
  ];
  return (
    <Page title={title} lead={t("officer.logged")}>
      <Notice kind={due(row).bad ? "bad" : ""}>
        <p>{due(row).text}</p>
        {!row.answered_ms &&
          data.clocks.map(({ name, due_ms }) => (
            <p key={name} class="small">
              {showDay(due_ms)}: {t(`rights.clock_${name}`)}
            </p>
          ))}
        {row.extended_why && <p>{t(`rights.code_${row.extended_why}`)}</p>}
      </Notice>
      <Section id="facts" title={t("requests.facts")}>
        <table class="data-table">
          <tbody>
            {facts.map(([key, value]) => (
              <tr key={key}>
                <th scope="row">{t(`requests.fact_${key}`)}</th>
                <td dir="auto">{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      <Section id="said" title={t("rights.said")}>
        <Entries rows={data.entries} />
      </Section>
      {row.state !== "closed" &&
        (row.mine ? <Act one={data} changed={changed} /> : <Claim row={row} changed={changed} />)}
    </Page>
  );
}

function Claim({ row, changed }: { row: Row; changed: () => void }) {
  const [busy, setBusy] = useState(false);
  const claim = async () => {
    setBusy(true);
    try {
      await send("POST /api/staff/requests/{id}/claim", { id: row.id, take_over: row.held });
      toast(t("requests.claimed"));
    } catch (error) {
      /* Somebody was faster: the page says who. */
      if (!(error instanceof Refused) || error.status !== 409) throw error;
      complain(error);
    } finally {
      setBusy(false);
    }
    changed();
  };
  return (
    <Section
      id="claim"
      title={t("requests.claim")}
      lead={
        row.held
          ? t("requests.claim_over", { name: row.holder ?? t("requests.erased") })
          : t("requests.claim_lead")
      }
    >
      <div class="row">
        <Button kind="main" busy={busy} onClick={() => void claim().catch(complain)}>
          {t(row.held ? "requests.claim_over_do" : "requests.claim_do")}
        </Button>
      </div>
    </Section>
  );
}
