// Out of a room: a quiet page with one window, which has all that the second press needs.
import { useEffect, useRef, useState } from "preact/hooks";
import { go } from "../../lib/router.ts";
import { t } from "../../lib/text.ts";
import { Dialog } from "../../kit/dialog.tsx";
import { Area, Select, useForm } from "../../kit/form.tsx";
import { Icon } from "../../kit/icons.tsx";
import { Heading } from "../../kit/page.tsx";
import { Button } from "../../kit/parts.tsx";
import { REASONS, WORDS_MOST, type Reason } from "../reports/reporting.ts";
import {
  PRESS_MS,
  Presses,
  exit as gone,
  type Exit,
  type One,
  type Step,
  type Told,
} from "./exit.ts";

/* The rest comes by one press more: what matters is in sight. */
const SHOWN = 3;

const SLOW_MS = 3000;

const leave = () => go("/rooms", true);

/* The second tap of two was not meant for what stands under the finger then: a door, it may be. */
const leaveByPress = () => {
  const end_ms = performance.now() + PRESS_MS;
  const drop = (event: MouseEvent) => {
    if (event.timeStamp < end_ms) {
      event.preventDefault();
      event.stopPropagation();
    } else removeEventListener("click", drop, { capture: true });
  };
  addEventListener("click", drop, { capture: true });
  leave();
};

/* The key that got one out may be down still: what it repeats was not meant for what stands here. */
const held = (event: KeyboardEvent) => {
  if (event.key !== "Enter" || !event.repeat || event.target instanceof HTMLTextAreaElement) return;
  event.preventDefault();
};

export function Out() {
  const [exit] = useState(gone.peek());
  useEffect(() => {
    if (!exit) return leave();
    return () => {
      exit.leave();
      gone.value = null;
    };
  }, []);
  if (!exit) return null;
  return (
    <div class="page" onKeyDown={held}>
      <Heading unseen title={t("out.page")}>
        {t("out.page")}
      </Heading>
      <Dialog title={t("out.page")} close={leave} firm>
        <Second exit={exit} />
      </Dialog>
    </div>
  );
}

/* A line that is dead is known as such late: whoever waits may go meanwhile. */
function useSlow(busy: boolean): boolean {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!busy) return setSlow(false);
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, [busy]);
  return slow;
}

function Second({ exit }: { exit: Exit }) {
  const form = useForm();
  const [told, setTold] = useState<Told>({ reason: "harassment", text: "" });
  const [missed, setMissed] = useState(false);
  const people = exit.people.value;
  const open = exit.open(told);
  const slow = useSlow(people.some((one) => one.block === "doing" || one.report === "doing"));
  const busy = people.some((one) => one.block === "doing" || one.report === "doing");
  const done = people.some((one) => one.block === "done" || one.report === "done");
  const [presses] = useState(() => new Presses(performance.now()));
  const main = () => form.ref.current?.querySelector<HTMLElement>(".button.main")?.focus();
  const over = people.length === 0 || (done && !busy && open.length === 0);
  const asked = people.filter((one) => one.block === "asks").length;
  // Friends are asked about where the second press was: the third is on the answer.
  useEffect(() => {
    if (asked === 0) return;
    presses.again(performance.now());
    form.ref.current?.querySelector<HTMLElement>(".button.bad")?.focus();
  }, [asked]);
  useEffect(() => {
    if (people.length === 0 || open.length > 0) return main();
    form.ref.current?.querySelector<HTMLElement>("[type=checkbox]")?.focus();
  }, []);
  const submit = () => {
    if (!presses.counts(performance.now()) || busy) return;
    if (over) return leaveByPress();
    setMissed(open.length === 0);
    // By Enter in a box, which cannot be chosen any more then.
    if (open.length > 0 && document.activeElement?.matches("[type=checkbox]")) main();
    void exit.act(told);
  };
  const blockFriend = (one: One) => {
    if (!presses.counts(performance.now())) return;
    main();
    void exit.blockFriend(one, told);
  };
  return (
    <form
      class="stack"
      ref={form.ref}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <p id="out-told">
        {t("out.told")} {exit.held && t("out.held")}
      </p>
      <div class="row">
        <Button
          kind="main"
          type="submit"
          icon={over ? undefined : "ban"}
          busy={busy}
          aria-describedby={over ? "out-told" : "out-told out-what"}
        >
          {over ? t("room.back") : busy ? t("out.doing") : press(open)}
        </Button>
        {!over && (
          <Button kind="line" onClick={leaveByPress}>
            {t("out.leave")}
          </Button>
        )}
      </div>
      {missed && open.length === 0 && !over && (
        <p class="fault" role="alert">
          <Icon name="alert" />
          {t("out.none")}
        </p>
      )}
      <p class="mute small" role="status">
        {slow && t("out.slow")}
      </p>
      <p class="unseen" role="status">
        {said(people)}
      </p>
      {people.length === 0 ? (
        <p class="mute">{t("out.nobody")}</p>
      ) : (
        <>
          <p class="mute small" id="out-what">
            {people.some((one) => one.report === "done") ? t("report.sent") : t("out.what")}{" "}
            {people.some((one) => one.block === "done") && (
              <a href="/settings/privacy/blocked">{t("out.undo")}</a>
            )}
          </p>
          <People exit={exit} told={told} blockFriend={blockFriend} />
          {(!over || people.some((one) => one.report === "open")) && (
            <More form={form} told={told} set={setTold} />
          )}
        </>
      )}
      <p class="small">
        <a href={`/rooms/${encodeURIComponent(exit.room)}`}>{t("out.back_in")}</a>
      </p>
    </form>
  );
}

