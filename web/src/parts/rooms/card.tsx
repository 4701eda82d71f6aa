import { headFor } from "../../room/way_in.ts";
import { languageName, t } from "../../lib/text.ts";
import { Icon } from "../../kit/icons.tsx";
import { Portrait } from "../../kit/portrait.tsx";
import { PersonName } from "../../kit/person_name.tsx";
import { RoomPicture } from "./picture.tsx";
import type { RoomItem } from "./list.ts";

/** One room of the list: its picture, topic, who is in, its language. The whole card leads in. */
export function RoomCard({
  room,
  level: Title = "h2",
  pick,
}: {
  room: RoomItem;
  level?: "h2" | "h3";
  /** Somebody wants rooms with this tag; where there is no list to choose from, none. */
  pick?: (tag: string) => void;
}) {
  return (
    <li class="room-card">
      <div class="room-picture">
        <RoomPicture room={room} />
        {room.visibility !== "public" && (
          <span class="tag plain">
            <Icon name="lock" />
            {t(`room_list.${room.visibility}`)}
          </span>
        )}
      </div>
      <div class="room-about">
        <Title>
          <a
            class="whole-link"
            href={`/rooms/${encodeURIComponent(room.id)}`}
            onClick={() => headFor(room.scene)}
          >
            {room.name}
          </a>
        </Title>
        {room.topic && (
          <p class="room-topic" dir="auto">
            {room.topic}
          </p>
        )}
        <p class="mute small">
          {t("room_list.here", { n: room.here, most: room.capacity })} ·{" "}
          {languageName(room.language)}
        </p>
        {room.tags.length > 0 && (
          <ul class="room-tags" aria-label={t("room_list.tags")}>
            {room.tags.map((tag) => (
              <li key={tag}>
                {pick ? (
                  <button
                    type="button"
                    class="tag"
                    aria-label={t("room_list.tagged", { tag })}
                    onClick={() => pick(tag)}
                  >
                    #{tag}
                  </button>
                ) : (
                  <span class="tag">#{tag}</span>
                )}
              </li>
            ))}
          </ul>
        )}
        {room.people.length > 0 ? (
          <div class="row">
            <span class="faces">
              {room.people.map((one) => (
                <Portrait
                  key={one.id}
                  look={one.look}
                  avatar={one.avatar}
                  name={one.name}
                  size="s"
                />
              ))}
            </span>
            <ul class="room-names small mute grow">
              {room.people.map((one) => (
                <li key={one.id}>
                  <PersonName id={one.id} name={one.name} />
                </li>
              ))}
            </ul>
          </div>
        ) : (
          <p class="small mute">{t("room_list.nobody")}</p>
        )}
      </div>
    </li>
  );
}
