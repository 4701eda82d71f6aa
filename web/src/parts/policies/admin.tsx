import { useState } from "preact/hooks";
import { Refused, send, type Out } from "../../lib/api.ts";
import { LANGUAGES } from "../../lib/choices.ts";
import { siteChanged } from "../../lib/session.ts";
import { languageName, t } from "../../lib/text.ts";
import { Area, Check, Field, Form, useForm } from "../../kit/form.tsx";
import { useLoad } from "../../kit/load.ts";
import { Button, Failed, Loading } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain, toast } from "../../kit/toast.tsx";
import type { AdminPart } from "../../rows.ts";
import { pathOf, type Kind } from "./policies.ts";
import { since, title } from "./words.ts";

const TEXT_MOST = 40_000;
const CHANGES_MOST = 400;
const DAYS_MOST = 90;

type Draft = Out<"GET /api/admin/policies/{kind}/draft">;
interface Words {
  text: string;
  changes: string;
}

function Policies() {
  return (
    <>
      <p class="mute">{t("policies.admin_lead")}</p>
      <Of kind="notice" />
      <Of kind="terms" />
    </>
  );
}

function Of({ kind }: { kind: Kind }) {
  const draft = useLoad("GET /api/admin/policies/{kind}/draft", { kind });
  const now = useLoad("GET /api/policies", {});
  const again = () => {
    draft.again();
    now.again();
    void siteChanged().catch(() => undefined);
  };
  return (
    <Section id={`policy-${kind}`} title={title(kind)}>
      {draft.failed || now.failed ? (
        <Failed retry={again} />
      ) : !draft.data || !now.data ? (
        <Loading rows={3} />
      ) : (
        <>
          <Published all={now.data.items.filter((one) => one.kind === kind)} again={again} />
          <Write key={draft.data.number} kind={kind} draft={draft.data} again={again} />
        </>
      )}
    </Section>
  );
}

function Published({ all, again }: { all: Out<"GET /api/policies">["items"]; again: () => void }) {
  if (all.length === 0) return <p class="mute">{t("policies.admin_none")}</p>;
  const takeBack = ({ kind, number }: { kind: string; number: number }) =>
    send("DELETE /api/admin/policies/{kind}/{number}", { kind, number }).then(again, complain);
  return (
    <ul class="table">
      {all.map((one) => (
        <li key={one.number}>
          <a class="grow" href={pathOf(one)}>
            {since(one)}
          </a>
          {one.since_ms > Date.now() && (
            <Button kind="line slim" onClick={() => void takeBack(one)}>
              {t("policies.take_back")}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

const wordsOf = (draft: Draft, language: string): Words =>
  draft.texts.find((one) => one.language === language) ?? { text: "", changes: "" };

/** The next version, in every language; it is kept on the server as it is written. */
function Write({ kind, draft, again }: { kind: Kind; draft: Draft; again: () => void }) {
  const form = useForm();
  const [edit, setEdit] = useState(draft.edit);
  const [kept, setKept] = useState(draft);
  const [words, setWords] = useState<Record<string, Words>>(() =>
    Object.fromEntries(LANGUAGES.map((code) => [code, wordsOf(draft, code)])),
  );
  const [open, setOpen] = useState(draft.edit > 0);
  if (!open)
    return (
      <div class="row">
        <Button kind="line" icon="plus" onClick={() => setOpen(true)}>
          {t("policies.begin", { number: draft.number })}
        </Button>
      </div>
    );
  const differs = (code: string) => {
    const [was, is] = [wordsOf(kept, code), words[code]!];
    return was.text !== is.text || was.changes !== is.changes;
  };
  const submit = async () => {
    const changed = LANGUAGES.filter((code) => differs(code) && words[code]!.text.trim());
    let now = edit;
    try {
      for (const language of changed) {
        const body = { kind, language, ...words[language]!, edit: now };
        now = (await send("PUT /api/admin/policies/{kind}/draft/{language}", body)).edit;
        setEdit(now);
      }
    } catch (error) {
      // Whoever saves again has seen what stands there now.
      if (error instanceof Refused && error.status === 409) {
        const fresh = await send("GET /api/admin/policies/{kind}/draft", { kind });
        setKept(fresh);
        setEdit(fresh.edit);
      }
      throw error;
    }
    const fresh = await send("GET /api/admin/policies/{kind}/draft", { kind });
    setKept(fresh);
    toast(t("policies.kept"));
  };
  const unsaved = LANGUAGES.some(differs);
  return (
    <div class="stack loose">
      <h3>{t("policies.next", { number: draft.number })}</h3>
      <Form state={form} submit={submit} button={t("policies.keep")} icon="check">
        {LANGUAGES.map((code) => {
          const set = (change: Partial<Words>) =>
            setWords((old) => ({ ...old, [code]: { ...old[code]!, ...change } }));
          const language = languageName(code);
          return (
            <fieldset key={code}>
              <legend>{language}</legend>
              <div class="stack">
                <Area
                  form={form}
                  name={`text_${code}`}
                  label={t("policies.text_in", { language })}
                  hint={t("policies.text_hint")}
                  value={words[code]!.text}
                  set={(text) => set({ text })}
                  most={TEXT_MOST}
                  rows={10}
                />
                <Area
                  form={form}
                  name={`changes_${code}`}
                  label={t("policies.changes_in", { language })}
                  value={words[code]!.changes}
                  set={(changes) => set({ changes })}
                  most={CHANGES_MOST}
                  rows={2}
                />
              </div>
            </fieldset>
          );
        })}
      </Form>
      {edit > 0 && <Publish kind={kind} edit={edit} unsaved={unsaved} again={again} />}
    </div>
  );
}

function Publish({
  kind,
  edit,
  unsaved,
  again,
}: {
  kind: Kind;
  edit: number;
  unsaved: boolean;
  again: () => void;
}) {
  const form = useForm();
  const [days, setDays] = useState("14");
  const [mail, setMail] = useState(false);
  const submit = async () => {
    if (unsaved) return form.fail({ days: t("policies.unsaved") });
    if (!/^\d{1,2}$/.test(days) || +days > DAYS_MOST)
      return form.fail({ days: t("policies.days_wrong", { most: DAYS_MOST }) });
    await send("POST /api/admin/policies/{kind}/publish", { kind, edit, days: +days, mail });
    toast(t("policies.published"));
    again();
  };
  return (
    <Form state={form} submit={submit} button={t("policies.publish")}>
      <Field
        form={form}
        name="days"
        label={t("policies.days")}
        hint={t("policies.days_hint")}
        value={days}
        set={setDays}
        type="number"
        min={0}
        max={DAYS_MOST}
        required
      />
      <Check
        label={t("policies.by_mail")}
        hint={t("policies.by_mail_hint")}
        checked={mail}
        set={setMail}
      />
    </Form>
  );
}

export const admin: AdminPart[] = [
  { name: "policies", place: 25, text: "policies.admin", may: "policies", Part: Policies },
];
