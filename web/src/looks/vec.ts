// Small sums on points and 4×4 matrices (by columns), for what happens a few hundred times a look.
export type Vec = [number, number, number];
export type Matrix = Float64Array;

export const clamp01 = (x: number) => (x < 0 ? 0 : x > 1 ? 1 : x);

/** 0 below `low`, 1 above `high`, smooth between. */
export function smooth(low: number, high: number, x: number): number {
  const t = clamp01((x - low) / (high - low));
  return t * t * (3 - 2 * t);
}

export const at3 = (a: ArrayLike<number>, v: number): Vec => [
  a[v * 3]!,
  a[v * 3 + 1]!,
  a[v * 3 + 2]!,
];
export const add = (a: Vec, b: Vec, s = 1): Vec => [
  a[0] + b[0] * s,
  a[1] + b[1] * s,
  a[2] + b[2] * s,
];
export const sub = (a: Vec, b: Vec): Vec => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const dot = (a: Vec, b: Vec) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const scale = (a: Vec, s: number): Vec => [a[0] * s, a[1] * s, a[2] * s];
export const cross = (a: Vec, b: Vec): Vec => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const length = (a: Vec) => Math.sqrt(dot(a, a));
export const unit = (a: Vec): Vec => scale(a, 1 / (length(a) || 1));
export const mix = (a: Vec, b: Vec, t: number): Vec => add(a, sub(b, a), t);

export const identity = (): Matrix =>
  Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);

export function multiply(a: Matrix, b: Matrix): Matrix {
  const out = new Float64Array(16);
  for (let c = 0; c < 4; c++)
    for (let r = 0; r < 4; r++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[k * 4 + r]! * b[c * 4 + k]!;
      out[c * 4 + r] = sum;
    }
  return out;
}

export function apply(m: Matrix, [x, y, z]: Vec): Vec {
  const row = (k: number) => m[k]! * x + m[4 + k]! * y + m[8 + k]! * z + m[12 + k]!;
  return [row(0), row(1), row(2)];
}

type Turn = [number, number, number, number];

/** The turn about `p` by the quaternion. */
export function turnAbout(p: Vec, [x, y, z, w]: Turn): Matrix {
  const m = identity();
  m.set([1 - 2 * (y * y + z * z), 2 * (x * y + z * w), 2 * (x * z - y * w)], 0);
  m.set([2 * (x * y - z * w), 1 - 2 * (x * x + z * z), 2 * (y * z + x * w)], 4);
  m.set([2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y)], 8);
  const moved = apply(m, p);
  m.set(sub(p, moved), 12);
  return m;
}

/** The quaternion that turns unit vector a to b. */
export function between(a: Vec, b: Vec): Turn {
  const c = cross(a, b);
  const w = 1 + dot(a, b);
  const l = Math.sqrt(dot(c, c) + w * w) || 1;
  return [c[0] / l, c[1] / l, c[2] / l, w / l];
}
