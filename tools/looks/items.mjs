// Every item that has a file: made, packed, and listed for the catalogue.
import { packBound, surface } from "./bind.mjs";
import { aids, backs, beards, necks, wheelchair, wrists } from "./carried.mjs";
import { makeHair } from "./hair.mjs";
import { HAIR } from "./hairstyles.mjs";
import { faceLine, hats, hijab } from "./hats.mjs";
import { AIDS, BROW_SHAPES, EARS, GLASSES } from "./things.mjs";

const HAIR_LAYER = 2;
const nameOf = (id) => id;

/** Where things go on the neutral body, and its surfaces. */
function placesOf(prepared, tools) {
  const { base, neutral, marks, skin } = prepared;
  const head = [...base.head_tris[0]];
  const tights = base.tights[0];
  const armless = (v) => tools.armShare(base, v) < 0.3;
  const trunk = [];
  for (let i = 0; i < tights.length; i += 3)
    if ([0, 1, 2].every((k) => armless(tights[i + k]))) trunk.push(...tights.slice(i, i + 3));
  let wide = 0,
    sum = 0;
  const mouth = [0, 0, -9];
  for (let v = 0; v < base.skin; v++) {
    if (base.head[v] > 0.9 && base.paint[v * 4] > 200) {
      sum++;
      mouth[1] += neutral[v * 3 + 1];
      mouth[2] = Math.max(mouth[2], neutral[v * 3 + 2]);
    }
    if (base.head[v] > 0.9) wide = Math.max(wide, neutral[v * 3]);
  }
  mouth[1] /= sum;
  let floor = 9;
  for (let v = 0; v < base.skin; v++) floor = Math.min(floor, neutral[v * 3 + 1]);
  const joint = (name) => [0, 1, 2].map((k) => neutral[base.joint(name) * 3 + k]);
  return {
    head: surface(neutral, head),
    all: surface(neutral, [...head, ...trunk]),
    body: surface(neutral, skin[0]),
    middle: tools.skull(prepared),
    size: base.headSize,
    chin: marks.chin,
    hairline: tools.hairline,
    eye: marks.eye,
    radius: marks.eyeRadius,
    wide,
    mouth,
    floor,
    joint,
    neck: marks.neck,
    hip: marks.hip,
    shoulder: marks.shoulder,
  };
}

/** Edges longer than this (dm) are halved where the edge of a shell runs: it would follow the face's triangles. */
const FINE_DM = 0.1;
const FINE_ROUNDS = 3;

/** Triangles of the head, finer where `value` is near 0. An edge is halved or not by itself: nothing gapes. */
function finer(tris, points, value) {
  const middles = new Map();
  const middle = (a, b) => {
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    if (middles.has(key)) return middles.get(key);
    const [p, q] = [points[a], points[b]];
    const long = Math.hypot(...[0, 1, 2].map((k) => p.at[k] - q.at[k]));
    const near = Math.min(value(a), value(b)) < 0.12 && Math.max(value(a), value(b)) > -0.12;
    if (long > FINE_DM && near) {
      const half = (x, y) => x.map((v, k) => (v + y[k]) / 2);
      points.push({ at: half(p.at, q.at), out: half(p.out, q.out) });
    }
    middles.set(key, long > FINE_DM && near ? points.length - 1 : -1);
    return middles.get(key);
  };
  let list = tris;
  for (let round = 0; round < FINE_ROUNDS; round++)
    list = list.flatMap(([a, b, c]) => {
      const [p, q, r] = [middle(a, b), middle(b, c), middle(c, a)];
      const halved = [p, q, r].filter((m) => m >= 0).length;
      if (halved === 3)
        return [
          [a, p, r],
          [p, b, q],
          [r, q, c],
          [p, q, r],
        ];
      if (halved === 0) return [[a, b, c]];
      /* Turned so that the first edge is halved and the last is not. */
      const turned = [
        [a, b, c, p, q, r],
        [b, c, a, q, r, p],
        [c, a, b, r, p, q],
      ];
      const [x, y, z, m, n] = turned.find(([, , , first, , last]) => first >= 0 && last < 0);
      return n < 0
        ? [
            [x, m, z],
            [m, y, z],
          ]
        : [
            [x, m, z],
            [m, n, z],
            [m, y, n],
          ];
    });
  return list;
}

/** A shell of the head where inside(p) > 0, `thick` dm off it at most. */
function headShell(prepared, on, normals) {
  const { base, neutral } = prepared;
  return (inside, thick) => {
    const shape = { pos: [], place: [], sky: [], parts: [{ idx: [], zone: 0 }] };
    const three = (list, v) => [0, 1, 2].map((k) => list[v * 3 + k]);
    const points = Array.from({ length: base.skin }, (_, v) => ({
      at: three(neutral, v),
      out: three(normals, v),
    }));
    const value = (v) => (points[v].value ??= inside(points[v].at));
    const seen = new Map();
    const put = (v) => {
      if (!seen.has(v)) {
        const { at, out } = points[v];
        const w = Math.max(-0.4, value(v));
        const k = w < 0 ? -0.05 : thick * on.size * Math.min(1, 0.4 + w * 1.8);
        shape.pos.push(...at.map((x, c) => x + out[c] * k));
        shape.place.push(at[0] * 3, 0.3 + 0.5 * Math.min(1, Math.max(0, w)));
        shape.sky.push(Math.round(255 * (0.7 + 0.3 * Math.min(1, Math.max(0, w) * 2))));
        seen.set(v, shape.sky.length - 1);
      }
      return seen.get(v);
    };
    const tris = base.head_tris[0];
    const all = Array.from({ length: tris.length / 3 }, (_, i) => [
      ...tris.slice(i * 3, i * 3 + 3),
    ]);
    for (const corners of finer(all, points, value))
      if (corners.some((v) => value(v) > 0)) shape.parts[0].idx.push(...corners.map(put));
    return shape;
  };
}

