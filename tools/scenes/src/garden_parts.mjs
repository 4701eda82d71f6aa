// What grows, burns and glows in the garden.
import { bar, drum, lathe, leaf, lump, random, rbox, tube, THREE } from './shapes.mjs';
import { campfire, mug, vase } from './decor.mjs';
import { FURNITURE } from './furniture.mjs';

const TAU = Math.PI * 2, IRON = '#3c3a3d', BRASS = '#c9a15a', STONE = '#8d8792';
const GREENS = ['#4c8a4c', '#3f7a47', '#5b9a55', '#356b42'];
const HEDGE = ['#4c8a4c', '#5b9a55', '#6aa860', '#3f7a47'];
const pickOf = (list, rnd) => list[Math.floor(rnd() * list.length)];

// A leaf of two triangles: foliage is made of hundreds.
function flake(size) {
  const g = new THREE.BufferGeometry(), s = size / 2, f = size * 0.12;
  g.setAttribute('position', new THREE.Float32BufferAttribute(
    [0, 0, 0, -s * 0.6, f, s, 0, 0, size, s * 0.6, f, s], 3));
  g.setAttribute('uv', new THREE.Float32BufferAttribute(new Float32Array(8), 2));
  g.setIndex([0, 2, 1, 0, 3, 2]);
  g.computeVertexNormals();
  return g;
}

// Scatters flakes over a ball; their normals follow the ball, which keeps the crown soft.
function crown(m, at, r, seed, { squash = 0.85, flakes = 60, size = 0.2, greens = GREENS } = {}) {
  const rnd = random(seed), tone = pickOf(greens, rnd);
  m.add(lump(r, { detail: 2, rough: 0.1, seed, squash }), 'leaf', tone, at, [0, 0, 0], { shade: 0.9, ao: 0.8 });
  for (let i = 0; i < flakes; i++) {
    const y = 1 - 1.75 * (i + 0.5) / flakes, a = i * 2.399963 + rnd(), h = Math.sqrt(1 - y * y);
    const n = [Math.sin(a) * h, y, Math.cos(a) * h];
    const g = flake(size * (0.7 + rnd() * 0.6));
    m.add(g, 'leaf', pickOf(greens, rnd), [at[0] + n[0] * r * 0.98, at[1] + n[1] * r * squash * 0.98,
      at[2] + n[2] * r * 0.98], [Math.acos(y) - 0.3 - rnd() * 0.35, a, (rnd() - 0.5) * 0.5],
    { ao: 0.35, shade: 0.3 });
  }
}

function tree(m, { size = 1, lights = true, greens }, rnd) {
  m.inside([0, 0, 0], rnd() * TAU, () => {
    m.add(tube([[0, -0.02, 0], [0.04, 0.6, 0.03], [-0.05, 1.3, 0], [0.03, 2.1, 0.05]],
      (k) => 0.2 - 0.1 * k + 0.12 * Math.max(0, 0.12 - k) * 6, { steps: 8, sides: 9 }), 'wood', '#6b4a36');
    const tops = [[0.05, 2.75, 0, 0.95], [0.75, 2.35, 0.25, 0.7], [-0.7, 2.3, 0.3, 0.72],
      [0.15, 2.25, -0.75, 0.66], [0.05, 2.15, 0.75, 0.62], [-0.3, 3.2, -0.15, 0.6]];
    tops.forEach(([x, y, z, r], i) => {
      if (i) m.add(tube([[0, 1.4 + i * 0.06, 0], [x * 0.5, y - 0.6, z * 0.5], [x * 0.9, y, z * 0.9]],
        (k) => 0.065 - 0.04 * k, { steps: 5, sides: 5 }), 'wood', '#6b4a36');
      crown(m, [x, y, z], r, Math.floor(rnd() * 1e6), { flakes: 84, size: 0.24, greens });
    });
    if (!lights) return;
    for (const [x, y, z, c] of [[0.9, 1.62, 0.55, '#ffcf8a'], [-0.85, 1.55, 0.6, '#ff9f7a'],
      [0.2, 1.5, 1.05, '#ffd9a8']]) {
      m.add(bar([x, y + 0.14, z], [x, y + 0.8, z], 0.005, 0.005, 4), 'matte', IRON);
      m.add(lump(0.15, { detail: 1, rough: 0, squash: 0.9 }), 'lamp', c, [x, y, z]);
      for (const s of [0.13, -0.14]) m.add(drum(0.05, 0.02, 0.006, 10), 'matte', IRON, [x, y + s, z]);
    }
  }, size);
}

