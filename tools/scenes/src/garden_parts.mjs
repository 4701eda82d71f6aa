// Water, fire, lamps and the table of the garden.
import { bar, drum, lathe, leaf, lump, rbox, tube, THREE } from './shapes.mjs';
import { mug, vase } from './decor.mjs';
import { FURNITURE } from './furniture.mjs';
import { flowerBed, hedge, stones, tree } from './garden_green.mjs';
import { campfire } from './hearth.mjs';

const TAU = Math.PI * 2,
  IRON = '#3c3a3d',
  BRASS = '#c9a15a';
const pickOf = (list, rnd) => list[Math.floor(rnd() * list.length)];

function pond(m, { rx, rz }, rnd) {
  const water = new THREE.CircleGeometry(1, 36);
  m.add(water, 'water', '#3f6f8f', [0, 0.035, 0], [-Math.PI / 2, 0, 0], {
    scale: [rx * 0.97, rz * 0.97, 1],
  });
  const edge = Array.from({ length: 34 }, (_, i) => {
    const a = (i / 34) * TAU;
    return [Math.sin(a) * rx, Math.cos(a) * rz];
  });
  stones(m, edge, rnd, 0.19, 1);
  for (const [x, z, s] of [
    [-0.7, 0.3, 1],
    [-0.95, -0.1, 0.8],
    [0.75, 0.45, 0.9],
    [0.95, 0.15, 0.7],
  ]) {
    m.add(
      lathe(
        [
          [0.165 * s, 0.006],
          [0.16 * s, 0],
          [0, 0.004],
        ],
        16,
        { arc: TAU * 0.88, from: x * 9 },
      ),
      'leaf',
      '#4f9a5a',
      [x, 0.042, z],
    );
    if (s < 0.8) continue;
    for (let i = 0; i < 9; i++) {
      m.add(
        leaf(0.075, 0.034, -0.6, { steps: 2 }),
        'leaf',
        i < 5 ? '#f6c6d8' : '#fdeef2',
        [x, 0.055, z],
        [-0.35 - (i > 4 ? 0.5 : 0), i * 2.4, 0],
      );
    }
  }
  // The fountain: two stone bowls and water that falls between them.
  m.inside([0.1, 0, -0.15], 0, () => {
    m.add(
      lathe(
        [
          [0.2, 0],
          [0.13, 0.06],
          [0.075, 0.16],
          [0.08, 0.4],
          [0.14, 0.46],
          [0.36, 0.52],
          [0.4, 0.58],
          [0.37, 0.585],
          [0.3, 0.555],
          [0, 0.54],
        ],
        24,
      ),
      'matte',
      '#a39ca6',
    );
    m.add(
      lathe(
        [
          [0.06, 0],
          [0.045, 0.16],
          [0.06, 0.2],
          [0.17, 0.25],
          [0.19, 0.285],
          [0.17, 0.287],
          [0, 0.27],
        ],
        16,
      ),
      'matte',
      '#a39ca6',
      [0, 0.54, 0],
    );
    m.add(drum(0.33, 0.012, 0.005, 22), 'water', '#8fc3d8', [0, 0.56, 0]);
    m.add(
      lathe(
        [
          [0.015, 0],
          [0.02, 0.12],
          [0.012, 0.2],
          [0.03, 0.235],
        ].map(([r, y]) => [r, y]),
        8,
      ),
      'water',
      '#d8eef6',
      [0, 0.81, 0],
    );
    for (let i = 0; i < 8; i++) {
      const a = (i * TAU) / 8,
        at = (r, y) => [Math.sin(a) * r, y, Math.cos(a) * r];
      m.add(
        tube([at(0.19, 0.82), at(0.25, 0.79), at(0.28, 0.58)], 0.009, { sides: 4, steps: 5 }),
        'water',
        '#d8eef6',
      );
      m.add(
        tube([at(0.4, 0.58), at(0.47, 0.5), at(0.5, 0.05)], 0.008, { sides: 4, steps: 5 }),
        'water',
        '#d8eef6',
      );
    }
  });
}

function fireBowl(m, o, rnd) {
  m.add(
    lathe(
      [
        [0.1, 0.16],
        [0.3, 0.2],
        [0.44, 0.34],
        [0.46, 0.37],
        [0.43, 0.37],
        [0.29, 0.24],
        [0, 0.22],
      ],
      26,
    ),
    'metal',
    '#4a4443',
  );
  for (let i = 0; i < 4; i++) {
    const a = ((i + 0.5) * TAU) / 4,
      [s, c] = [Math.sin(a), Math.cos(a)];
    m.add(bar([s * 0.34, 0, c * 0.34], [s * 0.27, 0.24, c * 0.27], 0.022), 'metal', IRON);
  }
  for (let i = 0; i < 14; i++) {
    const a = i * 2.4,
      r = 0.07 * Math.sqrt(i);
    m.add(
      lump(0.045, { detail: 1, rough: 0.2, seed: i }),
      i % 3 ? 'matte' : 'fire',
      i % 3 ? '#2b2422' : '#7a2c08',
      [Math.sin(a) * r, 0.25, Math.cos(a) * r],
    );
  }
  campfire(m, [0, 0.28, 0], 1.25, rnd);
}

