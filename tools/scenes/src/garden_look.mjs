// How the garden looks: lawn and stone path, a sky after sunset, pools of warm light.
import { THREE, lump, random, rbox, panel } from './shapes.mjs';
import { tufts } from './garden_green.mjs';
import { free, planOf } from './plan.mjs';
import { drawing, clamp, hex, layers, mix3, step } from './textures.mjs';
import scene from './garden.mjs';

const [W, D] = scene.size;
const find = (kind) => scene.items.filter((i) => i.kind === kind).map((i) => i.at);
const [FIRE] = find('fireBowl'),
  [TABLE] = find('longTable'),
  [POND] = find('pond');

scene.items
  .filter((i) => i.kind === 'tree')
  .forEach((item, i) =>
    Object.assign(
      item,
      [
        { greens: ['#4c8a4c', '#3f7a47', '#5b9a55'] },
        { greens: ['#b5654a', '#c9784f', '#a3553f'] },
        { greens: ['#c98aa0', '#d9a0b0', '#b87890'], lights: false },
      ][i],
    ),
  );
scene.items
  .filter((i) => i.kind === 'flowerBed')
  .forEach((item, i) =>
    Object.assign(
      item,
      [
        {},
        { colours: ['#f0b428', '#f6e6b8', '#e8804a'] },
        { colours: ['#d8354f', '#e86a7a', '#f6d0d0'] },
        { colours: ['#8f7ad8', '#b9a8ea', '#f2eefa'] },
      ][i],
    ),
  );

// [x, z, strength, reach] of what glows, for the light that is painted on.
const GLOWS = [
  [...FIRE, 1.5, 1.5],
  [...TABLE, 0.7, 1.9],
  ...find('lantern').map((p) => [...p, 2, 0.85]),
  ...find('post').map((p) => [...p, 0.35, 1.1]),
];
const WARM = [1, 0.62, 0.28];
const pool = (x, z) =>
  GLOWS.reduce(
    (s, [gx, gz, k, r]) => s + k / (1 + ((x - gx) ** 2 + (z - gz) ** 2) / (r * r)) ** 1.6,
    0,
  );

// Distance to a line of points.
const along = (line, x, z) =>
  line.slice(1).reduce((best, [bx, bz], i) => {
    const [ax, az] = line[i],
      [dx, dz] = [bx - ax, bz - az];
    const k = clamp(((x - ax) * dx + (z - az) * dz) / (dx * dx + dz * dz));
    return Math.min(best, Math.hypot(x - ax - dx * k, z - az - dz * k));
  }, Infinity);
const PATHS = [
  [
    [0, 6.2],
    [-0.1, 4.4],
    [0.1, 2.6],
    [-0.2, 0.8],
    [-0.1, -1.2],
    [0.9, -2.9],
    [1.4, -3.6],
  ],
  [
    [-0.2, 1.4],
    [-1.2, 0.9],
    [-2, 0.7],
  ],
  [
    [0, 1.8],
    [0.9, 1.4],
    [1.6, 1],
  ],
  [
    [-0.1, -1.2],
    [-1.0, -2.9],
    [-1.9, -4.0],
  ],
  [
    [-5.0, 1.1],
    [-5.6, 2.4],
    [-5.7, 3.4],
  ],
  [
    [-4.6, -0.3],
    [-5.4, -1.6],
    [-6.2, -2.4],
  ],
];

// Irregular flagstones: which stone a point is in, and how far from its edge.
function flags(x, z, side) {
  const [i, j] = [Math.floor(x / side), Math.floor(z / side)];
  const near = [];
  for (let a = -1; a <= 1; a++) {
    for (let b = -1; b <= 1; b++) {
      const [ci, cj] = [i + a, j + b],
        h = Math.sin(ci * 127.1 + cj * 311.7) * 43758.5453;
      const h2 = Math.sin(ci * 269.5 + cj * 183.3) * 43758.5453;
      const px = (ci + 0.5 + 0.62 * (h - Math.floor(h) - 0.5)) * side;
      const pz = (cj + 0.5 + 0.62 * (h2 - Math.floor(h2) - 0.5)) * side;
      near.push([Math.hypot(x - px, z - pz), h - Math.floor(h)]);
    }
  }
  near.sort((p, q) => p[0] - q[0]);
  return { edge: (near[1][0] - near[0][0]) / 2, tone: near[0][1] };
}

const soft = layers(9, 7, 61),
  fine = layers(90, 70, 62, 3),
  blades = layers(260, 200, 63, 2);
function ground(x, z) {
  const [u, v] = [x / W + 0.5, z / D + 0.5],
    n = soft(u, v),
    f = fine(u, v),
    b = blades(u, v);
  const mown = 0.5 + 0.5 * Math.tanh(4 * Math.sin((x * 0.8 + z) * 1.9));
  let c = mix3(hex('#47733f'), hex('#5f8f4c'), clamp(0.3 + 0.25 * mown + (n - 0.5) * 0.9));
  c = c.map((k) => k * (0.8 + 0.34 * f) * (0.8 + 0.4 * b));
  const stone = (tone) =>
    mix3(hex('#837c86'), hex('#a79d9d'), tone).map((k) => k * (0.86 + 0.26 * f));
  // The terrace under the long table and the round of gravel at the fire.
  const terrace = Math.min(2.15 - Math.abs(x - TABLE[0]), 1.75 - Math.abs(z - TABLE[1]));
  const path = 0.42 - Math.min(...PATHS.map((p) => along(p, x, z))) + (n - 0.5) * 0.16;
  const paved = Math.max(terrace + (n - 0.5) * 0.3, path);
  if (paved > -0.1) {
    const { edge, tone } = flags(x, z, terrace > 0 ? 0.52 : 0.46);
    const body =
      step(0.015, 0.045, edge - Math.max(0, 0.1 - paved) * 0.5) * step(-0.04, 0.03, paved);
    c = mix3(c, stone(tone), body);
  }
  const gravel = 1.28 - Math.hypot(x - FIRE[0], z - FIRE[1]) + (n - 0.5) * 0.2;
  c = mix3(c, mix3(hex('#776a63'), hex('#b3a496'), clamp(b * 1.3 - 0.1)), step(0, 0.1, gravel));
  const wet = Math.hypot((x - POND[0]) / 1.7, (z - POND[1]) / 1.1);
  return mix3(c, hex('#1f3f52'), 1 - step(0.94, 1.02, wet));
}

