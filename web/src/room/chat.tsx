import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { send } from "../lib/api.ts";
import { remember, remembered } from "../lib/choices.ts";
import { TEXT_MOST, type Line } from "../live/protocol.ts";
import type { Event, Visit } from "../live/visit.ts";
import { GetOut } from "../parts/panic/panic.tsx";
import { reported } from "../parts/reports/reporting.ts";
import { showDay, showMoment, showTime, t } from "../lib/text.ts";
import { look } from "../lib/theme.ts";
import { Icon } from "../kit/icons.tsx";
import { Button, IconButton, Portrait } from "../kit/parts.tsx";
import { Linked } from "../kit/linked.tsx";
import { PersonName } from "../kit/person_name.tsx";
import { moveBetween, useRows } from "../kit/rows.ts";
import { complain } from "../kit/toast.tsx";
import { entries, type Entry } from "./log.ts";

const move = moveBetween(".said-tools button", "say");
const OLDER = 50;
const NEAR_END_PX = 60;
const COUNT_FROM = 900;

/** The talk of the room: its log and the place to write. `all` shows moves and gestures too. */
export function Chat({ visit, all }: { visit: Visit; all: boolean }) {
  return (
    <div class="chat">
      <Log visit={visit} all={all} />
      <Typing visit={visit} />
      <Composer visit={visit} />
    </div>
  );
}

const readKey = (visit: Visit) => `read.${visit.room.peek()?.id}`;

