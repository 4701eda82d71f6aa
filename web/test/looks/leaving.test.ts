// What of a look may leave this world: the catalogue's rows decide.
import assert from "node:assert/strict";
import test from "node:test";
import { type CatalogueFile, readCatalogue } from "../../src/looks/catalogue.ts";
import { leaving } from "../../src/looks/export/leaving.ts";
import { catalogue, file, preset } from "./open.ts";

Object.defineProperty(globalThis, "navigator", {
  value: { languages: ["en"] },
  configurable: true,
});
const { aboutOf } = await import("../../src/parts/looks/take_about.ts");

/** The catalogue with a maker whose things stay here. */
function strict(change: (of: CatalogueFile) => void) {
  const made = structuredClone(file);
  made.credits.push({ id: "shop", author: "A shop", licence: "own", source: "-", export: false });
  change(made);
  return readCatalogue(made);
}
const owns = (id: string) => (of: CatalogueFile) => {
  of.items.find((one) => one.id === id)!.credit = "shop";
};

test("all that the presets wear may leave, with everybody whose work it is", () => {
  for (const { id } of file.presets) {
    const going = leaving(preset(id), catalogue)!;
    const wear = preset(id).wear.filter((one) => one.id !== "wheelchair");
    assert.deepEqual(going.recipe, { ...preset(id), wear });
    assert.deepEqual(going.left, []);
    assert.deepEqual(
      going.credits.flatMap(({ items }) => items).sort(),
      wear.map((one) => one.id).sort(),
    );
    assert.equal(going.credits.filter(({ base }) => base).length, 1);
  }
});

test("who sits in a wheelchair stands without it in a file, and is told", () => {
  const recipe = preset("sol");
  assert.ok(recipe.wear.some(({ id }) => id === "wheelchair"));
  const going = leaving(recipe, catalogue)!;
  assert.equal(going.seated, true);
  assert.deepEqual(going.left, [], "no licence keeps it here");
  assert.ok(!going.recipe.wear.some(({ id }) => id === "wheelchair"));
  assert.equal(leaving(preset("mia"), catalogue)!.seated, false);
});

test("what a licence keeps here is left out, and said", () => {
  const recipe = preset("mia");
  const kept = recipe.wear.at(-1)!.id;
  const going = leaving(recipe, strict(owns(kept)))!;
  assert.deepEqual(going.left, [kept]);
  assert.ok(!going.recipe.wear.some(({ id }) => id === kept));
  assert.ok(going.credits.every(({ credit }) => credit.id !== "shop"));
});

test("where patterns stay, cloth leaves plain; where the body stays, nothing leaves", () => {
  const recipe = preset("mia");
  recipe.wear = recipe.wear.map((one) =>
    catalogue.items.get(one.id)?.patterns ? { ...one, pattern: 3, pattern_colour: 2 } : one,
  );
  const going = leaving(
    recipe,
    strict((of) => (of.credit_of.patterns = "shop")),
  )!;
  assert.ok(going.plain);
  assert.ok(going.recipe.wear.every((one) => !("pattern" in one) && !("pattern_colour" in one)));
  const none = strict((of) => (of.credit_of.base = "shop"));
  assert.equal(leaving(recipe, none), null);
});

test("an item that is not in the catalogue does not leave", () => {
  const recipe = { ...preset("mia"), wear: [...preset("mia").wear, { id: "unheard_of" }] };
  assert.deepEqual(leaving(recipe, catalogue)!.left, ["unheard_of"]);
});

test("the words of the file name makers and licences, and no aid or scarf", () => {
  const recipe = preset("siti");
  recipe.wear.push({ id: file.items.find(({ slot }) => slot === "hearing")!.id });
  const secret = recipe.wear
    .map(({ id }) => catalogue.items.get(id)!)
    .filter(({ health, belief }) => health || belief);
  assert.ok(secret.length >= 2);
  const about = aboutOf(leaving(recipe, catalogue)!, catalogue);
  for (const { author, licence } of file.credits) {
    assert.ok(about.authors.includes(author));
    assert.ok(about.licences.includes(licence));
  }
  assert.ok(about.licences.includes(recipe.wear[0]!.id), "texts show as their keys here");
  for (const { id } of secret) assert.ok(!JSON.stringify(about).includes(id), id);
  assert.match(about.licenceUrl, /^https:\/\/www.gnu.org/);
});
