// Bodies and clothes as buffers: bounds, levels, what hangs on what.
import assert from "node:assert/strict";
import test from "node:test";
import { assemble } from "../../src/looks/assemble.ts";
import { readBase } from "../../src/looks/base.ts";
import { readBound } from "../../src/looks/bound.ts";
import { INK_PLACE } from "../../src/looks/ink.ts";
import { MOVES_ROW } from "../../src/looks/moves.ts";
import { Kind, type Packed } from "../../src/looks/packer.ts";
import { readRecipe, type Recipe } from "../../src/looks/recipe.ts";
import { base, bytes, file, library, prepared } from "./open.ts";

const PEOPLE = file.presets.slice(0, 25).map(({ recipe }) => recipe as Recipe);
const looks = new Map<string, Packed>();
const look = (n: number, level: 0 | 1 | 2): Packed => {
  const key = `${n} ${level}`;
  if (!looks.has(key)) looks.set(key, assemble(prepared, library, PEOPLE[n]!, { level }));
  return looks.get(key)!;
};
const triangles = (one: Packed) => one.index.length / 3;

test("25 different looks stay within the triangles of a room", () => {
  const of = (level: 0 | 1 | 2) => PEOPLE.map((_, n) => triangles(look(n, level)));
  const [near, middle, far] = [of(0), of(1), of(2)];
  assert.ok(Math.max(...near) <= 32000, `${Math.max(...near)}`);
  assert.ok(Math.max(...middle) <= 14000, `${Math.max(...middle)}`);
  const six = [...middle]
    .sort((a, b) => b - a)
    .slice(0, 6)
    .reduce((a, b) => a + b);
  const rest = [...far]
    .sort((a, b) => b - a)
    .slice(0, 19)
    .reduce((a, b) => a + b);
  assert.ok(six + rest <= 150000, `${six + rest}`);
});

test("ink has a place on either arm and leg, the neck and all ten fingertips, and none on a face", () => {
  const { ink } = prepared;
  const where = Array.from({ length: base.skin }, (_, v) => ink[v * 4 + 3]!);
  for (const place of Object.values(INK_PLACE))
    assert.ok(where.filter((one) => one === place).length > 20, `${place}`);
  where.forEach((one, v) => {
    if (base.paint[v * 4]! > 128 || base.paint[v * 4 + 2]! > 128) assert.equal(one, 0, `${v}`);
  });
  const isNail = (v: number) => where[v] === INK_PLACE.fingertip && ink[v * 4]! > 60;
  const fingers = base.joints.flatMap((name, j) => (name.endsWith("Distal") ? [j] : []));
  assert.equal(fingers.length, 10);
  for (const finger of fingers) {
    const on = (v: number) =>
      [0, 1, 2, 3].some(
        (k) => base.weights[v * 8 + k] === finger && base.weights[v * 8 + 4 + k]! > 128,
      );
    assert.ok(
      where.some((_, v) => isNail(v) && on(v)),
      base.joints[finger],
    );
  }
});

test("indices are within the vertices, weights sum to one, colours are those of the recipe", () => {
  for (const n of [0, 4, 10, 20])
    for (const level of [0, 1, 2] as const) {
      const one = look(n, level);
      assert.ok(one.index.every((v) => v < one.count));
      for (let v = 0; v < one.count; v++) {
        const sum = [0, 1, 2, 3].reduce((s, k) => s + one.skinWeight[v * 4 + k]!, 0);
        assert.equal(sum, 255);
        assert.ok(one.skinIndex[v * 4]! < base.joints.length);
      }
    }
});

test("people stand on the floor and are as tall as told, at every level alike", () => {
  for (const n of [0, 3, 9])
    for (const level of [0, 1, 2] as const) {
      const one = look(n, level);
      let low = 1;
      for (let v = 0; v < one.count; v++)
        low = Math.min(low, (one.position[v * 4 + 1]! / 32767) * one.span);
      assert.ok(Math.abs(low - 0.004) < 0.01, `${low}`);
      assert.equal(one.height, look(n, 0).height);
    }
});

