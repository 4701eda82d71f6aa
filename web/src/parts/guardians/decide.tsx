import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { t } from "../../lib/text.ts";
import { Check, Field, Form, useForm } from "../../kit/form.tsx";
import { Choices } from "../../kit/choices.tsx";
import { Notice } from "../../kit/parts.tsx";
import type { View } from "./parent.tsx";

/** The sentence that is agreed to: the server's own words, whose hash it keeps. */
export const words = (part: string) => t(`consents.parent.${part}`);

/** Consents by part; none is ticked before the parent does it. */
export function Parts({
  parts,
  set,
}: {
  parts: { chat: boolean; marketing: boolean; performance: boolean };
  set: (change: Partial<{ chat: boolean; marketing: boolean; performance: boolean }>) => void;
}) {
  return (
    <>
      <Check
        label={words("chat")}
        hint={t("parents.chat_hint")}
        checked={parts.chat}
        set={(chat) => set({ chat })}
      />
      <Check
        label={words("marketing")}
        checked={parts.marketing}
        set={(marketing) => set({ marketing })}
      />
      <Check
        label={words("performance")}
        checked={parts.performance}
        set={(performance) => set({ performance })}
      />
    </>
  );
}

export type Proof = { method: string; when: string };

export const firstProof = (view: View): Proof => ({
  method: view.method ?? view.methods.split(" ").filter(Boolean)[0] ?? "",
  when: "",
});

/** What the server is told of how an adult is proved. */
export const proofOf = ({ method, when }: Proof) => ({
  method: method as "form" | "call" | "sandbox",
  ...(method === "call" ? { when: when.trim() } : {}),
});

/** How an adult is proved: by one of the ways this site offers. */
export function ProofChoice({
  form,
  methods: words,
  proof,
  set,
}: {
  form: ReturnType<typeof useForm>;
  methods: string;
  proof: Proof;
  set: (proof: Proof) => void;
}) {
  const methods = words.split(" ").filter(Boolean);
  return (
    <>
      <Choices
        legend={t("parents.method")}
        hint={t(`parents.method_${proof.method || "none"}`)}
        options={methods.map((one) => ({ value: one, label: t(`parents.by_${one}`) }))}
        value={proof.method}
        set={(method) => set({ ...proof, method })}
      />
      {proof.method === "call" && (
        <Field
          form={form}
          name="when"
          label={t("parents.when")}
          value={proof.when}
          set={(when) => set({ ...proof, when })}
          hint={t("parents.when_hint")}
          maxLength={300}
          autocomplete="off"
          required
        />
      )}
      <Notice>
        <p>{t("parents.no_card")}</p>
      </Notice>
    </>
  );
}

/** What the parent allows, and how an adult is proved.  Nothing is granted by this alone. */
export function Decide({
  link,
  view,
  form: chosenForm,
  done,
}: {
  link: string;
  view: View;
  form: (upload: string) => void;
  done: () => void;
}) {
  const form = useForm();
  const [account, setAccount] = useState(false);
  const [parts, setParts] = useState({
    chat: view.chat,
    marketing: view.marketing,
    performance: view.performance,
  });
  const [proof, setProof] = useState(firstProof(view));
  const submit = async () => {
    if (!account) return form.fail({ "": t("parents.account_missing") });
    if (proof.method === "call" && !proof.when.trim())
      return form.fail({ when: t("parents.when_missing") });
    const { upload } = await send("POST /api/parents/answer", {
      link,
      account,
      ...parts,
      ...proofOf(proof),
    });
    if (upload) chosenForm(upload);
    else done();
  };
  return (
    <Form state={form} submit={submit} button={t("parents.continue")}>
      <fieldset class="stack">
        <legend>{t("parents.parts")}</legend>
        <Check
          label={words("account")}
          hint={t("parents.account_hint")}
          checked={account}
          set={setAccount}
        />
        <Parts parts={parts} set={(change) => setParts({ ...parts, ...change })} />
      </fieldset>
      <ProofChoice form={form} methods={view.methods} proof={proof} set={setProof} />
    </Form>
  );
}