function press(open: One[]): string {
  if (open.some((one) => one.block === "failed" || one.report === "failed")) return t("app.retry");
  return open.length === 1
    ? t("out.act_one", { name: open[0]!.name })
    : open.length > 1
      ? t("out.act_many", { n: open.length })
      : t("out.act");
}

/* How one of the two stands, in words; nothing while nothing was done about it. */
const state = (one: One, what: "block" | "report"): string => {
  const step: Step = one[what];
  if (step === "asks") return t("blocks.friend_what", { name: one.name });
  if (step === "open") return one.why[what]!;
  if (step === "failed") return t(`out.${what}_failed`, { name: one.name, why: one.why[what]! });
  return step === "done" || step === "doing" || step === "none" ? t(`out.${what}_${step}`) : "";
};

/* For who does not see the rows. */
const said = (people: One[]): string =>
  people
    .map((one) => {
      const words = [state(one, "block"), state(one, "report")].filter(Boolean).join(" ");
      return words && `${one.name}: ${words}`;
    })
    .filter(Boolean)
    .join(" ");

interface Rows {
  exit: Exit;
  told: Told;
  blockFriend: (one: One) => void;
}

function People({ exit, told, blockFriend }: Rows) {
  const [all, setAll] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const people = exit.people.value;
  const shown = all ? people : people.slice(0, SHOWN);
  useEffect(() => {
    if (all) list.current?.querySelectorAll<HTMLElement>("[type=checkbox]")[SHOWN]?.focus();
  }, [all]);
  return (
    <fieldset>
      <legend>{t("out.whom")}</legend>
      <ul class="out-people" ref={list}>
        {shown.map((one) => (
          <Row key={one.id} exit={exit} one={one} told={told} blockFriend={blockFriend} />
        ))}
      </ul>
      {shown.length < people.length && (
        <Button kind="link" onClick={() => setAll(true)}>
          {t("out.more", { n: people.length - shown.length })}
        </Button>
      )}
    </fieldset>
  );
}

const BEGUN: Step[] = ["doing", "done", "open"];

function Row({ exit, one, told, blockFriend }: Rows & { one: One }) {
  const begun = BEGUN.includes(one.block) || BEGUN.includes(one.report);
  const silent = one.seq === undefined;
  return (
    <li>
      <label class="check">
        <input
          type="checkbox"
          checked={one.chosen}
          disabled={begun}
          onChange={(event) => exit.choose(one.id, event.currentTarget.checked)}
        />
        <span>
          <strong dir="auto">{one.name}</strong>
          <span class="hint">
            <br />
            {one.said === 0 ? t("out.near") : t("out.said", { n: one.said })}
            {one.said === 0 && !silent && one.chosen && !begun && ` ${t("out.before")}`}
            {silent && one.chosen && !begun && !told.text.trim() && ` ${t("out.silent")}`}
          </span>
        </span>
      </label>
      {(state(one, "block") || state(one, "report")) && (
        <div class="row">
          <State one={one} what="block" />
          <State one={one} what="report" />
          {one.block === "asks" && (
            <Button kind="line bad" icon="ban" onClick={() => blockFriend(one)}>
              {t("blocks.block_name", { name: one.name })}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

function State({ one, what }: { one: One; what: "block" | "report" }) {
  const text = state(one, what);
  if (!text) return null;
  if (one[what] === "failed")
    return (
      <p class="fault">
        <Icon name="alert" />
        {text}
      </p>
    );
  if (one[what] === "asks" || one[what] === "open") return <p class="small">{text}</p>;
  return <span class={`tag ${one[what] === "done" ? "good" : "plain"}`}>{text}</span>;
}

/** What else the staff should know. */
function More({
  form,
  told,
  set,
}: {
  form: ReturnType<typeof useForm>;
  told: Told;
  set: (told: Told) => void;
}) {
  return (
    <details class="more">
      <summary>{t("out.tell", { reason: t(`report.${told.reason}`) })}</summary>
      <div class="stack">
        <Select
          form={form}
          name="reason"
          label={t("report.reason")}
          hint={t(`report.${told.reason}_what`)}
          value={told.reason}
          set={(reason) => set({ ...told, reason: reason as Reason })}
          options={REASONS.map((value) => ({ value, label: t(`report.${value}`) }))}
        />
        <Area
          form={form}
          name="text"
          label={t("report.words")}
          hint={t("report.words_hint")}
          value={told.text}
          set={(text) => set({ ...told, text })}
          most={WORDS_MOST}
        />
      </div>
    </details>
  );
}
