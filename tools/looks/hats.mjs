// What is worn on the head: hats, bands, scarves. Shells around the skull; angles as in hairstyles.mjs.
import { joined, ray } from "./bind.mjs";
import { add, direction, makeHair, onScalp, scaled, smooth } from "./hair.mjs";
import { rings, sphere, tube } from "./things.mjs";

const level = (front, back) => (az) => front + (back - front) * (0.5 - 0.5 * Math.cos(az / 57.3));
const asCloth = (shape, zone = 0) => ({
  ...shape,
  parts: shape.parts.map((p) => ({ ...p, zone })),
});

/** A cap of cloth down to a line. */
const shell = (on, thick, line, more = {}) =>
  asCloth(makeHair(on, { cap: { thick, line, edge: 0.06, rows: 12, columns: 40, ...more } }));

/** Point at the edge of a shell, `out` dm away from the scalp. */
const edgeAt = (on, az, el, out) => add(onScalp(on, az, el).p, direction(az, el), out * on.size);

/** A ring of cloth between two elevations. */
function band(on, line, tall, thick, zone = 1, arc = 360) {
  return rings(
    4,
    40,
    (t, a) => {
      const az = -arc / 2 + arc * a;
      const el = line(az) - tall / 2 + tall * t;
      return edgeAt(
        on,
        az,
        el,
        thick * (0.75 + 0.25 * Math.sin(t * Math.PI)) + (t === 0 || t === 1 ? -0.06 : 0),
      );
    },
    { zone, closed: arc === 360 },
  );
}

function brim(on, line, wide, { droop = 0.1, from = 0, zone = 0, thick = 0.16, front = 1 } = {}) {
  const one = (lift) =>
    rings(
      5,
      48,
      (t, a) => {
        const az = from + (360 - 2 * from) * a - 180 + from;
        const near = (1 + Math.cos(az / 57.3)) / 2;
        const root = edgeAt(on, az, line(az) + 1, thick - 0.02);
        const reach = wide * on.size * (1 - front + front * near ** 1.5) * t;
        return add(root, [Math.sin(az / 57.3), 0, Math.cos(az / 57.3)], reach).map((x, k) =>
          k === 1 ? x - droop * on.size * t * t + lift : x,
        );
      },
      { zone, flip: lift < 0, closed: false },
    );
  return joined(one(0.03), one(-0.03));
}

/** Where the edge of a scarf runs around the face, and behind the ears. */
export const faceLine = (az) => {
  const a = Math.abs(az);
  return a < 58 ? 33 - 8 * smooth(20, 58, a) : 25 - 72 * smooth(58, 84, a);
};

/** Folds of a wrap that run around the head. */
const wrapped = (thick, more, folds, line = faceLine) => ({
  thick: (_, el) => thick + more * smooth(10, 70, el),
  line,
  edge: 0.1,
  rows: 18,
  columns: 60,
  flow: (az, el) => (el + az * 0.14) / folds,
  groove: 0.05,
});

