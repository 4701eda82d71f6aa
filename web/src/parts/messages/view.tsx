import { t } from "../../lib/text.ts";
import { entries, type Entry } from "../../kit/entries.ts";
import { Divider, Log } from "../../kit/log.tsx";
import { Speaker } from "../../kit/speaker.tsx";
import { Bubble, Waiting } from "./bubble.tsx";
import type { Aim } from "./composer.tsx";
import type { Target } from "./conversation.tsx";
import type { Conversation, Message } from "./shapes.ts";
import { inbox } from "./start.ts";
import type { Thread, Unsent } from "./thread.ts";
import { wordsOf } from "./words.ts";

/* Messages of one person within this time stand under one head. */
const TOGETHER_MS = 5 * 60_000;

export interface WrittenProps {
  one: Conversation;
  thread: Thread;
  target: Target | null;
  jump: (seq: number) => void;
  aim: (aim: Aim) => void;
}

/** What was written, and how a screen reader hears of it. */
export function Written({ one, thread, target, jump, aim }: WrittenProps) {
  const messages = thread.messages.value;
  const more = thread.after.value !== undefined;
  const rows = entries(messages, thread.outbox.pending.value, {
    mark: thread.mark.value,
    together_ms: TOGETHER_MS,
  });
  const seen = (atEnd: boolean) => {
    if (!atEnd || one.state !== "in") return;
    thread.seen();
    if (inbox.find(one.id)?.unread) inbox.change(one.id, { unread: 0 });
  };
  const row = { one, thread, messages, jump, aim };
  return (
    <>
      <Log
        label={t("talk.log")}
        empty={t("talk.empty")}
        rows={rows}
        row={(entry, current) => (
          <Row key={entry.key} entry={entry} chosen={current} target={target?.seq} {...row} />
        )}
        lines={messages}
        opens=".talk-tools [aria-haspopup=menu]"
        write="talk-write"
        older={thread.before.value === undefined ? undefined : () => thread.older()}
        newer={more ? () => thread.newer() : undefined}
        early
        fromNew
        target={target}
        below={thread.below.value}
        toEnd={() => thread.toEnd()}
        seen={seen}
        left={() => thread.lookAway()}
      />
      <Speaker
        lines={messages}
        pending={thread.outbox.pending.value}
        says={(message) => t("write.line", { name: message.name, text: wordsOf(message) })}
        quiet={more}
      />
    </>
  );
}

function Row({
  entry,
  chosen,
  target,
  ...row
}: {
  entry: Entry<Message, Unsent>;
  chosen: number | undefined;
  target?: number;
  messages: Message[];
} & Omit<WrittenProps, "target">) {
  switch (entry.kind) {
    case "day":
    case "new":
      return <Divider entry={entry} />;
    case "event":
      return null;
    case "pending":
      return <Waiting pending={entry.pending} head={entry.head} thread={row.thread} />;
  }
  const { line, head } = entry;
  return (
    <Bubble
      {...row}
      message={line}
      head={head}
      current={line.seq === chosen}
      found={line.seq === target}
    />
  );
}
