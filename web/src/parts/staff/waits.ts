// How much waits for staff, at their desks and in the administration, for their ways there.
import { computed, signal, type ReadonlySignal } from "@preact/signals";
import type { Item } from "../../lib/api.ts";
import { may, me } from "../../lib/session.ts";
import type { Who } from "../../rows.ts";

export type WaitingDesk = Item<"GET /api/staff/waiting">;
export interface Waits {
  /** Null: not known yet, or not to be known just now. */
  desks: ReadonlySignal<WaitingDesk[] | null>;
  count: ReadonlySignal<number>;
  /** Asks again: something was done there. */
  look: () => Promise<void>;
  /** Keeps asking while whoever is signed in may know. */
  watch: () => void;
}
const EVERY_MS = 60_000;

function waitsOf(path: string, who: Who): Waits {
  const desks = signal<WaitingDesk[] | null>(null);
  /* Asked without the dialog that proves: what is too long ago is just not shown. */
  async function look(): Promise<void> {
    if (!may(who) || document.hidden) return;
    const answer = await fetch(path).catch(() => null);
    if (!answer?.ok) return void (desks.value = null);
    desks.value = ((await answer.json()) as { items: WaitingDesk[] }).items;
  }
  function watch(): void {
    let timer = 0;
    me.subscribe((member) => {
      clearInterval(timer);
      if (!member || !may(who)) return void (desks.value = null);
      void look();
      timer = window.setInterval(() => void look(), EVERY_MS);
    });
  }
  const count = computed(() => (desks.value ?? []).reduce((all, { waiting }) => all + waiting, 0));
  return { desks, count, look, watch };
}

export const desksWait = waitsOf("/api/staff/waiting", "desks");
export const adminsWaits = waitsOf("/api/admin/waiting", "pages");
