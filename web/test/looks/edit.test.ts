// Changing a look in the client: whatever one does, what comes of it is a recipe that is taken.
import assert from "node:assert/strict";
import test from "node:test";
import {
  begin,
  inColour,
  inOrder,
  putOn,
  redo,
  rest,
  setNumber,
  step,
  takeOff,
  tint,
  undo,
  wornIn,
} from "../../src/parts/looks/edit.ts";
import { chosenId, padded } from "../../src/parts/looks/sent.ts";
import { shuffled, STYLES } from "../../src/parts/looks/styles.ts";
import { isCovered, readRecipe, type Recipe } from "../../src/looks/recipe.ts";
import { catalogue, file, preset } from "./open.ts";

const isRight = (recipe: Recipe, what: string) => {
  const read = readRecipe(recipe, catalogue);
  assert.notEqual(typeof read, "string", `${what}: ${String(read)}`);
  assert.ok(isCovered(recipe, catalogue), `${what}: covered`);
  assert.deepEqual(inOrder(recipe, catalogue), recipe, `${what}: in order`);
};
const ids = (recipe: Recipe) => recipe.wear.map(({ id }) => id);

test("every item put on and taken off leaves a recipe that is right and covers the trunk", () => {
  for (const who of ["mia", "amara", "siti", "sol"]) {
    const before = inOrder(preset(who), catalogue);
    for (const { id, slot } of file.items) {
      const on = putOn(before, id, catalogue);
      assert.equal(wornIn(on, slot, catalogue)?.id, id);
      isRight(on, `${who} in ${id}`);
      isRight(takeOff(on, slot, catalogue), `${who} without ${id}`);
    }
  }
});

test("a dress takes the place of top and trousers, and they that of a dress", () => {
  const dressed = putOn(preset("mia"), "ball_gown", catalogue);
  assert.ok(!ids(dressed).includes("tee") && !ids(dressed).includes("jeans"));
  const back = putOn(dressed, "shirt", catalogue);
  assert.ok(ids(back).includes("jeans") && !ids(back).includes("ball_gown"));
});

test("a hearing aid, a prosthesis and a cane stay on beside each other, a wheelchair takes the cane's place", () => {
  let recipe = preset("mia");
  for (const id of ["hearing_aids", "leg_prosthesis", "white_cane"])
    recipe = putOn(recipe, id, catalogue);
  assert.deepEqual(ids(recipe).slice(-3), ["hearing_aids", "leg_prosthesis", "white_cane"]);
  assert.deepEqual(ids(putOn(recipe, "wheelchair", catalogue)).slice(-3), [
    "hearing_aids",
    "leg_prosthesis",
    "wheelchair",
  ]);
});

test("what is put on comes in the colours of what it replaces, within its own", () => {
  const red = tint(preset("mia"), "top", (worn) => inColour(worn, 0, 9), catalogue);
  assert.deepEqual(wornIn(putOn(red, "tank", catalogue), "top", catalogue)?.colours?.[0], 9);
  for (const { id } of file.items) isRight(putOn(red, id, catalogue), id);
});

test("numbers stay within their limits, and one that is nothing is left out", () => {
  for (const { id, part, min, max } of file.sliders) {
    const of = part === "face" ? "face" : "body";
    for (const value of [-1e9, min, max, 1e9, Number.NaN, 0.4])
      isRight(setNumber(preset("mia"), of, id, value, catalogue), `${id} ${value}`);
  }
  const none = setNumber(preset("mia"), "marks", "blush", 0, catalogue);
  assert.ok(!("marks" in none));
});

test("undo and redo lead back and forth, and one pull of a slider is one step", () => {
  const first = inOrder(preset("mia"), catalogue);
  let history = begin(first);
  for (const value of [3, 4, 5])
    history = step(history, setNumber(history.now, "face", "jaw_width", value, catalogue), "jaw");
  history = step(rest(history), setNumber(history.now, "face", "jaw_width", 9, catalogue), "jaw");
  assert.equal(history.past.length, 2);
  history = undo(history);
  assert.equal(history.now.face?.["jaw_width"], 5);
  history = undo(undo(history));
  assert.deepEqual(history.now, first);
  history = redo(history);
  assert.equal(history.now.face?.["jaw_width"], 5);
  history = step(history, putOn(history.now, "shirt", catalogue));
  assert.deepEqual(redo(history).now, history.now, "another way leads on from here");
  assert.equal(step(history, history.now).past.length, history.past.length);
});

test("by chance come only clothes that one may wear, and what says who one is stays", () => {
  let seed = 1;
  const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const clothes = new Set(["base", "legs", "top", "dress", "over", "outer", "feet"]);
  const rest = (recipe: Recipe) =>
    recipe.wear.filter(({ id }) => !clothes.has(catalogue.items.get(id)!.slot));
  for (const style of Object.keys(STYLES))
    for (let n = 0; n < 100; n++) {
      const before = inOrder(preset(n % 2 ? "siti" : "gloria"), catalogue);
      const may = (id: string) => id !== "sneakers";
      const after = shuffled(before, style, catalogue, may, chance);
      isRight(after, style);
      assert.ok(!ids(after).includes("sneakers"));
      assert.deepEqual(rest(after), rest(before));
      assert.deepEqual(
        [after.body, after.face, after.skin],
        [before.body, before.face, before.skin],
      );
    }
  for (const list of Object.values(STYLES).flatMap((style) => Object.values(style)))
    for (const id of list ?? []) assert.ok(id === "" || catalogue.items.has(id), id);
});

test("whatever a look says, it is sent as long as any other, and one that says too much is not", () => {
  for (const { recipe } of file.presets) {
    const text = padded(recipe as Recipe);
    assert.equal(text?.length, 2048);
    assert.deepEqual(JSON.parse(text!), recipe);
  }
  assert.equal(
    padded({ v: 1, wear: Array.from({ length: 200 }, () => ({ id: "sneakers" })) }),
    null,
  );
});

test("ids of outfits are chance, of the letters that the server takes", () => {
  const made = new Set(Array.from({ length: 100 }, chosenId));
  assert.equal(made.size, 100);
  for (const id of made) assert.match(id, /^[a-z2-7]{26}$/);
});

test("whatever may be chosen has a name in both languages", async () => {
  const { readFileSync, readdirSync } = await import("node:fs");
  const { join } = await import("node:path");
  const folder = join(process.cwd(), "src/parts/looks");
  for (const language of ["en", "id"]) {
    const texts = readdirSync(folder)
      .filter((name) => name.endsWith(`.${language}.po`))
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("\n");
    const names = new Set([...texts.matchAll(/msgid "([^"]+)"/g)].map(([, id]) => id));
    const wanted = [
      ...file.items.map(({ id }) => `look_item.${id}`),
      ...file.items.flatMap(({ zones }) => zones.map((zone) => `look_zone.${zone}`)),
      ...file.sliders.map(({ id }) => `look_slider.${id}`),
      ...file.marks.map(({ id }) => `look_mark.${id}`),
      ...file.patterns.map((id) => `look_pattern.${id}`),
      ...file.slots.map(({ id }) => `look_slot.${id}`),
      ...Object.keys(STYLES).map((id) => `look_style.${id}`),
    ];
    assert.deepEqual(
      wanted.filter((key) => !names.has(key)),
      [],
    );
  }
});
