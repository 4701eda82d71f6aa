import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { showDayNear, t } from "../../lib/text.ts";
import { Button } from "../../kit/parts.tsx";
import { moveBetween, useRows } from "../../kit/rows.ts";
import { complain } from "../../kit/toast.tsx";
import { Bubble, Waiting } from "./bubble.tsx";
import type { Aim } from "./composer.tsx";
import type { Target } from "./conversation.tsx";
import { entries, type Entry } from "./log.ts";
import type { Conversation } from "./shapes.ts";
import { Speaker } from "./speaker.tsx";
import { inbox } from "./start.ts";
import type { Thread } from "./thread.ts";

const move = moveBetween(".talk-tools [aria-haspopup=menu]", "talk-write");
const NEAR_PX = 60;
const EARLY_PX = 240;

export interface LogProps {
  one: Conversation;
  thread: Thread;
  target: Target | null;
  jump: (seq: number) => void;
  aim: (aim: Aim) => void;
}

/** What was written, oldest first. One message has the keyboard: arrows, Home and End move it. */
export function Log({ one, thread, target, jump, aim }: LogProps) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(!target);
  const was = useRef({ first: 0, height: 0, placed: false });
  const [left, setLeft] = useState<number | null>(null); /* the last one when the end was left */
  const messages = thread.messages.value;
  const list = entries(messages, thread.outbox.pending.value, thread.mark.value);
  const first = messages[0]?.seq ?? 0;
  const last = messages.at(-1)?.seq ?? 0;
  const more = thread.after.value !== undefined;
  const { current, on } = useRows(messages.map(({ seq }) => seq));

  const see = () => {
    const visible = document.visibilityState === "visible";
    if (!visible || !atEnd.current || one.state !== "in") return;
    thread.seen();
    if (inbox.find(one.id)?.unread) inbox.change(one.id, { unread: 0 });
  };
  const toBottom = () => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  };
  const scrolled = () => {
    if (!box.current) return;
    const { scrollHeight, scrollTop, clientHeight } = box.current;
    const below = scrollHeight - scrollTop - clientHeight;
    atEnd.current = !more && below < NEAR_PX;
    if (atEnd.current) setLeft(null);
    else setLeft((old) => old ?? last);
    if (scrollTop < EARLY_PX && thread.before.peek()) load(() => thread.older());
    if (more && below < EARLY_PX) load(() => thread.newer());
    see();
  };
  const loading = useRef(false);
  const load = (run: () => Promise<void>) => {
    if (loading.current) return;
    loading.current = true;
    void run()
      .catch(complain)
      .finally(() => (loading.current = false));
  };
  const toEnd = async () => {
    await thread.toEnd();
    atEnd.current = true;
    toBottom();
    setLeft(null);
    box.current!.querySelector<HTMLElement>("[data-seq][tabindex='0']")?.focus();
  };

  useLayoutEffect(() => {
    const element = box.current!;
    const line = element.querySelector(".log-day.new");
    if (!was.current.placed && !target && line) {
      line.scrollIntoView({ block: "start" });
      scrolled();
    } else if (first < was.current.first) {
      element.scrollTop += element.scrollHeight - was.current.height;
    } else if (atEnd.current) toBottom();
    was.current = { first, height: element.scrollHeight, placed: true };
  }, [list.length, list.at(-1)?.key, first, last]);
  useLayoutEffect(() => {
    if (!target) return;
    const row = document.getElementById(`m${target.seq}`);
    row?.scrollIntoView({ block: "center" });
    row?.focus({ preventScroll: true });
    scrolled();
  }, [target]);
  useEffect(see, [last, one.state, one.unread]);
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") see();
      else if (atEnd.current) thread.lookAway();
    };
    document.addEventListener("visibilitychange", look);
    const sizes = new ResizeObserver(() => atEnd.current && toBottom());
    sizes.observe(box.current!);
    return () => {
      document.removeEventListener("visibilitychange", look);
      sizes.disconnect();
    };
  }, [thread]);

  const fresh =
    left === null
      ? 0
      : thread.below.value + messages.filter(({ seq, mine }) => seq > left && !mine).length;
  const row = { one, thread, messages, jump, aim };
  return (
    <div class="talk-log">
      <div
        ref={box}
        class="log"
        role="log"
        aria-live="off"
        aria-label={t("talk.log")}
        /* With large letters it scrolls; empty it has nothing that the keys could go to. */
        tabIndex={list.length === 0 ? 0 : undefined}
        onScroll={scrolled}
      >
        {thread.before.value !== undefined && (
          <Button kind="link" onClick={() => load(() => thread.older())}>
            {t("talk.older")}
          </Button>
        )}
        {list.length === 0 && <p class="mute log-empty">{t("talk.empty")}</p>}
        <ol class="log-list" onKeyDown={move} {...on}>
          {list.map((entry) => (
            <Row key={entry.key} entry={entry} chosen={current} target={target?.seq} {...row} />
          ))}
        </ol>
        {more && (
          <Button kind="link" onClick={() => load(() => thread.newer())}>
            {t("talk.newer")}
          </Button>
        )}
      </div>
      {left !== null && (
        <Button
          kind="main slim log-end"
          icon="chevronDown"
          onClick={() => void toEnd().catch(complain)}
        >
          {fresh > 0 ? t("talk.new_below", { n: fresh }) : t("talk.to_end")}
        </Button>
      )}
      <Speaker thread={thread} />
    </div>
  );
}

function Row({
  entry,
  chosen,
  target,
  ...row
}: { entry: Entry; chosen: number | undefined; target?: number } & Omit<LogProps, "target"> & {
    messages: LogProps["thread"]["messages"]["value"];
  }) {
  switch (entry.kind) {
    case "day":
      return (
        <li class="log-day">
          <span>{showDayNear(entry.at)}</span>
        </li>
      );
    case "new":
      return (
        <li class="log-day unread new">
          <span>{t("talk.new_line")}</span>
        </li>
      );
    case "pending":
      return <Waiting pending={entry.pending} head={entry.head} thread={row.thread} />;
  }
  const { message, head } = entry;
  const { seq } = message;
  return (
    <Bubble
      {...row}
      message={message}
      head={head}
      current={seq === chosen}
      found={seq === target}
    />
  );
}
