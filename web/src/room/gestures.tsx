// What a body and a face can be made to do: gestures for a moment, a mood for as long as one is here.
import { useState } from "preact/hooks";
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

/** Many that can be pressed, as one stop of Tab: arrows, Home and End go from one to the next. */
function Bar<Name extends string>({
  label,
  names,
  text,
  pressed,
  act,
}: {
  label: string;
  names: readonly Name[];
  text: (name: Name) => string;
  /** Which of them holds, where one does. */
  pressed?: string;
  act: (name: Name) => void;
}) {
  const [stop, setStop] = useState(0);
  const moves = (event: KeyboardEvent) => {
    const all = [...(event.currentTarget as HTMLElement).querySelectorAll("button")];
    const at = all.indexOf(event.target as HTMLButtonElement);
    const last = all.length - 1;
    const to = {
      ArrowRight: Math.min(at + 1, last),
      ArrowDown: Math.min(at + 1, last),
      ArrowLeft: Math.max(at - 1, 0),
      ArrowUp: Math.max(at - 1, 0),
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    all[to]?.focus();
  };
  return (
    <div class="emotes" role="toolbar" aria-label={label} onKeyDown={moves}>
      {names.map((name, i) => (
        <Button
          key={name}
          kind="line slim"
          aria-pressed={pressed === undefined ? undefined : pressed === name}
          tabIndex={i === stop ? 0 : -1}
          onFocus={() => setStop(i)}
          onClick={() => act(name)}
        >
          {text(name)}
        </Button>
      ))}
    </div>
  );
}

export function Emotes({ visit, done }: GesturesProps) {
  return (
    <Bar
      label={t("room.emotes")}
      names={EMOTES}
      text={(name) => t(`emote.${name}`)}
      act={(name) => {
        visit.acts.emote(name);
        done?.();
      }}
    />
  );
}

export function Moods({ visit, done }: GesturesProps) {
  return (
    <Bar
      label={t("room.mood")}
      names={MOODS}
      text={(mood) => t(`mood.${mood}`)}
      pressed={visit.me.value?.mood ?? "calm"}
      act={(mood) => {
        visit.acts.feel(mood);
        done?.();
      }}
    />
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