function hedge(m, { w }, rnd) {
  const [h, d] = [1.35, 0.78];
  const g = rbox(w, h, d, 0.16, { seg: 2, max: 0.42, open: '-y-z' });
  const p = g.attributes.position;
  for (let i = 0; i < p.count; i++) {
    const [x, y, z] = [p.getX(i), p.getY(i), p.getZ(i)];
    const k = 0.05 * (Math.sin(x * 3.1 + z * 2) + Math.sin(x * 7.3 + y * 5) * 0.6);
    p.setXYZ(i, x, y + k * (y / h), z + k);
  }
  m.add(g, 'leaf', '#3a7044', [0, 0, 0], [0, 0, 0], { shade: 0.7 });
  const n = Math.round(w * 40);
  for (let i = 0; i < n; i++) {
    const x = (rnd() - 0.5) * (w - 0.2), top = rnd() < 0.36;
    const at = top ? [x, h + 0.005, (rnd() - 0.5) * d * 0.9] : [x, 0.06 + rnd() * (h - 0.1), d / 2 + 0.01];
    m.add(flake(0.12 + rnd() * 0.09), 'leaf', pickOf(HEDGE, rnd), at,
      [top ? 0.35 - rnd() * 0.5 : 1.2 - rnd() * 0.45, (rnd() - 0.5) * (top ? 6 : 1), 0], { ao: 0.25 });
  }
  // Small white blossoms here and there.
  for (let i = 0; i < w * 2; i++) {
    m.add(lump(0.028, { detail: 0, rough: 0 }), 'leaf', pickOf(['#f6e9f2', '#f2c6d6'], rnd),
      [(rnd() - 0.5) * (w - 0.3), 0.4 + rnd() * 0.9, d / 2 + 0.04]);
  }
}

function stones(m, path, rnd, size = 0.12, detail = 0) {
  for (const [x, z] of path) {
    const r = size * (0.75 + rnd() * 0.5);
    m.add(lump(r, { detail, rough: 0.1, seed: Math.floor(rnd() * 1e6), squash: 0.62 }), 'matte',
      pickOf([STONE, '#7c7682', '#9c95a0', '#857b80'], rnd), [x, r * 0.2, z], [0, rnd() * TAU, 0]);
  }
}

function flowerBed(m, { w, d, colours = ['#e0567a', '#f0a8c0', '#f6e6d8', '#b06ad0'] }, rnd) {
  m.add(rbox(w - 0.1, 0.12, d - 0.1, 0.05, { max: 0.3 }), 'matte', '#4a3428');
  const edge = [];
  for (let x = -w / 2; x <= w / 2; x += 0.19) edge.push([x, d / 2], [x, -d / 2]);
  for (let z = -d / 2 + 0.18; z < d / 2 - 0.1; z += 0.19) edge.push([-w / 2, z], [w / 2, z]);
  stones(m, edge, rnd, 0.105);
  const n = Math.round(w * d * 22);
  for (let i = 0; i < n; i++) {
    const x = (rnd() - 0.5) * (w - 0.3), z = (rnd() - 0.5) * (d - 0.26), h = 0.24 + rnd() * 0.24;
    m.add(bar([x, 0.1, z], [x, h, z], 0.006, 0.005, 3), 'leaf', '#4c8a4c');
    for (let k = 0; k < 4; k++) {
      m.add(flake(0.16), 'leaf', pickOf(GREENS, rnd), [x, 0.11 + k * 0.035, z], [-0.7, i + k * 1.7, 0],
        { ao: 0.6 });
    }
    m.add(lump(0.055, { detail: 0, rough: 0.2, seed: i, squash: 0.75 }), 'leaf', pickOf(colours, rnd),
      [x, h + 0.02, z], [0, 0, 0], { shade: 0.4, ao: 0.5 });
  }
}

