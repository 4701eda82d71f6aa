import { useEffect, useRef, useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { Refused } from "../../lib/errors.ts";
import { load, more, renew, type Port, type Shown } from "./list.ts";

const AGAIN_MS = 20_000;
const MISSING = 404;

const portOf = (search: string, tag: string): Port => ({
  page: (after) => send("GET /api/rooms", { search, ...(tag && { tag }), ...(after && { after }) }),
  one: (id) =>
    send("GET /api/rooms/{id}", { id }).catch((error: unknown) => {
      if (error instanceof Refused && error.status === MISSING) return null;
      throw error;
    }),
});

/** Rooms whose names hold `search`, with the tag where one is chosen; they renew themselves while somebody looks at them. */
export function useRooms(search: string, tag: string) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [failed, setFailed] = useState(false);
  const turn = useRef(0);
  const busy = useRef(false);
  const last = useRef(shown);
  last.current = shown;
  const port = portOf(search, tag);

  /** What comes too late, because the words are others or somebody asked for more, is dropped. */
  const put = async (coming: Promise<Shown>): Promise<void> => {
    const mine = ++turn.current;
    busy.current = true;
    const now = await coming.catch((error: unknown) => {
      if (mine !== turn.current) return null;
      busy.current = false;
      throw error;
    });
    if (mine !== turn.current || !now) return;
    busy.current = false;
    setFailed(false);
    setShown(now);
  };
  const order = () => put(load(port));
  const open = () => {
    setFailed(false);
    order().catch(() => {
      setShown(null);
      setFailed(true);
    });
  };
  useEffect(() => {
    open();
    return () => void turn.current++;
  }, [search, tag]);
  useEffect(() => {
    const look = () => {
      if (document.visibilityState !== "visible" || busy.current) return;
      const coming = last.current ? renew(port, last.current) : load(port);
      put(coming).catch(() => undefined); // the next time, then
    };
    const timer = setInterval(look, AGAIN_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [search, tag]);
  return {
    shown,
    failed,
    retry: open,
    order,
    more: () => (shown ? put(more(port, shown)) : Promise.resolve()),
  };
}
