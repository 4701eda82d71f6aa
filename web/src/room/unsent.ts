// Lines that wait for a connection, for the tab's life and for who wrote them alone.
import type { Pending } from "../live/lines.ts";

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
