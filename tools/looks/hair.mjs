// Hair of opaque, chunky locks: a cap on the scalp, a curtain that hangs from it, locks, tails,
// braids and buns. Sizes in decimetres of a head that isn't enlarged.
import { nearest, ray } from "./bind.mjs";
import { randomOf } from "./chance.mjs";

const DEGREE = Math.PI / 180;
export const add = (a, b, s = 1) => [a[0] + b[0] * s, a[1] + b[1] * s, a[2] + b[2] * s];
export const sub = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
export const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a, b) => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const scaled = (a, s) => a.map((x) => x * s);
export const unit = (a) => scaled(a, 1 / (Math.hypot(...a) || 1));
export const mix = (a, b, t) => a.map((x, k) => x + (b[k] - x) * t);
export const smooth = (low, high, x) => {
  const t = Math.max(0, Math.min(1, (x - low) / (high - low)));
  return t * t * (3 - 2 * t);
};

export const direction = (az, el) => [
  Math.sin(az * DEGREE) * Math.cos(el * DEGREE),
  Math.sin(el * DEGREE),
  Math.cos(az * DEGREE) * Math.cos(el * DEGREE),
];

/** Where a direction from the middle of the skull leaves the head. */
export function onScalp(on, az, el) {
  const d = direction(az, el);
  const p = ray(on.head, add(on.middle, d, 3 * on.size), scaled(d, -1));
  return { p: p ?? add(on.middle, d, 0.8 * on.size), d };
}

/** Gathers vertices and triangles of hair. */
class Strands {
  constructor(on, seed) {
    this.on = on;
    this.random = randomOf(seed);
    this.shape = { pos: [], place: [], sky: [], parts: [{ idx: [], zone: 0 }] };
  }

  put(p, u, v, sky) {
    const { pos, place, sky: skies } = this.shape;
    pos.push(...p);
    place.push(u, v);
    skies.push(Math.round(255 * Math.max(0, Math.min(1, sky))));
    return skies.length - 1;
  }

  /** Joins rows of a grid; `close` the last column with the first. */
  grid(rows, close, flip = false) {
    const { idx } = this.shape.parts[0];
    for (let r = 0; r + 1 < rows.length; r++) {
      const m = rows[r].length;
      for (let c = 0; c + (close ? 0 : 1) < m; c++) {
        const [a, b] = [rows[r][c], rows[r][(c + 1) % m]];
        const [d, e] = [rows[r + 1][c], rows[r + 1][(c + 1) % m]];
        if (flip) idx.push(a, d, b, b, d, e);
        else idx.push(a, b, d, b, e, d);
      }
    }
  }
}

/** What covers the scalp: thick(az, el) dm; grooves run where flow(az, el) is whole. */
function cap(
  to,
  {
    thick,
    line = to.on.hairline,
    edge = 0.2,
    flow,
    groove = 0,
    noise = 0,
    columns = 52,
    rows = 15,
  },
) {
  const { on } = to;
  const grid = [];
  for (let r = 0; r <= rows; r++) {
    const row = [];
    for (let c = 0; c < columns; c++) {
      const az = -180 + (360 * c) / columns;
      const low = line(az);
      const t = r / rows;
      const el = Math.min(89.5, low + (90 - low) * t ** 0.85);
      const { p, d } = onScalp(on, az, el);
      const rise = Math.sqrt(Math.max(0, 1 - (1 - Math.min(1, t / edge)) ** 2));
      const g = flow ? Math.abs(Math.sin(flow(az, el) * Math.PI)) : 1;
      const lumps =
        noise *
        Math.sin(d[0] * 11 + d[1] * 7) *
        Math.sin(d[1] * 11 + d[2] * 6 + 1) *
        Math.sin(d[2] * 10 + d[0] * 6 + 2);
      const th =
        (thick(az, el) * (0.05 + 0.95 * rise) + (groove * (g - 0.6) + lumps) * rise) * on.size;
      row.push(
        to.put(
          add(p, d, th - 0.014 * on.size * (1 - rise)),
          flow ? flow(az, el) * 0.5 : az / 40,
          0.12 + 0.5 * rise,
          0.55 + 0.45 * rise * (0.5 + 0.5 * g),
        ),
      );
    }
    grid.push(row);
  }
  to.grid(grid, true);
}