/** Head vertices well behind the edge of a scarf, but not the inside of the mouth. */
function underScarf({ base, neutral }, on) {
  const out = [];
  for (let v = 0; v < base.skin; v++) {
    if (base.head[v] < 0.5 || neutral[v * 3 + 1] < on.chin + 0.2) continue;
    const [x, y, z] = [0, 1, 2].map((k) => neutral[v * 3 + k] - on.middle[k]);
    const az = (Math.atan2(x, z) * 180) / Math.PI;
    const el = (Math.asin(y / Math.hypot(x, y, z)) * 180) / Math.PI;
    const inMouth = Math.hypot(x, y, z) < 0.62 * on.size && z > 0;
    if (!inMouth && (Math.abs(az) > 68 || el > faceLine(az) + 14)) out.push(v);
  }
  return out;
}

/** All items with files: [{entry of the catalogue without `file`, bytes}]. */
export function makeItems(prepared, tools) {
  const on = placesOf(prepared, tools);
  const normals = tools.skinNormals(prepared, prepared.neutral);
  const out = [];
  const add = (id, slot, layer, shape, meta, more = {}, options = {}) => {
    const surfaceOf = options.on ?? on.head;
    const bytes = packBound(surfaceOf, shape, { id, ...meta }, options);
    const zones =
      [...new Set(shape.parts.map((p) => p.zone))].length > 1 ? ["main", "second"] : ["main"];
    out.push({ bytes, entry: { id, slot, layer, zones, palette: "cloth", free: true, ...more } });
  };
  for (const [id, shape] of BROW_SHAPES(on))
    add(
      `brows_${id}`,
      "brows",
      0,
      shape,
      { kind: "hair", head: true },
      { palette: "hair" },
      { levels: "brow" },
    );
  for (const [id, style] of Object.entries(HAIR))
    add(
      `hair_${id}`,
      "hair",
      HAIR_LAYER,
      makeHair(on, style),
      { kind: "hair", head: true, hangs: true, scalp: id !== "ring" },
      { palette: "hair", zones: ["main", "tips"] },
      { levels: "hair", on: on.all },
    );
  for (const [id, shape] of Object.entries(beards(on, headShell(prepared, on, normals))))
    add(
      `beard_${id}`,
      "beard",
      1,
      shape,
      { kind: "hair", head: true },
      { palette: "hair" },
      { levels: "beard" },
    );
  for (const [id, shape] of GLASSES(on))
    add(
      nameOf(id),
      "eyewear",
      6,
      shape,
      { kind: "shiny", head: true, bone: "head" },
      { palette: "metal" },
    );
  for (const [id, shape] of EARS(on))
    add(
      `ear_${id}`,
      "ears",
      6,
      shape,
      { kind: "shiny", head: true, bone: "head" },
      { palette: "metal" },
    );
  for (const [id, shape] of AIDS(on))
    add(
      id,
      "hearing",
      6,
      shape,
      { kind: "shiny", head: true, bone: "head" },
      { palette: "metal", health: true },
    );
  const scarfed = underScarf(prepared, on);
  for (const [id, { shape, kind, hat, hides }] of Object.entries(hats(on)))
    add(
      hides ? `scarf_${id}` : `hat_${id}`,
      "head",
      8,
      shape,
      {
        kind,
        head: true,
        bone: hides ? undefined : "head",
        hangs: Boolean(hides),
        hat: hides ? undefined : hat,
      },
      hides ? { belief: true, excludes: ["hair"], patterns: true } : { patterns: kind === "cloth" },
      { hides: hides ? scarfed : [] },
    );
  add(
    "scarf_hijab",
    "head",
    8,
    hijab(on),
    { kind: "cloth", head: true, hangs: true },
    { belief: true, excludes: ["hair"], patterns: true },
    { on: on.all, hides: scarfed },
  );
  for (const [id, { shape, kind }] of Object.entries(necks(on)))
    add(
      `neck_${id}`,
      "neck",
      7,
      shape,
      { kind },
      { palette: kind === "shiny" ? "metal" : "cloth", patterns: kind === "cloth" },
      { on: on.all },
    );
  for (const [id, { shape, kind }] of Object.entries(wrists(on)))
    add(
      `wrist_${id}`,
      "hands",
      7,
      shape,
      { kind },
      { palette: kind === "shiny" ? "metal" : "cloth" },
      { on: on.body },
    );
  for (const [id, { shape, kind }] of Object.entries(backs(on)))
    add(`back_${id}`, "back", 9, shape, { kind }, { patterns: true }, { on: on.all });
  for (const [id, { shape, bone }] of Object.entries(aids(on)))
    add(
      id,
      bone === "leftLowerLeg" ? "limb" : "hand",
      7,
      shape,
      { kind: "shiny", bone },
      { palette: "cloth", health: true },
      { on: on.body },
    );
  add(
    "wheelchair",
    "hand",
    9,
    wheelchair(on),
    { kind: "shiny", bone: "hips" },
    { palette: "cloth", health: true },
    { on: on.body },
  );
  return out;
}
