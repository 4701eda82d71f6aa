// One request as whoever asked reads it: where it stands, by when, what was said.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Item, Out } from "../../lib/api.ts";
import { showDay, showMoment, t } from "../../lib/text.ts";
import { Dialog } from "../../kit/dialog.tsx";
import { Area, Form, useForm } from "../../kit/form.tsx";
import { Button, Notice } from "../../kit/parts.tsx";
import { Section } from "../../kit/section.tsx";
import { complain } from "../../kit/toast.tsx";
import { Authority } from "./authority.tsx";

export type View = Out<"POST /api/requests/open">;
export type Row = Item<"GET /api/me/requests">;
export type Entry = View["entries"][number];
export const TEXT_MOST = 4000;

export const kindName = (kind: string): string => t(`requests.kind_${kind}`);

const waits = (row: Row): boolean => row.state === "open" || row.state === "person";

/** Where it stands, in one sentence. */
export function standing(row: Row): string {
  if (waits(row)) {
    if (row.due_ms < Date.now()) return t("rights.late", { day: showDay(row.due_ms) });
    return t(row.state === "person" ? "rights.due_person" : "rights.due", {
      day: showDay(row.due_ms),
    });
  }
  if (row.state === "proving") return t("rights.proving");
  const day = showDay(row.state === "answered" ? row.answered_ms : row.closed_ms);
  return t(`rights.was_${row.outcome ?? "done"}`, { day });
}

/** Why by then: the law that ends first, and why it was given longer. */
function Clock({ row }: { row: Row }) {
  if (!waits(row)) return null;
  return (
    <>
      {row.clock && <p class="mute">{t(`rights.clock_${row.clock}`)}</p>}
      {row.extended_why && (
        <p>
          {t("rights.extended", { day: showDay(row.extended_ms) })}{" "}
          {t(`rights.why_${row.extended_why}`)}
        </p>
      )}
    </>
  );
}

export function Entries({ rows }: { rows: Entry[] }) {
  return (
    <ol class="stack request-entries">
      {rows.map((one, i) => (
        <li key={i} class="card stack tight">
          <p class="label">
            {t(`rights.what_${one.what}`)}
            {one.officer && <span dir="auto"> · {one.officer}</span>}
          </p>
          {one.code && <p>{t(`rights.code_${one.code}`)}</p>}
          {one.text && (
            <p class="prose" dir="auto">
              {one.text}
            </p>
          )}
          <p class="mute small">{showMoment(one.at_ms)}</p>
        </li>
      ))}
    </ol>
  );
}

function Say({
  row,
  say,
  withdraw,
}: {
  row: Row;
  say: (text: string) => Promise<void>;
  withdraw: () => Promise<void>;
}) {
  const form = useForm();
  const [text, setText] = useState("");
  const [asks, setAsks] = useState(false);
  const submit = async () => {
    await say(text);
    setText("");
  };
  return (
    <Section
      id="say"
      title={t("rights.say")}
      lead={t(row.state === "answered" ? "rights.say_again" : "rights.say_lead")}
    >
      <Form
        state={form}
        submit={submit}
        button={t("rights.say_do")}
        icon="send"
        more={
          <Button kind="line" onClick={() => setAsks(true)}>
            {t(row.state === "answered" ? "rights.settled" : "rights.withdraw")}
          </Button>
        }
      >
        <Area
          form={form}
          name="text"
          label={t("rights.text")}
          value={text}
          set={setText}
          most={TEXT_MOST}
        />
      </Form>
      {asks && (
        <Dialog title={t("rights.withdraw_title")} close={() => setAsks(false)}>
          <p>{t("rights.withdraw_lead")}</p>
          <div class="row">
            <Button
              kind="main"
              onClick={() =>
                void withdraw()
                  .catch(complain)
                  .finally(() => setAsks(false))
              }
            >
              {t("rights.withdraw_do")}
            </Button>
            <Button kind="line" onClick={() => setAsks(false)}>
              {t("rights.withdraw_not")}
            </Button>
          </div>
        </Dialog>
      )}
    </Section>
  );
}

export function Request({
  view,
  say,
  withdraw,
  children,
}: {
  view: View;
  say: (text: string) => Promise<void>;
  withdraw: () => Promise<void>;
  children?: ComponentChildren;
}) {
  const { row } = view;
  const late = waits(row) && row.due_ms < Date.now();
  return (
    <>
      <Notice kind={late ? "bad" : row.state === "answered" ? "good" : ""}>
        <p>{standing(row)}</p>
        {row.state === "person" && <p>{t("rights.person")}</p>}
        <Clock row={row} />
      </Notice>
      {children}
      <Section id="said" title={t("rights.said")}>
        {row.purpose && <p>{t(`rights.purpose_${row.purpose}`)}</p>}
        <Entries rows={view.entries} />
      </Section>
      {row.state !== "closed" && row.state !== "proving" && (
        <Say row={row} say={say} withdraw={withdraw} />
      )}
      <Authority country={row.country} />
    </>
  );
}
