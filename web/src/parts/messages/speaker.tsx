import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../lib/text.ts";
import type { Thread } from "./thread.ts";
import { wordsOf } from "./words.ts";

const SPEAK_EVERY_MS = 2500;
const SPOKEN_MOST = 3;

/* What a screen reader says of what others write: one announcement in a while, bursts counted. */
export function Speaker({ thread }: { thread: Thread }) {
  const [text, setText] = useState("");
  const done = useRef({ seq: thread.messages.peek().at(-1)?.seq ?? 0, at: 0 });
  const messages = thread.messages.value;
  useEffect(() => {
    const wait = Math.max(0, done.current.at + SPEAK_EVERY_MS - Date.now());
    const timer = setTimeout(() => {
      const fresh = messages.filter((one) => one.seq > done.current.seq && !one.mine);
      done.current.seq = Math.max(done.current.seq, messages.at(-1)?.seq ?? 0);
      if (fresh.length === 0 || thread.after.peek() !== undefined) return;
      done.current.at = Date.now();
      setText(
        fresh.length > SPOKEN_MOST
          ? t("talk.new_below", { n: fresh.length })
          : fresh.map((one) => t("talk.line", { name: one.name, text: wordsOf(one) })).join(" · "),
      );
    }, wait);
    return () => clearTimeout(timer);
  }, [messages]);
  return (
    <div class="unseen" role="status" aria-live="polite">
      {text}
    </div>
  );
}
