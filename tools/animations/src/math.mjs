// Quaternions [x, y, z, w] and vectors [x, y, z], as much as posing needs. Angles in degrees.
const RAD = Math.PI / 180;

export const add = (a, b) => a.map((v, i) => v + b[i]);
export const sub = (a, b) => a.map((v, i) => v - b[i]);
export const scale = (a, k) => a.map((v) => v * k);
export const dot = (a, b) => a.reduce((s, v, i) => s + v * b[i], 0);
export const cross = (a, b) => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const length = (a) => Math.hypot(...a);
export const unit = (a) => scale(a, 1 / (length(a) || 1));

export const turn = (axis, degrees) => {
  const h = (degrees * RAD) / 2,
    q = [0, 0, 0, Math.cos(h)];
  q['xyz'.indexOf(axis)] = Math.sin(h);
  return q;
};
export const mul = (...qs) =>
  qs.reduce(([ax, ay, az, aw], [bx, by, bz, bw]) => [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ]);
export const inverse = ([x, y, z, w]) => [-x, -y, -z, w];
export const rotate = (q, v) => mul(q, [...v, 0], inverse(q)).slice(0, 3);
// Yaw outermost, then pitch, then roll: the way one describes a torso.
export const euler = (pitch, yaw, roll) => mul(turn('y', yaw), turn('x', pitch), turn('z', roll));
export const blend = (a, b, k) => {
  const s = dot(a, b) < 0 ? -1 : 1;
  return unit(a.map((v, i) => v * (1 - k) + s * b[i] * k));
};

// The rotation whose columns are the given orthonormal axes.
export function fromAxes(x, y, z) {
  const [m00, m10, m20] = x,
    [m01, m11, m21] = y,
    [m02, m12, m22] = z;
  const w = Math.sqrt(Math.max(0, 1 + m00 + m11 + m22)) / 2;
  const sign = (v, s) => (s < 0 ? -v : v);
  return unit([
    sign(Math.sqrt(Math.max(0, 1 + m00 - m11 - m22)) / 2, m21 - m12),
    sign(Math.sqrt(Math.max(0, 1 - m00 + m11 - m22)) / 2, m02 - m20),
    sign(Math.sqrt(Math.max(0, 1 - m00 - m11 + m22)) / 2, m10 - m01),
    w,
  ]);
}

// Two bones of lengths a and b that reach from the origin to target, bending towards pole:
// the direction of the first bone, the plane's bend direction, and the bend in degrees.
export function reach(target, pole, a, b) {
  const d = Math.min(length(target), (a + b) * 0.9995),
    n = unit(target);
  const side = unit(sub(pole, scale(n, dot(n, pole))));
  const open = Math.acos(Math.max(-1, Math.min(1, (a * a + d * d - b * b) / (2 * a * d))));
  const first = add(scale(n, Math.cos(open)), scale(side, Math.sin(open)));
  const inner = Math.acos(Math.max(-1, Math.min(1, (a * a + b * b - d * d) / (2 * a * b))));
  return { first, along: n, side, bend: 180 - inner / RAD };
}

// Smooth curve through (t, v) keys that never swings past a key (Fritsch-Carlson).
export function curve(ts, vs, period) {
  const n = ts.length;
  if (n === 1) return () => vs[0];
  const slopes = ts.map((t, i) => {
    const wrap = period && (i === 0 || i === n - 1);
    const [p, q] = wrap ? [n - 2, 1] : [i - 1, i + 1];
    if (p < 0 || q >= n) return 0;
    const h0 = wrap ? ts[n - 1] - ts[n - 2] : t - ts[p],
      h1 = wrap ? ts[1] - ts[0] : ts[q] - t;
    const d0 = (vs[i] - vs[p]) / h0,
      d1 = (vs[q] - vs[i]) / h1;
    if (d0 * d1 <= 0) return 0;
    return (3 * (h0 + h1)) / ((2 * h1 + h0) / d0 + (h1 + 2 * h0) / d1);
  });
  return (time) => {
    const t = period
      ? ((time % period) + period) % period
      : Math.min(Math.max(time, ts[0]), ts[n - 1]);
    let i = 0;
    while (i < n - 2 && t > ts[i + 1]) i += 1;
    const h = ts[i + 1] - ts[i],
      k = (t - ts[i]) / h,
      k2 = k * k,
      k3 = k2 * k;
    return (
      vs[i] * (2 * k3 - 3 * k2 + 1) +
      slopes[i] * h * (k3 - 2 * k2 + k) +
      vs[i + 1] * (3 * k2 - 2 * k3) +
      slopes[i + 1] * h * (k3 - k2)
    );
  };
}
