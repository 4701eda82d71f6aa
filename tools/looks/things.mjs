// Brows, whiskers, glasses, aids and what is worn on head, ears, neck, hands and back, as shapes.
import { emptyShape, joined, ray } from "./bind.mjs";
import { add, cross, dot, scaled, sub, unit } from "./hair.mjs";

const shapeOf = (zone, kind) => ({ ...emptyShape(), parts: [{ idx: [], zone, kind }] });

function put(shape, p, u, v, sky = 1) {
  shape.pos.push(...p);
  shape.place.push(u, v);
  shape.sky.push(Math.round(sky * 255));
  return shape.sky.length - 1;
}

function grid(shape, rows, close, flip = false) {
  const { idx } = shape.parts[0];
  for (let r = 0; r + 1 < rows.length; r++) {
    const m = rows[r].length;
    for (let c = 0; c + (close ? 0 : 1) < m; c++) {
      const [a, b, d, e] = [
        rows[r][c],
        rows[r][(c + 1) % m],
        rows[r + 1][c],
        rows[r + 1][(c + 1) % m],
      ];
      if (flip) idx.push(a, d, b, b, d, e);
      else idx.push(a, b, d, b, e, d);
    }
  }
}

/** A tube along a path; r a number or a function of 0..1; capped where open. */
export function tube(path, r, { sides = 7, closed = false, zone = 0, kind, flat = 1 } = {}) {
  const shape = shapeOf(zone, kind);
  const n = path.length;
  let before = null;
  const rows = path.map((p, i) => {
    const from = path[closed ? (i + n - 1) % n : Math.max(0, i - 1)];
    const to = path[closed ? (i + 1) % n : Math.min(n - 1, i + 1)];
    const T = unit(sub(to, from));
    const X = before
      ? unit(add(before, T, -dot(before, T)))
      : unit(cross(T, Math.abs(T[2]) > 0.9 ? [0, 1, 0] : [0, 0, 1]));
    before = X;
    const Y = cross(X, T);
    const k = typeof r === "function" ? r(i / (n - 1)) : r;
    return Array.from({ length: sides }, (_, s) => {
      const a = (s / sides) * 2 * Math.PI;
      return put(
        shape,
        add(add(p, X, k * Math.cos(a)), Y, k * flat * Math.sin(a)),
        s / sides,
        i / n,
      );
    });
  });
  if (closed) rows.push(rows[0]);
  grid(shape, rows, true, true);
  if (!closed)
    for (const [row, flip] of [
      [rows[0], true],
      [rows.at(-1), false],
    ])
      for (let s = 1; s + 1 < sides; s++)
        shape.parts[0].idx.push(
          ...(flip ? [row[0], row[s], row[s + 1]] : [row[0], row[s + 1], row[s]]),
        );
  return shape;
}

/** A surface of rings: ring(t, a) -> point, t and a 0..1. */
export function rings(tall, round, ring, { zone = 0, kind, flip = false, closed = true } = {}) {
  const shape = shapeOf(zone, kind);
  const rows = Array.from({ length: tall + 1 }, (_, r) =>
    Array.from({ length: round + (closed ? 0 : 1) }, (_, c) =>
      put(shape, ring(r / tall, c / round), (c / round) * 9, r / tall),
    ),
  );
  grid(shape, rows, closed, flip);
  return shape;
}

export const sphere = (middle, r, options = {}) =>
  rings(
    8,
    12,
    (t, a) =>
      add(middle, [
        r * Math.sin(t * Math.PI) * Math.cos(a * 6.2832),
        r * Math.cos(t * Math.PI),
        r * Math.sin(t * Math.PI) * Math.sin(a * 6.2832),
      ]),
    { ...options, flip: !options.flip },
  );

const BROWS = {
  soft: [0.085, 0.1, -0.6, 1.12, 1.2, 0],
  straight: [0.1, 0.03, -0.62, 1.12, 1.2, -0.02],
  arched: [0.07, 0.24, -0.58, 1.15, 1.17, -0.06],
  bold: [0.135, 0.1, -0.66, 1.12, 1.22, 0.02],
  thin: [0.05, 0.16, -0.55, 1.12, 1.22, -0.02],
  angled: [0.1, 0.16, -0.6, 1.16, 1.1, 0.1],
  round: [0.085, 0.22, -0.56, 1.04, 1.14, -0.12],
  bushy: [0.155, 0.06, -0.7, 1.1, 1.22, -0.03],
};

