import { useEffect, useRef, useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { renewed } from "../../lib/renewed.ts";
import { onTold } from "../../live/channel.ts";
import type { Friend } from "./friends.ts";

interface Shown {
  items: Friend[];
  next: string | null;
}

const AGAIN_MS = 20_000;

async function load(pages: number): Promise<Shown> {
  const shown: Shown = { items: [], next: null };
  for (let n = 0; n === 0 || (n < pages && shown.next); n++) {
    const page = await send("GET /api/friends", shown.next ? { after: shown.next } : {});
    shown.items.push(...page.items);
    shown.next = page.next;
  }
  return shown;
}

/** One's friends, a page or more. Who comes and goes is told at once; in which rooms they are is asked
 *  again and again, because nobody is told that they may not see it any more. */
export function useFriends() {
  const [shown, setShown] = useState<Shown | null>(null);
  const [failed, setFailed] = useState(false);
  const turn = useRef(0);
  const pages = useRef(1);
  const look = async (): Promise<void> => {
    const mine = ++turn.current;
    const now = await load(pages.current).catch((error: unknown) => {
      if (mine === turn.current) throw error;
      return null;
    });
    if (!now || mine !== turn.current) return;
    setFailed(false);
    setShown((old) => (old ? { ...now, items: renewed(old.items, now.items) } : now));
  };
  const again = () => void look().catch(() => setFailed(true));
  const more = () => {
    pages.current++;
    return look().catch((error: unknown) => {
      pages.current--;
      throw error;
    });
  };
  const change = (id: string, wish: Partial<Friend>) =>
    setShown(
      (old) =>
        old && {
          ...old,
          items: old.items.map((one) => (one.id === id ? { ...one, ...wish } : one)),
        },
    );
  useEffect(() => {
    again();
    const seen = () => document.visibilityState === "visible" && again();
    const timer = setInterval(seen, AGAIN_MS);
    document.addEventListener("visibilitychange", seen);
    return () => {
      turn.current++;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, []);
  useEffect(
    () =>
      onTold("presence", ({ id, online }) =>
        change(id, online ? { online } : { online, room_id: null, room_name: null }),
      ),
    [],
  );
  return { shown, failed, again, change, more };
}
