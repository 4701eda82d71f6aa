import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { send, Refused, type In, type Out, type Route } from "../lib/api.ts";

export interface Loaded<T> {
  data: T | null;
  failed: boolean;
  refused: Refused | null;
  again: () => void;
  set: (change: (old: T) => T) => void;
}

/** What a GET answers, anew when the input changes; answers that come too late are dropped. */
export function useLoad<R extends Route>(route: R, input: In<R>): Loaded<Out<R>> {
  const [data, setData] = useState<Out<R> | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [failed, setFailed] = useState(false);
  const [round, setRound] = useState(0);
  const asked = JSON.stringify(input);
  const last = useRef(0);
  useEffect(() => {
    const turn = ++last.current;
    setFailed(false);
    setRefused(null);
    send(route, input).then(
      (out) => turn === last.current && setData(() => out),
      (error: unknown) => {
        if (turn !== last.current) return;
        if (error instanceof Refused && error.status < 500) setRefused(error);
        else setFailed(true);
      },
    );
    return () => void last.current++;
  }, [route, asked, round]);
  const again = useCallback(() => setRound((n) => n + 1), []);
  const set = useCallback((change: (old: Out<R>) => Out<R>) => {
    setData((old: Out<R> | null) => (old === null ? old : change(old)));
  }, []);
  return { data, failed, refused, again, set };
}

/** Calls `again` when a counter (or a sum of them) is another than it was when first drawn. */
export function useChanges(again: () => void, counter: number): void {
  const seen = useRef(counter);
  useEffect(() => {
    if (seen.current !== counter) again();
    seen.current = counter;
  }, [counter]);
}
