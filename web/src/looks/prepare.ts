// What is worked out once from a base: the neutral body, and where on it every vertex lies.
import type { Base } from "./base";
import { inkOf } from "./ink";
import { normalsOf, type Shape, shapeOf } from "./shape";
import { type Vec, at3, clamp01, dot, sub } from "./vec";

/** Places on the neutral body, by which rules are written. */
export interface Marks {
  neck: Vec;
  hip: Vec;
  knee: Vec;
  ankle: Vec;
  shoulder: Vec;
  elbow: Vec;
  wrist: Vec;
  toes: Vec;
  eye: Vec;
  eyeRadius: number;
  head: Vec;
  chin: number;
  crown: number;
  waist: number;
}

/** Numbers of a vertex: x y z, arm share, along the arm, leg share, along the leg. */
export const PLACE = { x: 0, y: 1, z: 2, arm: 3, along: 4, leg: 5, down: 6, size: 7 } as const;

export interface Prepared {
  base: Base;
  neutral: Float32Array;
  marks: Marks;
  /** PLACE.size numbers a vertex. */
  place: Float32Array;
  /** Where tattoos and nails lie: 4 bytes a vertex of the skin; see ink.ts. */
  ink: Uint8Array;
  /** Neighbours on the face and how much its normals are softened there. */
  soft: { vertex: Uint16Array; share: Float32Array; start: Uint32Array; near: Uint16Array };
  /** Triangles of the skin: the head's and the limbs' of each level. */
  skin: Uint16Array[];
  /** The vertices of what cloth is cut from. */
  cages: { tights: Uint16Array; skirt: Uint16Array };
  /** By base vertex: the nearest of the other cage, for the skirt's and what lies at the hips; else 65535. */
  across: Uint16Array;
  /** Fields of rules, kept between looks. */
  fields: Map<string, Float32Array>;
}

export function prepare(base: Base): Prepared {
  const { pos: neutral, head: size }: Shape = shapeOf(base, {}, {});
  const marks = marksOf(base, neutral, size);
  const skin = base.head_tris.map((head, level) =>
    Uint16Array.from([...head, ...base.limb_tris[level]!]),
  );
  const cages = {
    tights: Uint16Array.from(new Set(base.tights[0]!)),
    skirt: Uint16Array.from(new Set(base.skirt[0]!)),
  };
  const place = placesOf(base, neutral, marks);
  return {
    base,
    neutral,
    cages,
    across: acrossOf(base, neutral, cages, marks),
    marks,
    place,
    ink: inkOf(base, neutral, marks, (v) => {
      const o = v * PLACE.size;
      return [PLACE.arm, PLACE.along, PLACE.leg, PLACE.down].map((k) => place[o + k]!) as [
        number,
        number,
        number,
        number,
      ];
    }),
    soft: softOf(base, neutral, skin[0]!, marks),
    skin,
    fields: new Map(),
  };
}

function marksOf(base: Base, pos: Float32Array, size: number): Marks {
  const joint = (name: string) => at3(pos, base.joint(name));
  const eye = joint("leftEye");
  const front = joint("leftEyeFront");
  const hip = joint("leftUpperLeg");
  let [chin, crown] = [9e9, -9e9];
  for (let v = 0; v < base.skin; v++) {
    if (base.head[v]! < 0.9) continue;
    crown = Math.max(crown, pos[v * 3 + 1]!);
    if (Math.abs(pos[v * 3]!) < 0.15 && pos[v * 3 + 2]! > eye[2] - 0.3 * size)
      chin = Math.min(chin, pos[v * 3 + 1]!);
  }
  return {
    neck: joint("neck"),
    hip,
    knee: joint("leftLowerLeg"),
    ankle: joint("leftFoot"),
    shoulder: joint("leftUpperArm"),
    elbow: joint("leftLowerArm"),
    wrist: joint("leftHand"),
    toes: joint("leftToes"),
    eye,
    eyeRadius: Math.hypot(...sub(front, eye)),
    head: joint("head"),
    chin,
    crown,
    waist: hip[1] + 1.45,
  };
}

export const NOBODY = 65535;

function acrossOf(
  base: Base,
  pos: Float32Array,
  cages: Prepared["cages"],
  { hip, waist }: Marks,
): Uint16Array {
  const out = new Uint16Array(base.vertices).fill(NOBODY);
  const nearest = (v: number, of: Uint16Array): number => {
    let [best, least] = [NOBODY, 9e9];
    for (const u of of) {
      const d =
        (pos[u * 3]! - pos[v * 3]!) ** 2 +
        (pos[u * 3 + 1]! - pos[v * 3 + 1]!) ** 2 +
        (pos[u * 3 + 2]! - pos[v * 3 + 2]!) ** 2;
      if (d < least) [best, least] = [u, d];
    }
    return best;
  };
  for (const v of cages.skirt) out[v] = nearest(v, cages.tights);
  for (const v of cages.tights) {
    const y = pos[v * 3 + 1]!;
    if (y > hip[1] - 1.2 && y < waist && Math.abs(pos[v * 3]!) < 2.4)
      out[v] = nearest(v, cages.skirt);
  }
  return out;
}

