import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { t } from "../../lib/text.ts";
import { Form, useForm } from "../../kit/form.tsx";
import { Notice } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { toast } from "../../kit/toast.tsx";
import type { View } from "./parent.tsx";
import { ChildFacts } from "./facts.tsx";
import { firstProof, Parts, ProofChoice, proofOf } from "./decide.tsx";

/** What is set for the child now, and the parts that the parent may change: less at once, more by
 * a proof. */
export function ChildNow({
  link,
  view,
  child,
  form: chosenForm,
  done,
}: {
  link: string;
  view: View;
  child: View["child"][number];
  form: (upload: string) => void;
  done: () => void;
}) {
  const form = useForm();
  const wants = view.more[0];
  const [parts, setParts] = useState({
    chat: (wants ?? view).chat,
    marketing: (wants ?? view).marketing,
    performance: (wants ?? view).performance,
  });
  const [proof, setProof] = useState(firstProof(view));
  const more =
    (parts.chat && !view.chat) ||
    (parts.marketing && !view.marketing) ||
    (parts.performance && !view.performance);
  const submit = async () => {
    if (more && proof.method === "call" && !proof.when.trim())
      return form.fail({ when: t("parents.when_missing") });
    const { upload } = await send("POST /api/parents/answer", {
      link,
      account: true,
      ...parts,
      ...(more ? proofOf(proof) : {}),
    });
    if (upload) return chosenForm(upload);
    toast(t("parents.saved"));
    done();
  };
  return (
    <>
      <Section id="now" title={t("parents.now")} lead={t("parents.now_lead")}>
        <ChildFacts child={child} />
      </Section>
      <Section id="parts" title={t("parents.parts")} lead={t("parents.parts_lead")}>
        {wants && (
          <Notice icon="check" kind="good">
            <p>{t(wants.proving ? "parents.more_waits" : "parents.more_form")}</p>
          </Notice>
        )}
        <Form state={form} submit={submit} button={t("parents.save")}>
          <Parts parts={parts} set={(change) => setParts({ ...parts, ...change })} />
          {more && <ProofChoice form={form} methods={view.methods} proof={proof} set={setProof} />}
        </Form>
      </Section>
    </>
  );
}
