import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { t } from "../../lib/text.ts";
import { keepTyped, typedIn } from "../../lib/typed.ts";
import { Composer, touches } from "../../kit/composer.tsx";
import { Icon } from "../../kit/icons.tsx";
import { IconButton } from "../../kit/parts.tsx";
import { complain } from "../../kit/toast.tsx";
import { complete, matching, named, typedName } from "./mentions.ts";
import { TEXT_MOST, type Conversation, type Member, type Message } from "./shapes.ts";
import type { Thread } from "./thread.ts";
import { titleOf, wordsOf } from "./words.ts";

/** What the next words are for; `words`: the draft was changed from outside. */
export type Aim = { kind: "reply" | "edit"; message: Message } | { kind: "words" };

const NAMES_MOST = 6;

interface WriteProps {
  one: Conversation;
  thread: Thread;
  aim: Aim | null;
  setAim: (aim: Aim | null) => void;
}

/** Writes a message, answers one, or changes one; in a group people are named behind an @. */
export function Write({ one, thread, aim, setAim }: WriteProps) {
  const [text, setText] = useState(() => typedIn(one.id));
  const [cursor, setCursor] = useState<number | null>(null);
  const [caret, setCaret] = useState<{ at: number } | null>(null);
  const [first] = useState(() => !touches() && !location.hash);
  const [busy, setBusy] = useState(false);
  const names = useNames(one, text, cursor);
  const edited = aim?.kind === "edit" ? aim.message : null;

  const write = (value: string, at: number | null) => {
    setText(value);
    setCursor(at);
    if (!edited) keepTyped(one.id, value);
  };
  const choose = (who: Member) => {
    const [value, at] = complete(text, cursor ?? text.length, who.name);
    write(value, at);
    setCaret({ at });
  };
  const leave = () => {
    setAim(null);
    if (edited) setText(typedIn(one.id));
  };
  const change = async (message: Message, words: string) => {
    setBusy(true);
    try {
      if (words !== message.text) await thread.edit(message.seq, words);
      leave();
    } finally {
      setBusy(false);
    }
  };
  const send = (words: string) => {
    if (edited) return void change(edited, words).catch(complain);
    const reply = aim?.kind === "reply" ? aim.message.seq : undefined;
    thread.say(words, one.kind === "group" ? named(one.people, words) : [], reply);
    write("", null);
    setAim(null);
  };
  useLayoutEffect(() => {
    if (!aim) return;
    setText(aim.kind === "edit" ? (aim.message.text ?? "") : typedIn(one.id));
    if (aim.kind === "words") setAim(null);
  }, [aim]);
  const typed = (event: KeyboardEvent): boolean => {
    if (names.typed(event, choose)) return true;
    if (event.key === "Escape" && aim) leave();
    else if (event.key === "ArrowUp" && !text) focusLast();
    else return false;
    return true;
  };
  return (
    <Composer
      id="talk-write"
      label={t("talk.write_to", { name: titleOf(one) })}
      placeholder={t("talk.placeholder")}
      public={
        <>
          <Icon name="lock" />
          {one.kind === "pair"
            ? t("talk.private_pair", { name: titleOf(one) })
            : t("talk.private_group", { n: one.people.length + 1 })}
        </>
      }
      text={text}
      write={(value, at) => {
        write(value, at);
        if (value.trim() && !edited) thread.writing();
      }}
      send={send}
      most={TEXT_MOST}
      enterSends={!touches()}
      typed={typed}
      blurred={() => setCursor(null)}
      caret={caret}
      focus={aim ?? first}
      aria={names.aria}
      button={edited ? { icon: "check", text: t("talk.save") } : undefined}
      busy={busy}
    >
      {aim && aim.kind !== "words" && <About aim={aim} leave={leave} />}
      <Names names={names} choose={choose} />
    </Composer>
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
