// Tests of what is kept of the ready avatars: node tools/avatars/check.mjs.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../../assets/avatars", import.meta.url));
const { avatars } = JSON.parse(fs.readFileSync(path.join(FOLDER, "avatars.json"), "utf8"));

const MIN_AVATARS = 8;
const PARTS = ["top", "bottom", "dress", "jacket", "shoes", "hair"];
const COLOURS = { min: 6, max: 10 };

test("there_are_enough_avatars_and_each_is_listed_once", () => {
  assert.ok(avatars.length >= MIN_AVATARS);
  assert.equal(new Set(avatars.map((avatar) => avatar.id)).size, avatars.length);
  for (const { id } of avatars) assert.match(id, /^[a-z]{2,16}$/);
});

test("every_slot_is_a_known_part_with_a_palette_and_a_default_in_it", () => {
  for (const { id, slots } of avatars)
    slots.forEach(({ slot, part, colours, default: chosen }, i) => {
      assert.equal(slot, i + 1, id);
      assert.ok(PARTS.includes(part), `${id}: ${part}`);
      assert.ok(colours.length >= COLOURS.min && colours.length <= COLOURS.max, `${id}: ${part}`);
      assert.equal(new Set(colours).size, colours.length, `${id}: ${part}`);
      for (const colour of colours) assert.match(colour, /^#[0-9a-f]{6}$/);
      assert.ok(colours[chosen], `${id}: ${part}`);
    });
});