const POST_M = 2.55;
function post(m) {
  m.add(
    lathe(
      [
        [0.13, 0],
        [0.11, 0.22],
        [0.09, 0.26],
      ],
      14,
    ),
    'wood',
    '#8f8378',
  );
  m.add(bar([0, 0, 0], [0, POST_M, 0], 0.05, 0.042, 8), 'wood', '#7b5136');
  m.add(lump(0.075, { detail: 1, rough: 0 }), 'wood', '#7b5136', [0, POST_M, 0]);
}

function stringLights(m, { posts }) {
  const order = [0, 1, 3, 2],
    pairs = [...order.map((p, i) => [p, order[(i + 1) % 4]]), [0, 3], [1, 2]];
  for (const [a, b] of pairs) {
    const [p, q] = [posts[a], posts[b]],
      n = Math.round(Math.hypot(q[0] - p[0], q[1] - p[1]) / 0.42);
    const at = (k) => [
      p[0] + (q[0] - p[0]) * k,
      POST_M - 0.05 - 0.55 * 4 * k * (1 - k) * 0.5,
      p[1] + (q[1] - p[1]) * k,
    ];
    m.add(
      tube(
        Array.from({ length: 9 }, (_, i) => at(i / 8)),
        0.006,
        { sides: 3, steps: 12 },
      ),
      'matte',
      IRON,
    );
    for (let i = 0; i < n; i++) {
      const [x, y, z] = at((i + 0.5) / n);
      m.add(
        lathe(
          [
            [0.014, 0],
            [0.016, -0.035],
          ].reverse(),
          6,
        ),
        'matte',
        IRON,
        [x, y, z],
      );
      m.add(
        lathe(
          [
            [0, -0.05],
            [0.032, -0.03],
            [0.037, 0],
            [0.022, 0.036],
            [0.012, 0.046],
          ],
          7,
        ),
        'bulb',
        '#c98a35',
        [x, y - 0.075, z],
      );
    }
  }
}

function lantern(m) {
  m.add(rbox(0.26, 0.03, 0.26, 0.01), 'metal', IRON);
  m.add(rbox(0.26, 0.03, 0.26, 0.01), 'metal', IRON, [0, 0.38, 0]);
  for (const x of [-1, 1]) {
    for (const z of [-1, 1])
      m.add(rbox(0.022, 0.36, 0.022, 0), 'metal', IRON, [x * 0.11, 0.02, z * 0.11]);
  }
  m.add(
    lathe(
      [
        [0.17, 0],
        [0.05, 0.11],
        [0.03, 0.15],
        [0, 0.15],
      ],
      4,
    ),
    'metal',
    IRON,
    [0, 0.4, 0],
    [0, Math.PI / 4, 0],
  );
  m.add(
    tube(
      [
        [-0.05, 0.53, 0],
        [0, 0.62, 0],
        [0.05, 0.53, 0],
      ],
      0.007,
      { sides: 4, steps: 8 },
    ),
    'metal',
    BRASS,
  );
  m.add(rbox(0.19, 0.33, 0.19, 0.01), 'lamp', '#c97f38', [0, 0.04, 0]);
}

function longTable(m, o, rnd) {
  FURNITURE.longTable(m, o);
  const y = 0.752;
  m.add(rbox(2.2, 0.006, 0.3, 0, { max: 0.3 }), 'soft', '#f0e4d0', [0, y - 0.002, 0]);
  for (const x of [-0.8, 0, 0.8]) {
    for (const s of [-1, 1]) {
      m.add(
        lathe(
          [
            [0.1, 0],
            [0.12, 0.012],
            [0.09, 0.01],
            [0, 0.008],
          ],
          16,
        ),
        'gloss',
        '#f3ead9',
        [x, y, s * 0.3],
      );
      mug(m, [x + 0.19, y, s * 0.24], s > 0 ? '#d9795d' : '#8fb9a4', x + s);
    }
  }
  vase(m, [0.38, y, 0], '#4f8f88', rnd, '#f0a8c0', 0.2);
  m.add(
    lathe(
      [
        [0.06, 0],
        [0.15, 0.06],
        [0.16, 0.08],
        [0.13, 0.06],
        [0, 0.03],
      ],
      18,
    ),
    'wood',
    '#a8683c',
    [-0.4, y, 0],
  );
  for (let i = 0; i < 7; i++) {
    m.add(
      lump(0.042, { detail: 1, rough: 0.03, seed: i }),
      'gloss',
      pickOf(['#e0a63c', '#c8553d', '#7a9a3a'], rnd),
      [
        -0.4 + Math.sin(i * 2.4) * 0.07 * (i < 5 ? 1 : 0.3),
        y + (i < 5 ? 0.085 : 0.14),
        Math.cos(i * 2.4) * 0.07 * (i < 5 ? 1 : 0.3),
      ],
    );
  }
  for (const x of [-0.75, 0.02, 0.82]) {
    m.add(
      lathe(
        [
          [0.035, 0],
          [0.042, 0.09],
          [0.038, 0.09],
          [0.03, 0.02],
        ],
        10,
      ),
      'glass',
      '#ffffff',
      [x, y, 0],
    );
    m.add(drum(0.026, 0.05, 0.004, 8), 'lamp', '#ffd9a0', [x, y + 0.008, 0]);
  }
}

const GREEN = { tree, hedge, flowerBed };
export const GARDEN = { ...GREEN, pond, fireBowl, post, stringLights, lantern, longTable };
