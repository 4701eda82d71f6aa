// Makes conversations out of the browser's means: calls, the member's own channel, storage.
import { useEffect, useState } from "preact/hooks";
import { effect } from "@preact/signals";
import { randomId, send } from "../../lib/api.ts";
import { keepList, keptList } from "../../lib/kept.ts";
import { onMissed, onTold } from "../../live/channel.ts";
import { browserChance } from "../../live/socket.ts";
import { me } from "../../lib/session.ts";
import { keepTyped, typedIn } from "../../lib/typed.ts";
import { Search } from "./search.ts";
import type { Message } from "./shapes.ts";
import { inbox } from "./start.ts";
import { Thread, type Unsent } from "./thread.ts";

const account = (): string => me.peek()?.id ?? "";

/** Words that were taken back stand in the box again, behind what is there already. */
export function addToDraft(id: string, text: string): void {
  keepTyped(id, [typedIn(id), text].filter(Boolean).join("\n"));
}

/* A thread stays after its page was left while something is still on its way. */
const threads = new Map<string, Thread>();

function threadOf(id: string): Thread {
  const old = threads.get(id);
  if (old) return old;
  const made = new Thread({
    page: (ask) => send("GET /api/conversations/{id}/messages", { id, ...ask }),
    send: ({ cid, text, reply, mentions }) =>
      send("POST /api/conversations/{id}/messages", { id, cid, text, reply, mentions }),
    edit: (seq, text) => send("PATCH /api/conversations/{id}/messages/{seq}", { id, seq, text }),
    takeBack: (seq) => send("DELETE /api/conversations/{id}/messages/{seq}", { id, seq }),
    react: (seq, emoji, on) =>
      send("POST /api/conversations/{id}/messages/{seq}/reactions", { id, seq, emoji, on }),
    read: (seq) => send("POST /api/conversations/{id}/read", { id, seq }),
    typing: () => send("POST /api/conversations/{id}/typing", { id }),
    keep: (pending) => keepList("unsent", account(), id, pending),
    now: Date.now,
    id: randomId,
    chance: browserChance,
  });
  made.outbox.restore(keptList<Unsent>("unsent", account(), id));
  threads.set(id, made);
  return made;
}

function leave(id: string, thread: Thread): void {
  const stop = effect(() => {
    const busy = thread.outbox.pending.value.some((one) => one.state !== "failed");
    if (busy || inbox.shown === id || threads.get(id) !== thread) return;
    threads.delete(id);
    thread.close();
    queueMicrotask(() => stop());
  });
}

/** The messages of a conversation for as long as they are on the page. */
export function useThread(id: string, at?: number): Thread | null {
  const [thread, setThread] = useState<Thread | null>(null);
  useEffect(() => {
    const made = threadOf(id);
    inbox.shown = id;
    void made.open(inbox.find(id)?.unread ?? 0, at);
    setThread(made);
    return () => {
      inbox.shown = null;
      leave(id, made);
    };
  }, [id]);
  return thread;
}

/** Lets them in: what waited for it is there now, in words. */
export async function letIn(id: string): Promise<void> {
  inbox.put(await send("POST /api/conversations/{id}/accept", { id }));
  await threads.get(id)?.refresh();
}

/** One for the whole page: what was found is still there after a look into a conversation. */
export const search = new Search({
  slice: (q, cursor) => send("GET /api/messages/search", { q, cursor }),
  chance: browserChance,
});

function all(act: (thread: Thread) => void): void {
  for (const thread of threads.values()) act(thread);
}

const told = (fresh: boolean) => (told: { conversation: string; message: Message }) =>
  threads.get(told.conversation)?.arrived(told.message, fresh);

onTold("message", told(true));
onTold("message_changed", told(false));
onTold("writing", ({ conversation, id, name }) => threads.get(conversation)?.writes({ id, name }));
onTold("blocked", () => all((thread) => void thread.refresh()));
onMissed(() =>
  all((thread) => {
    void thread.refresh();
    thread.outbox.back();
  }),
);
addEventListener("online", () => all((thread) => thread.outbox.back()));

let who = me.peek()?.id;
me.subscribe((member) => {
  if (member?.id === who) return;
  who = member?.id;
  all((thread) => thread.close());
  threads.clear();
  search.clear();
});
