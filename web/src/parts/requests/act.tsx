// What whoever holds a request does about it.
import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { t } from "../../lib/text.ts";
import { Choices } from "../../kit/choices.tsx";
import { Area, Form, Select, useForm } from "../../kit/form.tsx";
import { Section } from "../../kit/section.tsx";
import { toast } from "../../kit/toast.tsx";
import type { Case } from "./desk.tsx";
import { TEXT_MOST } from "./view.tsx";

type What = "answer" | "question" | "proof" | "extension" | "note" | "closure";
type Outcome = "done" | "part" | "refused";
type Proof = "account" | "address" | "document" | "answers" | "call";
const PROOFS: Proof[] = ["account", "address", "document", "answers", "call"];
const OUTCOMES: Outcome[] = ["done", "part", "refused"];

/** What can be done as it stands. */
function acts({ row, extendable, releases }: Case): What[] {
  const waits = row.state === "open" || row.state === "person";
  return [
    ...(waits ? (["answer", "question"] as What[]) : (["closure"] as What[])),
    ...(waits && releases && !row.member ? (["proof"] as What[]) : []),
    ...(waits && extendable ? (["extension"] as What[]) : []),
    "note",
  ];
}

export function Act({ one, changed }: { one: Case; changed: () => void }) {
  const { id } = one.row;
  const form = useForm();
  const can = acts(one);
  const [chosen, setChosen] = useState<What>(can[0]!);
  const what = can.includes(chosen) ? chosen : can[0]!;
  const [text, setText] = useState("");
  const [outcome, setOutcome] = useState<Outcome | "">("");
  const [reason, setReason] = useState<"complex" | "many" | "">("");
  const [how, setHow] = useState<Proof | "">("");
  const writes = what === "answer" || what === "question" || what === "note";
  const submit = async () => {
    if (writes && !text.trim()) return form.fail({ text: t("rights.text_missing") });
    if (what === "note") await send("POST /api/staff/requests/{id}/note", { id, text });
    if (what === "question") await send("POST /api/staff/requests/{id}/question", { id, text });
    if (what === "closure") await send("POST /api/staff/requests/{id}/closure", { id });
    if (what === "answer") {
      if (!outcome) return form.fail({ "": t("officer.choose") });
      await send("POST /api/staff/requests/{id}/answer", { id, outcome, text });
    }
    if (what === "extension") {
      if (!reason) return form.fail({ "": t("officer.choose") });
      await send("POST /api/staff/requests/{id}/extension", { id, reason });
    }
    if (what === "proof") {
      if (!how) return form.fail({ how: t("officer.choose") });
      await send("POST /api/staff/requests/{id}/proof", { id, how });
    }
    setText("");
    toast(t(`requests.did_${what}`));
    changed();
  };
  return (
    <Section id="act" title={t("requests.act")}>
      <Form state={form} submit={submit} button={t(`requests.do_${what}`)} icon="check">
        <Choices
          legend={t("requests.act_which")}
          hint={t(`requests.act_${what}_what`)}
          options={can.map((value) => ({ value, label: t(`requests.act_${value}`) }))}
          value={what}
          set={(value) => {
            form.clear("");
            setChosen(value as What);
          }}
        />
        {what === "answer" && (
          <Choices
            legend={t("requests.outcome")}
            options={OUTCOMES.map((value) => ({ value, label: t(`rights.code_${value}`) }))}
            value={outcome}
            set={(value) => setOutcome(value as Outcome)}
          />
        )}
        {what === "extension" && (
          <Choices
            legend={t("requests.reason")}
            options={(["complex", "many"] as const).map((value) => ({
              value,
              label: t(`rights.code_${value}`),
            }))}
            value={reason}
            set={(value) => setReason(value as "complex" | "many")}
          />
        )}
        {what === "proof" && (
          <Select
            form={form}
            name="how"
            label={t("requests.how")}
            value={how}
            set={(value) => setHow(value as Proof)}
            options={[
              { value: "", label: t("rights.kind_none") },
              ...PROOFS.map((value) => ({ value, label: t(`rights.code_${value}`) })),
            ]}
          />
        )}
        {(what === "answer" || what === "question") && one.answers.length > 0 && (
          <Select
            form={form}
            name="begin"
            label={t("requests.begin")}
            hint={t("requests.begin_hint")}
            value=""
            set={(name) => setText(one.answers.find((row) => row.name === name)?.text ?? text)}
            options={[
              { value: "", label: t("rights.kind_none") },
              ...one.answers.map(({ name }) => ({
                value: name,
                label: t(`requests.text_${name}`),
              })),
            ]}
          />
        )}
        {writes && (
          <Area
            form={form}
            name="text"
            label={t("rights.text")}
            value={text}
            set={setText}
            most={TEXT_MOST}
            rows={10}
          />
        )}
      </Form>
    </Section>
  );
}