function brow(on, [thick, arch, x0, x1, high, tail]) {
  const { eye, radius: R, size } = on;
  const shape = shapeOf(0);
  const N = 14;
  for (const side of [1, -1]) {
    const rows = Array.from({ length: N + 1 }, (_, i) => {
      const t = i / N;
      const x = side * (eye[0] + R * (x0 + (x1 - x0) * t));
      const y = eye[1] + R * (high + arch * 2 * Math.sin(Math.PI * t ** 0.8) + tail * t * t * 2);
      const w = thick * R * 4.4 * (t < 0.2 ? 0.7 + 1.5 * t : (1 - (t - 0.2) / 0.8) ** 0.62 + 0.04);
      return [
        [0.5, 0.006],
        [0.22, 0.03],
        [-0.22, 0.03],
        [-0.5, 0.006],
      ].map(([k, out]) => {
        const p = ray(on.head, [x, y + k * w, eye[2] + 3], [0, 0, -1]) ?? [x, y + k * w, eye[2]];
        return put(shape, add(p, [0, 0, 1], out * size + 0.006), t * 2, 0.3 + k * 0.4);
      });
    });
    grid(shape, rows, false, side > 0);
  }
  return shape;
}

const FRAMES = {
  round: [1.22, 1.16, 1, 0.045],
  square: [1.3, 1.0, 0.5, 0.052],
  cat: [1.32, 1.0, 0.75, 0.05],
  thin: [1.2, 1.05, 1, 0.022],
  wide: [1.42, 1.12, 0.6, 0.06],
  half: [1.28, 0.8, 0.6, 0.03],
};

function glasses(on, [rx, ry, power, r], name, dark) {
  const { eye, radius: R, size, wide, middle } = on;
  const front = eye[2] + R * 1.32;
  const round = (side) =>
    Array.from({ length: 26 }, (_, i) => {
      const a = (i / 26) * 2 * Math.PI;
      const bent = (x) => Math.sign(x) * Math.abs(x) ** power;
      const x = bent(Math.cos(a)) * rx * R,
        y = bent(Math.sin(a)) * ry * R;
      const lift = name === "cat" ? Math.max(0, side * x) * 0.35 : 0;
      const at = side * (eye[0] + R * 0.1) + x;
      return [at, eye[1] - R * 0.06 + y + lift, front - Math.max(0, Math.abs(at) - 0.4) * 0.32];
    });
  const parts = [1, -1].flatMap((side) => {
    const ring = round(side);
    const edge = side * (eye[0] + R * 0.1 + rx * R);
    const arm = [
      [edge, eye[1] + R * 0.2, front - 0.2],
      [side * wide * 0.84, eye[1] + R * 0.22, front - 0.5],
      [side * wide * 0.9, eye[1] + R * 0.2, middle[2] + 0.12],
    ];
    const lens = dark
      ? [
          rings(
            1,
            26,
            (t, a) => {
              const p = ring[Math.round(a * 26) % 26];
              return t
                ? [p[0], p[1], p[2] + 0.01]
                : [side * (eye[0] + R * 0.1), eye[1] - R * 0.06, front + 0.02];
            },
            { zone: 1, kind: "shiny", flip: true },
          ),
        ]
      : [];
    return [
      tube(ring, r * size, { closed: true, sides: 6 }),
      tube(arm, r * size * 0.75, { sides: 5 }),
      ...lens,
    ];
  });
  const gap = eye[0] + R * 0.1 - rx * R;
  const bridge = Array.from({ length: 6 }, (_, i) => {
    const t = (i / 5) * 2 - 1;
    return [t * gap, eye[1] + R * 0.12 + 0.05 * (1 - t * t), front + 0.02 * (1 - t * t)];
  });
  return joined(...parts, tube(bridge, r * size * 0.8));
}

/** Behind the ear, as the ears of the data lie. */
function earPlace(on) {
  const { wide, eye, middle } = on;
  return { x: wide * 0.88, y: eye[1] - 0.1, z: middle[2] + 0.05 };
}

