import { useEffect, useRef, useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { block } from "../blocks/block.ts";
import { go, place } from "../../lib/router.ts";
import { number, t } from "../../lib/text.ts";
import { useNarrow } from "../../lib/theme.ts";
import { Icon } from "../../kit/icons.tsx";
import { MenuButton, type MenuRow } from "../../kit/menu.tsx";
import { Heading } from "../../kit/page.tsx";
import { Failed, IconButton, Loading } from "../../kit/parts.tsx";
import { PersonName } from "../../kit/person_name.tsx";
import { typingText } from "../../kit/speaker.tsx";
import { complain, later, toast } from "../../kit/toast.tsx";
import { useFit } from "../../kit/window.ts";
import { Write, type Aim } from "./composer.tsx";
import { boxOf, Faces } from "./list.tsx";
import { useThread } from "./open.ts";
import { GroupDialog } from "./people.tsx";
import { Newcomers, Request } from "./request.tsx";
import type { Conversation } from "./shapes.ts";
import { inbox } from "./start.ts";
import type { Thread } from "./thread.ts";
import { Written } from "./view.tsx";
import { titleOf } from "./words.ts";

const seqOf = (hash: string): number | undefined => {
  const found = /^#m(\d{1,15})$/.exec(hash);
  return found ? Number(found[1]) : undefined;
};

/** Where the log should go; a new object each time, so that it goes there again. */
export interface Target {
  seq: number;
}

/** One conversation: who, what was written, and the place to write. */
export function ConversationPane({ one }: { one: Conversation }) {
  useFit();
  const { hash } = place.value;
  const [first] = useState(() => seqOf(hash));
  const thread = useThread(one.id, first);
  const [target, setTarget] = useState<Target | null>(first ? { seq: first } : null);
  const [aim, setAim] = useState<Aim | null>(null);
  const [grouping, setGrouping] = useState(false);
  const last = useRef(hash);
  const jump = (seq: number) => {
    const there = (found: boolean) => (found ? setTarget({ seq }) : toast(t("talk.not_here")));
    thread?.jump(seq).then(there).catch(complain);
  };
  useEffect(() => {
    const seq = seqOf(hash);
    if (hash !== last.current && seq) jump(seq);
    last.current = hash;
  }, [hash, thread]);
  const request = one.state === "request";
  return (
    <section class="talk" aria-label={titleOf(one)}>
      <Head one={one} thread={thread} group={() => setGrouping(true)} />
      {!thread || thread.state.value === "new" ? (
        <div class="talk-wait">
          <Loading rows={4} />
        </div>
      ) : thread.state.value === "failed" ? (
        <Failed retry={() => void thread.open(one.unread)} />
      ) : (
        <Written one={one} thread={thread} target={target} jump={jump} aim={setAim} />
      )}
      {!request && thread?.messages.value.some((message) => message.waits) && (
        <Newcomers one={one} />
      )}
      {request ? (
        <Request one={one} thread={thread} />
      ) : one.may_write && thread ? (
        <Write one={one} thread={thread} aim={aim} setAim={setAim} />
      ) : (
        <p class="talk-closed mute">
          <Icon name="info" />
          {t("talk.may_not")}
        </p>
      )}
      {grouping && <GroupDialog one={one} close={() => setGrouping(false)} />}
    </section>
  );
}

function Head({
  one,
  thread,
  group,
}: {
  one: Conversation;
  thread: Thread | null;
  group: () => void;
}) {
  const narrow = useNarrow();
  const title = titleOf(one);
  const [other] = one.people;
  const back = `/messages${boxOf() === "requests" ? "?box=requests" : ""}`;
  const n = inbox.news.value;
  return (
    <header class="talk-head">
      {narrow && <IconButton icon="arrowLeft" label={t("talk.all")} onClick={() => go(back)} />}
      <Faces one={one} />
      <div class="grow">
        <Heading title={n > 0 ? `(${number(n)}) ${title}` : title}>
          {one.kind === "pair" && other ? <PersonName id={other.id} name={title} /> : title}
        </Heading>
        <p class="mute small">{thread && <Doing one={one} thread={thread} />}</p>
      </div>
      {one.state === "in" && (
        <MenuButton icon="more" label={t("talk.menu")} rows={rowsOf(one, group)} />
      )}
      {!narrow && <IconButton icon="close" label={t("talk.close")} onClick={() => go(back)} />}
    </header>
  );
}

/* Who is writing just now, or how many there are. */
function Doing({ one, thread }: { one: Conversation; thread: Thread }) {
  const typing = typingText([...thread.typists.now.value.values()]);
  if (typing) return <>{typing}</>;
  return <>{one.kind === "group" ? t("talk.people", { n: one.people.length + 1 }) : ""}</>;
}

function rowsOf(one: Conversation, group: () => void): MenuRow[] {
  const pair = one.kind === "pair";
  const [other] = one.people;
  return [
    ...(pair ? [] : [{ text: t("talk.group_people"), icon: "users" as const, act: group }]),
    {
      text: t(one.muted ? "talk.unmute" : "talk.mute"),
      icon: "bellOff",
      act: () => void mute(one).catch(complain),
    },
    { text: t(pair ? "talk.forget" : "talk.leave"), icon: "trash", act: () => forget(one) },
    ...(pair && other
      ? [
          {
            text: t("blocks.block_name", { name: other.name }),
            icon: "ban" as const,
            act: () => void blockAndLeave(other).catch(complain),
          },
        ]
      : []),
  ];
}

async function mute({ id, muted }: Conversation): Promise<void> {
  inbox.change(id, { muted: !muted });
  try {
    await send("PATCH /api/conversations/{id}", { id, muted: !muted });
  } catch (error) {
    inbox.change(id, { muted });
    throw error;
  }
  toast(t(muted ? "talk.unmuted" : "talk.muted"));
}

export async function blockAndLeave(other: { id: string; name: string }): Promise<void> {
  if (await block(other)) go("/messages");
}

/** Happens when the toast goes; a pair that got a message meanwhile stays. */
export function forget(one: Conversation): void {
  const { id, kind, state } = one;
  const said = state === "request" ? "declined" : kind === "pair" ? "forgotten" : "left";
  const act = async () => {
    if (kind === "pair" && !inbox.hidden.peek().has(id)) return;
    await send("DELETE /api/conversations/{id}", { id });
    inbox.drop(id);
    inbox.hide(id, false);
  };
  inbox.hide(id, true);
  go(`/messages${boxOf() === "requests" ? "?box=requests" : ""}`);
  later(t(`talk.${said}`, { name: titleOf(one) }), act, () => inbox.hide(id, false));
}
