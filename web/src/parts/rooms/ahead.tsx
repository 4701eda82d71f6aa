import { t } from "../../lib/text.ts";
import { roomAhead } from "../../lib/ahead.ts";
import { useLoad } from "../../kit/load.ts";
import { RoomPicture } from "./picture.tsx";

/** The room whose link brought somebody here who is not signed in, as far as it is public. */
export function RoomAhead() {
  const id = roomAhead();
  return id ? <Ahead key={id} id={id} /> : null;
}

function Ahead({ id }: { id: string }) {
  const { data } = useLoad("GET /api/visitors/rooms/{id}", { id });
  const room = data?.items[0];
  if (!room) return null;
  return (
    <section class="room-ahead" aria-labelledby="room-ahead">
      <RoomPicture room={room} />
      <div>
        <p class="mute small">{t("room_ahead.to")}</p>
        <h2 id="room-ahead" dir="auto">
          {room.name}
        </h2>
        {room.here > 0 && <p class="small">{t("room_ahead.here", { n: room.here })}</p>}
      </div>
    </section>
  );
}
