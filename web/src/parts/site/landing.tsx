import { me, site } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { Icon, type IconName } from "../../kit/icons.tsx";
import { useLoad } from "../../kit/load.ts";
import { Heading } from "../../kit/page.tsx";
import { Failed, Loading, ScenePreview } from "../../kit/parts.tsx";
import { PolicyNews } from "../policies/news.tsx";
import { RoomCard } from "../rooms/card.tsx";

const POINTS: { icon: IconName; key: string }[] = [
  { icon: "message", key: "landing.talk" },
  { icon: "shirt", key: "landing.mask" },
  { icon: "accessibility", key: "landing.everyone" },
  { icon: "lock", key: "landing.yours" },
];

const PEEK = 3;

export function Landing() {
  return (
    <div class="landing">
      <PolicyNews />
      <section class="hero">
        <div class="stack">
          <Heading title={t("landing.tab")}>{t("landing.title")}</Heading>
          <p class="lead">{t("landing.lead")}</p>
          <div class="row">
            <Enter />
          </div>
          <p class="mute small">{t(`landing.mode_${site.value?.registration ?? "closed"}`)}</p>
        </div>
        <ScenePreview scene="lounge" kind="hero-picture" alt={t("landing.picture")} />
      </section>
      <ul class="points">
        {POINTS.map(({ icon, key }) => (
          <li key={key} class="point">
            <span class="point-icon">
              <Icon name={icon} />
            </span>
            <h2>{t(`${key}_title`)}</h2>
            <p class="mute">{t(`${key}_text`)}</p>
          </li>
        ))}
      </ul>
      <section class="stack" aria-labelledby="open-rooms">
        <h2 id="open-rooms">{t("landing.rooms")}</h2>
        {me.value ? <OpenRooms /> : <Scenes />}
      </section>
    </div>
  );
}

function Scenes() {
  const scenes = useLoad("GET /api/scenes", {});
  if (scenes.failed) return <Failed retry={scenes.again} />;
  if (!scenes.data) return <Loading rows={1} height="12rem" />;
  return (
    <ul class="room-grid">
      {scenes.data.items.map(({ id }) => (
        <li key={id} class="room-card">
          <div class="room-picture">
            <ScenePreview scene={id} />
          </div>
          <div class="room-about">
            <h3>{t(`scene.${id}`)}</h3>
          </div>
        </li>
      ))}
    </ul>
  );
}

/* Who is in is shown to members only. */
function OpenRooms() {
  const rooms = useLoad("GET /api/rooms", {});
  if (rooms.failed) return <Failed retry={rooms.again} />;
  if (!rooms.data) return <Loading rows={1} height="12rem" />;
  return (
    <ul class="room-grid">
      {rooms.data.items.slice(0, PEEK).map((room) => (
        <RoomCard key={room.id} room={room} level="h3" />
      ))}
    </ul>
  );
}

function Enter() {
  if (me.value)
    return (
      <a class="button main" href="/rooms">
        {t("landing.enter")}
      </a>
    );
  return (
    <>
      {site.value?.registration !== "closed" && (
        <a class="button main" href="/register">
          {t("landing.join")}
        </a>
      )}
      <a class="button line" href="/sign-in">
        {t("nav.sign_in")}
      </a>
    </>
  );
}
