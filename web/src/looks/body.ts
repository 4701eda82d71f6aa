// The parts of a look that are the person: skin, eyes, lashes, teeth and tongue.
import type { Level } from "./base";
import type { Layers } from "./cloth";
import { type Colour, Kind, type Packer } from "./packer";
import type { Prepared } from "./prepare";
import type { Shape } from "./shape";
import { type Vec, at3, smooth } from "./vec";

/** Which base vertex a packed vertex follows when the face moves; -1 for none. */
export type Followed = Int32Array;

export interface Person {
  prepared: Prepared;
  shape: Shape;
  /** Normals of the skin. */
  normals: Float32Array;
  level: Level;
  /** Per base vertex: under cloth, 0..1; what is at 1 is left out. */
  hidden: Float32Array;
  skin: Colour;
  eyes: Colour;
  hair: Colour;
  /** Shares of hair colour on the scalp, per base vertex; or null. */
  scalp: Float32Array | null;
  /** The same of a beard on the skin below it, in its own colour; or null. */
  whiskers: { share: Float32Array; colour: Colour } | null;
  follow: Followed;
  /** What a hat presses hair to; see bound.ts. */
  hat: [number, number] | null;
  /** What clothes stand off, once they are on. */
  layers: Layers | null;
  /** How deep in the shade of a skirt what is worn further in lies, 0..1 per base vertex; or null. */
  shade: { share: Float32Array; layer: number } | null;
}

const mix3 = (a: Colour, b: Colour, t: number) =>
  a.map((x, k) => x * (1 - t) + b[k]! * t) as unknown as Colour;

const SINK = 0.05;
const HIDDEN = 0.5;

export function drawSkin(packer: Packer, person: Person, part: "head" | "limbs"): void {
  const { prepared, shape, normals, level, hidden, skin, hair, scalp, whiskers, shade, follow } =
    person;
  const { base } = prepared;
  const tris = (part === "head" ? base.head_tris : base.limb_tris)[level]!;
  const own = new Int32Array(base.vertices).fill(-1);
  const kept: number[] = [];
  const order: number[] = [];
  for (let i = 0; i < tris.length; i += 3) {
    const [a, b, c] = [tris[i]!, tris[i + 1]!, tris[i + 2]!];
    const gone =
      Number(hidden[a]! > HIDDEN) + Number(hidden[b]! > HIDDEN) + Number(hidden[c]! > HIDDEN);
    if (gone === 3 || (gone === 2 && part === "head")) continue;
    for (const v of [a, b, c]) {
      if (own[v]! < 0) {
        own[v] = order.length;
        order.push(v);
      }
      kept.push(own[v]!);
    }
  }
  const before = packer.indices;
  const first = packer.begin(order.length, Kind.skin);
  order.forEach((v, i) => {
    const o = first + i;
    const sink = hidden[v]! > 0 ? SINK : 0;
    for (let k = 0; k < 3; k++) {
      packer.nrm[o * 3 + k] = normals[v * 3 + k]!;
      packer.pos[o * 3 + k] = shape.pos[v * 3 + k]! - normals[v * 3 + k]! * sink;
    }
    const t = scalp ? scalp[v]! * 0.92 : 0;
    const mixed = mix3(skin, hair.map((x) => x * 0.6) as unknown as Colour, t);
    const w = whiskers ? whiskers.share[v]! * 0.7 : 0;
    packer.colour(o, w ? mix3(mixed, whiskers!.colour, w) : mixed, 1 - (shade?.share[v] ?? 0));
    packer.mask.set(base.paint.subarray(v * 4, v * 4 + 4), o * 4);
    packer.tint.set(prepared.ink.subarray(v * 4, v * 4 + 4), o * 4);
    packer.place[o * 2] = prepared.neutral[v * 3]!;
    packer.place[o * 2 + 1] = prepared.neutral[v * 3 + 1]! - prepared.marks.eye[1];
    packer.hang(o, base.weights, v * 8);
    follow[o] = v;
  });
  packer.all(first, kept);
  packer.count_as("skin", before);
}