/** Keeps a point outside of head and trunk. */
function clear(on, p, gap) {
  const q = nearest(on.all, p);
  const from = q[1] > on.chin ? on.middle : [0, q[1], on.middle[2] - 0.15 * on.size];
  const out = unit(sub(q, from));
  const d = dot(sub(p, q), out);
  return d < gap * on.size ? add(q, out, gap * on.size) : p;
}

/**
 * A mass of hair that hangs around the head from `from` degrees to the back and on: length(az) below
 * the crown, in dm of the head; ends in points where grooves are.
 */
function curtain(
  to,
  {
    from = 50,
    length,
    thick = 0.17,
    flare = 0.1,
    curl = 0,
    groove = 0.035,
    count = 15,
    top = 74,
    points = 0.14,
    wave = 0,
    waves = 2,
    columns = 76,
    rows = 15,
    gap = 0.07,
  },
) {
  const { on } = to;
  const S = on.size;
  const lines = [];
  for (let c = 0; c <= columns; c++) {
    const az = from + ((360 - 2 * from) * c) / columns;
    const phase = (c / columns) * count;
    const g = Math.abs(Math.sin(phase * Math.PI));
    const out = [Math.sin(az * DEGREE), 0, Math.cos(az * DEGREE)];
    const long = length(((az + 180) % 360) - 180) * S - points * S * (1 - g);
    const line = [];
    let walked = 0,
      el = top,
      p = null;
    const step = long / rows;
    for (let r = 0; r <= rows; r++) {
      const t = r / rows;
      const swell = (thick * (0.55 + 0.45 * smooth(0, 0.35, t)) + groove * (g - 0.6)) * S;
      if (el > -8) {
        const { p: skin, d } = onScalp(on, az, el);
        p = add(skin, d, swell);
        el -= (step / (1.05 * S) / DEGREE) * 0.9;
      } else {
        const fall = smooth(0.35, 1, t);
        const turn = flare * (1 - 2 * curl * smooth(0.6, 1, t));
        p = add(p, unit(add([0, -1, 0], out, turn * 2 * fall)), step);
        p = clear(on, p, gap + thick * 0.4);
      }
      walked += step;
      const sway = wave
        ? wave * S * Math.sin(t * waves * 6.28 + phase * 1.3) * smooth(0.25, 0.6, t)
        : 0;
      line.push(add(p, out, sway));
    }
    const edge = Math.min(c, columns - c) < 1 ? 0.5 : 1;
    lines.push(
      line.map((q, r) =>
        to.put(
          q,
          phase * 0.55,
          0.15 + 0.85 * (r / rows),
          (0.5 + 0.5 * g) * (r === rows ? 0.75 : 1) * edge,
        ),
      ),
    );
    void walked;
  }
  const grid = Array.from({ length: rows + 1 }, (_, r) => lines.map((line) => line[r]));
  to.grid(grid, false, true);
  /* The inner side at the open edge and at the hem: hair has a thickness there. */
  const inner = grid.slice(-4).map((row) =>
    row.map((v) => {
      const q = to.shape.pos.slice(v * 3, v * 3 + 3);
      const inward = unit(sub([on.middle[0], q[1], on.middle[2]], q));
      return to.put(add(q, inward, 0.1 * S), to.shape.place[v * 2], 0.6, 0.35);
    }),
  );
  to.grid(inner, false);
  to.grid([grid.at(-1), inner.at(-1)], false, true);
}

/** One lock along a path: lens-shaped across, narrower to its tip. */
function lock(
  to,
  path,
  { w, th, tip = 0.12, root = 0.75, sides = 6, flat = 0.55, blunt = false, out, v0 = 0 },
) {
  const n = path.length;
  const u0 = to.random() * 7;
  let before = null;
  const rows = path.map((p, i) => {
    const t = i / (n - 1);
    const T = unit(sub(path[Math.min(n - 1, i + 1)], path[Math.max(0, i - 1)]));
    let N = out ? out(p) : unit(sub(p, to.on.middle));
    N = unit(add(N, T, -dot(N, T)));
    if (before) {
      N = unit(mix(N, before, 0.5));
      N = unit(add(N, T, -dot(N, T)));
    }
    before = N;
    const B = cross(T, N);
    const width =
      t < 0.3
        ? root + (1 - root) * Math.sin(((t / 0.3) * Math.PI) / 2)
        : Math.max(tip, (1 - (t - 0.3) / 0.7) ** (blunt ? 0.32 : 0.62) * (1 - tip) + tip);
    const end = i === n - 1 ? 0.05 : 1;
    return Array.from({ length: sides }, (_, s) => {
      const a = (s / sides) * 2 * Math.PI;
      const x = Math.cos(a) * w * 0.5 * width * end;
      let y = Math.sin(a) * th * 0.5 * width * end;
      if (y < 0) y *= flat;
      const sky = (y < 0 ? 0.55 : 0.82 + 0.18 * Math.sin(a)) * (0.72 + 0.28 * smooth(0, 0.25, t));
      return to.put(add(add(p, B, x), N, y), u0 + (s / sides) * 1.3, v0 + (1 - v0) * t, sky);
    });
  });
  to.grid(rows, true);
}

