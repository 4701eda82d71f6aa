import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { showDayNear, t } from "../lib/text.ts";
import type { Outbox, Pending } from "../live/outbox.ts";
import type { Entry } from "./entries.ts";
import { Icon } from "./icons.tsx";
import { Button } from "./parts.tsx";
import { moveBetween, useRows } from "./rows.ts";
import { complain } from "./toast.tsx";

const NEAR_PX = 60;
const EARLY_PX = 240;

interface Bounds {
  /** Fetch what came before, and what follows where this is not the end; undefined: nothing does. */
  older?: () => Promise<void>;
  newer?: () => Promise<void>;
  /** Begins at the line above what is new rather than at the end. */
  fromNew?: boolean;
  /** The line to go to; a new object each time, so that it goes there again. */
  target?: { seq: number } | null;
  /** The page is looked at, the log's end in sight or not. */
  seen?: (atEnd: boolean) => void;
  /** The page was left with the end in sight. */
  left?: () => void;
}

export interface LogProps<Row extends { key: string; kind: string }> extends Bounds {
  /** What a screen reader calls it, and what stands there while nothing was said. */
  label: string;
  empty: string;
  lang?: string;
  rows: Row[];
  /** One row; `current` is the number of the line that has the keyboard. */
  row: (row: Row, current: number | undefined) => ComponentChildren;
  /** The lines among the rows, ascending: arrows, Home and End move between them. */
  lines: { seq: number; mine: boolean }[];
  /** What Enter presses in a line, and the field that Escape leads to. */
  opens: string;
  write: string;
  /** They are fetched by coming near, too. */
  early?: boolean;
  /** How many came below a stretch that does not reach the end, and how that is reached. */
  below?: number;
  toEnd?: () => Promise<void>;
}

/* How much lies below what is in sight. */
const under = (box: Element): number => box.scrollHeight - box.scrollTop - box.clientHeight;

/* Where a row stands in the whole of the log, however far that is scrolled. */
const placeOf = (box: Element, row: Element): number =>
  row.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;

/* The first line in sight: days and what is on its way change their place. */
function firstInSight(box: HTMLElement): Element | undefined {
  const rows = box.querySelector(".log-list")!.children;
  let [from, to] = [0, rows.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const over = rows[middle]!.getBoundingClientRect().bottom <= box.getBoundingClientRect().top;
    if (over) from = middle + 1;
    else to = middle;
  }
  while (from < rows.length && !rows[from]!.hasAttribute("data-seq")) from++;
  return rows[from];
}

/* Where the log stands: at its end while that is in sight, else at the row that is read. */
function useStay(
  box: { current: HTMLDivElement | null },
  { key, last, props }: { key: string; last: number; props: Bounds },
) {
  const atEnd = useRef(!props.target);
  const was = useRef("");
  const held = useRef<{ row: Element; at: number } | null>(null);
  /* The last line when the end was left. */
  const [left, setLeft] = useState<number | null>(null);
  const hold = () => {
    const row = firstInSight(box.current!);
    held.current = row ? { row, at: placeOf(box.current!, row) } : null;
  };
  const toBottom = () => {
    atEnd.current = true;
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  };
  const looked = () => {
    if (!box.current) return;
    atEnd.current = !props.newer && under(box.current) < NEAR_PX;
    setLeft((old) => (atEnd.current ? null : (old ?? last)));
    hold();
  };
  useLayoutEffect(() => {
    const element = box.current!;
    const line = props.fromNew && element.querySelector(".log-day.new");
    if (!was.current && !props.target && line) {
      line.scrollIntoView({ block: "start" });
      looked();
    } else if (!atEnd.current && held.current?.row.isConnected) {
      element.scrollTop += placeOf(element, held.current.row) - held.current.at;
    } else if (atEnd.current && was.current !== key) toBottom();
    was.current = key;
    hold();
  });
  useLayoutEffect(() => {
    if (!props.target) return;
    const row = box.current?.querySelector<HTMLElement>(`[data-seq="${props.target.seq}"]`);
    row?.scrollIntoView({ block: "center" });
    row?.focus({ preventScroll: true });
    looked();
  }, [props.target]);
  useEffect(() => {
    const sizes = new ResizeObserver(() => atEnd.current && toBottom());
    sizes.observe(box.current!);
    return () => sizes.disconnect();
  }, []);
  return { atEnd, left, setLeft, looked, toBottom };
}

/* Tells that the page is looked at, and that it was left. */
function useEyes(atEnd: { current: boolean }, { seen, left }: Bounds): () => void {
  const latest = useRef({ seen, left });
  latest.current = { seen, left };
  const see = () => {
    if (document.visibilityState === "visible") latest.current.seen?.(atEnd.current);
  };
  useEffect(see);
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") see();
      else if (atEnd.current) latest.current.left?.();
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  return see;
}

/*
 * The button that asks for other lines goes once all are here. If it has the keyboard, the next line
 * beyond those that were there has it then.
 */
