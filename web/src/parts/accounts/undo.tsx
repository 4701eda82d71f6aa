import { useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { signedOut } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { useTicket } from "./ticket.ts";
import { Form, useForm } from "../../kit/form.tsx";
import { Page } from "../../kit/page.tsx";
import { Notice } from "../../kit/parts.tsx";
import { ChoosePassword } from "./reset.tsx";

/** What the old address got when the address of an account was changed: the way back. */
export function Undo() {
  const ticket = useTicket();
  const form = useForm();
  const [fresh, setFresh] = useState("");
  const submit = async () => {
    const undone = await send("POST /api/undos", { ticket });
    signedOut();
    setFresh(undone.ticket);
  };
  if (fresh) return <ChoosePassword ticket={fresh} title={t("undo.done_title")} />;
  if (!ticket)
    return (
      <Page key="none" title={t("undo.title")}>
        <Notice kind="bad">
          <p>{t("link.whole")}</p>
        </Notice>
      </Page>
    );
  return (
    <Page key="ask" title={t("undo.title")} lead={t("undo.lead")}>
      <ul>
        {["back", "out", "ways", "void", "password"].map((what) => (
          <li key={what}>{t(`undo.${what}`)}</li>
        ))}
      </ul>
      <Form state={form} submit={submit} button={t("undo.do")}>
        {null}
      </Form>
    </Page>
  );
}
