// Who registers or looks at the rooms is about to enter one: what a room needs comes while they type
// or choose, so that it is there when they stand before it. Nobody else's page fetches any of it.
import { useLayoutEffect } from "preact/hooks";
import { send } from "../lib/api.ts";
import { assetJson, emptyStock, stockUp } from "../lib/assets.ts";
import { place } from "../lib/router.ts";
import { recipeOf } from "../lib/recipe_of.ts";
import { me } from "../lib/session.ts";
import { allTexts } from "../lib/text.ts";
import { begun } from "../world/canvas.ts";
import { loadScene } from "../world/scene.ts";
import { loadLabels } from "./labels.ts";
import { drawable, lost, quality, wantsText } from "./mode.ts";

const IDLE_MS = 100;
/** Between two pages of the way nobody is on either. */
const WAY = /^\/(register|rooms|avatar\/first)(\/|$)/;
/** The program comes first: the graphics are started and learn while the model is still on its way. */
export const HEAD_START_MS = 900;
/** From the list of rooms into one of them, on a slow line. */
const KEPT_MS = 20_000;

interface Connection {
  saveData?: boolean;
  effectiveType?: string;
}

/** A person who counts their bytes, or whose line is slow for them, fetches only what they open. */
export function sparing(): boolean {
  const line = (navigator as { connection?: Connection }).connection;
  return line?.saveData === true || /2g$/.test(line?.effectiveType ?? "");
}

const idle = () =>
  new Promise<void>((done) => {
    if ("requestIdleCallback" in window) requestIdleCallback(() => done(), { timeout: IDLE_MS });
    else setTimeout(done, IDLE_MS / 4);
  });

let world: typeof import("../world/index.ts") | null = null;
let comers = 0;
/** What is drawn on the way, before which no room is. */
let before: Promise<unknown> = Promise.resolve();

/** The room is furnished when this is over: its graphics are the same as those of what one looks at now. */
export function firstComes(what: Promise<unknown>): void {
  before = what.catch(() => undefined);
}

const drawn = () => drawable.peek() && !wantsText.peek();

/** Somebody goes into a room of this scene: it will be drawn as soon as they are in. */
export function headFor(scene: string): void {
  if (!drawn() || world?.isAhead(scene)) return;
  const later = [import("../world/index.ts"), loadScene(scene), stockUp(`scenes/${scene}.glb`)];
  for (const one of later) one.catch(() => undefined);
}

/** On this way one is shown first who one is. */
const MIRROR = /^\/(register|avatar\/first)(\/|$)/;
const BODY = ["looks.js", "looks/catalogue.json", "looks/base.bin"];

const own = () => {
  const look = me.peek()?.look;
  return look ? { look, ask: recipeOf } : null;
};

/*
 * In the order in which a room asks for it; ends when nobody is on the way in any more. `scene` is null
 * as long as nobody knows which room it will be.
 */
async function bring(scene: string | null, avatar: () => string): Promise<void> {
  const coming = () => (comers > 0 || WAY.test(place.peek().path)) && drawn();
  // Nearly all at once: the line is idle for a moment only, and who waits is served first.
  const names = scene
    ? Promise.resolve([scene])
    : send("GET /api/scenes", {}).then(({ items }) => items.map(({ id }) => id));
  const plans = names.then((all) => Promise.all(all.map(loadScene)));
  const page = Promise.all([plans, allTexts(), import("../parts/rooms/room.tsx"), loadLabels()]);
  if (lost.peek() || wantsText.peek()) return void (await page);
  // Whether the device draws is found out meanwhile: it takes a while to say so.
  const program = import("../world/index.ts");
  // What every look is made from, and by what; the clothes come when the room is furnished.
  // Who leaves at once is not there any more when its turn comes.
  const body = Promise.resolve().then(() => Promise.all(coming() ? BODY.map(stockUp) : []));
  const moves = assetJson("animations/first.json");
  const mirror = MIRROR.test(place.peek().path);
  // What shows who one is comes before the room: without it nobody gets as far as that.
  const looks = mirror
    ? [import("../parts/looks/first.tsx"), import("../parts/looks/look_stage.ts")]
    : [];
  const ahead = mirror
    ? Promise.allSettled([program, body])
    : Promise.race([program, new Promise((go) => setTimeout(go, HEAD_START_MS))]);
  const model = ahead.then(() => scene && coming() && stockUp(`scenes/${scene}.glb`));
  for (const one of [page, program, body, moves, model, ...looks]) one.catch(() => undefined);
  await idle();
  if (!coming()) return;
  await page;
  world = await program;
  await begun();
  if (!coming()) return;
  await ahead;
  await before;
  if (!coming()) return;
  world.warm(quality.peek());
  if (!scene || world.isAhead(scene)) return;
  await idle();
  if (coming()) await world.prepare((await plans)[0]!, quality.peek(), avatar, own);
}

function drop(): void {
  emptyStock();
  world?.dismiss();
}

/**
 * Somebody is on the way in, until what is returned is called. `avatar` is asked when its turn comes:
 * until then another may be chosen.
 */
export function comeIn(scene: string | null, avatar: () => string): () => void {
  if (sparing()) return () => undefined;
  comers++;
  bring(scene, avatar).catch(() => undefined);
  return () => {
    comers--;
    setTimeout(() => comers === 0 && drop(), KEPT_MS);
  };
}

/** Whoever looks at this page is on the way in. */
export function useWayIn(on: boolean, scene: string | null, avatar: () => string): void {
  useLayoutEffect(() => (on ? comeIn(scene, avatar) : undefined), [on, scene]);
}
