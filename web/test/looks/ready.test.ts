// Ready avatars as looks.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { readyRecipe } from "../../src/looks/ready.ts";
import { isCovered, readRecipe } from "../../src/looks/recipe.ts";
import { catalogue, preset } from "./open.ts";

interface Avatar {
  id: string;
  slots: { part: string; colours: string[] }[];
}
const FOLDER = process.env["BAUTA_ASSETS"] ?? join(process.cwd(), "../assets");
const { avatars } = JSON.parse(readFileSync(join(FOLDER, "avatars/avatars.json"), "utf8")) as {
  avatars: Avatar[];
};

test("every ready avatar is a look that may be drawn, in the first and the last of its colours", () => {
  for (const { id, slots } of avatars)
    for (const at of [0, -1]) {
      const colours = Object.fromEntries(slots.map((slot) => [slot.part, slot.colours.at(at)!]));
      const recipe = readRecipe(readyRecipe({ ready: id, colours }, catalogue), catalogue);
      assert.ok(typeof recipe !== "string", `${id}: ${recipe}`);
      assert.ok(isCovered(recipe, catalogue), id);
    }
});

test("a colour goes to what is worn there and nowhere else, and the catalogue stays as it was", () => {
  const before = JSON.stringify(preset("mia"));
  const colours = { top: "#2b2e38", shoes: "#c8453b", tail: "#ffffff" };
  const { wear } = readyRecipe({ ready: "mia", colours }, catalogue);
  const changed = wear.filter((one, i) => {
    const old = preset("mia").wear[i]!;
    return JSON.stringify(one) !== JSON.stringify(old);
  });
  const slots = changed.map(({ id }) => catalogue.items.get(id)!.slot).sort();
  assert.deepEqual(slots, ["feet", "top"]);
  assert.equal(JSON.stringify(preset("mia")), before);
});

test("of an avatar that is not known it is another, and nobody is bare", () => {
  const recipe = readyRecipe({ ready: "nobody" }, catalogue);
  assert.ok(isCovered(recipe, catalogue));
});
