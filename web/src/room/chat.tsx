import { send } from "../lib/api.ts";
import { remember, remembered } from "../lib/choices.ts";
import { showMoment, showTime, t } from "../lib/text.ts";
import type { Event } from "../live/events.ts";
import type { Pending } from "../live/outbox.ts";
import { TEXT_MOST, type Line } from "../live/protocol.ts";
import type { Visit } from "../live/visit.ts";
import { GetOut } from "../parts/panic/panic.tsx";
import { reported } from "../parts/reports/reporting.ts";
import { Composer } from "../kit/composer.tsx";
import { entries, type Entry } from "../kit/entries.ts";
import { Linked } from "../kit/linked.tsx";
import { Divider, Log, Unsent } from "../kit/log.tsx";
import { IconButton } from "../kit/parts.tsx";
import { Portrait } from "../kit/portrait.tsx";
import { PersonName } from "../kit/person_name.tsx";
import { Speaker, typingText } from "../kit/speaker.tsx";
import { toast } from "../kit/toast.tsx";
import { useState } from "preact/hooks";
import { askedOf } from "./commands.ts";
import { commandOf } from "./gestures.tsx";
import { gestureWords } from "./mode.ts";

const OLDER = 50;
/* Lines of one person within this time stand under one name. */
const TOGETHER_MS = 3 * 60_000;

/** The talk of the room: its log and the place to write. `all` shows moves and gestures too. */
export function Chat({ visit, all }: { visit: Visit; all: boolean }) {
  const typing = visit.typists.now.value;
  const names = visit.people.value.filter((one) => typing.has(one.slot)).map((one) => one.name);
  return (
    <div class="chat">
      <Said visit={visit} all={all} />
      <p class="typing mute small">{typingText(names)}</p>
      <Write visit={visit} />
    </div>
  );
}

const readKey = (visit: Visit) => `read.${visit.room.peek()?.id}`;

async function older({ room, lines }: Visit): Promise<void> {
  const { id } = room.peek()!;
  const before = lines.lines.peek()[0]!.id;
  const page = await send("GET /api/rooms/{id}/messages", { id, before, limit: OLDER });
  lines.older(page.items, page.next !== null && page.items.length > 0);
}

function Said({ visit, all }: { visit: Visit; all: boolean }) {
  const [read] = useState(() => Number(remembered(readKey(visit)) ?? 0) || Infinity);
  const lines = visit.lines.lines.value;
  const events = visit.events.list.value;
  const rows = entries(lines, visit.lines.outbox.pending.value, {
    mark: read,
    together_ms: TOGETHER_MS,
    events: events.filter(({ what }) => all || what === "joined" || what === "left"),
  });
  return (
    <>
      <Log
        label={t("room.chat")}
        empty={t("room.quiet")}
        lang={visit.room.value?.language}
        rows={rows}
        row={(entry, current) => (
          <Row
            key={entry.key}
            entry={entry}
            visit={visit}
            current={entry.kind === "line" && entry.line.seq === current}
          />
        )}
        lines={lines}
        opens=".said-tools button"
        write="say"
        older={visit.lines.more.value && lines.length > 0 ? () => older(visit) : undefined}
        seen={() => {
          const seq = lines.at(-1)?.seq;
          if (seq) remember(readKey(visit), String(seq));
        }}
      />
      <Speaker
        lines={lines}
        pending={visit.lines.outbox.pending.value}
        says={({ name, text }) => t("write.line", { name, text })}
        events={events}
        happens={(id) => eventText(events.find((event) => event.id === id)!)}
      />
    </>
  );
}

const eventText = ({ what, name, mine }: Event): string =>
  t(`event.${what}${mine ? "_me" : ""}`, { name });

/* Only the line that has the keyboard takes part in Tab. */
function Row({
  entry,
  visit,
  current,
}: {
  entry: Entry<Line, Pending, Event>;
  visit: Visit;
  current: boolean;
}) {
  switch (entry.kind) {
    case "day":
    case "new":
      return <Divider entry={entry} />;
    case "event":
      return <li class="log-event">{eventText(entry.event)}</li>;
    case "pending":
      return (
        <li class="said more-of waiting">
          <div class="said-text">
            <p>{entry.pending.text}</p>
            <Unsent pending={entry.pending} outbox={visit.lines.outbox} write="say" />
          </div>
        </li>
      );
  }
  const { line, head, sending } = entry;
  const { avatar = "", look } = visit.faceOf(line.from) ?? line;
  const time = new Date(line.at).toISOString();
  const tabIndex = current ? 0 : -1;
  return (
    <li
      class={`said ${head ? "" : "more-of"} ${current ? "current" : ""}`}
      data-seq={line.seq}
      tabIndex={tabIndex}
    >
      {head && <Portrait look={look} avatar={avatar} name={line.name} />}
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
        {sending && <span class="mute small">{t("write.sending")}</span>}
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

/** False: there is no such command, and what was written stays where it is. */
function sayOrDo(visit: Visit, line: string): boolean {
  const { text, emote, mood, unknown } = askedOf(line, gestureWords.peek(), (key) => t(key));
  if (unknown) {
    const [wave, happy] = [commandOf("emote", "wave"), commandOf("mood", "happy")];
    toast(t("room.no_command", { command: unknown, wave, happy }));
    return false;
  }
  if (emote) visit.acts.emote(emote);
  if (mood) visit.acts.feel(mood);
  if (text) visit.say(text);
  return true;
}

function Write({ visit }: { visit: Visit }) {
  const days = visit.keepDays.value;
  return (
    <Composer
      id="say"
      label={t("room.message")}
      placeholder={t("room.say")}
      public={days === null ? t("room.public") : t("room.public_days", { n: days })}
      text={visit.draft.value}
      write={(text) => {
        visit.draft.value = text;
        visit.typingNow(text.trim() !== "");
      }}
      send={(words) => {
        if (!sayOrDo(visit, words.replace(/\s*\n\s*/g, " "))) return;
        visit.draft.value = "";
        visit.typingNow(false);
      }}
      most={TEXT_MOST}
      enterSends
      blurred={() => visit.typingNow(false)}
    >
      <GetOut visit={visit} />
    </Composer>
  );
}
