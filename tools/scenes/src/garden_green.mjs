// What grows in the garden, and the stones between.
import { bar, drum, lump, random, rbox, tube, THREE } from './shapes.mjs';

const TAU = Math.PI * 2,
  IRON = '#3c3a3d',
  STONE = '#8d8792';
const pickOf = (list, rnd) => list[Math.floor(rnd() * list.length)];

const GREENS = ['#4c8a4c', '#3f7a47', '#5b9a55', '#356b42'];

const HEDGE = ['#4c8a4c', '#5b9a55', '#6aa860', '#3f7a47'];

// A leaf of two triangles: foliage is made of hundreds.
function flake(size) {
  const g = new THREE.BufferGeometry(),
    s = size / 2,
    f = size * 0.12;
  g.setAttribute(
    'position',
    new THREE.Float32BufferAttribute([0, 0, 0, -s * 0.6, f, s, 0, 0, size, s * 0.6, f, s], 3),
  );
  g.setAttribute('uv', new THREE.Float32BufferAttribute(new Float32Array(8), 2));
  g.setIndex([0, 2, 1, 0, 3, 2]);
  g.computeVertexNormals();
  return g;
}

// Scatters flakes over a ball; their normals follow the ball, which keeps the crown soft.
function crown(m, at, r, seed, { squash = 0.85, flakes = 60, size = 0.2, greens = GREENS } = {}) {
  const rnd = random(seed),
    tone = pickOf(greens, rnd);
  m.add(lump(r, { detail: 2, rough: 0.1, seed, squash }), 'leaf', tone, at, [0, 0, 0], {
    shade: 0.9,
    ao: 0.8,
  });
  for (let i = 0; i < flakes; i++) {
    const y = 1 - (1.75 * (i + 0.5)) / flakes,
      a = i * 2.399963 + rnd(),
      h = Math.sqrt(1 - y * y);
    const n = [Math.sin(a) * h, y, Math.cos(a) * h];
    const g = flake(size * (0.7 + rnd() * 0.6));
    m.add(
      g,
      'leaf',
      pickOf(greens, rnd),
      [at[0] + n[0] * r * 0.98, at[1] + n[1] * r * squash * 0.98, at[2] + n[2] * r * 0.98],
      [Math.acos(y) - 0.3 - rnd() * 0.35, a, (rnd() - 0.5) * 0.5],
      { ao: 0.35, shade: 0.3 },
    );
  }
}

export function tree(m, { size = 1, lights = true, greens }, rnd) {
  m.inside(
    [0, 0, 0],
    rnd() * TAU,
    () => {
      m.add(
        tube(
          [
            [0, -0.02, 0],
            [0.04, 0.6, 0.03],
            [-0.05, 1.3, 0],
            [0.03, 2.1, 0.05],
          ],
          (k) => 0.2 - 0.1 * k + 0.12 * Math.max(0, 0.12 - k) * 6,
          { steps: 8, sides: 9 },
        ),
        'wood',
        '#6b4a36',
      );
      const tops = [
        [0.05, 2.75, 0, 0.95],
        [0.75, 2.35, 0.25, 0.7],
        [-0.7, 2.3, 0.3, 0.72],
        [0.15, 2.25, -0.75, 0.66],
        [0.05, 2.15, 0.75, 0.62],
        [-0.3, 3.2, -0.15, 0.6],
      ];
      tops.forEach(([x, y, z, r], i) => {
        if (i)
          m.add(
            tube(
              [
                [0, 1.4 + i * 0.06, 0],
                [x * 0.5, y - 0.6, z * 0.5],
                [x * 0.9, y, z * 0.9],
              ],
              (k) => 0.065 - 0.04 * k,
              { steps: 5, sides: 5 },
            ),
            'wood',
            '#6b4a36',
          );
        crown(m, [x, y, z], r, Math.floor(rnd() * 1e6), { flakes: 84, size: 0.24, greens });
      });
      if (!lights) return;
      for (const [x, y, z, c] of [
        [0.9, 1.62, 0.55, '#cf8f45'],
        [-0.85, 1.55, 0.6, '#c9603c'],
        [0.2, 1.5, 1.05, '#d8a05c'],
      ]) {
        m.add(bar([x, y + 0.14, z], [x, y + 0.8, z], 0.005, 0.005, 4), 'matte', IRON);
        m.add(lump(0.15, { detail: 1, rough: 0, squash: 0.9 }), 'lamp', c, [x, y, z]);
        for (const s of [0.13, -0.14])
          m.add(drum(0.05, 0.02, 0.006, 10), 'matte', IRON, [x, y + s, z]);
      }
    },
    size,
  );
}