// The sky: a band of light low down, violet above, night below, and the first stars.
function skyDome(m) {
  const stops = [
    [-1, '#372a5e'],
    [-0.62, '#4d3a78'],
    [-0.36, '#6c4a8a'],
    [-0.2, '#8f5c98'],
    [-0.1, '#c4728f'],
    [-0.03, '#f09a77'],
    [0.04, '#f7b27c'],
    [0.14, '#d77f8e'],
    [0.3, '#8a5aa0'],
    [0.55, '#4a3d86'],
    [1, '#232050'],
  ].map(([y, c]) => [y, new THREE.Color(c)]);
  const at = (y) => {
    const i = Math.max(
        1,
        stops.findIndex(([s]) => s >= y),
      ),
      [a, ca] = stops[i - 1],
      [b, cb] = stops[i];
    return ca.clone().lerp(cb, (y - a) / (b - a));
  };
  const dome = new THREE.SphereGeometry(34, 28, 40);
  dome.index.array.reverse();
  m.add(dome, 'far', '#ffffff');
  const g = m.parts.get('far').at(-1),
    p = g.attributes.position,
    c = g.attributes.color;
  for (let i = 0; i < p.count; i++) {
    const k = at(p.getY(i) / 34);
    c.setXYZ(i, k.r, k.g, k.b);
  }
  const rnd = random(77);
  for (let i = 0; i < 70; i++) {
    const y = 0.1 + 0.85 * rnd(),
      a = rnd() * Math.PI * 2,
      h = Math.sqrt(1 - y * y),
      r = 33;
    m.add(lump(0.03 + 0.05 * rnd() ** 3, { detail: 0, rough: 0 }), 'far', '#fff1dc', [
      Math.sin(a) * h * r,
      y * r,
      Math.cos(a) * h * r,
    ]);
  }
}

export default {
  reach: 1.3,
  floorPixels: 1280,
  art: '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>',
  sky: () => drawing('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'),
  floor: ground,
  light: (x, z) => {
    const k = pool(x, z);
    return WARM.map((w) => 0.82 + w * k * 0.75);
  },
  // Painted light on things: warm near what glows, fading with height.
  glow: (x, y, z) => {
    const k = pool(x, z) * Math.exp(-Math.max(0, y - 0.6) * 0.8);
    return WARM.map((w) => 0.9 + w * k * 0.6);
  },
  extras(m, rnd) {
    const lawn = panel(-W / 2, -D / 2, W / 2, D / 2, 2),
      uv = lawn.attributes.uv;
    for (let i = 0; i < uv.count; i++) uv.setXY(i, uv.getX(i) / W + 0.5, 0.5 - uv.getY(i) / D);
    m.add(lawn, 'floor', '#ffffff', [0, 0, 0], [-Math.PI / 2, 0, 0], { ao: 0 });
    m.add(rbox(W, 0.1, D, 0.01, { max: 1, open: '+y' }), 'trim', '#4f7a45', [0, -0.101, 0]);
    m.add(
      rbox(W - 0.06, 0.55, D - 0.06, 0.05, { max: 1, open: '+y' }),
      'trim',
      '#5a4036',
      [0, -0.6, 0],
    );
    for (let i = 0; i < 46; i++) {
      const front = i % 3 < 2,
        k = rnd() - 0.5,
        r = 0.08 + rnd() * 0.1;
      m.add(
        lump(r, { detail: 0, rough: 0.1, seed: i + 9, squash: 0.7 }),
        'trim',
        ['#7c7078', '#6a5f68', '#8d8088'][i % 3],
        front
          ? [k * W * 0.96, -0.2 - rnd() * 0.3, D / 2 - 0.06]
          : [W / 2 - 0.06, -0.2 - rnd() * 0.3, k * D * 0.96],
      );
    }
    const plan = planOf(scene),
      edges = plan.blocked;
    tufts(m, 900, rnd, (r) => {
      const [x, z] = [(r() - 0.5) * (W - 0.5), (r() - 0.5) * (D - 0.5)];
      const stone =
        Math.min(...PATHS.map((p) => along(p, x, z))) < 0.55 ||
        Math.hypot(x - FIRE[0], z - FIRE[1]) < 1.4 ||
        (Math.abs(x - TABLE[0]) < 2.3 && Math.abs(z - TABLE[1]) < 1.9) ||
        Math.hypot((x - POND[0]) / 1.75, (z - POND[1]) / 1.15) < 1;
      const rim = edges.some(
        ([a, b, c, d]) => x > a - 0.2 && x < c + 0.2 && z > b - 0.2 && z < d + 0.2,
      );
      return !stone && (rim || !free(plan, x, z) || r() < 0.3) ? [x, z] : null;
    });
    skyDome(m);
  },
};