function hearingAid(on) {
  const { x, y, z } = earPlace(on);
  const s = on.size;
  return joined(
    ...[1, -1].flatMap((side) => {
      const bean = Array.from({ length: 9 }, (_, i) => {
        const a = -0.7 + (i / 8) * 2.7;
        return [
          side * (x + 0.03),
          y + 0.12 * s + Math.sin(a) * 0.15 * s,
          z - 0.06 * s - Math.cos(a) * 0.12 * s,
        ];
      });
      const wire = [
        [side * (x + 0.03), y + 0.27 * s, z - 0.02],
        [side * (x + 0.1), y + 0.25 * s, z + 0.12 * s],
        [side * (x + 0.1), y + 0.05 * s, z + 0.16 * s],
      ];
      return [
        tube(bean, (t) => 0.06 * s * (0.6 + 0.6 * Math.sin(t * Math.PI)), {
          sides: 8,
          kind: "shiny",
        }),
        tube(wire, 0.018 * s, { sides: 5, kind: "shiny" }),
      ];
    }),
  );
}

function cochlear(on) {
  const { y, z } = earPlace(on);
  const s = on.size;
  const aid = hearingAid(on);
  const at = ray(on.head, [4, y + 0.42 * s, z - 0.32 * s], [-1, 0, 0]) ?? [1, y, z];
  const coil = rings(
    3,
    16,
    (t, a) =>
      add(at, [
        0.02 + 0.09 * Math.min(1, t * 2) - (t > 0.6 ? 0 : 0),
        0.17 * s * (1 - Math.max(0, t - 0.5) * 1.9) * Math.sin(a * 6.2832),
        0.17 * s * (1 - Math.max(0, t - 0.5) * 1.9) * Math.cos(a * 6.2832),
      ]),
    { kind: "shiny", flip: true },
  );
  const wire = tube(
    [
      add(at, [0.1, -0.15 * s, 0]),
      add(at, [0.16, -0.25 * s, 0.05]),
      [on.wide * 0.92, y + 0.2 * s, z - 0.1 * s],
    ],
    0.018 * s,
    { zone: 1, kind: "shiny" },
  );
  return joined(aid, coil, wire);
}

function ears(on, kind) {
  const { x, y, z } = earPlace(on);
  const s = on.size;
  return joined(
    ...[1, -1].map((side) => {
      const lobe = [side * (x + 0.06), y - 0.3 * s, z + 0.12];
      if (kind === "studs") return sphere(lobe, 0.05 * s, { kind: "shiny" });
      if (kind === "pearls") return sphere(add(lobe, [0, -0.04, 0]), 0.085 * s, { kind: "shiny" });
      const r = kind === "hoops" ? 0.19 * s : 0.09 * s;
      const ring = Array.from({ length: 16 }, (_, i) =>
        add(lobe, [
          0.02 * side,
          -r + r * Math.cos((i / 16) * 6.2832),
          r * Math.sin((i / 16) * 6.2832),
        ]),
      );
      const hoop = tube(ring, 0.022 * s, { closed: true, sides: 5, kind: "shiny" });
      if (kind !== "drops") return hoop;
      return joined(
        hoop,
        sphere(add(lobe, [0.02 * side, -2.9 * r, 0]), 0.08 * s, { zone: 1, kind: "shiny" }),
      );
    }),
  );
}

export const BROW_SHAPES = (on) =>
  Object.entries(BROWS).map(([id, numbers]) => [id, brow(on, numbers)]);
export const GLASSES = (on) => [
  ...Object.entries(FRAMES).map(([id, numbers]) => [
    `glasses_${id}`,
    glasses(on, numbers, id, false),
  ]),
  ["sunglasses", glasses(on, FRAMES.wide, "wide", true)],
  ["sunglasses_round", glasses(on, FRAMES.round, "round", true)],
];
export const EARS = (on) =>
  ["studs", "hoops", "rings", "pearls", "drops"].map((id) => [id, ears(on, id)]);
export const AIDS = (on) => [
  ["hearing_aids", hearingAid(on)],
  ["cochlear_implant", cochlear(on)],
];
void scaled;