export function hedge(m, { w }, rnd) {
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
    const x = (rnd() - 0.5) * (w - 0.2),
      top = rnd() < 0.36;
    const at = top
      ? [x, h + 0.005, (rnd() - 0.5) * d * 0.9]
      : [x, 0.06 + rnd() * (h - 0.1), d / 2 + 0.01];
    m.add(
      flake(0.12 + rnd() * 0.09),
      'leaf',
      pickOf(HEDGE, rnd),
      at,
      [top ? 0.35 - rnd() * 0.5 : 1.2 - rnd() * 0.45, (rnd() - 0.5) * (top ? 6 : 1), 0],
      { ao: 0.25 },
    );
  }
  // Small white blossoms here and there.
  for (let i = 0; i < w * 2; i++) {
    m.add(lump(0.028, { detail: 0, rough: 0 }), 'leaf', pickOf(['#f6e9f2', '#f2c6d6'], rnd), [
      (rnd() - 0.5) * (w - 0.3),
      0.4 + rnd() * 0.9,
      d / 2 + 0.04,
    ]);
  }
}

const BLOOMS = ['#e0567a', '#f0a8c0', '#f6e6d8', '#b06ad0'];

export function flowerBed(m, { w, d, colours = BLOOMS }, rnd) {
  m.add(rbox(w - 0.1, 0.12, d - 0.1, 0.05, { max: 0.3 }), 'matte', '#4a3428');
  const edge = [];
  for (let x = -w / 2; x <= w / 2; x += 0.19) edge.push([x, d / 2], [x, -d / 2]);
  for (let z = -d / 2 + 0.18; z < d / 2 - 0.1; z += 0.19) edge.push([-w / 2, z], [w / 2, z]);
  stones(m, edge, rnd, 0.105);
  const n = Math.round(w * d * 22);
  for (let i = 0; i < n; i++) {
    const x = (rnd() - 0.5) * (w - 0.3),
      z = (rnd() - 0.5) * (d - 0.26),
      h = 0.24 + rnd() * 0.24;
    m.add(bar([x, 0.1, z], [x, h, z], 0.006, 0.005, 3), 'leaf', '#4c8a4c');
    for (let k = 0; k < 4; k++) {
      m.add(
        flake(0.16),
        'leaf',
        pickOf(GREENS, rnd),
        [x, 0.11 + k * 0.035, z],
        [-0.7, i + k * 1.7, 0],
        { ao: 0.6 },
      );
    }
    m.add(
      lump(0.055, { detail: 0, rough: 0.2, seed: i, squash: 0.75 }),
      'leaf',
      pickOf(colours, rnd),
      [x, h + 0.02, z],
      [0, 0, 0],
      { shade: 0.4, ao: 0.5 },
    );
  }
}

export function stones(m, path, rnd, size = 0.12, detail = 0) {
  for (const [x, z] of path) {
    const r = size * (0.75 + rnd() * 0.5);
    m.add(
      lump(r, { detail, rough: 0.1, seed: Math.floor(rnd() * 1e6), squash: 0.62 }),
      'matte',
      pickOf([STONE, '#7c7682', '#9c95a0', '#857b80'], rnd),
      [x, r * 0.2, z],
      [0, rnd() * TAU, 0],
    );
  }
}

// Blades of grass in tufts, thicker where nobody walks.
export function tufts(m, n, rnd, place) {
  for (let i = 0; i < n; i++) {
    const at = place(rnd);
    if (!at) continue;
    for (let k = 0; k < 4; k++) {
      const g = new THREE.BufferGeometry(),
        h = 0.07 + rnd() * 0.09,
        w = 0.012;
      g.setAttribute(
        'position',
        new THREE.Float32BufferAttribute([-w, 0, 0, w, 0, 0, (rnd() - 0.5) * 0.05, h, 0.05], 3),
      );
      g.setAttribute('normal', new THREE.Float32BufferAttribute([0, 1, 0, 0, 1, 0, 0, 1, 0], 3));
      g.setAttribute('uv', new THREE.Float32BufferAttribute(new Float32Array(6), 2));
      g.setIndex([0, 1, 2]);
      m.add(
        g,
        'leaf',
        pickOf(['#5d8f4f', '#6a9c58', '#4f7f48'], rnd),
        [at[0], 0, at[1]],
        [0, i + k * 1.6, 0],
        { ao: 0.3 },
      );
    }
  }
}
