// What stands in a conversation, in its order: days, the line above what is new, groups of bubbles.
import type { Pending } from "./outbox.ts";
import type { Message } from "./shapes.ts";

export type Entry =
  | { kind: "day"; key: string; at: number }
  | { kind: "new"; key: string }
  | { kind: "message"; key: string; message: Message; head: boolean }
  | { kind: "pending"; key: string; pending: Pending; head: boolean };

/* Messages of one person within this time stand under one head. */
const TOGETHER_MS = 5 * 60_000;

const dayOf = (ms: number): string => new Date(ms).toDateString();

export function entries(messages: Message[], pending: Pending[], mark: number): Entry[] {
  const list: Entry[] = [];
  let day = "";
  let marked = false;
  let last: { from: string; at: number } | null = null;
  const newDay = (at: number) => {
    if (dayOf(at) === day) return;
    day = dayOf(at);
    list.push({ kind: "day", key: `d${day}`, at });
    last = null;
  };
  const beside = (from: string, at: number): boolean => {
    const together = last?.from === from && at - last.at <= TOGETHER_MS;
    last = { from, at };
    return together;
  };
  for (const message of messages) {
    newDay(message.at);
    if (!marked && message.seq > mark && !message.mine) {
      marked = true;
      list.push({ kind: "new", key: "new" });
      last = null;
    }
    const from = message.mine ? "" : message.from;
    const head = !beside(from, message.at);
    list.push({ kind: "message", key: `m${message.seq}`, message, head });
  }
  for (const one of pending) {
    newDay(one.at);
    list.push({ kind: "pending", key: `p${one.cid}`, pending: one, head: !beside("", one.at) });
  }
  return list;
}
