import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../lib/text.ts";
import type { Pending } from "../live/outbox.ts";

const EVERY_MS = 2500;
const SPOKEN_MOST = 3;
const NONE: never[] = [];

interface Props<Line> {
  /** Ascending; each is spoken once, one's own never. */
  lines: Line[];
  says: (line: Line) => string;
  /** What happened beside the talk. */
  events?: { id: number; mine: boolean }[];
  happens?: (id: number) => string;
  /** The end of the log is not here: nothing new is. */
  quiet?: boolean;
  /** What one wrote oneself and nobody has answered for yet. */
  pending: Pending[];
}

/*
 * In one sentence what one wrote and has not gone out: each of three by itself spoke over the others.
 * What waits for the line is tried again every few seconds, which is no news.
 */
function useUnsent(pending: Pending[]): string {
  const away = useRef(new Set<string>());
  for (const { cid, state } of pending) if (state === "away") away.current.add(cid);
  const stuck = pending.filter(({ cid, state }) => state !== "sending" || away.current.has(cid));
  const [one] = stuck;
  if (!one) return "";
  if (stuck.length > 1) return t("write.unsent", { n: stuck.length });
  return one.state === "failed" ? `${t("write.not_sent")} ${one.why ?? ""}` : t("write.away");
}

/** What a screen reader says of a log: one announcement in a while, long bursts counted. */
export function Speaker<Line extends { seq: number; mine: boolean }>(props: Props<Line>) {
  const { lines, events = NONE, quiet = false } = props;
  const [{ text, nth }, say] = useState({ text: "", nth: 0 });
  const unsent = useUnsent(props.pending);
  const done = useRef({ seq: lines.at(-1)?.seq ?? 0, event: events.at(-1)?.id ?? 0, at: 0 });
  useEffect(() => {
    if (quiet) return;
    const wait_ms = Math.max(0, done.current.at + EVERY_MS - Date.now());
    const timer = setTimeout(() => {
      const { seq, event } = done.current;
      const fresh = lines.filter((line) => line.seq > seq && !line.mine);
      const happened = events.filter(({ id, mine }) => id > event && !mine);
      done.current.seq = lines.at(-1)?.seq ?? seq;
      done.current.event = events.at(-1)?.id ?? event;
      if (fresh.length + happened.length === 0) return;
      done.current.at = Date.now();
      const spoken =
        fresh.length > SPOKEN_MOST
          ? [t("write.new", { n: fresh.length })]
          : fresh.map((line) => props.says(line));
      const beside = happened.slice(-SPOKEN_MOST).map(({ id }) => props.happens?.(id) ?? "");
      say((old) => ({ text: [...spoken, ...beside].join(" · "), nth: old.nth + 1 }));
    }, wait_ms);
    return () => clearTimeout(timer);
  }, [lines, events, quiet]);
  return (
    <>
      <div class="unseen" role="status" aria-live="polite">
        {/* The same words once more are news only where they stand anew. */}
        <p key={nth}>{text}</p>
      </div>
      <p class="unseen" role="alert">
        {unsent}
      </p>
    </>
  );
}

/** Who is writing just now, as a sentence; "" when nobody is. */
export function typingText(names: string[]): string {
  const [name = "", other = ""] = names;
  if (names.length === 0) return "";
  if (names.length === 1) return t("write.typing_one", { name });
  return names.length === 2 ? t("write.typing_two", { name, other }) : t("write.typing_many");
}