/** The way of a lock over the head: combed, falling, never into head or trunk. */
function grow(
  to,
  start,
  { length, steps = 9, comb, fall = 0.2, lift = 0.2, gap = 0.1, stiff = 0.55, hug = 0.4 },
) {
  const { on } = to;
  const S = on.size;
  let p = add(start.p, start.d, gap * 0.5 * S);
  let dir = unit(add(scaled(start.d, lift * 4), comb(p, start.d, 0)));
  const step = (length * S) / steps;
  const path = [p];
  for (let i = 0; i < steps; i++) {
    const t = i / steps;
    let c = comb(p, unit(sub(p, on.middle)), t);
    c = unit(mix(c, [c[0] * 0.15, -1, c[2] * 0.15], Math.min(1, Math.max(0, fall) * t * 1.3)));
    dir = unit(add(add(scaled(dir, stiff), c, 1 - stiff), [0, -1, 0], (fall * (i + 1)) / steps));
    let q = clear(on, add(p, dir, step), gap);
    if (hug && q[1] > on.chin) {
      const near = nearest(on.all, q);
      const away = Math.hypot(...sub(q, near)) - gap * 1.2 * S;
      if (away > 0) q = add(q, unit(sub(near, q)), away * hug);
    }
    dir = unit(mix(dir, unit(sub(q, p)), 0.6));
    path.push(q);
    p = q;
  }
  return path;
}

function curled(to, path, { curl, turns }) {
  const S = to.on.size;
  const phase = to.random() * 6.28;
  return path.map((q, i) => {
    const t = i / (path.length - 1);
    const T = unit(sub(path[Math.min(path.length - 1, i + 1)], path[Math.max(0, i - 1)]));
    const N = unit(sub(q, to.on.middle));
    const B = unit(cross(T, N));
    const a = phase + t * turns * 6.28;
    const k = curl * S * smooth(0, 0.2, t);
    return add(add(q, B, Math.cos(a) * k), N, Math.sin(a) * k + curl * S);
  });
}

function locks(to, given) {
  const { n, at, az, el, jitter = 5, vary = 0.25, longer = () => 1, curl = 0, turns = 2 } = given;
  const S = to.on.size;
  for (let i = 0; i < n; i++) {
    const a = (i + 0.5) / n;
    const [side, up] = at
      ? at(a)
      : [
          az[0] + (az[1] - az[0]) * a + (to.random() - 0.5) * jitter,
          el[0] + (el[1] - el[0]) * to.random(),
        ];
    const grown = Math.max(up, Math.min(84, to.on.hairline(side) + 5));
    const length = given.length * (1 + (to.random() - 0.5) * vary) * longer(side);
    let path = grow(to, onScalp(to.on, side, grown), { ...given, length });
    if (curl) path = curled(to, path, { curl, turns });
    lock(to, path, { ...given, w: given.w * S * (0.88 + 0.24 * to.random()), th: given.th * S });
  }
}