const share = (base: Base, v: number, test: RegExp) => {
  let sum = 0;
  for (let k = 0; k < 4; k++)
    if (test.test(base.joints[base.weights[v * 8 + k]!]!)) sum += base.weights[v * 8 + 4 + k]!;
  return sum / 255;
};
const ARM = /UpperArm|LowerArm|Hand|Thumb|Index|Middle|Ring|Little/;
const LEG = /Leg|Foot|Toes/;

function placesOf(base: Base, pos: Float32Array, marks: Marks): Float32Array {
  const out = new Float32Array(base.vertices * PLACE.size);
  const arms = base.joints.map((name) => ARM.test(name));
  const legs = base.joints.map((name) => LEG.test(name));
  const weigh = (v: number, which: boolean[]) => {
    let sum = 0;
    for (let k = 0; k < 4; k++)
      if (which[base.weights[v * 8 + k]!]) sum += base.weights[v * 8 + 4 + k]!;
    return sum / 255;
  };
  const along = (p: Vec, a: Vec, b: Vec) => {
    const d = sub(b, a);
    return dot(sub(p, a), d) / dot(d, d);
  };
  const { hip, knee, ankle, shoulder, elbow, wrist } = marks;
  for (let v = 0; v < base.vertices; v++) {
    const [x, y, z] = at3(pos, v);
    const p: Vec = [Math.abs(x), y, z];
    const upper = along(p, shoulder, elbow);
    const thigh = (hip[1] - y) / (hip[1] - knee[1]);
    out.set(
      [
        x,
        y,
        z,
        weigh(v, arms),
        upper < 1 ? upper : 1 + Math.max(0, along(p, elbow, wrist)),
        weigh(v, legs),
        thigh < 1 ? thigh : 1 + (knee[1] - y) / (knee[1] - ankle[1]),
      ],
      v * PLACE.size,
    );
  }
  return out;
}

/** Softer cheeks: normals are averaged over the face, but at lids, lips, nose and ears less. */
function softOf(base: Base, pos: Float32Array, tris: Uint16Array, marks: Marks): Prepared["soft"] {
  const { eye } = marks;
  const near = new Map<number, Set<number>>();
  for (let i = 0; i < tris.length; i += 3)
    for (let k = 0; k < 3; k++) {
      const a = tris[i + k]!;
      const b = tris[i + ((k + 1) % 3)]!;
      for (const [one, other] of [
        [a, b],
        [b, a],
      ] as const) {
        if (base.head[one]! < 0.3) continue;
        if (!near.has(one)) near.set(one, new Set());
        near.get(one)!.add(other);
      }
    }
  const list = [...near]
    .map(([v, others]) => {
      const [x, y, z] = at3(pos, v);
      const onNose = Math.abs(x) < 0.3 && z > eye[2] + 0.2 && y < eye[1] && y > eye[1] - 1.1;
      const ear = Math.abs(x) > 1.02 && Math.abs(z) < 0.9;
      const amount =
        clamp01(1 - base.paint[v * 4 + 2]! / 90) *
        clamp01(1 - base.paint[v * 4]! / 140) *
        (ear ? 0.1 : 1) *
        (onNose ? 0.5 : 1);
      return { v, others: [...others], amount };
    })
    .filter(({ amount }) => amount > 0.02);
  const start = new Uint32Array(list.length + 1);
  list.forEach(({ others }, i) => {
    start[i + 1] = start[i]! + others.length;
  });
  return {
    vertex: Uint16Array.from(list, ({ v }) => v),
    share: Float32Array.from(list, ({ amount }) => amount),
    start,
    near: Uint16Array.from(list.flatMap(({ others }) => others)),
  };
}

const SOFT_ROUNDS = 6;
const SOFT_STEP = 0.75;

/** Normals of the skin of a shaped body, the face's softened. */
export function skinNormals(prepared: Prepared, pos: Float32Array): Float32Array {
  const { base, skin, soft } = prepared;
  const out = normalsOf(pos, skin[0]!, base.vertices);
  for (let round = 0; round < SOFT_ROUNDS; round++)
    for (let i = 0; i < soft.vertex.length; i++) {
      const o = soft.vertex[i]! * 3;
      const w = soft.share[i]! * SOFT_STEP;
      const k = w / (soft.start[i + 1]! - soft.start[i]!);
      let [x, y, z] = [out[o]! * (1 - w), out[o + 1]! * (1 - w), out[o + 2]! * (1 - w)];
      for (let j = soft.start[i]!; j < soft.start[i + 1]!; j++) {
        const q = soft.near[j]! * 3;
        x += out[q]! * k;
        y += out[q + 1]! * k;
        z += out[q + 2]! * k;
      }
      const l = Math.sqrt(x * x + y * y + z * z) || 1;
      out[o] = x / l;
      out[o + 1] = y / l;
      out[o + 2] = z / l;
    }
  return out;
}

export const armShare = (base: Base, v: number) => share(base, v, ARM);
