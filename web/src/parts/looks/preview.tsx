import { useEffect, useRef, useState } from "preact/hooks";
import toLeft from "lucide-static/icons/rotate-ccw.svg";
import toRight from "lucide-static/icons/rotate-cw.svg";
import { IconButton } from "../../kit/parts.tsx";
import { t } from "../../lib/text.ts";
import type { Recipe } from "../../looks/recipe.ts";
import { drawable, wantsText } from "../../room/mode.ts";
import type { LookStage } from "./look_stage.ts";

const TURN_RAD = Math.PI / 6;

/** The look as it stands, to be turned and looked at; in words where nothing can be drawn. */
export function LookPreview({
  recipe,
  words,
  face,
}: {
  recipe: Recipe;
  words: string[];
  /** What is being changed is in the face. */
  face: boolean;
}) {
  const host = useRef<HTMLDivElement>(null);
  const stage = useRef<LookStage | null>(null);
  const [state, setState] = useState<"coming" | "drawn" | "none">(() =>
    wantsText.peek() || !drawable.peek() ? "none" : "coming",
  );
  const [near, setNear] = useState(face);
  const wanted = useRef(recipe);
  wanted.current = recipe;
  useEffect(() => {
    if (state === "none") return;
    let gone = false;
    const open = async () => {
      const { openLookStage } = await import("./look_stage.ts");
      if (gone) return;
      const made = await openLookStage(host.current!, wanted.current, {
        ready: () => setState("drawn"),
        lost: (away) => setState(away ? "none" : "drawn"),
      });
      if (gone) return made.close();
      stage.current = made;
      made.near(face);
      made.wear(wanted.current);
    };
    open().catch((error: unknown) => {
      console.warn("look", error);
      if (!gone) setState("none");
    });
    return () => {
      gone = true;
      stage.current?.close();
      stage.current = null;
    };
  }, []);
  useEffect(() => stage.current?.wear(recipe), [recipe]);
  useEffect(() => {
    setNear(face);
    stage.current?.near(face);
  }, [face]);
  const look = (on: boolean) => {
    setNear(on);
    stage.current?.near(on);
  };
  const none = state === "none";
  return (
    <div class={`look-view ${state === "none" ? "in-words" : state}`}>
      <div
        ref={host}
        class="look-host"
        hidden={none}
        role="img"
        aria-label={t("look.preview", { what: words.join(", ") })}
      />
      {none && (
        <div class="stack tight look-words">
          <p class="mute small">{t("look.no_picture")}</p>
          <Words words={words} />
        </div>
      )}
      {!none && (
        <div class="look-turn">
          <IconButton
            kind="line"
            icon={toLeft}
            label={t("look.turn_left")}
            onClick={() => stage.current?.turn(-TURN_RAD)}
          />
          <IconButton
            kind="line"
            icon={near ? "stand" : "smile"}
            label={t(near ? "look.far" : "look.near")}
            onClick={() => look(!near)}
          />
          <IconButton
            kind="line"
            icon={toRight}
            label={t("look.turn_right")}
            onClick={() => stage.current?.turn(TURN_RAD)}
          />
        </div>
      )}
    </div>
  );
}

export function Words({ words }: { words: string[] }) {
  return (
    <ul class="look-list">
      {words.map((one) => (
        <li key={one}>{one}</li>
      ))}
    </ul>
  );
}
