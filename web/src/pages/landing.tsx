import type { Item } from "../api.ts";
import { me, site } from "../session.ts";
import { t } from "../text.ts";
import { Icon, type IconName } from "../ui/icons.tsx";
import { useLoad } from "../ui/load.ts";
import { Heading } from "../ui/page.tsx";
import { ScenePreview } from "../ui/parts.tsx";
import { RoomCard } from "./room_card.tsx";

type RoomItem = Item<"GET /api/rooms">;

const POINTS: { icon: IconName; key: string }[] = [
  { icon: "message", key: "landing.talk" },
  { icon: "shirt", key: "landing.mask" },
  { icon: "accessibility", key: "landing.everyone" },
  { icon: "lock", key: "landing.yours" },
];

const PEEK = 3;

export function Landing() {
  const rooms = useLoad("GET /api/rooms", {});
  const open: RoomItem[] = (rooms.data?.items ?? []).slice(0, PEEK);
  return (
    <div class="landing">
      <section class="hero">
        <div class="stack">
          <Heading title={t("landing.tab")}>{t("landing.title")}</Heading>
          <p class="lead">{t("landing.lead")}</p>
          <div class="row"><Enter /></div>
          <p class="mute small">{t(`landing.mode_${site.value?.registration ?? "closed"}`)}</p>
        </div>
        <ScenePreview scene="lounge" kind="hero-picture" alt={t("landing.picture")} />
      </section>
      <ul class="points">
        {POINTS.map(({ icon, key }) => (
          <li key={key} class="point">
            <span class="point-icon"><Icon name={icon} /></span>
            <h2>{t(`${key}_title`)}</h2>
            <p class="mute">{t(`${key}_text`)}</p>
          </li>
        ))}
      </ul>
      {open.length > 0 && (
        <section class="stack" aria-labelledby="open-rooms">
          <h2 id="open-rooms">{t("landing.rooms")}</h2>
          <ul class="room-grid">{open.map((room) => <RoomCard key={room.id} room={room} />)}</ul>
        </section>
      )}
    </div>
  );
}

function Enter() {
  if (me.value) return <a class="button main" href="/rooms">{t("landing.enter")}</a>;
  return (
    <>
      {site.value?.registration !== "closed" && (
        <a class="button main" href="/register">{t("landing.join")}</a>
      )}
      <a class="button line" href="/sign-in">{t("nav.sign_in")}</a>
    </>
  );
}
