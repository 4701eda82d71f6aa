import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { t } from "../../lib/text.ts";
import { Icon } from "../../kit/icons.tsx";
import { Button, IconButton } from "../../kit/parts.tsx";
import { complain } from "../../kit/toast.tsx";
import { complete, matching, named, typedName } from "./mentions.ts";
import { keep, kept } from "./open.ts";
import { TEXT_MOST, type Conversation, type Member, type Message } from "./shapes.ts";
import type { Thread } from "./thread.ts";
import { titleOf, wordsOf } from "./words.ts";

/** What the next words are for; `words`: the draft was changed from outside. */
export type Aim = { kind: "reply" | "edit"; message: Message } | { kind: "words" };

const COUNT_FROM = 1800;
const NAMES_MOST = 6;

/* On a touch keyboard Enter is the only way to a new line. */
const touches = (): boolean => matchMedia("(pointer: coarse)").matches;

interface ComposerProps {
  one: Conversation;
  thread: Thread;
  aim: Aim | null;
  setAim: (aim: Aim | null) => void;
}

export function Composer({ one, thread, aim, setAim }: ComposerProps) {
  const [text, setText] = useState(() => kept("draft", one.id) ?? "");
  const [cursor, setCursor] = useState<number | null>(null);
  const [caret, setCaret] = useState<{ at: number } | null>(null);
  const [busy, setBusy] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const names = useNames(one, text, cursor);
  const edited = aim?.kind === "edit" ? aim.message : null;
  const length = [...text.trim()].length;
  const long = length > TEXT_MOST;

  const write = (value: string, at?: number) => {
    setText(value);
    setCursor(at ?? null);
    if (!edited) keep("draft", one.id, value);
  };
  const put = (value: string, at: number) => {
    write(value, at);
    setCaret({ at });
  };
  const choose = (who: Member) => put(...complete(text, cursor ?? text.length, who.name));
  const leave = () => {
    setAim(null);
    if (edited) setText(kept("draft", one.id) ?? "");
  };
  const submit = async () => {
    const words = text.trim();
    if (!words || long || busy) return;
    input.current?.focus();
    if (!edited) {
      const reply = aim?.kind === "reply" ? aim.message.seq : undefined;
      thread.say(words, one.kind === "group" ? named(one.people, words) : [], reply);
      write("");
      return setAim(null);
    }
    setBusy(true);
    try {
      if (words !== edited.text) await thread.edit(edited.seq, words);
      leave();
    } finally {
      setBusy(false);
    }
  };
  useLayoutEffect(() => {
    if (!aim) return;
    setText(aim.kind === "edit" ? (aim.message.text ?? "") : (kept("draft", one.id) ?? ""));
    input.current?.focus();
    if (aim.kind === "words") setAim(null);
  }, [aim]);
  /* Before the next key is typed, which a frame may come after. */
  useLayoutEffect(() => {
    if (caret) input.current!.setSelectionRange(caret.at, caret.at);
  }, [caret]);
  useEffect(() => {
    if (!touches() && !location.hash) input.current?.focus();
  }, []);
  useLayoutEffect(() => {
    const element = input.current!;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight + 2}px`;
  }, [text]);
  const typed = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (names.typed(event, choose)) return event.preventDefault();
    if (event.key === "Escape" && aim) leave();
    else if (event.key === "ArrowUp" && !text) focusLast();
    else if (event.key === "Enter" && !event.shiftKey && !touches()) void submit().catch(complain);
    else return;
    event.preventDefault();
  };
  return (
    <form
      class="composer talk-composer"
      onSubmit={(event) => {
        event.preventDefault();
        void submit().catch(complain);
      }}
    >
      {aim && aim.kind !== "words" && <About aim={aim} leave={leave} />}
      <Names names={names} choose={choose} />
      <label class="unseen" for="talk-write">
        {t("talk.write_to", { name: titleOf(one) })}
      </label>
      <textarea
        ref={input}
        id="talk-write"
        class="input"
        rows={1}
        value={text}
        autocomplete="off"
        enterkeyhint={touches() ? "enter" : "send"}
        placeholder={t("talk.placeholder")}
        dir="auto"
        aria-describedby="talk-who talk-count"
        aria-invalid={long ? true : undefined}
        {...names.aria}
        onInput={({ currentTarget: { value, selectionStart } }) => {
          write(value, selectionStart);
          if (value.trim() && !edited) thread.writing();
        }}
        onKeyDown={typed}
        onBlur={() => setCursor(null)}
      />
      <Button
        kind="main icon"
        type="submit"
        icon={edited ? "check" : "send"}
        busy={busy}
        aria-label={t(edited ? "talk.save" : "room.send")}
        title={t(edited ? "talk.save" : "room.send")}
        aria-disabled={!text.trim() || long ? "true" : undefined}
      />
      <p id="talk-count" class={`count small ${long ? "fault" : "mute"}`} role="status">
        {length >= COUNT_FROM &&
          t(long ? "room.too_long" : "room.left", { n: Math.abs(TEXT_MOST - length) })}
      </p>
      <p id="talk-who" class="mute small public">
        <Icon name="lock" />
        {one.kind === "pair"
          ? t("talk.private_pair", { name: titleOf(one) })
          : t("talk.private_group", { n: one.people.length + 1 })}
      </p>
    </form>
  );
}

function focusLast(): void {
  const all = document.querySelectorAll<HTMLElement>(".talk .log [data-seq]");
  all[all.length - 1]?.focus();
}

/* Which message the next words answer or replace, above the box. */
function About({ aim, leave }: { aim: Exclude<Aim, { kind: "words" }>; leave: () => void }) {
  const { message, kind } = aim;
  const edit = kind === "edit";
  const name = message.mine ? t("talk.you") : message.name;
  return (
    <div class="talk-about">
      <Icon name={edit ? "pencil" : "reply"} />
      <p class="small grow">
        <b>{edit ? t("talk.editing") : t("talk.replying", { name })}</b>
        <span class="mute" dir="auto">
          {wordsOf(message)}
        </span>
      </p>
      <IconButton kind="slim" icon="close" label={t("talk.cancel")} onClick={leave} />
    </div>
  );
}

interface NameList {
  list: Member[];
  at: number;
  aria: Record<string, string | undefined>;
  /** True when the key was for the list. */
  typed: (event: KeyboardEvent, choose: (who: Member) => void) => boolean;
}

/* People whose name is being typed behind an @. */
function useNames(one: Conversation, text: string, cursor: number | null): NameList {
  const [at, setAt] = useState(0);
  const [shut, setShut] = useState("");
  const wanted = one.kind === "group" && cursor !== null ? typedName(text, cursor) : null;
  const open = wanted !== null && shut !== text;
  const list = open ? matching(one.people, wanted).slice(0, NAMES_MOST) : [];
  useEffect(() => setAt(0), [wanted]);
  const typed: NameList["typed"] = ({ key }, choose) => {
    if (list.length === 0) return false;
    if (key === "ArrowDown") setAt((at + 1) % list.length);
    else if (key === "ArrowUp") setAt((at - 1 + list.length) % list.length);
    else if (key === "Enter" || key === "Tab") choose(list[at]!);
    else if (key === "Escape") setShut(text);
    else return false;
    return true;
  };
  const aria = {
    "aria-autocomplete": one.kind === "group" ? "list" : undefined,
    "aria-controls": list.length > 0 ? "talk-names" : undefined,
    "aria-activedescendant": list.length > 0 ? `talk-name-${at}` : undefined,
  };
  return { list, at, aria, typed };
}

function Names({ names, choose }: { names: NameList; choose: (who: Member) => void }) {
  return (
    <>
      <p class="unseen" role="status">
        {names.list.length > 0 && t("talk.names", { n: names.list.length })}
      </p>
      {names.list.length > 0 && (
        <ul class="talk-names" id="talk-names" role="listbox" aria-label={t("talk.names_list")}>
          {names.list.map((who, i) => (
            <li
              key={who.id}
              id={`talk-name-${i}`}
              role="option"
              aria-selected={i === names.at}
              class="drop-row"
              onPointerDown={(event) => {
                event.preventDefault();
                choose(who);
              }}
            >
              @{who.name}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
