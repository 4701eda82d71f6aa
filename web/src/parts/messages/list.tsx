import type { ComponentChild } from "preact";
import { useEffect, useState } from "preact/hooks";
import { place } from "../../lib/router.ts";
import { showNear, t } from "../../lib/text.ts";
import { Icon } from "../../kit/icons.tsx";
import { Button, Empty, Failed, IconButton, Loading } from "../../kit/parts.tsx";
import { Portrait } from "../../kit/portrait.tsx";
import { complain } from "../../kit/toast.tsx";
import type { Box } from "./inbox.ts";
import { search } from "./open.ts";
import { NewConversation } from "./people.tsx";
import { FoundList, SearchField } from "./results.tsx";
import type { Conversation } from "./shapes.ts";
import { inbox } from "./start.ts";
import { askerOf, askLine, lastLine, titleOf } from "./words.ts";

const BOX = "?box=requests";
export const boxOf = (): Box => (place.value.search === BOX ? "requests" : "in");
export const linkOf = (id: string, box: Box): string =>
  `/messages/${encodeURIComponent(id)}${box === "requests" ? BOX : ""}`;

/** All conversations, the box of those that ask, and the search through what was written. */
export function ListPane({ title, open }: { title: ComponentChild; open?: string }) {
  const [making, setMaking] = useState(false);
  const box = boxOf();
  const searching = search.state.value !== "idle";
  return (
    <section class="talks-list" aria-label={t("talk.list")}>
      <div class="talks-head">
        {title}
        <IconButton icon="plus" kind="line" label={t("talk.new")} onClick={() => setMaking(true)} />
      </div>
      <SearchField />
      {searching ? (
        <FoundList open={open} />
      ) : (
        <>
          <Boxes box={box} />
          <List box={box} open={open} make={() => setMaking(true)} />
        </>
      )}
      {making && <NewConversation close={() => setMaking(false)} />}
    </section>
  );
}

function Boxes({ box }: { box: Box }) {
  const n = inbox.waiting.value;
  if (n === 0 && box === "in") return null;
  const current = (one: Box) => (one === box ? "page" : undefined);
  return (
    <nav class="part-nav" aria-label={t("talk.boxes")}>
      <ul class="part-list">
        <li>
          <a href="/messages" aria-current={current("in")}>
            {t("talk.box_in")}
          </a>
        </li>
        <li>
          <a href={`/messages${BOX}`} aria-current={current("requests")}>
            {t("talk.box_requests")}
            {n > 0 && <span class="count-tag">{t("talk.waiting", { n })}</span>}
          </a>
        </li>
      </ul>
    </nav>
  );
}

/** Arrows, Home and End move between the links of a list; Tab does what it always does. */
export function moveInList(event: KeyboardEvent): void {
  const all = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("a")];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || at < 0) return;
  event.preventDefault();
  all[Math.max(0, Math.min(to, all.length - 1))]?.focus();
}

function List({ box, open, make }: { box: Box; open?: string; make: () => void }) {
  const items = inbox.list(box);
  const state = inbox.state.value;
  const next = inbox.next[box].value;
  const load = () => void inbox.load(box);
  useEffect(() => {
    if (box === "requests" || inbox.state.peek() !== "ready") load();
  }, [box]);
  if (state === "failed") return <Failed retry={load} />;
  const coming = box === "requests" && items.length === 0 && inbox.waiting.value > 0;
  if (state === "new" || coming) return <Loading rows={5} />;
  if (items.length === 0) return <Nothing box={box} make={make} />;
  return (
    <>
      <ul class="talks-items" onKeyDown={moveInList}>
        {items.map((one) => (
          <Row key={one.id} one={one} box={box} here={one.id === open} />
        ))}
      </ul>
      {next !== null && (
        <Button kind="link" onClick={() => void inbox.more(box).catch(complain)}>
          {t("talk.more")}
        </Button>
      )}
    </>
  );
}

function Nothing({ box, make }: { box: Box; make: () => void }) {
  if (box === "requests")
    return (
      <Empty icon="message" title={t("talk.no_requests")}>
        <p class="mute">{t("talk.no_requests_hint")}</p>
      </Empty>
    );
  return (
    <Empty icon="message" title={t("talk.none")}>
      <p class="mute">{t("talk.none_hint")}</p>
      <Button kind="main" icon="plus" onClick={make}>
        {t("talk.new")}
      </Button>
    </Empty>
  );
}

const FACES = 2;

export function Faces({ one, size = "" }: { one: Conversation; size?: string }) {
  if (one.people.length === 0) return <Portrait avatar="" name={titleOf(one)} size={size} />;
  if (one.kind === "pair" || one.people.length === 1) {
    const [{ look, avatar, name }] = one.people as [Conversation["people"][number]];
    return <Portrait look={look} avatar={avatar} name={name} size={size} />;
  }
  const asker = askerOf(one);
  const people = asker ? [asker, ...one.people.filter(({ id }) => id !== asker.id)] : one.people;
  return (
    <span class="two-faces" aria-hidden="true">
      {people.slice(0, FACES).map(({ id, look, avatar, name }) => (
        <Portrait key={id} look={look} avatar={avatar} name={name} />
      ))}
    </span>
  );
}

function Row({ one, box, here }: { one: Conversation; box: Box; here: boolean }) {
  const fresh = one.unread > 0;
  return (
    <li class={fresh && !one.muted ? "fresh" : undefined}>
      <a href={linkOf(one.id, box)} aria-current={here ? "page" : undefined}>
        <Faces one={one} />
        <span class="talks-text">
          <span class="talks-title">
            <strong dir="auto">{titleOf(one)}</strong>
            {one.muted && (
              <>
                <Icon name="bellOff" />
                <span class="unseen">{t("talk.is_muted")}</span>
              </>
            )}
            <time class="mute small" dateTime={new Date(one.last_ms).toISOString()}>
              {showNear(one.last_ms)}
            </time>
          </span>
          <span class="talks-last">
            <span class="mute small" dir="auto">
              {box === "requests" ? askLine(one) : lastLine(one)}
            </span>
            {fresh && <span class="count-tag">{t("talk.unread", { n: one.unread })}</span>}
          </span>
        </span>
      </a>
    </li>
  );
}
