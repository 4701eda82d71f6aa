// Portraits from layers: whose colours they take, what lies over what, and how a shape moves them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import {
  drawable,
  type Layer,
  type LayersFile,
  layersOf,
  portrait,
  type Stock,
} from "../../src/looks/portrait.ts";
import type { Recipe } from "../../src/looks/recipe.ts";
import { catalogue, file as offered, preset } from "./open.ts";

const SIZE = 16;
const NODES = 3;
const LIST = JSON.parse(
  readFileSync(join(process.cwd(), "../assets/looks/layers.json"), "utf8"),
) as LayersFile;

/** A layer of a rectangle: lit evenly, the planes that are named given a value each. */
function layer(box: [number, number, number, number], values: Record<string, number>, more = {}) {
  const [, , w, h] = box;
  const bytes = Uint8Array.from(Object.values(values).flatMap((v) => Array(w * h).fill(v)));
  return {
    entry: { file: "", box, planes: Object.keys(values).join(""), ...more },
    bytes,
  } as Layer;
}

const HALF_LIGHT = 128;
const whole: [number, number, number, number] = [4, 4, 8, 12];
function stock(more: Record<string, Layer> = {}): Stock {
  const layers = new Map<string, Layer>([
    ["skin", layer(whole, { l: HALF_LIGHT, a: 255, m: 0, b: 0, s: 0, h: 0 })],
    ["eyes", layer([6, 6, 1, 1], { l: 200, i: 0, a: 255 })],
    ["lashes", layer([8, 6, 1, 1], { a: 0, f: 255 })],
    ["tee", layer([4, 12, 8, 4], { l: HALF_LIGHT, a: 255, z: 0 })],
    ...Object.entries(more),
  ]);
  const steps = new Int8Array(NODES * NODES * 2).map((_, i) => (i % 2 ? 0 : 2));
  return {
    catalogue,
    file: { ...LIST, size: SIZE, cell: 8 },
    layers,
    fields: { names: new Map([["jaw_width+", 0]]), scale: 1, steps },
    pattern: (_, u) => Number(u - Math.floor(u) < 0.5),
  };
}
const recipe = (more: Partial<Recipe> = {}, ...wear: Recipe["wear"]): Recipe => ({
  v: 1,
  skin: 0,
  wear: [...wear, { id: "tee", colours: [9] }, { id: "jeans" }],
  ...more,
});
const at = (data: Uint8ClampedArray, x: number, y: number) => [
  ...data.subarray((y * SIZE + x) * 4, (y * SIZE + x) * 4 + 4),
];

test("skin and clothes take the recipe's colours, and there is nothing beside them", () => {
  const light = portrait(recipe(), stock());
  const dark = portrait(recipe({ skin: 13 }), stock());
  assert.ok(at(light, 10, 9)[0]! > at(dark, 10, 9)[0]! + 60);
  assert.deepEqual(at(light, 8, 14), at(dark, 8, 14));
  const [red, green] = at(light, 8, 14);
  assert.ok(red! > green! * 2, "a red shirt");
  assert.equal(at(light, 1, 1)[3], 0);
});

test("hair behind the head lies below the skin, before it over it, and flat under a hat", () => {
  const hair = layer([2, 2, 12, 8], { l: HALF_LIGHT, a: 255, f: 0, z: 0 });
  const wears = { id: "hair_long", colours: [19, 19] };
  const behind = portrait(recipe({}, wears), stock({ hair_long: hair }));
  const bare = portrait(recipe(), stock());
  assert.equal(at(behind, 2, 5)[3], 255);
  assert.deepEqual(at(behind, 10, 9), at(bare, 10, 9));
  const front = layer([2, 2, 12, 8], { l: HALF_LIGHT, a: 255, z: 0 });
  assert.notDeepEqual(
    at(portrait(recipe({}, wears), stock({ hair_long: front })), 10, 9),
    at(bare, 10, 9),
  );
  const hat = layer([4, 2, 8, 4], { l: HALF_LIGHT, a: 255 }, { press: true });
  const both = stock({ hair_long: hair, hat_bucket: hat });
  const under = portrait(recipe({}, wears, { id: "hat_bucket", colours: [2] }), both);
  assert.equal(at(under, 2, 2)[3], 0, "hair does not stand beside the hat");
  assert.equal(at(under, 2, 9)[3], 255, "below it, it hangs");
});

test("a slider moves the picture as far as its field says", () => {
  const rest = portrait(recipe(), stock());
  const moved = portrait(recipe({ face: { jaw_width: 100 } }), stock());
  assert.equal(at(rest, 4, 9)[3], 255);
  assert.equal(at(moved, 4, 9)[3], 0);
  assert.equal(at(moved, 13, 9)[3], 255);
});

test("every preset can be drawn of layers that are listed", () => {
  for (const { id, recipe: one } of offered.presets) {
    const read = drawable(one, catalogue);
    assert.ok(read, id);
    for (const name of layersOf(read, LIST)) assert.ok(LIST.layers[name], `${id}: ${name}`);
  }
  assert.ok(drawable({ ready: "mia" }, catalogue));
});

test("what leaves the trunk bare, or is no recipe, has no portrait", () => {
  const { wear, ...mia } = preset("mia");
  for (const given of [
    { ...mia, wear: [] },
    { ...mia, wear: wear.filter(({ id }) => catalogue.items.get(id)!.slot !== "top") },
    { ...mia, wear, more: 1 },
    null,
    "mia",
  ])
    assert.equal(drawable(given, catalogue), null, JSON.stringify(given));
});