function Log({ visit, all }: { visit: Visit; all: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const height = useRef(0);
  const [below, setBelow] = useState(false);
  const [readSeq] = useState(() => Number(remembered(readKey(visit)) ?? 0));
  const { lines } = visit;
  const shown = visit.events.value.filter(
    (event) => all || event.what === "joined" || event.what === "left",
  );
  const list = entries(lines.lines.value, shown, lines.pending.value, readSeq);
  const first = lines.lines.value[0];
  const lastKey = list.at(-1)?.key;
  const { current, on } = useRows(lines.lines.value.map(({ seq }) => seq));

  useLayoutEffect(() => {
    const element = box.current!;
    if (atEnd.current) element.scrollTop = element.scrollHeight;
    else if (element.scrollTop < 1) element.scrollTop += element.scrollHeight - height.current;
    height.current = element.scrollHeight;
    setBelow(!atEnd.current);
  }, [list.length, lastKey, first?.seq]);
  useEffect(() => {
    const element = box.current!;
    const sizes = new ResizeObserver(() => {
      if (atEnd.current) element.scrollTop = element.scrollHeight;
    });
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
  useEffect(() => {
    const seq = lines.lines.value.at(-1)?.seq;
    if (seq && document.visibilityState === "visible") remember(readKey(visit), String(seq));
  }, [lines.lines.value]);

  const older = async () => {
    const room = visit.room.peek()!.id;
    const page = await send("GET /api/rooms/{id}/messages", {
      id: room,
      before: first!.id,
      limit: OLDER,
    });
    height.current = box.current!.scrollHeight;
    lines.older(page.items, page.next !== null && page.items.length > 0);
  };
  const scrolled = () => {
    if (!box.current) return;
    const { scrollHeight, scrollTop, clientHeight } = box.current;
    atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    if (atEnd.current) setBelow(false);
  };
  return (
    <>
      <div
        ref={box}
        class="log"
        role="log"
        aria-live="off"
        aria-label={t("room.chat")}
        tabIndex={current === undefined ? 0 : undefined}
        onScroll={scrolled}
      >
        {lines.more.value && first && (
          <Button kind="link" onClick={() => void older().catch(complain)}>
            {t("room.older")}
          </Button>
        )}
        {list.length === 0 && <p class="mute log-empty">{t("room.quiet")}</p>}
        <ol class="log-list" lang={visit.room.value?.language} onKeyDown={move} {...on}>
          {list.map((entry) => (
            <Row
              key={entry.key}
              entry={entry}
              visit={visit}
              current={entry.kind === "line" && entry.line.seq === current}
            />
          ))}
        </ol>
      </div>
      {below && (
        <Button
          kind="main slim log-end"
          icon="chevronDown"
          onClick={() => {
            atEnd.current = true;
            box.current!.scrollTop = box.current!.scrollHeight;
            setBelow(false);
          }}
        >
          {t("room.newest")}
        </Button>
      )}
      <Speaker visit={visit} />
    </>
  );
}

const eventText = ({ what, name, mine }: Event): string =>
  t(`event.${what}${mine ? "_me" : ""}`, { name });

/* Only the line that has the keyboard takes part in Tab. */
function Row({ entry, visit, current }: { entry: Entry; visit: Visit; current: boolean }) {
  switch (entry.kind) {
    case "day":
      return (
        <li class="log-day">
          <span>{showDay(entry.at)}</span>
        </li>
      );
    case "unread":
      return (
        <li class="log-day unread">
          <span>{t("room.unread")}</span>
        </li>
      );
    case "event":
      return <li class="log-event">{eventText(entry.event)}</li>;
    case "pending":
      return <PendingRow entry={entry} visit={visit} />;
  }
  const { line, head, sending } = entry;
  const avatar = visit.avatarOf(line.from) || line.avatar || "";
  const time = new Date(line.at).toISOString();
  const tabIndex = current ? 0 : -1;
  return (
    <li
      class={`said ${head ? "" : "more-of"} ${current ? "current" : ""}`}
      data-seq={line.seq}
      tabIndex={tabIndex}
    >
      {head && <Portrait avatar={avatar} name={line.name} />}
      <div class="said-text">
        {head && (
          <div class="said-who">
            <b>
              <PersonName id={line.from} name={line.name} tabIndex={tabIndex} />
            </b>{" "}
            <time dateTime={time} title={showMoment(line.at)}>
              {showTime(line.at)}
            </time>
          </div>
        )}
        <p>
          <Linked text={line.text} tabIndex={tabIndex} />
        </p>
        {sending && <span class="mute small">{t("room.sending")}</span>}
      </div>
      {!line.mine && (
        <div class="said-tools">
          <IconButton
            icon="flag"
            kind="slim"
            label={t("report.open_line", { name: line.name })}
            tabIndex={tabIndex}
            onClick={() => reportLine(visit, line)}
          />
        </div>
      )}
    </li>
  );
}

function reportLine(visit: Visit, { seq, name, from, text }: Line): void {
  const id = visit.room.peek()!.id;
  reported.value = { kind: "line", id, seq, name, from, text };
}

function PendingRow({
  entry,
  visit,
}: {
  entry: Extract<Entry, { kind: "pending" }>;
  visit: Visit;
}) {
  const { cid, text, state, why } = entry.pending;
  return (
    <li class="said more-of waiting">
      <div class="said-text">
        <p>{text}</p>
        {state === "sending" ? (
          <span class="mute small">{t("room.sending")}</span>
        ) : (
          <div class="fault" role="alert">
            <Icon name="alert" />
            <span>
              {t("room.not_sent")} {why}{" "}
              <Button kind="link" onClick={() => visit.lines.retry(cid)}>
                {t("app.retry")}
              </Button>
              <Button kind="link" onClick={() => visit.lines.drop(cid)}>
                {t("room.discard")}
              </Button>
            </span>
          </div>
        )}
      </div>
    </li>
  );
}

const SPEAK_EVERY_MS = 2500;
const SPOKEN_MOST = 3;

/* What a screen reader says of the log: one announcement in a while, long bursts counted. */
function Speaker({ visit }: { visit: Visit }) {
  const [text, setText] = useState("");
  const done = useRef({ seq: visit.lines.lines.peek().at(-1)?.seq ?? 0, event: 0, at: 0 });
  const lines = visit.lines.lines.value;
  const events = visit.events.value;
  useEffect(() => {
    const wait = Math.max(0, done.current.at + SPEAK_EVERY_MS - Date.now());
    const timer = setTimeout(() => {
      const fresh = lines.filter((line) => line.seq > done.current.seq && !line.mine);
      const happened = events.filter((event) => event.id > done.current.event && !event.mine);
      done.current.seq = lines.at(-1)?.seq ?? done.current.seq;
      done.current.event = events.at(-1)?.id ?? done.current.event;
      if (fresh.length + happened.length === 0) return;
      done.current.at = Date.now();
      const spoken =
        fresh.length > SPOKEN_MOST
          ? [t("room.new_lines", { n: fresh.length })]
          : fresh.map((line) => t("room.says", { name: line.name, text: line.text }));
      setText([...spoken, ...happened.slice(-SPOKEN_MOST).map(eventText)].join(" · "));
    }, wait);
    return () => clearTimeout(timer);
  }, [lines, events]);
  return (
    <div class="unseen" role="status" aria-live="polite">
      {text}
    </div>
  );
}

function Typing({ visit }: { visit: Visit }) {
  const typing = visit.typists.slots.value;
  const names = visit.people.value.filter((one) => typing.has(one.slot)).map((one) => one.name);
  const text =
    names.length === 0
      ? ""
      : names.length === 1
        ? t("room.typing_one", { name: names[0]! })
        : names.length === 2
          ? t("room.typing_two", { name: names[0]!, other: names[1]! })
          : t("room.typing_many");
  return <p class="typing mute small">{text}</p>;
}

function Composer({ visit }: { visit: Visit }) {
  const text = visit.draft.value;
  const setText = (now: string) => {
    visit.draft.value = now;
  };
  const input = useRef<HTMLTextAreaElement>(null);
  const length = [...text.trim()].length;
  const long = length > TEXT_MOST;
  const days = visit.keepDays.value;
  const submit = () => {
    const line = text.replace(/\s*\n\s*/g, " ").trim();
    if (!line || long) return;
    visit.say(line);
    setText("");
    visit.typingNow(false);
    input.current?.focus();
  };
  useLayoutEffect(() => {
    const element = input.current!;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [text, look.value.text]);
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <GetOut visit={visit} />
      <label class="unseen" for="say">
        {t("room.message")}
      </label>
      <textarea
        ref={input}
        id="say"
        class="input"
        rows={1}
        value={text}
        autocomplete="off"
        enterkeyhint="send"
        placeholder={t("room.say")}
        aria-describedby="say-public say-count"
        aria-invalid={long ? true : undefined}
        onInput={(event) => {
          setText(event.currentTarget.value);
          visit.typingNow(event.currentTarget.value.trim() !== "");
        }}
        onBlur={() => visit.typingNow(false)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          submit();
        }}
      />
      <Button
        kind="main icon"
        type="submit"
        icon="send"
        aria-label={t("room.send")}
        title={t("room.send")}
        aria-disabled={!text.trim() || long ? "true" : undefined}
      />
      <p id="say-count" class={`count small ${long ? "fault" : "mute"}`} role="status">
        {length >= COUNT_FROM &&
          t(long ? "room.too_long" : "room.left", { n: Math.abs(TEXT_MOST - length) })}
      </p>
      <p id="say-public" class="mute small public">
        {days === null ? t("room.public") : t("room.public_days", { n: days })}
      </p>
    </form>
  );
}