function pond(m, { rx, rz }, rnd) {
  const water = new THREE.CircleGeometry(1, 36);
  m.add(water, 'water', '#3f6f8f', [0, 0.035, 0], [-Math.PI / 2, 0, 0], { scale: [rx * 0.97, rz * 0.97, 1] });
  const edge = Array.from({ length: 34 }, (_, i) => {
    const a = i / 34 * TAU;
    return [Math.sin(a) * rx, Math.cos(a) * rz];
  });
  stones(m, edge, rnd, 0.19, 1);
  for (const [x, z, s] of [[-0.7, 0.3, 1], [-0.95, -0.1, 0.8], [0.75, 0.45, 0.9], [0.95, 0.15, 0.7]]) {
    m.add(lathe([[0.165 * s, 0.006], [0.16 * s, 0], [0, 0.004]], 16, { arc: TAU * 0.88, from: x * 9 }),
      'leaf', '#4f9a5a', [x, 0.042, z]);
    if (s < 0.8) continue;
    for (let i = 0; i < 9; i++) {
      m.add(leaf(0.075, 0.034, -0.6, { steps: 2 }), 'leaf', i < 5 ? '#f6c6d8' : '#fdeef2', [x, 0.055, z],
        [-0.35 - (i > 4 ? 0.5 : 0), i * 2.4, 0]);
    }
  }
  // The fountain: two stone bowls and water that falls between them.
  m.inside([0.1, 0, -0.15], 0, () => {
    m.add(lathe([[0.2, 0], [0.13, 0.06], [0.075, 0.16], [0.08, 0.4], [0.14, 0.46], [0.36, 0.52], [0.4, 0.58],
      [0.37, 0.585], [0.3, 0.555], [0, 0.54]], 24), 'matte', '#a39ca6');
    m.add(lathe([[0.06, 0], [0.045, 0.16], [0.06, 0.2], [0.17, 0.25], [0.19, 0.285], [0.17, 0.287],
      [0, 0.27]], 16), 'matte', '#a39ca6', [0, 0.54, 0]);
    m.add(drum(0.33, 0.012, 0.005, 22), 'water', '#8fc3d8', [0, 0.56, 0]);
    m.add(lathe([[0.015, 0], [0.02, 0.12], [0.012, 0.2], [0.03, 0.235]].map(([r, y]) => [r, y]), 8),
      'water', '#d8eef6', [0, 0.81, 0]);
    for (let i = 0; i < 8; i++) {
      const a = i * TAU / 8, at = (r, y) => [Math.sin(a) * r, y, Math.cos(a) * r];
      m.add(tube([at(0.19, 0.82), at(0.25, 0.79), at(0.28, 0.58)], 0.009, { sides: 4, steps: 5 }), 'water',
        '#d8eef6');
      m.add(tube([at(0.4, 0.58), at(0.47, 0.5), at(0.5, 0.05)], 0.008, { sides: 4, steps: 5 }), 'water',
        '#d8eef6');
    }
  });
}

function fireBowl(m, o, rnd) {
  m.add(lathe([[0.1, 0.16], [0.3, 0.2], [0.44, 0.34], [0.46, 0.37], [0.43, 0.37], [0.29, 0.24],
    [0, 0.22]], 26), 'metal', '#4a4443');
  for (let i = 0; i < 4; i++) {
    const a = (i + 0.5) * TAU / 4, [s, c] = [Math.sin(a), Math.cos(a)];
    m.add(bar([s * 0.34, 0, c * 0.34], [s * 0.27, 0.24, c * 0.27], 0.022), 'metal', IRON);
  }
  for (let i = 0; i < 14; i++) {
    const a = i * 2.4, r = 0.07 * Math.sqrt(i);
    m.add(lump(0.045, { detail: 1, rough: 0.2, seed: i }), i % 3 ? 'matte' : 'fire',
      i % 3 ? '#2b2422' : '#7a2c08', [Math.sin(a) * r, 0.25, Math.cos(a) * r]);
  }
  campfire(m, [0, 0.28, 0], 1.25, rnd);
}

const POST_M = 2.55;
function post(m) {
  m.add(lathe([[0.13, 0], [0.11, 0.22], [0.09, 0.26]], 14), 'wood', '#8f8378');
  m.add(bar([0, 0, 0], [0, POST_M, 0], 0.05, 0.042, 8), 'wood', '#7b5136');
  m.add(lump(0.075, { detail: 1, rough: 0 }), 'wood', '#7b5136', [0, POST_M, 0]);
}

function stringLights(m, { posts }) {
  const order = [0, 1, 3, 2], pairs = [...order.map((p, i) => [p, order[(i + 1) % 4]]), [0, 3], [1, 2]];
  for (const [a, b] of pairs) {
    const [p, q] = [posts[a], posts[b]], n = Math.round(Math.hypot(q[0] - p[0], q[1] - p[1]) / 0.42);
    const at = (k) => [p[0] + (q[0] - p[0]) * k, POST_M - 0.05 - 0.55 * 4 * k * (1 - k) * 0.5,
      p[1] + (q[1] - p[1]) * k];
    m.add(tube(Array.from({ length: 9 }, (_, i) => at(i / 8)), 0.006, { sides: 3, steps: 12 }), 'matte', IRON);
    for (let i = 0; i < n; i++) {
      const [x, y, z] = at((i + 0.5) / n);
      m.add(lathe([[0.014, 0], [0.016, -0.035]].reverse(), 6), 'matte', IRON, [x, y, z]);
      m.add(lathe([[0, -0.05], [0.032, -0.03], [0.037, 0], [0.022, 0.036], [0.012, 0.046]], 7), 'bulb',
        '#ffca7a', [x, y - 0.075, z]);
    }
  }
}

