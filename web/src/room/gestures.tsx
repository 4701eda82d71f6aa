// What a body and a face can be made to do: gestures for a moment, a mood for as long as one is here.
import { EMOTES, MOODS } from "../live/protocol.ts";
import type { Visit } from "../live/visit.ts";
import { t } from "../lib/text.ts";
import { Button } from "../kit/parts.tsx";

interface GesturesProps {
  visit: Visit;
  done?: () => void;
}

export function Emotes({ visit, done }: GesturesProps) {
  return (
    <ul class="emotes">
      {EMOTES.map((name) => (
        <li key={name}>
          <Button
            kind="line slim"
            onClick={() => {
              visit.acts.emote(name);
              done?.();
            }}
          >
            {t(`emote.${name}`)}
          </Button>
        </li>
      ))}
    </ul>
  );
}

export function Moods({ visit, done }: GesturesProps) {
  const mine = visit.me.value?.mood ?? "calm";
  return (
    <ul class="emotes">
      {MOODS.map((mood) => (
        <li key={mood}>
          <Button
            kind="line slim"
            aria-pressed={mine === mood}
            onClick={() => {
              visit.acts.feel(mood);
              done?.();
            }}
          >
            {t(`mood.${mood}`)}
          </Button>
        </li>
      ))}
    </ul>
  );
}

/** Both, for the menu of a room with a picture. */
export function GestureMenu({ visit, done }: GesturesProps) {
  return (
    <div class="gestures">
      <Emotes visit={visit} done={done} />
      <h2 id="moods">{t("room.mood")}</h2>
      <Moods visit={visit} done={done} />
    </div>
  );
}
