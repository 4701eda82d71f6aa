import { reportMessage } from "./report.ts";
import { me } from "../../lib/session.ts";
import { listed, showMoment, showTime, t } from "../../lib/text.ts";
import { Icon } from "../../kit/icons.tsx";
import { Linked } from "../../kit/linked.tsx";
import { MenuButton, type MenuRow } from "../../kit/menu.tsx";
import { Unsent } from "../../kit/log.tsx";
import { Portrait } from "../../kit/portrait.tsx";
import { complain, toast } from "../../kit/toast.tsx";
import { addToDraft } from "./open.ts";
import { parts } from "./mentions.ts";
import { CHANGE_MS, EMOJI, type Conversation, type Emoji, type Message } from "./shapes.ts";
import type { Thread, Unsent as Waits } from "./thread.ts";
import type { WrittenProps } from "./view.tsx";
import { wordsOf } from "./words.ts";

interface BubbleProps extends Omit<WrittenProps, "target"> {
  message: Message;
  messages: Message[];
  head: boolean;
  current: boolean;
  found: boolean;
}

const classes = (of: Record<string, boolean>): string =>
  ["said-by", ...Object.keys(of).filter((name) => of[name])].join(" ");

/** One message. Only the one that has the keyboard takes part in Tab. */
export function Bubble(props: BubbleProps) {
  const { one, message, messages, head, current, found } = props;
  const { mine, name, seq } = message;
  const group = one.kind === "group" && !mine;
  const { avatar = "", look } = one.people.find((person) => person.id === message.from) ?? {};
  const ofWhom = t("talk.of", { name: mine ? t("talk.you") : name, time: showTime(message.at) });
  const lastMine = mine && !messages.some((other) => other.mine && other.seq > seq);
  return (
    <li
      id={`m${seq}`}
      data-seq={seq}
      tabIndex={current ? 0 : -1}
      class={classes({ me: mine, head, named: group, found, current })}
    >
      {head && (
        <p class="said-head mute small" aria-hidden="true">
          {group && <b dir="auto">{name}</b>}{" "}
          <time dateTime={new Date(message.at).toISOString()} title={showMoment(message.at)}>
            {showTime(message.at)}
          </time>
        </p>
      )}
      {head && group && <Portrait look={look} avatar={avatar} name={name} />}
      <div class="said-line">
        <div class={`bubble ${message.gone ? "gone" : ""}`}>
          <span class="unseen">{ofWhom}</span>
          {message.reply && <Quote {...props} seq={message.reply} />}
          {message.gone || message.text === undefined ? (
            <p class="mute">
              <Icon name={message.waits && !message.gone ? "lock" : "ban"} />
              {wordsOf(message)}
            </p>
          ) : (
            <p dir="auto">
              <Words message={message} tabIndex={current ? 0 : -1} />
            </p>
          )}
          {message.edited_ms && !message.gone && <span class="mute small">{t("talk.edited")}</span>}
        </div>
        {!message.gone && (usable(props) || !mine) && <Tools {...props} />}
      </div>
      <Reactions {...props} />
      {lastMine && !message.gone && <Arrived one={one} seq={seq} />}
    </li>
  );
}

/* The text, with the people who are named in it. */
function Words({
  message: { text = "", mentions },
  tabIndex,
}: {
  message: Message;
  tabIndex: number;
}) {
  if (mentions.length === 0) return <Linked text={text} tabIndex={tabIndex} />;
  const names = mentions.map((one) => one.name);
  const own = mentions.find((one) => one.id === me.value?.id)?.name;
  return (
    <>
      {parts(text, names).map(({ text: part, name }) =>
        name ? (
          <b class={name === own ? "mention own" : "mention"}>{part}</b>
        ) : (
          <Linked text={part} tabIndex={tabIndex} />
        ),
      )}
    </>
  );
}

function Quote({ messages, seq, jump, current }: BubbleProps & { seq: number }) {
  const answered = messages.find((message) => message.seq === seq);
  const name = answered?.mine ? t("talk.you") : answered?.name;
  return (
    <button type="button" class="quote" tabIndex={current ? 0 : -1} onClick={() => jump(seq)}>
      <span class="unseen">{t("talk.answers")}</span>
      {answered ? (
        <>
          <b dir="auto">{name}</b>
          <span dir="auto">{wordsOf(answered)}</span>
        </>
      ) : (
        <span>{t("talk.earlier")}</span>
      )}
    </button>
  );
}

