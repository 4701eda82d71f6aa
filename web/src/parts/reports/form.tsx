import { useEffect, useState } from "preact/hooks";
import { block } from "../blocks/block.ts";
import { t } from "../../lib/text.ts";
import { Choices } from "../../kit/choices.tsx";
import { Area, Check, Form, useForm } from "../../kit/form.tsx";
import { toast } from "../../kit/toast.tsx";
import { REASONS, WORDS_MOST, type Reason } from "./reporting.ts";

/** What is wrong with something, for the staff; and whom to block as well. */
export function ReportForm({
  lead,
  person,
  report,
  close,
}: {
  lead: string;
  person?: { id: string; name: string } | undefined;
  report: (what: { reason: Reason; text: string }) => Promise<unknown>;
  close: () => void;
}) {
  const form = useForm();
  const [reason, setReason] = useState<Reason | "">("");
  const [text, setText] = useState("");
  const [blocks, setBlocks] = useState(false);
  // What was pressed to come here is gone: the first choice has the focus.
  useEffect(() => form.ref.current?.querySelector<HTMLInputElement>("input")?.focus(), []);
  const submit = async () => {
    if (!reason) return form.fail({ "": t("report.choose") });
    await report({ reason, text });
    toast(t("report.sent"));
    close();
    if (blocks && person) await block(person);
  };
  return (
    <div class="stack">
      <p class="mute">{lead}</p>
      <Form state={form} submit={submit} button={t("report.send")} icon="send">
        <Choices
          legend={t("report.reason")}
          hint={reason && t(`report.${reason}_what`)}
          options={REASONS.map((value) => ({ value, label: t(`report.${value}`) }))}
          value={reason}
          set={(value) => setReason(value as Reason)}
        />
        <Area
          form={form}
          name="text"
          label={t("report.words")}
          hint={t("report.words_hint")}
          value={text}
          set={setText}
          most={WORDS_MOST}
        />
        {person && (
          <Check
            label={t("report.block", { name: person.name })}
            hint={t("report.block_hint")}
            checked={blocks}
            set={setBlocks}
          />
        )}
      </Form>
    </div>
  );
}
