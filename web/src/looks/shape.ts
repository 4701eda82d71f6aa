// A body of its own from the base: main components, sliders, the enlarged head; normals; the T pose.
import type { Base } from "./base";
import { factorsOf, macroOf, weightOf } from "./macro";
import {
  type Matrix,
  type Vec,
  apply,
  at3,
  between,
  identity,
  multiply,
  scale,
  sub,
  turnAbout,
  unit,
} from "./vec";

export interface Shape {
  /** Every vertex and point of the base, decimetres, A pose. */
  pos: Float32Array;
  /** How much larger than the data's the head is. */
  head: number;
  /** Metres from sole to crown. */
  height: number;
}

export type Sliders = Readonly<Record<string, number>>;

const HEAD_RANGE = 0.16;
const HEIGHT = { middle: 1.66, male: 0.05, range: 0.15 };

/** Adds `weight` times a move. */
export function addMove(pos: Float32Array, base: Base, id: string, weight: number): void {
  const move = base.moves.get(id);
  if (!move) return;
  const k = move.scale * weight;
  const { at, by } = move;
  for (let i = 0; i < at.length; i++) {
    const o = at[i]! * 3;
    pos[o]! += by[i * 3]! * k;
    pos[o + 1]! += by[i * 3 + 1]! * k;
    pos[o + 2]! += by[i * 3 + 2]! * k;
  }
}

/** The coordinates of a body in the main components. */
function coordinates(base: Base, body: Sliders): Float64Array {
  const macro = macroOf(body);
  const now = factorsOf(macro);
  const soft = factorsOf(macro, true);
  const out = new Float64Array(base.basis.length);
  for (const { words, coords, head } of base.rows) {
    const w = head ? weightOf(words, soft) - weightOf(words, now) : weightOf(words, now);
    if (Math.abs(w) < 1e-4) continue;
    for (let k = 0; k < out.length; k++) out[k]! += w * coords[k]!;
  }
  return out;
}

export function shapeOf(base: Base, body: Sliders, face: Sliders): Shape {
  const pos = Float32Array.from(base.pos);
  const at = coordinates(base, body);
  base.basis.forEach((steps, k) => {
    const w = base.scales[k]! * at[k]!;
    for (let i = 0; i < steps.length; i++) pos[i]! += steps[i]! * w;
  });
  for (const sliders of [body, face])
    for (const [id, value] of Object.entries(sliders))
      addMove(pos, base, `${id}${value > 0 ? "+" : "-"}`, Math.abs(value) / 100);
  const strong = ((body["figure"] ?? 0) + 100) / 200;
  addMove(pos, base, "soft", 1 - strong);
  const head = base.headSize + ((body["head_size"] ?? 0) / 100) * HEAD_RANGE;
  enlargeHead(base, pos, head);
  const height =
    HEIGHT.middle + HEIGHT.male * (strong * 2 - 1) + ((body["height"] ?? 0) / 100) * HEIGHT.range;
  return { pos, head, height };
}

function enlargeHead(base: Base, pos: Float32Array, size: number): void {
  const [x, y, z] = at3(pos, base.joint("head"));
  for (let v = 0; v < base.count; v++) {
    const s = (size - 1) * base.head[v]!;
    if (!s) continue;
    pos[v * 3]! += (pos[v * 3]! - x) * s;
    pos[v * 3 + 1]! += (pos[v * 3 + 1]! - y) * s;
    pos[v * 3 + 2]! += (pos[v * 3 + 2]! - z) * s;
  }
}

/** Normals of n vertices over triangles; those that no triangle has are 0. */
export function normalsOf(
  pos: Float32Array,
  tris: ArrayLike<number>,
  n: number,
  out: Float32Array = new Float32Array(n * 3),
): Float32Array {
  for (let i = 0; i < tris.length; i += 3) {
    const a = tris[i]! * 3;
    const b = tris[i + 1]! * 3;
    const c = tris[i + 2]! * 3;
    const ux = pos[b]! - pos[a]!,
      uy = pos[b + 1]! - pos[a + 1]!,
      uz = pos[b + 2]! - pos[a + 2]!;
    const vx = pos[c]! - pos[a]!,
      vy = pos[c + 1]! - pos[a + 1]!,
      vz = pos[c + 2]! - pos[a + 2]!;
    const x = uy * vz - uz * vy,
      y = uz * vx - ux * vz,
      z = ux * vy - uy * vx;
    out[a]! += x;
    out[a + 1]! += y;
    out[a + 2]! += z;
    out[b]! += x;
    out[b + 1]! += y;
    out[b + 2]! += z;
    out[c]! += x;
    out[c + 1]! += y;
    out[c + 2]! += z;
  }
  normalise(out, n);
  return out;
}

export function normalise(out: Float32Array, n: number): void {
  for (let i = 0; i < n * 3; i += 3) {
    const l = Math.sqrt(out[i]! ** 2 + out[i + 1]! ** 2 + out[i + 2]! ** 2);
    if (!l) continue;
    out[i]! /= l;
    out[i + 1]! /= l;
    out[i + 2]! /= l;
  }
}

export interface Rig {
  /** Each bone's rigid way from the A to the T pose. */
  turns: Matrix[];
  /** Joints in the T pose, decimetres. */
  joints: Vec[];
}

/** Arms level, palms down, legs nearly upright with flat soles: where clips start from. */
export function rigOf(base: Base, pos: Float32Array): Rig {
  const { joints, parents } = base;
  const turns = joints.map(identity);
  const index = (name: string) => joints.indexOf(name);
  const under = (bone: number) =>
    joints.flatMap((_, b) => {
      for (let p = b; p >= 0; p = parents[p]!) if (p === bone) return [b];
      return [];
    });
  const at = (joint: string, by = joint) => apply(turns[index(by)]!, at3(pos, base.joint(joint)));
  const turn = (bone: string, about: Vec, by: [number, number, number, number]) => {
    const m = turnAbout(about, by);
    for (const b of under(index(bone))) turns[b] = multiply(m, turns[b]!);
  };
  for (const [side, sign] of [
    ["left", 1],
    ["right", -1],
  ] as const) {
    const aim = (bone: string, child: string) => {
      const from = at(side + bone);
      const along = unit(sub(at(side + child, side + bone), from));
      turn(side + bone, from, between(along, [sign, 0, 0]));
    };
    aim("UpperArm", "LowerArm");
    aim("LowerArm", "Hand");
    aim("Hand", "MiddleProximal");
    const hand = `${side}Hand`;
    const across = sub(at(`${side}LittleProximal`, hand), at(`${side}IndexProximal`, hand));
    const half = Math.atan2(across[1], -across[2]) / 4;
    const roll: [number, number, number, number] = [Math.sin(half), 0, 0, Math.cos(half)];
    turn(`${side}LowerArm`, at(`${side}LowerArm`), roll);
    turn(hand, at(hand), roll);
    const hip = at(`${side}UpperLeg`);
    const leg = unit(sub(at(`${side}Foot`), hip));
    const up = between(leg, unit([leg[0] * 0.3, leg[1], leg[2]]));
    turn(`${side}UpperLeg`, hip, up);
    const back = scale([up[0], up[1], up[2]], -1);
    turn(`${side}Foot`, at(`${side}Foot`), [...back, up[3]]);
  }
  return { turns, joints: joints.map((name) => at(name)) };
}