function ball(
  to,
  { az, el, r, away = 0.7, squash = [1, 1, 1], ridges = 0, noise = 0, round = 26, tall = 13 },
) {
  const { on } = to;
  const { p, d } = onScalp(on, az, el);
  const middle = add(p, d, r * away * on.size);
  const X = unit(cross([0, 1, 0.01], d)),
    Y = cross(d, X);
  const grid = [];
  for (let v = 0; v <= tall; v++) {
    const row = [];
    for (let u = 0; u < round; u++) {
      const [down, turn] = [(v / tall) * Math.PI, (u / round) * 2 * Math.PI];
      const [x, y, z] = [
        Math.sin(down) * Math.cos(turn),
        Math.sin(down) * Math.sin(turn),
        Math.cos(down),
      ];
      const g = ridges ? Math.abs(Math.sin((turn * ridges) / 2 + down * 2)) : 0.7;
      const k =
        r *
        on.size *
        (1 +
          (ridges ? 0.09 * (g - 0.5) : 0) +
          noise * Math.sin(x * 9 + y * 6) * Math.sin(y * 9 + z * 6) * Math.sin(z * 9 + x * 5));
      const q = add(
        add(add(middle, X, x * k * squash[0]), Y, y * k * squash[1]),
        d,
        z * k * squash[2],
      );
      row.push(
        to.put(q, (turn * (ridges || 6)) / 7 + down, 0.35 + 0.3 * Math.sin(down), 0.6 + 0.4 * g),
      );
    }
    grid.push(row);
  }
  to.grid(grid, true, true);
}

/** A tail: a fan of locks from one tie, fat in the middle. */
function tail(
  to,
  {
    az,
    el,
    n = 9,
    length,
    w = 0.3,
    th = 0.22,
    spread = 0.12,
    fall = 1,
    back = 0.8,
    gap = 0.1,
    curl = 0,
    turns = 2,
    blunt = false,
  },
) {
  const { on } = to;
  const S = on.size;
  const { p, d } = onScalp(on, az, el);
  const root = add(p, d, 0.1 * S);
  const X = unit(cross([0, 1, 0.001], d)),
    Y = cross(d, X);
  for (let i = 0; i < n; i++) {
    const a = (i / n) * 2 * Math.PI;
    const off = add(scaled(X, Math.cos(a)), Y, Math.sin(a));
    const comb = () => unit(add(scaled(d, back), off, spread));
    let path = grow(
      to,
      { p: add(root, off, 0.05 * S), d: unit(add(d, off, spread * 2)) },
      {
        length: length * (0.88 + 0.24 * to.random()),
        steps: 11,
        comb,
        fall,
        lift: 0.5,
        gap,
        stiff: 0.74,
        hug: 0,
      },
    );
    if (curl) path = curled(to, path, { curl, turns });
    lock(to, path, { w: w * S, th: th * S, root: 0.5, tip: 0.16, blunt });
  }
}

function braid(to, { az, el, length, r = 0.14, turns = 9, fall = 1.4, forward = 0, gap = 0.14 }) {
  const { on } = to;
  const S = on.size;
  const start = onScalp(on, az, el);
  const comb = () => unit([start.d[0] * 0.12, -0.6, start.d[2] * 0.3 + forward]);
  const path = grow(to, start, {
    length,
    steps: turns * 3,
    comb,
    fall,
    lift: 0.4,
    gap,
    stiff: 0.7,
    hug: 0.2,
  });
  const outOf = (q) => unit(sub(q, [0, q[1], on.middle[2]]));
  for (let s = 0; s < 3; s++)
    lock(
      to,
      path.map((q, i) => {
        const t = i / (path.length - 1);
        const T = unit(sub(path[Math.min(path.length - 1, i + 1)], path[Math.max(0, i - 1)]));
        const N = outOf(q),
          B = unit(cross(T, N));
        const a = t * turns * 2.1 + s * 2.094;
        const k = r * S * (1 - 0.4 * t);
        return add(add(q, B, Math.sin(a) * k * 0.85), N, Math.sin(2 * a) * k * 0.42);
      }),
      { w: r * 1.4 * S, th: r * 1.3 * S, flat: 1, tip: 0.45, blunt: true, out: outOf },
    );
  const end = path.at(-1);
  lock(to, [end, add(end, [0, -0.12 * S, 0]), add(end, [0, -0.32 * S, 0.02 * S])], {
    w: r * 1.6 * S,
    th: r * 1.6 * S,
    flat: 1,
    tip: 0.2,
    out: outOf,
  });
}

/** on: {head, all (surfaces), middle, size, chin, hairline}. Returns the shape of a style. */
export function makeHair(on, style) {
  const to = new Strands(on, style.seed ?? 11);
  if (style.cap) cap(to, style.cap);
  for (const one of style.curtains ?? []) curtain(to, one);
  for (const one of style.locks ?? []) locks(to, one);
  for (const one of style.balls ?? []) ball(to, one);
  for (const one of style.tails ?? []) tail(to, one);
  for (const one of style.braids ?? []) braid(to, one);
  return to.shape;
}
