import { useState } from "preact/hooks";
import { send } from "../api.ts";
import { countryName } from "../countries.ts";
import { languageName, number, showDay, t } from "../text.ts";
import { Form, useForm } from "../ui/form.tsx";
import { Section } from "../ui/section.tsx";
import { toast } from "../ui/toast.tsx";
import type { View } from "./parent.tsx";
import { Parts } from "./parent_decide.tsx";

/** What is set for the child now, and the parts that the parent may change. */
export function ChildNow({
  link,
  view,
  child,
  done,
}: {
  link: string;
  view: View;
  child: View["child"][number];
  done: () => void;
}) {
  const form = useForm();
  const [parts, setParts] = useState({
    chat: view.chat,
    marketing: view.marketing,
    performance: view.performance,
  });
  const yes = (on: boolean) => t(on ? "parents.yes" : "parents.not");
  const facts: [string, string][] = [
    ["email_verified", yes(child.email_verified)],
    ["marketing", yes(child.marketing)],
    ["real_name", yes(child.real_name)],
    ["country", countryName(child.country)],
    ["language", languageName(child.language)],
    ["sessions", number(child.sessions)],
    ["programs", number(child.programs)],
    ["rooms", number(child.rooms)],
    ["seen", showDay(child.seen_ms)],
  ];
  const submit = async () => {
    await send("POST /api/parents/answer", { link, account: true, ...parts });
    toast(t("parents.saved"));
    done();
  };
  return (
    <>
      <Section id="now" title={t("parents.now")} lead={t("parents.now_lead")}>
        <table class="data-table">
          <tbody>
            {facts.map(([key, value]) => (
              <tr key={key}>
                <th scope="row">{t(`parents.now_${key}`)}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Section>
      <Section id="parts" title={t("parents.parts")} lead={t("parents.parts_lead")}>
        <Form state={form} submit={submit} button={t("parents.save")}>
          <Parts parts={parts} set={(change) => setParts({ ...parts, ...change })} />
        </Form>
      </Section>
    </>
  );
}