const AROUND = [22, 12, 8] as const;
const RINGS = [7, 4, 2] as const;
const OPENING = 1.45;
/** Both eyes look a little inward: the picture's middle, in the ball's turn. */
const INWARD = 0.05;

/** A dome an eye; its picture is the shader's. */
export function drawEyes(packer: Packer, { prepared, shape, level, eyes, follow }: Person): void {
  const { base } = prepared;
  const before = packer.indices;
  const [around, rings] = [AROUND[level], RINGS[level]];
  for (const [side, sign] of [
    ["left", 1],
    ["right", -1],
  ] as const) {
    const centre = at3(shape.pos, base.joint(`${side}Eye`));
    const front = at3(shape.pos, base.joint(`${side}EyeFront`));
    const radius = Math.hypot(front[0] - centre[0], front[1] - centre[1], front[2] - centre[2]);
    const first = packer.begin((rings + 1) * around, Kind.eye);
    for (let r = 0; r <= rings; r++)
      for (let a = 0; a < around; a++) {
        const [down, turn] = [(r / rings) * OPENING, (a / around) * 2 * Math.PI];
        const d: Vec = [
          Math.sin(down) * Math.cos(turn),
          Math.sin(down) * Math.sin(turn),
          Math.cos(down),
        ];
        const v = first + r * around + a;
        for (let k = 0; k < 3; k++) {
          packer.pos[v * 3 + k] = centre[k]! + radius * d[k]!;
          packer.nrm[v * 3 + k] = d[k]!;
        }
        packer.place[v * 2] = d[0] + sign * INWARD;
        packer.place[v * 2 + 1] = d[1];
        packer.colour(v, eyes);
        packer.hangOn(v, base.joints.indexOf(`${side}Eye`));
        follow[v] = -1;
      }
    for (let r = 0; r < rings; r++)
      for (let a = 0; a < around; a++) {
        const p = first + r * around + a;
        const q = first + r * around + ((a + 1) % around);
        packer.triangle(p, p + around, q);
        packer.triangle(q, p + around, q + around);
      }
  }
  packer.count_as("eyes", before);
}

const TEETH: Colour = [0.87, 0.85, 0.8];
const TONGUE: Colour = [0.4, 0.085, 0.09];

/** Teeth and tongue, in the dark of the mouth: the darker the further to the cheeks. */
export function drawMouth(packer: Packer, person: Person): void {
  const { prepared, shape, level } = person;
  if (level > 0) return;
  const before = packer.indices;
  const size = shape.head;
  drawExtra(packer, person, "upper-teeth", TEETH, 0.95, (p) => [
    p[0] * 0.92,
    p[1] - 0.05 * size,
    p[2],
  ]);
  drawExtra(packer, person, "lower-teeth", TEETH, 0.75, (p) => [
    p[0] * 0.9,
    p[1] - 0.01 * size,
    p[2],
  ]);
  drawExtra(packer, person, "tongue", TONGUE, 0.6, (p) => [
    p[0],
    p[1] - 0.13 * size,
    p[2] - 0.16 * size,
  ]);
  packer.count_as("mouth", before);
  void prepared;
}

function drawExtra(
  packer: Packer,
  person: Person,
  name: string,
  colour: Colour,
  sky: number,
  move: (p: Vec) => Vec,
): void {
  const { prepared, shape, follow } = person;
  const tris = prepared.base.extra[name]!;
  const order = [...new Set(tris)];
  const own = new Map(order.map((v, i) => [v, i]));
  const first = packer.begin(order.length, Kind.mouth);
  order.forEach((v, i) => {
    packer.pos.set(move(at3(shape.pos, v)), (first + i) * 3);
    packer.colour(first + i, colour);
    const side = smooth(0.08, 0.19, Math.abs(packer.pos[(first + i) * 3]!) / shape.head);
    packer.mask[(first + i) * 4 + 3] = sky * (1 - side) * 255;
    packer.hangOn(first + i, prepared.base.joints.indexOf("head"));
    follow[first + i] = v;
  });
  const idx = Array.from(tris, (v) => own.get(v)!);
  smoothNormals(packer, first, order.length, idx);
  packer.all(first, idx);
}

