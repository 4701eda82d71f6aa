// How much waits on the officers' desks, for their way there.
import { signal } from "@preact/signals";
import type { Out } from "../../lib/api.ts";
import { me } from "../../lib/session.ts";

export const deskWaits = signal(0);
const EVERY_MS = 60_000;

/* Asked without the dialog that proves: what is too long ago is just not shown. */
async function look(): Promise<void> {
  if (!me.value?.officer || document.hidden) return;
  const answer = await fetch("/api/staff/waiting").catch(() => null);
  if (!answer?.ok) return void (deskWaits.value = 0);
  const { items } = (await answer.json()) as Out<"GET /api/staff/waiting">;
  deskWaits.value = items.reduce((all, { waiting }) => all + waiting, 0);
}

export function watchDesk(): void {
  let timer = 0;
  me.subscribe((member) => {
    clearInterval(timer);
    if (!member?.officer) return;
    void look();
    timer = window.setInterval(() => void look(), EVERY_MS);
  });
}