function useEdge<Row extends { key: string; kind: string }>(
  box: { current: HTMLDivElement | null },
  props: LogProps<Row>,
) {
  const { lines } = props;
  const on = useRef<"older" | "newer" | null>(null);
  const edge = useRef<{ older?: number; newer?: number }>({});
  useLayoutEffect(() => {
    const was = edge.current;
    edge.current = { older: lines[0]?.seq, newer: lines.at(-1)?.seq };
    const where = on.current;
    if (!where || props[where]) return;
    on.current = null;
    if (document.activeElement !== document.body) return;
    const at = lines.findIndex((line) => line.seq === was[where]);
    const next = lines[where === "older" ? at - 1 : at + 1] ?? lines[at];
    box.current?.querySelector<HTMLElement>(`[data-seq="${next?.seq}"]`)?.focus();
  });
  return (where: "older" | "newer") => () => void (on.current = where);
}

/** What was said, oldest first. */
export function Log<Row extends { key: string; kind: string }>(props: LogProps<Row>) {
  const { rows, lines, older, newer, below = 0 } = props;
  const box = useRef<HTMLDivElement>(null);
  const loading = useRef(false);
  const last = lines.at(-1)?.seq ?? 0;
  const key = `${lines[0]?.seq} ${last} ${rows.length} ${rows.at(-1)?.key}`;
  const { atEnd, left, setLeft, looked, toBottom } = useStay(box, { key, last, props });
  const see = useEyes(atEnd, props);
  const { current, on } = useRows(lines.map(({ seq }) => seq));
  const focused = useEdge(box, props);
  const load = (run: () => Promise<void>) => {
    if (loading.current) return;
    loading.current = true;
    void run()
      .catch(complain)
      .finally(() => (loading.current = false));
  };
  const scrolled = () => {
    if (!box.current) return;
    looked();
    if (props.early && box.current.scrollTop < EARLY_PX && older) load(older);
    if (props.early && under(box.current) < EARLY_PX && newer) load(newer);
    see();
  };
  const toEnd = async () => {
    await props.toEnd?.();
    toBottom();
    setLeft(null);
    /* Not the line that has the keyboard: that may be an early one, and led back to itself. */
    const all = box.current?.querySelectorAll<HTMLElement>("[data-seq]");
    all?.[all.length - 1]?.focus({ preventScroll: true });
  };
  const fresh =
    left === null ? 0 : below + lines.filter(({ seq, mine }) => seq > left && !mine).length;
  return (
    <div class="log-frame">
      <div
        ref={box}
        class="log"
        role="log"
        aria-live="off"
        aria-label={props.label}
        /* With large letters it scrolls; without a line it has nothing that the keys could go to. */
        tabIndex={current === undefined ? 0 : undefined}
        onScroll={scrolled}
      >
        {older && (
          <Button kind="link" onFocus={focused("older")} onClick={() => load(older)}>
            {t("write.older")}
          </Button>
        )}
        {rows.length === 0 && <p class="mute log-empty">{props.empty}</p>}
        <ol
          class="log-list"
          lang={props.lang}
          onKeyDown={moveBetween(props.opens, props.write)}
          {...on}
        >
          {rows.map((row) => props.row(row, current))}
        </ol>
        {newer && (
          <Button kind="link" onFocus={focused("newer")} onClick={() => load(newer)}>
            {t("write.newer")}
          </Button>
        )}
      </div>
      {left !== null && (
        <Button
          kind="main slim log-end"
          icon="chevronDown"
          onClick={() => void toEnd().catch(complain)}
        >
          {fresh > 0 ? t("write.new", { n: fresh }) : t("write.to_end")}
        </Button>
      )}
    </div>
  );
}

/** A row that is the same in every log: a day, or the line above what is new. */
export function Divider({ entry }: { entry: Extract<Entry<0, 0>, { kind: "day" | "new" }> }) {
  return entry.kind === "day" ? (
    <li class="log-day">
      <span>{showDayNear(entry.at)}</span>
    </li>
  ) : (
    <li class="log-day new">
      <span>{t("write.new_line")}</span>
    </li>
  );
}

/** Below words that have no answer yet: on their way, or not; then they can be sent again. */
export function Unsent({
  pending: { cid, state, why },
  outbox,
  write,
  kind = "",
}: {
  pending: Pending;
  outbox: Pick<Outbox, "retry" | "drop">;
  /** The field that the keyboard is led back to. */
  write: string;
  kind?: string;
}) {
  if (state === "sending") return <p class={`unsent mute small ${kind}`}>{t("write.sending")}</p>;
  const failed = state === "failed";
  /* The button goes as it is pressed, and would take the keyboard with it; by touch none is wanted. */
  const press = (act: (cid: string) => void) => (event: MouseEvent) => {
    if (event.detail === 0) document.getElementById(write)?.focus();
    act(cid);
  };
  return (
    <div class={`unsent ${failed ? "fault" : "mute small"} ${kind}`}>
      <Icon name={failed ? "alert" : "wifiOff"} />
      <span>
        {failed ? `${t("write.not_sent")} ${why ?? ""}` : t("write.away")}{" "}
        <Button kind="link" onClick={press((it) => outbox.retry(it))}>
          {t("write.again")}
        </Button>
        <Button kind="link" onClick={press((it) => outbox.drop(it))}>
          {t("write.discard")}
        </Button>
      </span>
    </div>
  );
}
