import { useEffect, useState } from "preact/hooks";
import { Refused, send, type Out } from "../../lib/api.ts";
import { countryName } from "../../lib/countries.ts";
import { go } from "../../lib/router.ts";
import { showDay, showMoment, t } from "../../lib/text.ts";
import { Choices } from "../../kit/choices.tsx";
import { Field, Form, useForm } from "../../kit/form.tsx";
import { useLoad } from "../../kit/load.ts";
import { Page } from "../../kit/page.tsx";
import { Failed, Loading, Notice } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { toast } from "../../kit/toast.tsx";
import { words } from "../guardians/decide.tsx";
import { NotYet } from "./desk.tsx";

type CaseView = Out<"GET /api/staff/cases/{id}">;

/** One case.  That it was opened is written down, and the page says so. */
export function Case({ id }: { id: string }) {
  const { data, failed, refused, again } = useLoad("GET /api/staff/cases/{id}", { id });
  const title = t("officer.case", { number: id.slice(0, 8) });
  if (!data || failed || refused)
    return (
      <Page key="wait" title={title}>
        <NotYet failed={failed} refused={refused} again={again} />
      </Page>
    );
  const facts: [string, string][] = [
    ["name", data.avatar_name ?? ""],
    ["age", data.age > 0 ? String(data.age) : t("officer.not_kept")],
    ["country", countryName(data.country)],
    ["parent", data.parent_email],
    ["asked", showMoment(data.created_ms)],
    ["answered", showMoment(data.answered_ms)],
    ["method", t(`officer.by_${data.method ?? "form"}`)],
    ...(data.when ? [["when", data.when] as [string, string]] : []),
    ...(data.reason ? [["reason", data.reason] as [string, string]] : []),
    ...(data.shown ? [["shown", data.shown] as [string, string]] : []),
  ];
  return (
    <Page title={title} lead={t("officer.logged")}>
      {data.child_here && (
        <Notice kind="bad">
          <p>{t("officer.child_here_what")}</p>
        </Notice>
      )}
      {data.account && data.state === "proving" && (
        <Notice>
          <p>{t("officer.more")}</p>
        </Notice>
      )}
      <Section id="facts" title={t("officer.facts")}>
        <table class="data-table">
          <tbody>
            {facts.map(([key, value]) => (
              <tr key={key}>
                <th scope="row">{t(`officer.fact_${key}`)}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      <Section id="parts" title={t("officer.parts")}>
        <ul class="case-parts">
          <li>{words("account")}</li>
          {data.chat && <li>{words("chat")}</li>}
          {data.marketing && <li>{words("marketing")}</li>}
          {data.performance && <li>{words("performance")}</li>}
        </ul>
      </Section>
      {data.pages > 0 && <Pages id={id} count={data.pages} />}
      <Section id="steps" title={t("officer.steps")}>
        <ol class="steps">
          {data.steps.map((step, i) => (
            <li key={i}>
              {t(`officer.step_${step.what}`)}
              {step.officer && ` · ${step.officer}`}{" "}
              <span class="mute small">{showMoment(step.at_ms)}</span>
            </li>
          ))}
        </ol>
      </Section>
      {data.state === "proving" && <Decide one={data} />}
    </Page>
  );
}

/** Pictures of the signed form; the file itself was never kept. */
function Pages({ id, count }: { id: string; count: number }) {
  return (
    <Section id="pages" title={t("officer.pages")} lead={t("officer.pages_lead")}>
      {Array.from({ length: count }, (_, i) => (
        <Picture key={i} id={id} page={i + 1} />
      ))}
    </Section>
  );
}

function toUrl(base64url: string): string {
  const text = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
  return URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
}

function Picture({ id, page }: { id: string; page: number }) {
  const { data, failed, refused, again } = useLoad("GET /api/staff/cases/{id}/pages/{page}", {
    id,
    page,
  });
  const [url, setUrl] = useState("");
  useEffect(() => {
    if (!data) return;
    const made = toUrl(data.jpeg);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [data]);
  if (failed) return <Failed retry={again} />;
  if (refused)
    return (
      <Notice>
        <p>{refused.message}</p>
      </Notice>
    );
  return url ? (
    <img class="case-page" src={url} alt={t("officer.page", { n: page })} />
  ) : (
    <Loading rows={1} height="24rem" />
  );
}

function Decide({ one }: { one: CaseView }) {
  const form = useForm();
  const [grant, setGrant] = useState("");
  const [reason, setReason] = useState("");
  const [shown, setShown] = useState("");
  const call = one.method === "call";
  const submit = async () => {
    if (!grant) return form.fail({ "": t("officer.choose") });
    if (!reason.trim()) return form.fail({ reason: t("officer.reason_missing") });
    if (call && grant === "yes" && !shown.trim())
      return form.fail({ shown: t("officer.shown_missing") });
    try {
      await send("POST /api/staff/cases/{id}/decision", {
        id: one.id,
        grant: grant === "yes",
        answered_ms: one.answered_ms,
        reason: reason.trim(),
        ...(shown.trim() ? { shown: shown.trim() } : {}),
      });
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 409) throw error;
      return form.fail({ "": error.message });
    }
    const refused = one.account ? "officer.refused_more" : "officer.refused";
    toast(t(grant === "yes" ? "officer.granted" : refused));
    go("/staff");
  };
  return (
    <Section
      id="decide"
      title={t("officer.decide")}
      lead={t(one.account ? "officer.decide_lead_more" : "officer.decide_lead", {
        day: showDay(one.ends_ms),
      })}
    >
      <Form state={form} submit={submit} button={t("officer.decide_do")} icon="check">
        <Choices
          legend={t("officer.decision")}
          options={[
            { value: "yes", label: t("officer.grant") },
            { value: "no", label: t("officer.refuse") },
          ]}
          value={grant}
          set={setGrant}
        />
        {call && (
          <Field
            form={form}
            name="shown"
            label={t("officer.shown")}
            value={shown}
            set={setShown}
            hint={t("officer.shown_hint")}
            maxLength={1000}
            autocomplete="off"
          />
        )}
        <Field
          form={form}
          name="reason"
          label={t("officer.reason")}
          value={reason}
          set={setReason}
          hint={t("officer.reason_hint")}
          maxLength={1000}
          autocomplete="off"
          required
        />
      </Form>
    </Section>
  );
}
