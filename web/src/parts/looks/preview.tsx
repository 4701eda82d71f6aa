import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import toLeft from "lucide-static/icons/rotate-ccw.svg";
import toRight from "lucide-static/icons/rotate-cw.svg";
import zoomIn from "lucide-static/icons/zoom-in.svg";
import zoomOut from "lucide-static/icons/zoom-out.svg";
import { MenuButton } from "../../kit/menu.tsx";
import { IconButton } from "../../kit/parts.tsx";
import { remember, remembered } from "../../lib/choices.ts";
import { t } from "../../lib/text.ts";
import type { Recipe } from "../../looks/recipe.ts";
import { drawable, wantsText } from "../../room/mode.ts";
import type { LookStage } from "./look_stage.ts";

const TURN_RAD = Math.PI / 6;
/** Movements by their names; the first is how one stands. */
const POSES = ["idle", "walk", "sit", "wave", "cheer", "dance", "think", "bow"];
const BACKDROPS = ["warm", "day", "leaves", "dusk", "plain"];
const BACKDROP = "look_backdrop";

const STILL = ["idle", "walk", "sit"];
const poseName = (pose: string): string =>
  t(STILL.includes(pose) ? `look_pose.${pose}` : `emote.${pose}`);

function chosenBackdrop(): string {
  const kept = remembered(BACKDROP);
  return kept && BACKDROPS.includes(kept) ? kept : BACKDROPS[0]!;
}

/** The look as it stands, to be turned and looked at; in words where nothing can be drawn. */
export function LookPreview({
  recipe,
  rests = true,
  words,
  face,
  meanwhile,
  settled,
}: {
  recipe: Recipe;
  /** No slider is being pulled. */
  rests?: boolean;
  words: string[];
  /** What is being changed is in the face. */
  face: boolean;
  /** Stands there until the look does. */
  meanwhile?: ComponentChildren;
  /** The look stands, or there is no picture of it. */
  settled?: () => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const stage = useRef<LookStage | null>(null);
  const [state, setState] = useState<"coming" | "drawn" | "none">(() =>
    wantsText.peek() || !drawable.peek() ? "none" : "coming",
  );
  const [near, setNear] = useState(face);
  const [pose, setPose] = useState<string>("idle");
  const [backdrop, setBackdrop] = useState<string>(chosenBackdrop);
  const wanted = useRef(recipe);
  wanted.current = recipe;
  useEffect(() => {
    const here = host.current;
    if (state === "none" || !here) return;
    let gone = false;
    const open = async () => {
      const { openLookStage } = await import("./look_stage.ts");
      if (gone) return;
      const made = await openLookStage(here, wanted.current, {
        ready: () => setState("drawn"),
        lost: (away) => setState(away ? "none" : "drawn"),
      });
      if (gone) return made.close();
      stage.current = made;
      made.near(face);
      made.wear(wanted.current);
    };
    open().catch((error: unknown) => {
      if (gone) return;
      console.warn("look", error);
      setState("none");
    });
    return () => {
      gone = true;
      stage.current?.close();
      stage.current = null;
    };
  }, []);
  useEffect(() => (state === "coming" ? undefined : settled?.()), [state]);
  useEffect(() => stage.current?.wear(recipe, rests), [recipe, rests]);
  useEffect(() => {
    setNear(face);
    stage.current?.near(face);
  }, [face]);
  const look = (on: boolean) => {
    setNear(on);
    stage.current?.near(on);
  };
  const strike = (to: string) => {
    setPose(to);
    void stage.current?.pose(to);
  };
  const stand = (before: string) => {
    setBackdrop(before);
    remember(BACKDROP, before === BACKDROPS[0] ? null : before);
  };
  const none = state === "none";
  return (
    <div class={`look-view ${none ? "in-words" : state}`} data-backdrop={backdrop}>
      <div
        ref={host}
        class="look-host"
        hidden={none}
        role="img"
        aria-label={t("look.preview", { what: words.join(", ") })}
      />
      {state === "coming" && meanwhile}
      {none && (
        <div class="stack tight look-words">
          <p class="mute small">{t("look.no_picture")}</p>
          <Words words={words} />
        </div>
      )}
      {!none && (
        <div class="look-scene">
          <MenuButton
            kind="line"
            icon="stand"
            label={t("look.pose", { pose: poseName(pose) })}
            rows={POSES.map((one) => ({
              text: poseName(one),
              on: one === pose,
              act: () => strike(one),
            }))}
          />
          <MenuButton
            kind="line"
            icon="palette"
            label={t("look.backdrop", { backdrop: t(`look_backdrop.${backdrop}`) })}
            rows={BACKDROPS.map((one) => ({
              text: t(`look_backdrop.${one}`),
              on: one === backdrop,
              act: () => stand(one),
            }))}
          />
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
            icon={near ? zoomOut : zoomIn}
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
