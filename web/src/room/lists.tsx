import { useState } from "preact/hooks";
import { send } from "../lib/api.ts";
import { block } from "../parts/blocks/block.ts";
import type { Person } from "../live/protocol.ts";
import type { Visit } from "../live/visit.ts";
import { t } from "../lib/text.ts";
import { Button } from "../kit/parts.tsx";
import { Portrait } from "../kit/portrait.tsx";
import { PersonName } from "../kit/person_name.tsx";
import { complain, toast } from "../kit/toast.tsx";
import { seatOf, type SceneData } from "../world/scene.ts";
import { Emotes, Moods, WordGestures } from "./gestures.tsx";
import { label, near } from "./labels.ts";

interface ListProps {
  visit: Visit;
  scene: SceneData;
}

/** Where somebody is, in words. */
function whereabouts({ visit, scene }: ListProps, person: Person): string {
  const seat = person.seat ? seatOf(scene, person.seat) : undefined;
  if (person.away) return t("room.is_away");
  if (seat) return t("room.sits_at", { seat: label(seat.name) });
  return t("room.stands_near", { place: near(scene, visit.spot(person.slot)) });
}

/** Everyone in the room: where they are, and a way to walk up to them. */
export function People({ visit, scene, picked }: ListProps & { picked?: number }) {
  visit.steps.value;
  const mine = visit.mySlot.value;
  const moderate = visit.room.value?.moderate ?? false;
  return (
    <ul class="room-list">
      {visit.people.value.map((one) => (
        <li key={one.slot} class={one.slot === picked ? "picked" : undefined}>
          <Portrait look={one.look} avatar={one.avatar} name={one.name} />
          <div class="grow">
            <strong>
              <PersonName id={one.id} name={one.name} />
            </strong>
            {one.slot === mine && <span class="tag">{t("room.you")}</span>}
            {one.role === "resident" && <span class="tag">{t("room.resident")}</span>}
            {visit.typists.now.value.has(one.slot) && (
              <span class="mute small"> {t("room.typing_short")}</span>
            )}
            <p class="mute small">
              {whereabouts({ visit, scene }, one)}
              {one.mood &&
                `. ${t("room.looks_mood", { mood: t(`mood.${one.mood}`).toLowerCase() })}`}
            </p>
          </div>
          {one.slot !== mine && (
            <div class="room-acts">
              <Button
                kind="line slim"
                aria-label={t("room.walk_to_name", { name: one.name })}
                onClick={() => walkUp(visit, one)}
              >
                {t("room.walk_to")}
              </Button>
              <Block person={one} />
              {moderate && <Remove visit={visit} person={one} />}
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

const BESIDE_M = 0.9;

/* Not into somebody: to a point before them, on the side one comes from. */
function walkUp(visit: Visit, person: Person): void {
  const there = visit.spot(person.slot);
  const here = visit.spot(visit.mySlot.peek());
  if (!there || !here) return;
  const long = Math.hypot(here.x - there.x, here.z - there.z) || 1;
  const part = Math.min(1, BESIDE_M / long);
  visit.walkTo(there.x + (here.x - there.x) * part, there.z + (here.z - there.z) * part);
}

/* At once: it is taken back by one click on what is said then, unless a friendship would end. */
function Block({ person }: { person: Person }) {
  const name = t("blocks.block_name", { name: person.name });
  return (
    <Button
      kind="icon slim"
      icon="ban"
      aria-label={name}
      title={name}
      onClick={() => void block(person).catch(complain)}
    />
  );
}

/* Two steps in the same place: nothing can take a removal back. */
function Remove({ visit, person }: { visit: Visit; person: Person }) {
  const [sure, setSure] = useState(false);
  const act = async () => {
    await send("POST /api/rooms/{id}/remove", { id: visit.room.value!.id, account: person.id });
    toast(t("room.removed", { name: person.name }));
  };
  if (!sure) {
    return (
      <Button
        kind="icon bad slim"
        icon="userMinus"
        aria-label={t("room.remove", { name: person.name })}
        title={t("room.remove", { name: person.name })}
        onClick={() => setSure(true)}
      />
    );
  }
  return (
    <div class="row sure">
      <p class="small grow">{t("room.remove_what", { name: person.name })}</p>
      <Button kind="line slim bad" onClick={() => void act().catch(complain)}>
        {t("room.remove_now")}
      </Button>
      <Button kind="slim" onClick={() => setSure(false)}>
        {t("room.cancel")}
      </Button>
    </div>
  );
}

export function Seats({ visit, scene }: ListProps) {
  const mine = visit.me.value?.seat ?? 0;
  const taken = new Map(visit.people.value.filter((p) => p.seat).map((p) => [p.seat, p.name]));
  return (
    <ul class="room-list">
      {scene.seats.map((seat) => {
        const who = taken.get(seat.n);
        const name = label(seat.name);
        return (
          <li key={seat.n}>
            <div class="grow">
              <strong>{name}</strong>
              {who && <p class="mute small">{seat.n === mine ? t("room.you_sit") : who}</p>}
            </div>
            {seat.n === mine ? (
              <Button kind="line slim" onClick={() => visit.stand()}>
                {t("room.stand")}
              </Button>
            ) : (
              !who && (
                <Button
                  kind="line slim"
                  aria-label={t("room.sit_on", { seat: name })}
                  onClick={() => visit.sit(seat.n)}
                >
                  {t("room.sit")}
                </Button>
              )
            )}
          </li>
        );
      })}
    </ul>
  );
}

export function Places({ visit, scene }: ListProps) {
  return (
    <ul class="room-list">
      {scene.places.map((place) => (
        <li key={place.name}>
          <strong class="grow">{label(place.name)}</strong>
          <Button
            kind="line slim"
            aria-label={t("room.go_to", { place: label(place.name) })}
            onClick={() => visit.walkTo(place.x, place.z)}
          >
            {t("room.go")}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** Where I am, said when I have got there. */
export function Whereabouts({ visit, scene }: ListProps) {
  visit.steps.value;
  const me = visit.me.value;
  return (
    <p class="whereabouts" role="status">
      {visit.going.value
        ? t("room.on_the_way")
        : me && t("room.you_are", { where: whereabouts({ visit, scene }, me) })}
    </p>
  );
}

/** The room without a picture: where I am, who is here, and all a walker can do, as lists. */
export function TextRoom({ visit, scene }: ListProps) {
  return (
    <div class="text-room">
      <Whereabouts visit={visit} scene={scene} />
      <p class="mute small">{t("room.keys_text")}</p>
      <section aria-labelledby="text-emotes" class="stack tight">
        <h2 id="text-emotes">{t("room.emotes")}</h2>
        <Emotes visit={visit} />
      </section>
      <section aria-labelledby="text-moods" class="stack tight">
        <h2 id="text-moods">{t("room.mood")}</h2>
        <Moods visit={visit} />
        <WordGestures />
      </section>
      <div class="text-columns">
        <section aria-labelledby="text-people" class="stack tight">
          <h2 id="text-people">{t("room.people_title", { n: visit.people.value.length })}</h2>
          <People visit={visit} scene={scene} />
        </section>
        <section aria-labelledby="text-seats" class="stack tight">
          <h2 id="text-seats">{t("room.seats")}</h2>
          <Seats visit={visit} scene={scene} />
        </section>
        <section aria-labelledby="text-places" class="stack tight">
          <h2 id="text-places">{t("room.places")}</h2>
          <Places visit={visit} scene={scene} />
        </section>
      </div>
    </div>
  );
}
