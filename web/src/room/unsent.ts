// Lines that wait for a connection, for the tab's life and for who wrote them alone.
import type { Pending } from "../live/lines.ts";

const textKey = (account: string, room: string) => `bauta.unsent_text.${account}.${room}`;
const keptKey = (account: string, room: string) => `bauta.unsent_line.${account}.${room}`;

export function unsent(account: string, room: string): Pending[] {
  try {
    return JSON.parse(sessionStorage.getItem(keptKey(account, room)) ?? "[]") as Pending[];
  } catch {
    return [];
  }
}

export function keepUnsent(account: string, room: string, pending: Pending[]): void {
  const key = keptKey(account, room);
  try {
    if (pending.length > 0) sessionStorage.setItem(key, JSON.stringify(pending));
    else sessionStorage.removeItem(key);
  } catch {
    /* Storage may be forbidden; then unsent lines live as long as the page. */
  }
}

/** What was begun and not sent when one got out at once. */
export function keepBegun(account: string, room: string, text: string): void {
  try {
    if (text) sessionStorage.setItem(textKey(account, room), text);
  } catch {
    /* see above */
  }
}

/** And it is there once: "" when there is nothing. */
export function takeBegun(account: string, room: string): string {
  const key = textKey(account, room);
  try {
    const text = sessionStorage.getItem(key) ?? "";
    sessionStorage.removeItem(key);
    return text;
  } catch {
    return "";
  }
}
