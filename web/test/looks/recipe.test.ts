// What a client draws and what it does not, whoever sent it.
import assert from "node:assert/strict";
import test from "node:test";
import { assemble, Uncovered } from "../../src/looks/assemble.ts";
import { isCovered, readRecipe, type Recipe } from "../../src/looks/recipe.ts";
import { catalogue, file, library, prepared, preset } from "./open.ts";

const draw = (recipe: Recipe) => assemble(prepared, library, recipe, { level: 2 });

test("every preset is a recipe, covers the trunk and is at most 2 KB", () => {
  assert.ok(file.presets.length >= 31);
  for (const { id, recipe } of file.presets) {
    const read = readRecipe(recipe, catalogue);
    assert.notEqual(typeof read, "string", `${id}: ${String(read)}`);
    assert.ok(isCovered(read as Recipe, catalogue), id);
    assert.ok(JSON.stringify(recipe).length <= 2048, id);
  }
});

test("what is no recipe is refused for what is wrong with it", () => {
  const good = preset("mia");
  const wrong: [string, unknown][] = [
    ["members", null],
    ["members", []],
    ["members", { ...good, more: 1 }],
    ["version", { ...good, v: 2 }],
    ["body", { ...good, body: { weight: 101 } }],
    ["body", { ...good, body: { weight: 0.5 } }],
    ["body", { ...good, body: { age: -1 } }],
    ["body", { ...good, body: { nose_width: 5 } }],
    ["body", { ...good, body: "tall" }],
    ["face", { ...good, face: { weight: 5 } }],
    ["face", { ...good, face: { constructor: 1 } }],
    ["marks", { ...good, marks: { freckles: 101 } }],
    ["marks", { ...good, marks: { crown: 1 } }],
    ["skin", { ...good, skin: 999 }],
    ["eyes", { ...good, eyes: -1 }],
    ["wear", { ...good, wear: {} }],
    ["wear", { ...good, wear: Array.from({ length: 1000 }, () => ({ id: "tee" })) }],
    ["worn", { ...good, wear: [{ id: "tee", size: 3 }] }],
    ["worn", { ...good, wear: [null] }],
    ["item", { ...good, wear: [{ id: "nothing" }] }],
    ["item", { ...good, wear: [{ id: "__proto__" }] }],
    ["slot", { ...good, wear: [{ id: "tee" }, { id: "hoodie" }] }],
    ["colours", { ...good, wear: [{ id: "tee", colours: [99] }] }],
    ["colours", { ...good, wear: [{ id: "tee", colours: [0, 0, 0] }] }],
    ["colours", { ...good, wear: [{ id: "sneakers", pattern: 1 }] }],
    ["excludes", { ...good, wear: [{ id: "tee" }, { id: "summer_dress" }] }],
  ];
  for (const [why, recipe] of wrong)
    assert.equal(readRecipe(recipe, catalogue), why, JSON.stringify(recipe)?.slice(0, 80));
});

test("a look that leaves the trunk bare is not drawn, whoever sends it", () => {
  const hostile: Recipe[] = [
    { v: 1, wear: [] },
    { v: 1, wear: [{ id: "tee" }] },
    { v: 1, wear: [{ id: "jeans" }] },
    { v: 1, wear: [{ id: "sneakers" }, { id: "hat_cap" }, { id: "overcoat" }] },
    { v: 1, wear: [{ id: "socks" }, { id: "tights" }, { id: "waistcoat" }] },
    { v: 1, wear: [{ id: "no_such_top" }, { id: "jeans" }] },
    { v: 1, wear: Array.from({ length: 500 }, () => ({ id: "tee" })) },
  ];
  for (const recipe of hostile) assert.throws(() => draw(recipe), Uncovered);
});

test("everything that counts as cover is cloth that covers", () => {
  for (const item of file.items) if (item.cover?.length) assert.ok(item.rule, item.id);
  for (const slot of ["top", "legs"])
    assert.equal(file.items.filter((item) => item.slot === slot && item.default).length, 1, slot);
});

test("sliders at their ends and colours beyond a palette still give a look of finite numbers", () => {
  for (const end of ["min", "max"] as const) {
    const body: Record<string, number> = {};
    const face: Record<string, number> = {};
    for (const one of file.sliders) (one.part === "face" ? face : body)[one.id] = one[end];
    const look = draw({ ...preset("leo"), body, face });
    assert.ok(look.position.every((x) => Math.abs(x) <= 32767));
    assert.ok(look.inverse.every(Number.isFinite) && look.height > 1.3 && look.height < 2.1);
  }
  const odd = preset("mia");
  odd.wear[0]!.colours = [5000];
  assert.ok(draw(odd).count > 0);
});
