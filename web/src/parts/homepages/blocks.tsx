import type { Out } from "../../lib/api.ts";
import { languageName, t } from "../../lib/text.ts";
import { Linked } from "../../kit/linked.tsx";
import { Portrait } from "../../kit/portrait.tsx";
import { PersonName } from "../../kit/person_name.tsx";
import { RoomPicture } from "../rooms/picture.tsx";
import { Guestbook } from "./guestbook.tsx";

export type Block = Out<"GET /api/people/{id}/home">["blocks"][number];

function RoomBlock({ room }: { room: Block["rooms"][number] }) {
  return (
    <div class="home-room room-card">
      <div class="room-picture">
        <RoomPicture room={room} />
      </div>
      <div class="room-about">
        <h3>
          <a class="whole-link" href={`/rooms/${encodeURIComponent(room.id)}`}>
            {room.name}
          </a>
        </h3>
        <p class="mute small">{languageName(room.language)}</p>
      </div>
    </div>
  );
}

function FriendsBlock({ people }: { people: Block["people"] }) {
  if (people.length === 0) return <p class="mute">{t("home.no_friends")}</p>;
  return (
    <ul class="home-friends">
      {people.map((one) => (
        <li key={one.id}>
          <Portrait look={one.look} avatar={one.avatar} name={one.name} size="l" />
          <PersonName id={one.id} name={one.name} />
        </li>
      ))}
    </ul>
  );
}

/** The blocks of a homepage, in its style. */
export function Blocks({
  blocks,
  style,
  owner,
  comment,
  preview,
}: {
  blocks: Block[];
  style: string;
  owner: { id: string; name: string };
  comment: boolean;
  /** Whom the page names is said in words: it is not the owner's to see with other eyes. */
  preview?: boolean;
}) {
  return (
    <div class={`home style-${style}`}>
      {blocks.map((block, i) => (
        <section key={i} class="home-block" aria-label={t(`home.${block.kind}`)}>
          {block.kind === "text" && (
            <p class="prose" dir="auto">
              <Linked text={block.text ?? ""} />
            </p>
          )}
          {block.kind === "room" &&
            block.rooms.map((room) => <RoomBlock key={room.id} room={room} />)}
          {block.kind === "friends" && (
            <>
              <h2>{t("home.friends")}</h2>
              {preview ? (
                <p class="mute">{t("seen.home_friends")}</p>
              ) : (
                <FriendsBlock people={block.people} />
              )}
            </>
          )}
          {block.kind === "guestbook" && (
            <>
              <h2>{t("home.guestbook")}</h2>
              {preview ? (
                <p class="mute">{t("seen.home_book")}</p>
              ) : (
                <Guestbook owner={owner} comment={comment} />
              )}
            </>
          )}
        </section>
      ))}
    </div>
  );
}