export function hats(on) {
  const cloth = (shape, more = {}) => ({ shape, kind: "cloth", hat: [0.62, -0.15], ...more });
  const beanieLine = level(27, -20),
    hatLine = level(30, -8);
  const out = {
    beanie: cloth(
      joined(
        shell(on, (_, el) => 0.22 + 0.16 * smooth(50, 90, el), beanieLine, {
          flow: (az) => az / 12,
          groove: 0.012,
        }),
        band(on, (az) => beanieLine(az) + 4, 16, 0.29),
      ),
    ),
    bobble: cloth(
      joined(
        shell(on, (_, el) => 0.22 + 0.2 * smooth(50, 90, el), beanieLine),
        band(on, (az) => beanieLine(az) + 4, 18, 0.3),
        sphere(edgeAt(on, 0, 89, 0.56), 0.26 * on.size, { zone: 1 }),
      ),
    ),
    cap: cloth(
      joined(
        shell(on, (_, el) => 0.2 + 0.08 * smooth(40, 90, el), hatLine),
        brim(on, hatLine, 0.85, { droop: 0.16, from: 0, front: 1, thick: 0.2, zone: 1 }),
      ),
    ),
    sun_hat: cloth(
      joined(
        shell(on, (_, el) => 0.22 + 0.12 * smooth(40, 90, el), hatLine),
        brim(on, hatLine, 0.85, { front: 0, droop: 0.24, thick: 0.22 }),
        band(on, (az) => hatLine(az) + 7, 11, 0.27),
      ),
    ),
    fedora: cloth(
      joined(
        shell(
          on,
          (_, el) => 0.24 + 0.36 * smooth(45, 76, el) - 0.2 * smooth(82, 90, el) * 1,
          hatLine,
          { rows: 18 },
        ),
        brim(on, hatLine, 0.5, { front: 0, droop: 0.04, thick: 0.23 }),
        band(on, (az) => hatLine(az) + 8, 14, 0.29),
      ),
    ),
    bucket: cloth(
      joined(
        shell(on, (_, el) => 0.24 + 0.22 * smooth(40, 75, el), hatLine, { rows: 16 }),
        brim(on, hatLine, 0.42, { front: 0, droop: 0.34, thick: 0.22 }),
      ),
    ),
    beret: cloth(
      joined(
        shell(
          on,
          (az, el) =>
            0.19 +
            0.42 *
              smooth(24, 44, el) *
              (1 - smooth(52, 84, el)) *
              (0.8 + 0.5 * Math.sin(az / 57.3)) +
            0.08 * smooth(60, 90, el),
          level(31, 0),
          { rows: 20 },
        ),
        tube([edgeAt(on, 0, 89, 0.24), edgeAt(on, 0, 89, 0.4)], 0.035 * on.size),
      ),
    ),
    pillbox: cloth(
      joined(
        shell(
          on,
          (_, el) => 0.2 + 0.34 * smooth(52, 66, el) - 0.1 * smooth(75, 90, el),
          level(38, 22),
          { rows: 18 },
        ),
      ),
    ),
    headband: cloth(band(on, level(44, -30), 9, 0.24, 0), { hat: null }),
    kerchief: cloth(
      joined(
        shell(on, () => 0.18, level(40, -16)),
        tube(
          [edgeAt(on, 176, -20, 0.2), edgeAt(on, 170, -34, 0.32), edgeAt(on, 168, -48, 0.3)],
          0.1 * on.size,
          { flat: 0.4 },
        ),
        tube(
          [edgeAt(on, 184, -20, 0.2), edgeAt(on, 192, -34, 0.3), edgeAt(on, 194, -44, 0.3)],
          0.1 * on.size,
          { flat: 0.4 },
        ),
      ),
      { hat: [0.5, -0.3] },
    ),
    flowers: cloth(
      joined(
        ...Array.from({ length: 15 }, (_, i) => {
          const az = -105 + i * 15;
          return sphere(
            edgeAt(on, az, 44 - Math.abs(az) * 0.18, 0.2),
            (0.085 + 0.03 * ((i * 7) % 3)) * on.size,
            { zone: i % 2 },
          );
        }),
      ),
      { hat: null },
    ),
    headphones: {
      ...cloth(
        joined(
          rings(6, 28, (t, a) => {
            const turn = -100 + 200 * t;
            const up = [Math.sin(turn / 57.3), Math.cos(turn / 57.3), -0.12];
            const p =
              ray(on.head, add(on.middle, up, 3 * on.size), scaled(up, -1)) ??
              add(on.middle, up, on.size);
            return add(
              add(p, up, 0.22 * on.size),
              [0, 0.03 * Math.sin(a * 6.28), 0.07 * Math.cos(a * 6.28)].map((x) => x * on.size),
            );
          }),
          ...[1, -1].map((side) =>
            rings(
              5,
              18,
              (t, a) =>
                add(
                  [
                    side * on.wide * (0.86 + 0.2 * Math.sin(Math.min(1, t * 1.3) * 1.57)),
                    on.eye[1] - 0.1,
                    on.middle[2],
                  ],
                  [
                    0,
                    0.27 * on.size * Math.cos(t * 1.57 * (t > 0.7 ? 1 : 0)) * Math.sin(a * 6.28),
                    0.25 * on.size * Math.cos(t * 1.57 * (t > 0.7 ? 1 : 0)) * Math.cos(a * 6.28),
                  ],
                ),
              { zone: 1, flip: side > 0 },
            ),
          ),
        ),
      ),
      kind: "shiny",
      hat: null,
    },
    turban: cloth(
      joined(
        shell(on, ...Object.values(split(wrapped(0.26, 0.3, 15)))),
        sphere(edgeAt(on, 0, 40, 0.36), 0.14 * on.size, { zone: 1 }),
      ),
      { hides: true },
    ),
    turban_knot: cloth(
      joined(
        shell(on, ...Object.values(split(wrapped(0.24, 0.22, 13)))),
        ...[0, 1, 2].map((i) =>
          sphere(edgeAt(on, 8 - 8 * i, 52 + i * 6, 0.42 + 0.05 * i), (0.22 - 0.03 * i) * on.size),
        ),
      ),
      { hides: true },
    ),
    side_wrap: cloth(
      joined(
        shell(on, ...Object.values(split(wrapped(0.25, 0.2, 14)))),
        asCloth(
          makeHair(on, {
            tails: [
              {
                az: 104,
                el: -16,
                n: 4,
                length: 1.7,
                w: 0.5,
                th: 0.2,
                fall: 1.2,
                back: 0.4,
                blunt: true,
              },
            ],
          }),
        ),
      ),
      { hides: true },
    ),
    shawl: cloth(
      asCloth(
        makeHair(on, {
          cap: { thick: () => 0.2, line: faceLine, edge: 0.08, columns: 44, rows: 12 },
          curtains: [
            {
              from: 60,
              length: () => 3.1,
              thick: 0.3,
              flare: 0.2,
              groove: 0.03,
              count: 7,
              points: 0.02,
              columns: 52,
              rows: 16,
              gap: 0.14,
            },
          ],
        }),
      ),
      { hides: true },
    ),
  };
  return out;
}