/** Normals of the vertices from `first` on by their triangles. */
export function smoothNormals(packer: Packer, first: number, n: number, idx: ArrayLike<number>) {
  const { pos, nrm } = packer;
  nrm.fill(0, first * 3, (first + n) * 3);
  for (let i = 0; i < idx.length; i += 3) {
    const a = (first + idx[i]!) * 3,
      b = (first + idx[i + 1]!) * 3,
      c = (first + idx[i + 2]!) * 3;
    const ux = pos[b]! - pos[a]!,
      uy = pos[b + 1]! - pos[a + 1]!,
      uz = pos[b + 2]! - pos[a + 2]!;
    const vx = pos[c]! - pos[a]!,
      vy = pos[c + 1]! - pos[a + 1]!,
      vz = pos[c + 2]! - pos[a + 2]!;
    const x = uy * vz - uz * vy,
      y = uz * vx - ux * vz,
      z = ux * vy - uy * vx;
    for (const q of [a, b, c]) {
      nrm[q]! += x;
      nrm[q + 1]! += y;
      nrm[q + 2]! += z;
    }
  }
  for (let o = first * 3; o < (first + n) * 3; o += 3) {
    const l = Math.sqrt(nrm[o]! ** 2 + nrm[o + 1]! ** 2 + nrm[o + 2]! ** 2) || 1;
    nrm[o]! /= l;
    nrm[o + 1]! /= l;
    nrm[o + 2]! /= l;
  }
}

/** The base's strips of lashes, short and solid; `long` 0..1 is how far they stand out. */
export function drawLashes(packer: Packer, person: Person, long: number, colour: Colour): void {
  const { prepared, shape, level, follow } = person;
  if (level > 1) return;
  const { base } = prepared;
  const before = packer.indices;
  for (const [s, side] of [
    ["l", "left"],
    ["r", "right"],
  ] as const) {
    const centre = at3(shape.pos, base.joint(`${side}Eye`));
    const tris = base.extra[`${s}-eyelashes-2`]!;
    const order = [...new Set(tris)];
    const own = new Map(order.map((v, i) => [v, i]));
    const from = (v: number) =>
      Math.hypot(...[0, 1, 2].map((k) => shape.pos[v * 3 + k]! - centre[k]!));
    const cut = order.map(from).sort((a, b) => a - b)[Math.floor(order.length * 0.52)]!;
    const roots = order.filter((v) => from(v) <= cut);
    const first = packer.begin(order.length, Kind.mouth);
    order.forEach((v, i) => {
      let p = at3(shape.pos, v);
      /* Tips go with their roots: by themselves they would stand askew on a closed lid. */
      follow[first + i] = v;
      if (from(v) > cut) {
        const far = (u: number) =>
          [0, 1, 2].reduce((sum, k) => sum + (shape.pos[u * 3 + k]! - p[k]!) ** 2, 0);
        const root = roots.reduce((a, b) => (far(b) < far(a) ? b : a));
        p = p.map(
          (x, k) => shape.pos[root * 3 + k]! + (x - shape.pos[root * 3 + k]!) * long,
        ) as Vec;
        follow[first + i] = root;
      }
      packer.pos.set([p[0], p[1] + 0.004, p[2] + 0.016], (first + i) * 3);
      packer.nrm.set([0, 0.2, 0.98], (first + i) * 3);
      packer.colour(first + i, colour);
      packer.hangOn(first + i, base.joints.indexOf("head"));
    });
    packer.all(
      first,
      Array.from(tris, (v) => own.get(v)!),
    );
  }
  packer.count_as("lashes", before);
}