function copy(text: string): void {
  navigator.clipboard.writeText(text).then(
    () => toast(t("talk.copied")),
    () => toast(t("app.refused")),
  );
}

/* One answers and reacts where one is in; what waits for a yes can be reported alone. */
const usable = ({ one, message }: BubbleProps): boolean => one.state === "in" && !message.waits;

function Tools(props: BubbleProps) {
  const { one, thread, message, current, aim } = props;
  const tabIndex = current ? 0 : -1;
  const reacted = (emoji: Emoji) => message.reactions.some((it) => it.emoji === emoji && it.mine);
  const reactions: MenuRow[] = EMOJI.map(({ emoji, text }) => ({
    text: t(text),
    sign: emoji,
    on: reacted(emoji),
    act: () => void thread.react(message.seq, emoji, !reacted(emoji)).catch(complain),
  }));
  const rows: MenuRow[] = [];
  if (usable(props)) {
    if (one.may_write)
      rows.push({
        text: t("talk.reply"),
        icon: "reply",
        act: () => aim({ kind: "reply", message }),
      });
    rows.push({ text: t("talk.copy"), icon: "copy", act: () => copy(message.text ?? "") });
  }
  if (message.mine && Date.now() - message.at < CHANGE_MS)
    rows.push(
      { text: t("talk.edit"), icon: "pencil", act: () => aim({ kind: "edit", message }) },
      {
        text: t("talk.take_back"),
        icon: "trash",
        act: () => void takeBack(props).catch(complain),
      },
    );
  if (!message.mine)
    rows.push({
      text: t("report.open_it"),
      icon: "flag",
      act: () => reportMessage(one.id, message),
    });
  return (
    <div class="talk-tools">
      <MenuButton
        icon="more"
        kind="slim"
        label={t("talk.message_menu")}
        rows={rows}
        tabIndex={tabIndex}
      />
      {usable(props) && (
        <MenuButton
          icon="smile"
          kind="slim"
          label={t("talk.react")}
          rows={reactions}
          wide
          tabIndex={tabIndex}
        />
      )}
    </div>
  );
}

/* Nobody else should read it any longer, so it is gone at once; oneself keeps the words. */
async function takeBack({ one, thread, message, aim }: BubbleProps): Promise<void> {
  const { text = "", seq } = message;
  await thread.takeBack(seq);
  toast(t("talk.taken_back"), () => {
    addToDraft(one.id, text);
    aim({ kind: "words" });
  });
}

function Reactions({ one, message, thread, current }: BubbleProps) {
  if (message.reactions.length === 0) return null;
  return (
    <ul class="reactions" aria-label={t("talk.reactions")}>
      {message.reactions.map(({ emoji, count, mine }) => {
        const known = EMOJI.find((one) => one.emoji === emoji);
        const what = known ? t(known.text) : emoji;
        return (
          <li key={emoji}>
            <button
              type="button"
              class="reaction"
              tabIndex={current ? 0 : -1}
              aria-pressed={mine}
              disabled={one.state === "request"}
              aria-label={t("talk.reacted", { what, n: count })}
              title={what}
              onClick={() => void thread.react(message.seq, emoji, !mine).catch(complain)}
            >
              {emoji} {count > 1 && count}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/* From sending to read it is one line: the log does not move under a finger. */
function Arrived({ one, seq }: { one: Conversation; seq: number }) {
  const ids = one.reads.filter((read) => read.seq >= seq).map((read) => read.id);
  const names = one.people.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
  if (names.length === 0) return <p class="said-read mute small">{t("talk.sent")}</p>;
  return (
    <p class="said-read mute small">
      <Icon name="check" />
      {one.kind === "pair" ? t("talk.read") : t("talk.read_by", { names: listed(names) })}
    </p>
  );
}

/** On its way, or not: then it says so, and can be sent again. */
export function Waiting({
  pending,
  head,
  thread,
}: {
  pending: Waits;
  head: boolean;
  thread: Thread;
}) {
  const { text, at } = pending;
  return (
    <li class={`said-by me waiting ${head ? "head" : ""}`}>
      {head && <p class="said-head mute small">{showTime(at)}</p>}
      <div class="said-line">
        <div class="bubble">
          <span class="unseen">{t("talk.of", { name: t("talk.you"), time: showTime(at) })}</span>
          <p dir="auto">{text}</p>
        </div>
      </div>
      <Unsent pending={pending} outbox={thread.outbox} write="talk-write" kind="said-read" />
    </li>
  );
}
