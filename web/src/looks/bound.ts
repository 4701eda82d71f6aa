// Items with a shape of their own, bound to the base: each vertex is the weighted mean of three of the
// base's, and an offset. Hair, brows, glasses, hats, what is worn at ears, hands and back.
import type { BoundRange, Piece } from "./assemble";
import { smoothNormals, type Person } from "./body";
import { unpack } from "./bytes";
import type { Level } from "./base";
import { Kind, type KindName, type Packer } from "./packer";
import { at3, clamp01, smooth } from "./vec";

export interface BoundMeta {
  v: number;
  id: string;
  kind: KindName;
  unit: number;
  place_unit: number;
  /** Triangles: name of the chunk without its level, and the zone it is coloured as. */
  parts: { name: string; zone: number; kind?: KindName }[];
  /** Whole on this bone, else on what its vertices are bound to. */
  bone?: string;
  /** Hair that hangs from head to back, whole on the head above the chin. */
  hangs?: boolean;
  /** Colours the skin below it. */
  scalp?: boolean;
  /** Grows with the head. */
  head?: boolean;
  /** A hat presses hair flat above [height over the head's joint, rise to the front], dm. */
  hat?: [number, number];
}

export interface Bound {
  meta: BoundMeta;
  count: number;
  ref: Uint16Array;
  weight: Float32Array;
  offset: Float32Array;
  place: Float32Array;
  sky: Uint8Array;
  parts: { tris: Uint16Array[]; zone: number; kind: KindName }[];
  /** Base vertices that it covers whole. */
  hides: Uint16Array;
}

const LEVELS = [0, 1, 2] as const;

/** Reads an item's file; throws when it isn't one, or goes beyond the base. */
export function readBound(bytes: Uint8Array, vertices: number): Bound {
  const file = unpack<BoundMeta>(bytes);
  const { meta } = file;
  if (meta.v !== 1) throw new Error("looks: an item of another version");
  const ref = file.u16("ref");
  const two = file.u8("weight");
  const count = ref.length / 3;
  const offset = Float32Array.from(file.i16("offset"), (x) => x / meta.unit);
  const place = Float32Array.from(file.i16("place"), (x) => x / meta.place_unit);
  const sky = file.u8("sky");
  const whole =
    two.length === count * 2 &&
    offset.length === count * 3 &&
    place.length === count * 2 &&
    sky.length === count &&
    ref.every((v) => v < vertices);
  if (!whole) throw new Error("looks: an item is torn");
  const weight = new Float32Array(count * 3);
  for (let i = 0; i < count; i++) {
    weight[i * 3] = two[i * 2]! / 255;
    weight[i * 3 + 1] = two[i * 2 + 1]! / 255;
    weight[i * 3 + 2] = 1 - weight[i * 3]! - weight[i * 3 + 1]!;
  }
  const parts = meta.parts.map(({ name, zone, kind }) => {
    const tris = LEVELS.map((level) => file.u16(`${name}${level}`));
    if (!tris.every((list) => list.every((v) => v < count)))
      throw new Error("looks: an item is torn");
    return { tris, zone, kind: kind ?? meta.kind };
  });
  return { meta, count, ref, weight, offset, place, sky, parts, hides: file.u16("hides") };
}

/** Where its vertices are on this body. */
export function fitted(bound: Bound, pos: Float32Array, grow: number): Float32Array {
  const { ref, weight, offset, count } = bound;
  const out = new Float32Array(count * 3);
  for (let i = 0; i < count; i++) {
    const [a, b, c] = [ref[i * 3]! * 3, ref[i * 3 + 1]! * 3, ref[i * 3 + 2]! * 3];
    const [p, q, r] = [weight[i * 3]!, weight[i * 3 + 1]!, weight[i * 3 + 2]!];
    for (let k = 0; k < 3; k++)
      out[i * 3 + k] =
        pos[a + k]! * p + pos[b + k]! * q + pos[c + k]! * r + offset[i * 3 + k]! * grow;
  }
  return out;
}

/** What lies on the trunk lies on the clothes there. In place. */
function overClothes({ ref, weight, count }: Bound, at: Float32Array, { layers }: Person): void {
  if (!layers) return;
  const { height, tights } = layers;
  for (let i = 0; i < count * 3; i++) {
    const v = ref[i]!;
    const off = weight[i]! * height[v]!;
    if (!off) continue;
    const o = Math.floor(i / 3) * 3;
    for (let k = 0; k < 3; k++) at[o + k]! += tights[v * 3 + k]! * off;
  }
}

const FLAT_HAIR_DM = 0.05;

/** Hair under a hat lies flat. In place. */
export function pressHair(
  bound: Bound,
  at: Float32Array,
  person: Person,
  [up, rise]: [number, number],
): void {
  const {
    shape,
    prepared: { base },
  } = person;
  const grow = shape.head / base.headSize;
  const joint = base.joint("head") * 3;
  const [y0, z0] = [shape.pos[joint + 1]!, shape.pos[joint + 2]!];
  const size = shape.head;
  for (let i = 0; i < bound.count; i++) {
    const o = i * 3;
    const [y, z] = [(at[o + 1]! - y0) / size, (at[o + 2]! - z0) / size];
    const over = y - (up - rise * z);
    if (over <= -0.2) continue;
    const long = Math.hypot(bound.offset[o]!, bound.offset[o + 1]!, bound.offset[o + 2]!);
    if (long <= FLAT_HAIR_DM) continue;
    const share = clamp01((over + 0.2) / 0.25) * (1 - FLAT_HAIR_DM / long);
    for (let k = 0; k < 3; k++) at[o + k]! -= bound.offset[o + k]! * grow * share;
  }
}

