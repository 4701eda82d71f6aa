import { useEffect, useState } from "preact/hooks";
import { send, type Item } from "../../lib/api.ts";
import { useWayIn } from "../../room/way_in.ts";
import { me } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { Icon } from "../../kit/icons.tsx";
import { useLoad } from "../../kit/load.ts";
import { Page } from "../../kit/page.tsx";
import { Button, Empty, Failed, Loading } from "../../kit/parts.tsx";
import { complain } from "../../kit/toast.tsx";
import { NewRoom, SCENES } from "./new.tsx";
import { RoomCard } from "./card.tsx";

const PAUSE_MS = 250;
const AGAIN_MS = 20_000;

/** The rooms one can walk into. The list renews itself while somebody looks at it. */
export function Rooms() {
  const [typed, setTyped] = useState("");
  const [search, setSearch] = useState("");
  const [making, setMaking] = useState(false);
  const [more, setMore] = useState<Item<"GET /api/rooms">[]>([]);
  const [after, setAfter] = useState<string | null>(null);
  const { data, failed, again } = useLoad("GET /api/rooms", { search });
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    const look = () => document.visibilityState === "visible" && again();
    const timer = setInterval(look, AGAIN_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  const scene = data && (data.items[0]?.scene ?? SCENES[0]!);
  useWayIn(scene !== null, scene, () => me.peek()?.avatar ?? "");
  useEffect(() => setMore([]), [search]);
  useEffect(() => {
    if (more.length === 0) setAfter(data?.next ?? null);
  }, [data, more.length]);
  const first = data?.items ?? [];
  const seen = new Set(first.map((room) => room.id));
  const list = [...first, ...more.filter((room) => !seen.has(room.id))];
  const next = async () => {
    const page = await send("GET /api/rooms", { search, after: after ?? "" });
    setMore([...more, ...page.items]);
    setAfter(page.next);
  };
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
      <div class="search">
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
      <p class="unseen" role="status">
        {data && t("room_list.found", { n: list.length })}
      </p>
      {failed && !data ? (
        <Failed retry={again} />
      ) : !data ? (
        <Loading height="12rem" />
      ) : list.length > 0 ? (
        <ul class="room-grid">
          {list.map((room) => (
            <RoomCard key={room.id} room={room} />
          ))}
        </ul>
      ) : (
        <Empty icon="sofa" title={search ? t("room_list.none_found") : t("room_list.none")}>
          <p class="mute">{search ? t("room_list.none_found_hint") : t("room_list.none_hint")}</p>
        </Empty>
      )}
      {after && (
        <Button kind="line" onClick={() => void next().catch(complain)}>
          {t("room_list.more")}
        </Button>
      )}
      {making && <NewRoom close={() => setMaking(false)} />}
    </Page>
  );
}
