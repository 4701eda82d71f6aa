// How many notices are unread, on every page; the list asks for itself (pages/notices.tsx).
import { signal } from "@preact/signals";
import { send } from "../../lib/api.ts";
import { onMissed, onTold } from "../../live/channel.ts";
import { me } from "../../lib/session.ts";

/** null: not known yet. */
export const unread = signal<number | null>(null);
/** Grows when the list may be another one: what shows it loads anew. */
export const noticesChanged = signal(0);

const PAUSE_MS = 300;
let waiting = 0;
let asked = 0;

async function ask(): Promise<void> {
  const turn = ++asked;
  if (!me.peek()) return;
  const count = await send("GET /api/notices/count", {}).catch(() => null);
  if (turn === asked && count && me.peek()) unread.value = count.unread;
}

/* A burst of messages is one question. */
function look(): void {
  if (waiting) return;
  waiting = window.setTimeout(() => {
    waiting = 0;
    noticesChanged.value++;
    void ask();
  }, PAUSE_MS);
}

export function startNotices(): void {
  me.subscribe((member) => {
    asked++;
    unread.value = null;
    if (member) void ask();
  });
  onTold("notices", look);
  onTold("blocked", look);
  onMissed(look);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") look();
  });
}
