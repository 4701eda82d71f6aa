// Where hair grows: the line around the head, in degrees from its middle, and shares of it a vertex.
import type { Bound } from "./bound";
import type { Prepared } from "./prepare";
import { clamp01, smooth, type Vec } from "./vec";

/** [degrees from the front, lowest elevation]; the other side alike. */
const LINE = [
  [0, 36],
  [20, 35],
  [36, 30],
  [50, 19],
  [61, 5],
  [70, -12],
  [82, -15],
  [94, -12],
  [108, -26],
  [130, -36],
  [160, -42],
  [180, -43],
] as const;
const DEGREE = Math.PI / 180;

export function hairline(azimuth: number): number {
  const a = Math.abs(((azimuth + 540) % 360) - 180);
  for (let i = 1; i < LINE.length; i++) {
    const [[x0, y0], [x1, y1]] = [LINE[i - 1]!, LINE[i]!];
    if (a <= x1) return y0 + (y1 - y0) * smooth(x0, x1, a);
  }
  return LINE.at(-1)![1];
}

/** The middle of the skull, from which hair is told by directions. */
export function skull({ marks, base, neutral }: Prepared): Vec {
  let back = 9e9;
  for (let v = 0; v < base.skin; v++)
    if (base.head[v]! > 0.9) back = Math.min(back, neutral[v * 3 + 2]!);
  const size = base.headSize;
  return [0, marks.eye[1] + 0.12 * size, (marks.eye[2] + 0.05 * size + back) / 2];
}

const kept = new WeakMap<Prepared, Float32Array>();

/** How much of the hair's colour the skin under it takes, per base vertex. */
export function scalpOf(prepared: Prepared): Float32Array {
  const known = kept.get(prepared);
  if (known) return known;
  const { base, neutral } = prepared;
  const middle = skull(prepared);
  const out = new Float32Array(base.vertices);
  for (let v = 0; v < base.skin; v++) {
    if (base.head[v]! < 0.4) continue;
    const [x, y, z] = [0, 1, 2].map((k) => neutral[v * 3 + k]! - middle[k]!) as Vec;
    const up = Math.asin(y / Math.hypot(x, y, z)) / DEGREE;
    const side = Math.atan2(x, z) / DEGREE;
    const onEar = Math.abs(x) > 1.0 && up < 10 && up > -30 && Math.abs(side) < 110;
    out[v] = onEar ? 0 : clamp01((up - hairline(side) - 1) / 9);
  }
  kept.set(prepared, out);
  return out;
}

const SPREAD = 3;
const bearded = new WeakMap<Bound, Float32Array>();

/** How much of a beard's colour the skin under and beside it takes, per base vertex: whiskers end softly. */
export function whiskersOf({ base, skin }: Prepared, beard: Bound): Float32Array {
  const known = bearded.get(beard);
  if (known) return known;
  let share = new Float32Array(base.vertices);
  for (const v of beard.ref) if (v < base.skin) share[v] = 1;
  for (let round = 0; round < SPREAD; round++) {
    const [sum, many] = [new Float32Array(base.vertices), new Uint8Array(base.vertices)];
    for (let i = 0; i < skin[0]!.length; i++) {
      const [a, b] = [skin[0]![i]!, skin[0]![i % 3 < 2 ? i + 1 : i - 2]!];
      sum[a]! += share[b]!;
      many[a]!++;
    }
    share = share.map((x, v) => (many[v] ? 0.4 * x + (0.6 * sum[v]!) / many[v]! : x));
  }
  for (let v = 0; v < base.skin; v++) {
    share[v]! *= base.head[v]! > 0.8 ? 1 - Math.min(1, base.paint[v * 4]! / 90) : 0;
  }
  bearded.set(beard, share);
  return share;
}
