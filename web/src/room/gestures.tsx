// What a body and a face can be made to do: gestures for a moment, a mood for as long as one is here.
import { EMOTES, MOODS } from "../live/protocol.ts";
import type { Visit } from "../live/visit.ts";
import { t } from "../lib/text.ts";
import { Switch } from "../kit/choices.tsx";
import { Button } from "../kit/parts.tsx";
import { chooseGestureWords, gestureWords } from "./mode.ts";

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

/** What a gesture or a mood is written as. */
export const commandOf = (kind: "emote" | "mood", name: string): string =>
  t(`${kind}_words.${name}`).split(" ")[0]!;

/** What the written word does: commands for all, and for whoever wants it the first word of a line. */
export function WordGestures() {
  const word = commandOf("emote", "wave");
  const words = t("emote_words.wave").split(" ");
  return (
    <Switch
      label={t("room.gesture_words")}
      hint={t("room.gesture_words_about", { word: words[1] ?? word })}
      on={gestureWords.value}
      set={chooseGestureWords}
    />
  );
}

/** All of it, the shorter list first, for the menu of a room with a picture. */
export function GestureMenu({ visit, done }: GesturesProps) {
  return (
    <div class="gestures">
      <h2>{t("room.mood")}</h2>
      <Moods visit={visit} done={done} />
      <h2>{t("room.emotes")}</h2>
      <Emotes visit={visit} done={done} />
      <p class="mute small">{t("room.gesture_ways", { word: commandOf("emote", "wave") })}</p>
      <WordGestures />
    </div>
  );
}
