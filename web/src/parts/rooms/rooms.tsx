import { useEffect, useState } from "preact/hooks";
import { useWayIn } from "../../room/way_in.ts";
import { may, me } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { Icon } from "../../kit/icons.tsx";
import { Page } from "../../kit/page.tsx";
import { Button, Empty, Failed, IconButton, Loading } from "../../kit/parts.tsx";
import { complain, toast } from "../../kit/toast.tsx";
import { FirstRooms } from "./first.tsx";
import { NewRoom } from "./new.tsx";
import { RoomCard } from "./card.tsx";
import { Reminders } from "./reminded.tsx";
import { useRooms } from "./use_list.ts";

const PAUSE_MS = 250;

/** The rooms one can walk into, the busiest first. */
export function Rooms() {
  const [typed, setTyped] = useState("");
  const [search, setSearch] = useState("");
  const [tag, setTag] = useState("");
  const [making, setMaking] = useState(false);
  const { shown, failed, retry, order, more } = useRooms(search, tag);
  const pick = (wanted: string) => {
    setTag(wanted);
    if (!wanted) document.querySelector("h1")?.focus();
  };
  // What was pressed goes with its card, or with the tag.
  useEffect(() => {
    if (tag) document.querySelector<HTMLElement>(".any-tag button")?.focus();
  }, [tag]);
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const list = shown?.rooms ?? [];
  useWayIn(shown !== null, list[0]?.scene ?? null, () => me.peek()?.avatar ?? "");
  const sort = () => order().then(() => toast(t("room_list.sorted")), complain);
  return (
    <Page
      wide
      title={t("room_list.title")}
      lead={t("room_list.lead")}
      actions={
        <Button kind="main" icon="plus" onClick={() => setMaking(true)}>
          {t("room_list.create")}
        </Button>
      }
    >
      <Reminders />
      <div class="row nowrap">
        <div class="search grow">
          <Icon name="search" />
          <input
            class="input"
            type="search"
            aria-label={t("room_list.search")}
            value={typed}
            placeholder={t("room_list.search")}
            onInput={(e) => setTyped(e.currentTarget.value)}
          />
        </div>
        <IconButton icon="refresh" label={t("room_list.sort")} onClick={() => void sort()} />
      </div>
      {tag && (
        <div class="row any-tag">
          <span class="tag">#{tag}</span>
          <Button kind="slim" icon="close" onClick={() => pick("")}>
            {t("room_list.any_tag")}
          </Button>
        </div>
      )}
      <p class="unseen" role="status">
        {shown && t("room_list.found", { n: list.length })}
      </p>
      {failed && !shown ? (
        <Failed retry={retry} />
      ) : !shown ? (
        <Loading height="12rem" />
      ) : list.length > 0 ? (
        <ul class="room-grid">
          {list.map((room) => (
            <RoomCard key={room.id} room={room} pick={pick} />
          ))}
        </ul>
      ) : (
        <Empty icon="sofa" title={search || tag ? t("room_list.none_found") : t("room_list.none")}>
          <p class="mute">
            {search || tag ? t("room_list.none_found_hint") : t("room_list.none_hint")}
          </p>
          {!search && !tag && may("admin") && <FirstRooms done={order} />}
        </Empty>
      )}
      {shown?.next && (
        <Button kind="line" onClick={() => void more().catch(complain)}>
          {t("room_list.more")}
        </Button>
      )}
      {making && <NewRoom close={() => setMaking(false)} />}
    </Page>
  );
}
