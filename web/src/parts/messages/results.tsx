import { useEffect, useState } from "preact/hooks";
import { place } from "../../lib/router.ts";
import { showDay, showNear, t } from "../../lib/text.ts";
import { Icon } from "../../kit/icons.tsx";
import { Button, IconButton } from "../../kit/parts.tsx";
import { moveInList } from "./list.tsx";
import { search } from "./open.ts";
import { QUERY_LEAST, QUERY_MOST } from "./search.ts";
import type { Found } from "./shapes.ts";
import { inbox } from "./start.ts";
import { titleOf } from "./words.ts";

export function SearchField() {
  const [text, setText] = useState(search.query.peek());
  const [short, setShort] = useState(false);
  const clear = () => {
    setText("");
    setShort(false);
    search.clear();
  };
  return (
    <form
      role="search"
      class="talks-search"
      onSubmit={(event) => {
        event.preventDefault();
        const wanted = text.trim();
        setShort([...wanted].length < QUERY_LEAST);
        if ([...wanted].length >= QUERY_LEAST) search.begin(wanted);
      }}
    >
      <label class="unseen" for="talk-search">
        {t("talk.search")}
      </label>
      <Icon name="search" />
      <input
        id="talk-search"
        class="input"
        value={text}
        maxLength={QUERY_MOST}
        placeholder={t("talk.search")}
        autocomplete="off"
        enterkeyhint="search"
        aria-invalid={short ? true : undefined}
        aria-describedby={short ? "talk-search-fault" : undefined}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setShort(false);
          if (!event.currentTarget.value) clear();
        }}
        onKeyDown={(event) => event.key === "Escape" && clear()}
      />
      {text && <IconButton icon="close" label={t("talk.search_clear")} onClick={clear} />}
      {short && (
        <p class="fault" id="talk-search-fault" role="alert">
          <Icon name="alert" />
          {t("talk.search_short")}
        </p>
      )}
    </form>
  );
}

/** What was found so far, and how far the search has come. */
export function FoundList({ open }: { open?: string }) {
  const found = search.found.value;
  useEffect(() => {
    search.wake();
    return () => search.rest();
  }, []);
  return (
    <>
      <ul class="talks-items" aria-label={t("talk.found")} onKeyDown={moveInList}>
        {found.map((one) => (
          <Hit key={`${one.conversation}.${one.message.seq}`} one={one} open={open} />
        ))}
      </ul>
      <Progress />
    </>
  );
}

function Progress() {
  const state = search.state.value;
  const n = search.found.value.length;
  const back = search.searched_ms.value;
  const looking = state === "looking";
  const said =
    state === "refused"
      ? search.why.value
      : state === "away"
        ? t("app.unreachable")
        : n === 0
          ? t("talk.found_none")
          : t("talk.found_n", { n });
  return (
    <div class="talks-progress">
      <p role="status">{looking ? "" : said}</p>
      {looking && (
        <p>
          <span class="spin" aria-hidden="true" />
          {t("talk.looking")}
        </p>
      )}
      {back !== null && back > 0 && (
        <p class="mute small">{t("talk.looked_back", { day: showDay(back) })}</p>
      )}
      {state === "done" && <p class="mute small">{t("talk.looked_all")}</p>}
      {looking ? (
        <Button kind="line slim" onClick={() => search.stop()}>
          {t("talk.stop")}
        </Button>
      ) : (
        state !== "done" &&
        state !== "refused" && (
          <Button kind="line slim" onClick={() => search.goOn()}>
            {t("talk.go_on")}
          </Button>
        )
      )}
    </div>
  );
}

const BEFORE = 30;

/* The words around what was found, that itself marked when it stands there as it was typed. */
function Snippet({ text }: { text: string }) {
  const at = text.toLowerCase().indexOf(search.query.value.toLowerCase());
  if (at < 0) return <>{text}</>;
  const from = at > BEFORE ? text.lastIndexOf(" ", at - BEFORE) + 1 : 0;
  const end = at + search.query.value.length;
  return (
    <>
      {from > 0 && "… "}
      {text.slice(from, at)}
      <mark>{text.slice(at, end)}</mark>
      {text.slice(end)}
    </>
  );
}

function Hit({ one: { conversation, message }, open }: { one: Found; open?: string }) {
  const known = inbox.find(conversation);
  useEffect(() => {
    if (!known) void inbox.fetch(conversation).catch(() => undefined);
  }, [conversation]);
  const here = conversation === open && place.value.hash === `#m${message.seq}`;
  const name = message.mine ? t("talk.you") : message.name;
  return (
    <li>
      <a
        href={`/messages/${encodeURIComponent(conversation)}#m${message.seq}`}
        aria-current={here ? "true" : undefined}
      >
        <span class="talks-text">
          <span class="talks-title">
            <strong dir="auto">{known ? titleOf(known) : name}</strong>
            <time class="mute small" dateTime={new Date(message.at).toISOString()}>
              {showNear(message.at)}
            </time>
          </span>
          <span class="talks-hit small" dir="auto">
            {name}: <Snippet text={message.text ?? ""} />
          </span>
        </span>
      </a>
    </li>
  );
}
