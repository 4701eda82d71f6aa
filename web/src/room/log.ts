// What stands in the chat log, in its order: days, lines, events, my lines on their way.
import type { Line } from "../live/protocol.ts";
import type { Pending } from "../live/lines.ts";
import type { Event } from "../live/visit.ts";

export type Entry =
  | { kind: "day"; key: string; at: number }
  | { kind: "unread"; key: string }
  | { kind: "line"; key: string; line: Line; head: boolean; sending: boolean }
  | { kind: "event"; key: string; event: Event }
  | { kind: "pending"; key: string; pending: Pending };

/* Lines of one person within this time stand under one name. */
const TOGETHER_MS = 3 * 60_000;

const dayOf = (ms: number): string => new Date(ms).toDateString();

export function entries(
  lines: Line[],
  events: Event[],
  pending: Pending[],
  readSeq: number,
): Entry[] {
  const list: Entry[] = [];
  const waiting = new Set(pending.map((one) => one.seq));
  let day = "";
  let marked = readSeq === 0;
  let last: Line | null = null;
  let next = 0;
  const eventsUpTo = (seq: number) => {
    for (; next < events.length && events[next]!.after < seq; next++) {
      const event = events[next]!;
      list.push({ kind: "event", key: `e${event.id}`, event });
      last = null;
    }
  };
  for (const line of lines) {
    eventsUpTo(line.seq);
    if (dayOf(line.at) !== day) {
      day = dayOf(line.at);
      list.push({ kind: "day", key: `d${day}`, at: line.at });
      last = null;
    }
    if (!marked && line.seq > readSeq && !line.mine) {
      marked = true;
      list.push({ kind: "unread", key: "unread" });
      last = null;
    }
    const head: boolean = last?.from !== line.from || line.at - last.at > TOGETHER_MS;
    list.push({ kind: "line", key: `l${line.seq}`, line, head, sending: waiting.has(line.seq) });
    last = line;
  }
  eventsUpTo(Infinity);
  for (const one of pending)
    if (one.seq === undefined) list.push({ kind: "pending", key: `p${one.cid}`, pending: one });
  return list;
}