const mmOf = (one: Packed, x: number) => (x / 32767) * one.span * 1000;

test("every expression moves the face of the two nearest levels, and the last has none", () => {
  const { morphs, face } = look(0, 0);
  assert.ok(morphs.length >= 12);
  for (const { name, delta } of morphs) {
    assert.equal(delta.length, face.vertices * 3);
    assert.ok(
      delta.some((x) => Math.abs(x) > 20),
      name,
    );
  }
  const middle = look(0, 1);
  assert.deepEqual(
    middle.moves!.names,
    morphs.map(({ name }) => name),
  );
  for (const name of middle.moves!.names)
    assert.ok(mmOf(middle, Math.max(...movedOf(middle, name).map(Math.abs))) > 1, name);
  for (const far of [look(0, 2), middle]) assert.equal(far.morphs.length, 0);
  assert.equal(look(0, 2).moves, undefined);
});

/** How far up or down each vertex of the second level's face goes. */
function movedOf(one: Packed, name: string): number[] {
  const { names, rows, unit, vertices, texels } = one.moves!;
  const first = names.indexOf(name) * rows * MOVES_ROW;
  return Array.from(
    { length: vertices },
    (_, v) => (texels[(first + v) * 4 + 1]! - 128) * unit * 32767,
  );
}

test("seen from a little farther, a mouth opens and lids close by as much as near by", () => {
  const one = look(0, 1);
  const { index, face } = one;
  const drawn = new Set(index.subarray(0, face.indices));
  const lips = movedOf(one, "aa").filter((_, v) => drawn.has(v) && one.mask[v * 4]! >= 200);
  const open = mmOf(one, Math.max(...lips) - Math.min(...lips));
  assert.ok(open > 12, `${open} mm`);
  for (const [side, sign] of [
    ["left", 1],
    ["right", -1],
  ] as const) {
    const by = movedOf(one, `blink_${side}`);
    const mine = by.filter((_, v) => drawn.has(v) && one.position[v * 4]! * sign > 0);
    assert.ok(mmOf(one, -Math.min(...mine)) > 8, side);
  }
});

test("opening the mouth parts the lips and shows what is behind them", () => {
  const one = look(0, 0);
  const aa = one.morphs.find(({ name }) => name === "aa")!.delta;
  let [up, down] = [0, 0];
  for (let v = 0; v < one.face.vertices; v++) {
    if (one.mask[v * 4]! < 200) continue;
    up = Math.max(up, aa[v * 3 + 1]!);
    down = Math.min(down, aa[v * 3 + 1]!);
  }
  assert.ok(mmOf(one, up - down) > 12, `${mmOf(one, up - down)} mm`);
  assert.ok(one.triangles["mouth"]! > 300);
});

test("whoever wears the most of everything is drawn, too", () => {
  const weight = (id: string): number => {
    const bound = library.bound.get(id);
    return bound ? bound.count : JSON.stringify(library.catalogue.items.get(id)!.rule ?? "").length;
  };
  const heaviest = (slot: string) =>
    file.items
      .filter((item) => item.slot === slot && !item.excludes?.includes("hair"))
      .reduce((a, b) => (weight(b.id) > weight(a.id) ? b : a)).id;
  const most = (slots: string[]): Recipe => ({
    v: 1,
    wear: slots.map((slot) => ({ id: heaviest(slot) })),
  });
  const all = file.slots.map(({ id }) => id);
  for (const without of [["dress"], ["top", "legs"]]) {
    const recipe = most(all.filter((id) => !without.includes(id)));
    recipe.wear = recipe.wear.map((one) => ({ ...one, pattern: 9, pattern_colour: 3 }));
    const { count, index } = assemble(prepared, library, recipe, { level: 0 });
    assert.ok(
      count > 12000 && count < 40000 && index.length / 3 < 55000,
      `${count} ${index.length}`,
    );
  }
});

