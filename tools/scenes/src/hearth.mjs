// Fire, and where it burns indoors.
import { bar, drum, lathe, lump, panel, rbox, shape } from './shapes.mjs';
import { bookPile, vase } from './decor.mjs';

function flames(m, at, size, rnd) {
  for (let i = 0; i < 9; i++) {
    const inner = i > 5,
      k = inner ? 0.62 : 1,
      a = i * 2.4,
      r = (inner ? 0.05 : 0.1) * size;
    const h = (0.2 + 0.18 * rnd()) * size * k;
    m.add(
      shape(
        lathe(
          [
            [0, 0],
            [0.05, 0.03],
            [0.062, 0.1],
            [0.045, 0.2],
            [0.018, 0.3],
            [0, 0.36],
          ],
          9,
        ),
        (x, y, z) => [x + 0.03 * Math.sin(y * 16 + a), y, z + 0.02 * Math.cos(y * 14 + a)],
      ),
      inner ? 'flame' : 'fire',
      inner ? '#b06a10' : '#7a2c08',
      [at[0] + Math.sin(a) * r, at[1], at[2] + Math.cos(a) * r * 0.7],
      [0, a, 0],
      { scale: [size * k, h / 0.36, size * k] },
    );
  }
}

function logs(m, at, size) {
  for (const [x, y, z, yaw] of [
    [-0.02, 0.04, 0.05, 0.2],
    [0.03, 0.04, -0.07, -0.25],
    [0, 0.12, 0, 0.9],
  ]) {
    m.inside([at[0] + x * size, at[1] + y * size, at[2] + z * size], yaw, () => {
      m.add(bar([-0.25 * size, 0, 0], [0.25 * size, 0.02, 0], 0.045 * size), 'wood', '#5b3a26');
      for (const s of [-1, 1]) {
        m.add(
          drum(0.04 * size, 0.006, 0.002, 9),
          'wood',
          '#c99b6a',
          [s * 0.25 * size, 0.01, 0],
          [0, 0, (-s * Math.PI) / 2],
        );
      }
    });
  }
}

export const campfire = (m, at, size, rnd) => {
  logs(m, at, size);
  flames(m, at, size, rnd);
};

function fireplace(m, o, rnd) {
  const white = '#ece2d2',
    high = o.height ?? 3,
    gap = 0.86;
  for (const s of [-1, 1]) {
    m.add(rbox((1.7 - gap) / 2, 0.82, 0.42, 0.012, { max: 0.25 }), 'brick', white, [
      s * (gap / 2 + (1.7 - gap) / 4),
      0,
      0,
    ]);
    m.add(rbox(0.16, 1.02, 0.06, 0.015), 'matte', '#fbf4e8', [s * (gap / 2 + 0.1), 0.06, 0.225]);
  }
  m.add(rbox(1.7, 0.32, 0.42, 0.012, { max: 0.25 }), 'brick', white, [0, 0.82, 0]);
  m.add(rbox(gap + 0.36, 0.14, 0.06, 0.015), 'matte', '#fbf4e8', [0, 0.86, 0.225]);
  m.add(rbox(1.5, high - 1.14, 0.3, 0.01, { max: 0.3 }), 'brick', white, [0, 1.14, -0.06]);
  m.add(panel(-gap / 2, 0, gap / 2, 0.82, 0.2), 'brick', '#4a342b', [0, 0, -0.2]);
  m.add(rbox(1.96, 0.075, 0.56, 0.02, { max: 0.4 }), 'wood', '#7a4a2c', [0, 1.13, 0.05]);
  m.add(rbox(1.5, 0.07, 0.72, 0.015, { max: 0.3 }), 'gloss', '#8d8178', [0, 0, 0.13]);
  campfire(m, [0, 0.08, 0.02], 0.95, rnd);
  for (const s of [-1, 1])
    m.add(bar([s * 0.2, 0.07, 0.2], [s * 0.2, 0.3, 0.2], 0.012), 'metal', '#3a3634');
  m.add(bar([-0.26, 0.16, 0.2], [0.26, 0.16, 0.2], 0.01), 'metal', '#3a3634');
  const top = 1.205;
  for (const [x, h] of [
    [-0.78, 0.16],
    [-0.68, 0.11],
    [0.8, 0.13],
  ]) {
    m.add(drum(0.028, h, 0.006, 12), 'matte', '#f6ead2', [x, top, 0.12]);
    m.add(lump(0.014, { detail: 1, rough: 0, squash: 1.8 }), 'flame', '#b06a10', [
      x,
      top + h + 0.025,
      0.12,
    ]);
  }
  vase(m, [0.58, top, 0.1], '#c8553d', rnd, '#f2d7c2', 0.2);
  bookPile(m, [-0.42, top, 0.12], 2, rnd);
  m.add(
    lathe(
      [
        [0, 0],
        [0.1, 0.01],
        [0.13, 0.06],
        [0.12, 0.065],
        [0, 0.03],
      ],
      18,
    ),
    'gloss',
    '#4f93a3',
    [0.25, top, 0.12],
  );
}

export const HEARTH = { fireplace };