/** So far off the skin (dm) hair begins to hang free, and does wholly: tails that are tied high. */
const FREE_DM = [1, 2] as const;

/** How freely a point of hair hangs, wherever it is tied, 0..1: the more the nearer to its end. */
function freeOf({ offset, place }: Bound, v: number): number {
  const off = Math.hypot(offset[v * 3]!, offset[v * 3 + 1]!, offset[v * 3 + 2]!);
  return smooth(...FREE_DM, off) * clamp01(place[v * 2 + 1]!);
}

const HANG_DM = 1.7;
const HANG_SHARE = 0.75;

/** Draws it whole; returns how it follows the face. */
export function drawBound(
  packer: Packer,
  person: Person,
  piece: Piece,
  moved?: Float32Array,
): BoundRange | null {
  const { bound } = piece;
  if (!bound) return null;
  const { shape, prepared, level } = person;
  const { base } = prepared;
  const { meta } = bound;
  const grow = meta.head ? shape.head / base.headSize : 1;
  const at = moved ?? fitted(bound, shape.pos, grow);
  if (!meta.bone) overClothes(bound, at, person);
  if (piece.item.slot === "hair" && person.hat) pressHair(bound, at, person, person.hat);
  const before = packer.indices;
  const used = new Int32Array(bound.count).fill(-1);
  const lists = bound.parts.map((part) => part.tris[level as Level]!);
  const order: number[] = [];
  const partOf: number[] = [];
  lists.forEach((tris, p) => {
    for (const v of tris)
      if (used[v]! < 0) {
        used[v] = order.length;
        order.push(v);
        partOf.push(p);
      }
  });
  /* What hangs over clothes is meant to be seen on them. */
  packer.layer = 255;
  const first = packer.begin(order.length, Kind[meta.kind]);
  packer.layer = 0;
  const head = base.joints.indexOf("head");
  const bone = meta.bone ? base.joints.indexOf(meta.bone) : -1;
  const chest = base.joints.indexOf("upperChest");
  const chin = shape.pos[base.joint("head") * 3 + 1]! - 0.15;
  order.forEach((v, i) => {
    const o = first + i;
    const part = bound.parts[partOf[i]!]!;
    packer.pos.set(at.subarray(v * 3, v * 3 + 3), o * 3);
    packer.tone[o * 4 + 3] = Kind[part.kind];
    packer.colour(o, piece.colours[part.zone] ?? piece.colours[0]!);
    packer.second(o, piece.colours[1] ?? piece.colours[0]!);
    packer.mask[o * 4 + 3] = bound.sky[v]!;
    if (piece.item.slot === "hair" && !person.hat) packer.mask[o * 4] = 255 * freeOf(bound, v);
    packer.place.set(bound.place.subarray(v * 2, v * 2 + 2), o * 2);
    if (meta.hangs) {
      const t = clamp01((chin - at[v * 3 + 1]!) / HANG_DM);
      const share = Math.round(255 * t * HANG_SHARE);
      packer.joint.set([head, chest, 0, 0], o * 4);
      packer.weight.set([255 - share, share, 0, 0], o * 4);
    } else if (bone >= 0) packer.hangOn(o, bone);
    else packer.hang(o, base.weights, heaviest(bound, v) * 8);
  });
  const idx = lists.flatMap((tris) => Array.from(tris, (v) => used[v]!));
  smoothNormals(packer, first, order.length, idx);
  if (meta.kind === "hair" && meta.hangs) roundNormals(packer, first, order.length, person);
  packer.all(first, idx);
  packer.count_as(piece.item.slot, before);
  return {
    follow: (from, delta) =>
      order.forEach((v, i) => {
        for (let k = 0; k < 3; k++) {
          let sum = 0;
          for (let q = 0; q < 3; q++)
            sum += bound.weight[v * 3 + q]! * from[bound.ref[v * 3 + q]! * 3 + k]!;
          delta[(first + i) * 3 + k] = sum;
        }
      }),
  };
}

/** Hair is lit as a mass: normals lean outward from the head. */
function roundNormals(
  { pos, nrm }: Packer,
  first: number,
  n: number,
  { shape, prepared }: Person,
): void {
  const [x, y, z] = at3(shape.pos, prepared.base.joint("head"));
  const up = y + 0.55 * shape.head;
  for (let o = first * 3; o < (first + n) * 3; o += 3) {
    const d = [pos[o]! - x, (pos[o + 1]! - up) * 0.6, pos[o + 2]! - z - 0.1];
    const l = Math.hypot(...d) || 1;
    let sum = 0;
    for (let k = 0; k < 3; k++) {
      nrm[o + k] = nrm[o + k]! * 0.8 + (d[k]! / l) * 0.45;
      sum += nrm[o + k]! ** 2;
    }
    for (let k = 0; k < 3; k++) nrm[o + k]! /= Math.sqrt(sum) || 1;
  }
}

function heaviest({ ref, weight }: Bound, v: number): number {
  let best = 0;
  for (let q = 1; q < 3; q++) if (weight[v * 3 + q]! > weight[v * 3 + best]!) best = q;
  return ref[v * 3 + best]!;
}