function lantern(m) {
  m.add(rbox(0.26, 0.03, 0.26, 0.01), 'metal', IRON);
  m.add(rbox(0.26, 0.03, 0.26, 0.01), 'metal', IRON, [0, 0.38, 0]);
  for (const x of [-1, 1]) {
    for (const z of [-1, 1]) m.add(rbox(0.022, 0.36, 0.022, 0), 'metal', IRON, [x * 0.11, 0.02, z * 0.11]);
  }
  m.add(lathe([[0.17, 0], [0.05, 0.11], [0.03, 0.15], [0, 0.15]], 4), 'metal', IRON, [0, 0.4, 0],
    [0, Math.PI / 4, 0]);
  m.add(tube([[-0.05, 0.53, 0], [0, 0.62, 0], [0.05, 0.53, 0]], 0.007, { sides: 4, steps: 8 }), 'metal',
    BRASS);
  m.add(rbox(0.19, 0.33, 0.19, 0.01), 'lamp', '#ffc98a', [0, 0.04, 0]);
}

function longTable(m, o, rnd) {
  FURNITURE.longTable(m, o);
  const y = 0.752;
  m.add(rbox(2.2, 0.006, 0.3, 0, { max: 0.3 }), 'soft', '#f0e4d0', [0, y - 0.002, 0]);
  for (const x of [-0.8, 0, 0.8]) {
    for (const s of [-1, 1]) {
      m.add(lathe([[0.1, 0], [0.12, 0.012], [0.09, 0.01], [0, 0.008]], 16), 'gloss', '#f3ead9',
        [x, y, s * 0.3]);
      mug(m, [x + 0.19, y, s * 0.24], s > 0 ? '#d9795d' : '#8fb9a4', x + s);
    }
  }
  vase(m, [0.38, y, 0], '#4f8f88', rnd, '#f0a8c0', 0.2);
  m.add(lathe([[0.06, 0], [0.15, 0.06], [0.16, 0.08], [0.13, 0.06], [0, 0.03]], 18), 'wood', '#a8683c',
    [-0.4, y, 0]);
  for (let i = 0; i < 7; i++) {
    m.add(lump(0.042, { detail: 1, rough: 0.03, seed: i }), 'gloss', pickOf(['#e0a63c', '#c8553d', '#7a9a3a'],
      rnd), [-0.4 + Math.sin(i * 2.4) * 0.07 * (i < 5 ? 1 : 0.3), y + (i < 5 ? 0.085 : 0.14),
      Math.cos(i * 2.4) * 0.07 * (i < 5 ? 1 : 0.3)]);
  }
  for (const x of [-0.75, 0.02, 0.82]) {
    m.add(lathe([[0.035, 0], [0.042, 0.09], [0.038, 0.09], [0.03, 0.02]], 10), 'glass', '#ffffff', [x, y, 0]);
    m.add(drum(0.026, 0.05, 0.004, 8), 'lamp', '#ffd9a0', [x, y + 0.008, 0]);
  }
}

// Blades of grass in tufts, thicker where nobody walks.
export function tufts(m, n, rnd, place) {
  for (let i = 0; i < n; i++) {
    const at = place(rnd);
    if (!at) continue;
    for (let k = 0; k < 4; k++) {
      const g = new THREE.BufferGeometry(), h = 0.07 + rnd() * 0.09, w = 0.012;
      g.setAttribute('position', new THREE.Float32BufferAttribute([-w, 0, 0, w, 0, 0, (rnd() - 0.5) * 0.05, h,
        0.05], 3));
      g.setAttribute('normal', new THREE.Float32BufferAttribute([0, 1, 0, 0, 1, 0, 0, 1, 0], 3));
      g.setAttribute('uv', new THREE.Float32BufferAttribute(new Float32Array(6), 2));
      g.setIndex([0, 1, 2]);
      m.add(g, 'leaf', pickOf(['#5d8f4f', '#6a9c58', '#4f7f48'], rnd), [at[0], 0, at[1]], [0, i + k * 1.6, 0],
        { ao: 0.3 });
    }
  }
}

export const GARDEN = { tree, hedge, flowerBed, pond, fireBowl, post, stringLights, lantern, longTable };
