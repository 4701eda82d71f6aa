import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { EMOTES } from "../live/protocol.ts";
import type { Visit } from "../live/visit.ts";
import { t } from "../lib/text.ts";
import { Button } from "../kit/parts.tsx";
import { portraitsFrom } from "../kit/portraits.ts";
import type { World } from "../world/index.ts";
import { isStill } from "../lib/theme.ts";
import type { SceneData } from "../world/scene.ts";
import { watchPerformance } from "../lib/performance.ts";
import { towards } from "../world/walk.ts";
import { Joystick } from "./joystick.tsx";
import { keys, type Steering } from "./keys.ts";
import { lost, quality } from "./mode.ts";
import { recipeOf } from "../lib/recipe_of.ts";

/** Those of who is here are asked for while the room is furnished: they are there when it stands. */
function recipesOf(visit: Visit): (id: string) => Promise<unknown> {
  const early = new Map<string, Promise<unknown>>();
  for (const { look } of visit.people.peek()) {
    if (!look || early.has(look)) continue;
    const recipe = recipeOf(look);
    recipe.catch(() => undefined);
    early.set(look, recipe);
  }
  return (id) => {
    const known = early.get(id);
    early.delete(id);
    return known ?? recipeOf(id);
  };
}

const STILL: Steering = { right: 0, forward: 0, run: false };

/** The 3D view of a visit; its code comes only now. */
export function Stage({
  visit,
  scene,
  picked,
}: {
  visit: Visit;
  scene: SceneData;
  picked: (slot: number) => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const world = useRef<World | null>(null);
  const stick = useRef<Steering>(STILL);
  const [part, setPart] = useState(0);
  const [failed, setFailed] = useState(false);
  const [round, setRound] = useState(0);

  useEffect(() => {
    let gone = false;
    let unwatch = () => {};
    let faces = () => {};
    const began_ms = performance.now();
    const recipes = recipesOf(visit);
    setFailed(false);
    const open = async () => {
      const { createWorld } = await import("../world/index.ts");
      const made = await createWorld(
        host.current!,
        scene,
        {
          walkTo: (x, z, run) => visit.walkTo(x, z, run),
          sit: (seat) => visit.sit(seat),
          person: picked,
          ready: () => {
            setPart(1);
            faces = portraitsFrom((look) => made.portrait(look));
            unwatch();
            unwatch = watchPerformance(began_ms, () => quality.peek());
          },
          lost: () => (lost.value = true),
        },
        {
          quality: quality.peek(),
          reducedMotion: isStill(),
          t,
          look: recipes,
          progress: (share) => !gone && setPart(Math.min(share, 0.99)),
        },
      );
      if (gone) return made.close();
      world.current = made;
      visit.attach(made);
    };
    open().catch((error: unknown) => {
      console.warn("world", error);
      if (!gone) setFailed(true);
    });
    return () => {
      gone = true;
      unwatch();
      faces();
      visit.attach(null);
      world.current?.close();
      world.current = null;
    };
  }, [visit, scene, round]);
  useSignalEffect(() => world.current?.quality(quality.value));
  useEffect(() => walkByFrames(visit, host.current!, world, stick), [visit]);

  return (
    <div class="stage">
      <div
        ref={host}
        class="stage-view"
        role="application"
        tabIndex={0}
        id="stage"
        aria-label={t("room.stage")}
        aria-describedby="stage-keys"
      />
      <p id="stage-keys" class="stage-keys">
        {t("room.keys")}
      </p>
      {part < 1 && !failed && (
        <div class="stage-load" role="status">
          <span>{t("room.loading")}</span>
          <progress value={part} aria-label={t("room.loading")} />
        </div>
      )}
      {failed && (
        <div class="stage-load" role="alert">
          <span>{t("room.no_picture")}</span>
          <Button kind="line" icon="refresh" onClick={() => setRound(round + 1)}>
            {t("app.retry")}
          </Button>
        </div>
      )}
      <Joystick steer={(steering) => (stick.current = steering)} />
    </div>
  );
}

/* One loop: keys and joystick are turned to where the camera looks, then the walker steps. */
function walkByFrames(
  visit: Visit,
  host: HTMLElement,
  world: { current: World | null },
  stick: { current: Steering },
): () => void {
  const pressed = keys(host, {
    // The first step is on its way before the next picture, which may take long.
    walk: () => walk(performance.now()),
    turn: (azimuth, polar) => world.current?.turn(azimuth, polar),
    zoom: (factor) => world.current?.zoom(factor),
    leave: () => document.getElementById("say")?.focus(),
    gesture: (n) => visit.acts.emote(EMOTES[n]!),
  });
  let steering = false;
  let last = performance.now();
  let frame = 0;
  const walk = (now: number) => {
    const { right, forward, run } =
      pressed.now().right || pressed.now().forward ? pressed.now() : stick.current;
    if (right || forward) {
      const [dx, dz] = towards(world.current?.heading() ?? Math.PI, right, forward);
      visit.steer(dx, dz, run);
      steering = true;
    } else if (steering) {
      visit.steer(0, 0, false);
      steering = false;
    }
    visit.tick((now - last) / 1000);
    // A frame's time is that of its beginning, which may lie before a key.
    last = Math.max(last, now);
  };
  const lap = (now: number) => {
    frame = requestAnimationFrame(lap);
    walk(now);
  };
  frame = requestAnimationFrame(lap);
  return () => {
    cancelAnimationFrame(frame);
    pressed.stop();
  };
}