test("a hearing aid, a prosthesis and a cane are drawn together, each with more to draw", () => {
  const { wear, ...rest } = file.presets[0]!.recipe as Recipe;
  const aids = ["hearing_aids", "leg_prosthesis", "white_cane"].map((id) => ({ id }));
  let before = 0;
  for (let n = 0; n <= aids.length; n++) {
    const recipe = { ...rest, wear: [...wear, ...aids.slice(0, n)] };
    assert.notEqual(typeof readRecipe(recipe, library.catalogue), "string");
    const drawn = assemble(prepared, library, recipe, { level: 0 }).count;
    assert.ok(drawn > before, `${n} aids: ${drawn} after ${before}`);
    before = drawn;
  }
});

test("who sits in a wheelchair is told from who stands, whatever slot it is in", () => {
  const chairOf = (id: string) => {
    const { recipe } = file.presets.find((one) => one.id === id)!;
    return assemble(prepared, library, recipe as Recipe, { level: 2 }).chair;
  };
  const chair = chairOf("sol");
  assert.ok(chair && chair > 0.4 && chair < 0.65, `${chair}`);
  assert.equal(chairOf("lars"), undefined);
});

test("a tail hangs free however high it is tied, a bun and short hair do not", () => {
  const free = (id: string): number => {
    const recipe: Recipe = { v: 1, wear: [{ id }, { id: "summer_dress" }] };
    const one = assemble(prepared, library, recipe, { level: 1 });
    const neck = one.joints[base.joints.indexOf("head") * 3 + 1]!;
    let many = 0;
    for (let v = 0; v < one.count; v++) {
      const high = (one.position[v * 4 + 1]! / 32767) * one.span > neck;
      if (one.tone[v * 4 + 3] === Kind.hair && high && one.mask[v * 4]! > 128) many++;
    }
    return many;
  };
  assert.ok(free("hair_high_ponytail") > 20, `${free("hair_high_ponytail")}`);
  for (const id of ["hair_bun", "hair_crop", "hair_afro", "hair_long"])
    assert.equal(free(id), 0, id);
});

test("the same recipe gives the same bytes", () => {
  const [a, b] = [0, 1].map(() => assemble(prepared, library, PEOPLE[7]!, { level: 1 }));
  assert.deepEqual(a, b);
});

test("a torn or foreign file is refused before anything is drawn from it", () => {
  const whole = bytes(file.base);
  assert.throws(() => readBase(whole.subarray(0, 100)), /looks/);
  assert.throws(() => readBase(whole.subarray(0, whole.length - 1)), /looks/);
  assert.throws(() => readBase(new Uint8Array(4000)), /looks/);
  const hair = bytes(file.items.find((item) => item.slot === "hair")!.file!);
  assert.throws(() => readBase(hair));
  assert.throws(() => readBound(hair, 10), /torn/);
  assert.throws(() => readBound(whole, base.count));
});

test("a skirt alone hangs free, whatever its trim, and its colours stay", () => {
  const { wear, ...rest } = file.presets[0]!.recipe as Recipe;
  const kept = wear.filter(({ id }) => /^(brows|lashes|hair)/.test(id));
  const free = (id: string): number => {
    const worn = [...kept, { id: "tee", colours: [3] }, { id, colours: [2, 9] }];
    const recipe = { ...rest, wear: worn };
    const { mask, tone, count } = assemble(prepared, library, recipe, { level: 1 });
    let n = 0;
    for (let v = 0; v < count; v++)
      if (tone[v * 4 + 3] === 1 && mask[v * 4 + 2]! > 25 && mask[v * 4 + 2]! < 230) n++;
    return n;
  };
  assert.equal(free("jeans"), 0);
  assert.ok(free("knee_skirt") > 100);
});
