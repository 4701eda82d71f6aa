// What stands in a log, in its order: days, the line above what is new, what was said and what
// happened beside it, and last what is on its way.
export type Entry<Line, Pending, Event = never> =
  | { kind: "day"; key: string; at: number }
  | { kind: "new"; key: string }
  /** sending: delivered, and not stored for good yet. */
  | { kind: "line"; key: string; line: Line; head: boolean; sending: boolean }
  | { kind: "event"; key: string; event: Event }
  | { kind: "pending"; key: string; pending: Pending; head: boolean };

interface Said {
  seq: number;
  at: number;
  from: string;
  mine: boolean;
}

interface More<Event> {
  /** Up to here it was read before; Infinity: no line is drawn. */
  mark: number;
  /** Lines of one person within this time stand under one head. */
  together_ms: number;
  /** What happened, each after the line that it names. */
  events?: Event[];
}

const dayOf = (ms: number): string => new Date(ms).toDateString();

export function entries<
  Line extends Said,
  Pending extends { cid: string; at: number; seq?: number },
  Event extends { id: number; after: number } = never,
>(
  lines: Line[],
  pending: Pending[],
  { mark, together_ms, events = [] }: More<Event>,
): Entry<Line, Pending, Event>[] {
  const list: Entry<Line, Pending, Event>[] = [];
  let day = "";
  let marked = false;
  let last: { from: string; at: number } | null = null;
  let next = 0;
  const delivered = new Set(pending.map((one) => one.seq));
  const newDay = (at: number) => {
    if (dayOf(at) === day) return;
    day = dayOf(at);
    list.push({ kind: "day", key: `d${day}`, at });
    last = null;
  };
  const beside = (from: string, at: number): boolean => {
    const together = last?.from === from && at - last.at <= together_ms;
    last = { from, at };
    return together;
  };
  const eventsUpTo = (seq: number) => {
    for (; next < events.length && events[next]!.after < seq; next++) {
      const event = events[next]!;
      list.push({ kind: "event", key: `e${event.id}`, event });
      last = null;
    }
  };
  for (const line of lines) {
    eventsUpTo(line.seq);
    newDay(line.at);
    if (!marked && line.seq > mark && !line.mine) {
      marked = true;
      list.push({ kind: "new", key: "new" });
      last = null;
    }
    const head = !beside(line.mine ? "" : line.from, line.at);
    const sending = delivered.has(line.seq);
    list.push({ kind: "line", key: `l${line.seq}`, line, head, sending });
  }
  eventsUpTo(Infinity);
  for (const one of pending.filter(({ seq }) => seq === undefined)) {
    newDay(one.at);
    list.push({ kind: "pending", key: `p${one.cid}`, pending: one, head: !beside("", one.at) });
  }
  return list;
}
