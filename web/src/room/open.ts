// Makes a visit out of the browser's means: sockets, storage, the page's visibility.
import { useEffect, useState } from "preact/hooks";
import { effect } from "@preact/signals";
import { clockAhead, randomId, send } from "../lib/api.ts";
import { connect, holdChannel, tell } from "../live/channel.ts";
import type { Line } from "../live/protocol.ts";
import { Visit } from "../live/visit.ts";
import type { Pending } from "../live/outbox.ts";
import { keepList, keptList } from "../lib/kept.ts";
import { me } from "../lib/session.ts";
import { keepTyped, typedIn } from "../lib/typed.ts";
import { toast } from "../kit/toast.tsx";

const PAGE = 100;
const ASK_AFTER = 4;

async function fetchAfter(room: string, seq: number): Promise<Line[]> {
  const all: Line[] = [];
  for (let after = seq; ; ) {
    const { items } = await send("GET /api/rooms/{id}/messages", { id: room, after, limit: PAGE });
    all.push(...items);
    if (items.length < PAGE) return all;
    after = items.at(-1)!.seq;
  }
}

/** The visit of this page, from its first to its last moment. */
export function useVisit(room: string): Visit | null {
  const [visit, setVisit] = useState<Visit | null>(null);
  useEffect(() => {
    const release = holdChannel();
    const account = me.peek()?.id ?? "";
    const made = new Visit(room, {
      connect,
      tell,
      fetchAfter: (seq) => fetchAfter(room, seq),
      keep: (pending) => keepList("unsent_line", account, room, pending),
      id: randomId,
      now: Date.now,
      ahead_ms: clockAhead,
      complain: (text) => toast(text),
    });
    made.lines.outbox.restore(keptList<Pending>("unsent_line", account, room));
    made.draft.value = typedIn(room);
    const stopKeeping = made.draft.subscribe((text) => keepTyped(room, text));
    /* A closed door looks like a lost connection from here; asking who I am tells them apart. */
    let lost = 0;
    const stopAsking = effect(() => {
      const state = made.connection.value;
      if (state === "open") lost = 0;
      if (state === "lost" && ++lost % ASK_AFTER === 0)
        send("GET /api/me", {}).catch(() => undefined);
    });
    const look = () => made.hide(document.visibilityState === "hidden");
    const online = () => made.wake();
    document.addEventListener("visibilitychange", look);
    addEventListener("online", online);
    made.start();
    send("GET /api/rooms/{id}", { id: room }).then(
      (about) => (made.keepDays.value = about.keep_days),
      () => undefined,
    );
    setVisit(made);
    return () => {
      document.removeEventListener("visibilitychange", look);
      removeEventListener("online", online);
      stopAsking();
      stopKeeping();
      made.close();
      release();
      setVisit(null);
    };
  }, [room]);
  return visit;
}
