// A packed look as it stands: metres, arms level, one vertex after the other. Bones then only move.
import type { Packed } from "../packer";

export interface Rest {
  /** 3 a vertex */
  position: Float32Array;
  normal: Float32Array;
  /** 4 a vertex; what weighs nothing is joint 0, and none stands twice. */
  joints: Uint8Array;
  weights: Uint8Array;
  /** Of the first vertices, the face: 3 a vertex each. */
  morphs: { name: string; delta: Float32Array }[];
}

/** What the bones of the shape at rest make of a vertex, as 12 numbers: by columns, the way last. */
function blendOf({ joints, inverse, skinIndex, skinWeight }: Packed, v: number, out: Float64Array) {
  out.fill(0);
  for (let k = 0; k < 4; k++) {
    const w = skinWeight[v * 4 + k]! / 255;
    if (w === 0) continue;
    const j = skinIndex[v * 4 + k]!;
    for (let c = 0; c < 4; c++)
      for (let r = 0; r < 3; r++) out[c * 3 + r]! += w * inverse[j * 16 + c * 4 + r]!;
    for (let r = 0; r < 3; r++) out[9 + r]! += w * joints[j * 3 + r]!;
  }
}

function put(
  m: Float64Array,
  x: number,
  y: number,
  z: number,
  way: 0 | 1,
  to: Float32Array,
  o: number,
) {
  for (let r = 0; r < 3; r++)
    to[o + r] = m[r]! * x + m[3 + r]! * y + m[6 + r]! * z + way * m[9 + r]!;
}

function unit(to: Float32Array, o: number) {
  const l = Math.hypot(to[o]!, to[o + 1]!, to[o + 2]!);
  if (l > 1e-6) for (let r = 0; r < 3; r++) to[o + r]! /= l;
  else to.set([0, 1, 0], o);
}

export function restOf(packed: Packed): Rest {
  const { count, position, normal, span, face } = packed;
  const metres = span / 32767;
  const rest: Rest = {
    position: new Float32Array(count * 3),
    normal: new Float32Array(count * 3),
    ...hangsOf(packed),
    morphs: packed.morphs.map(({ name }) => ({ name, delta: new Float32Array(face.vertices * 3) })),
  };
  const m = new Float64Array(12);
  for (let v = 0; v < count; v++) {
    blendOf(packed, v, m);
    const at = (of: Int16Array, o: number, k: number) => of[o + k]! * metres;
    put(
      m,
      at(position, v * 4, 0),
      at(position, v * 4, 1),
      at(position, v * 4, 2),
      1,
      rest.position,
      v * 3,
    );
    put(m, normal[v * 4]!, normal[v * 4 + 1]!, normal[v * 4 + 2]!, 0, rest.normal, v * 3);
    unit(rest.normal, v * 3);
    if (v >= face.vertices) continue;
    packed.morphs.forEach(({ delta }, i) => {
      put(
        m,
        at(delta, v * 3, 0),
        at(delta, v * 3, 1),
        at(delta, v * 3, 2),
        0,
        rest.morphs[i]!.delta,
        v * 3,
      );
    });
  }
  return rest;
}

function hangsOf({ count, skinIndex, skinWeight }: Packed) {
  const joints = new Uint8Array(count * 4);
  const weights = new Uint8Array(count * 4);
  for (let v = 0; v < count; v++) {
    let used = 0;
    for (let k = 0; k < 4; k++) {
      const [j, w] = [skinIndex[v * 4 + k]!, skinWeight[v * 4 + k]!];
      if (w === 0) continue;
      let at = 0;
      while (at < used && joints[v * 4 + at] !== j) at++;
      if (at === used) used++;
      joints[v * 4 + at] = j;
      weights[v * 4 + at]! += w;
    }
  }
  return { joints, weights };
}
