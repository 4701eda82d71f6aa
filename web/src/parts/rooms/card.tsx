import { headFor } from "../../room/way_in.ts";
import { languageName, t } from "../../lib/text.ts";
import { Icon } from "../../kit/icons.tsx";
import { Portrait, ScenePreview } from "../../kit/parts.tsx";
import { PersonName } from "../../kit/person_name.tsx";
import type { RoomItem } from "./list.ts";

/** One room of the list: its scene, who is in, its language. The whole card leads in. */
export function RoomCard({ room, level: Title = "h2" }: { room: RoomItem; level?: "h2" | "h3" }) {
  return (
    <li class="room-card">
      <div class="room-picture">
        <ScenePreview scene={room.scene} />
        {room.visibility !== "public" && (
          <span class="tag plain">
            <Icon name="lock" />
            {t(`room_list.${room.visibility}`)}
          </span>
        )}
      </div>
      <div class="room-about">
        <Title>
          <a href={`/rooms/${encodeURIComponent(room.id)}`} onClick={() => headFor(room.scene)}>
            {room.name}
          </a>
        </Title>
        <p class="mute small">
          {t("room_list.here", { n: room.here, most: room.capacity })} ·{" "}
          {languageName(room.language)}
        </p>
        {room.people.length > 0 ? (
          <div class="row">
            <span class="faces">
              {room.people.map((one) => (
                <Portrait key={one.id} avatar={one.avatar} name={one.name} size="s" />
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