const split = ({ thick, line, ...more }) => ({ thick, line, more });

/** Distance of a surface from the axis at a height, seen from outside. */
function radiusAt(surfaceOf, az, y, z0) {
  const d = [Math.sin(az / 57.3), 0, Math.cos(az / 57.3)];
  const p = ray(surfaceOf, add([0, y, z0], d, 5), scaled(d, -1));
  return p ? Math.hypot(p[0], p[2] - z0) : 0;
}

const blur = (rows) =>
  rows.map((row, r) =>
    row.map((x, c) => {
      const m = row.length;
      const near = [
        row[(c + 1) % m],
        row[(c + m - 1) % m],
        rows[Math.max(0, r - 1)][c],
        rows[Math.min(rows.length - 1, r + 1)][c],
      ];
      return Math.max(x, (x + near.reduce((sum, y) => sum + y, 0) / 4) / 2);
    }),
  );

/** The draped headscarf: over the head around the face, close at the neck, out over the chest. */
export function hijab(on) {
  const COLUMNS = 56,
    DOWN = 12,
    OVER = 14,
    SIDE = 50;
  const [, ny, nz] = on.neck;
  const z0 = nz + 0.1,
    top = on.chin + 0.12,
    bottom = ny - 1.75;
  const azAt = (c) => -180 + (360 * c) / COLUMNS;
  const heights = Array.from({ length: DOWN + 1 }, (_, r) => top + ((bottom - top) * r) / DOWN);
  let radii = heights.map((y, r) =>
    Array.from(
      { length: COLUMNS },
      (_, c) =>
        Math.max(0.8, radiusAt(on.all, azAt(c), y, z0)) +
        (r ? 0.16 : 0.1) +
        0.12 * smooth(0.5, 1, r / DOWN) +
        0.3 * Math.abs(Math.sin(azAt(c) / 57.3)) ** 3 * smooth(0.4, 0.9, r / DOWN),
    ),
  );
  for (let round = 0; round < 5; round++) radii = blur(radii);
  const spot = (r, c) => {
    const d = direction(azAt(c), 0);
    const fold = 0.035 * Math.sin(azAt(c) / 7 + r * 0.5) * smooth(0.2, 0.7, r / DOWN);
    const dip = 0.75 * Math.abs(Math.sin(azAt(c) / 57.3)) ** 2 * smooth(0.5, 1, r / DOWN);
    return add([0, heights[r] + dip, z0], d, radii[r][c] + fold);
  };
  const cape = rings(DOWN, COLUMNS, (t, a) =>
    spot(Math.round(t * DOWN), Math.round(a * COLUMNS) % COLUMNS),
  );
  const hood = rings(
    OVER,
    40,
    (t, a) => {
      const az = SIDE + (360 - 2 * SIDE) * a;
      const el = 89 - 112 * Math.min(1, t / 0.8);
      const rim = 0.12 * Math.exp(-((Math.min(a, 1 - a) / 0.03) ** 2));
      const high = edgeAt(on, az, Math.max(el, -23), 0.18 - rim);
      if (t <= 0.8) return high;
      const k = (t - 0.8) / 0.2;
      const c = Math.round((((az + 180) % 360) / 360) * COLUMNS) % COLUMNS;
      return high.map((x, i) => x + (spot(0, c)[i] - x) * smooth(0, 1, k));
    },
    { closed: false },
  );
  const brow = rings(
    6,
    24,
    (t, a) => {
      const az = -SIDE + 2 * SIDE * a;
      return edgeAt(on, az, 89 - (89 - faceLine(az)) * t, 0.18 - 0.1 * smooth(0.7, 1, t));
    },
    { closed: false },
  );
  return joined(cape, hood, brow);
}
