import assert from "node:assert/strict";
import test from "node:test";
import { isCovered, readRecipe } from "../../src/looks/recipe.ts";
import { seeded, somebody } from "../../src/parts/looks/chance.ts";
import { padded } from "../../src/parts/looks/sent.ts";
import { catalogue } from "./open.ts";

const all = () => true;
const drawn = (seed: string) => somebody(catalogue, all, seeded(seed));

test("who is drawn by chance is the same by the same seed, and hardly twice the same by others", () => {
  assert.deepEqual(drawn("abc"), drawn("abc"));
  const texts = new Set(Array.from({ length: 50 }, (_, i) => JSON.stringify(drawn(`look${i}`))));
  assert.ok(texts.size >= 48, `${texts.size} of 50`);
});

test("who is drawn is covered, may be worn, fits, and says nothing of health or belief", () => {
  for (let i = 0; i < 200; i++) {
    const recipe = drawn(`${i}`);
    assert.equal(typeof readRecipe(recipe, catalogue), "object");
    assert.ok(isCovered(recipe, catalogue));
    assert.ok(padded(recipe));
    for (const { id } of recipe.wear) {
      const item = catalogue.items.get(id)!;
      assert.ok(!item.health && !item.belief, id);
    }
  }
});

test("nobody is drawn in what they may not wear", () => {
  const recipe = somebody(catalogue, (id) => id !== "jeans" && id !== "sneakers", seeded("x"));
  assert.ok(!recipe.wear.some(({ id }) => id === "sneakers"));
});
