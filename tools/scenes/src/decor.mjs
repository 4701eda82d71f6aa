// What makes a room lived in: plants, lamps, books, fire, crockery.
import { bar, card, drum, lathe, leaf, lump, rbox, slab, tube, panel } from './shapes.mjs';

const TAU = Math.PI * 2,
  BRASS = '#c9a15a',
  DARK = '#6e4227';
const pickOf = (list, rnd) => list[Math.floor(rnd() * list.length)];
export const SPINES = [
  '#c8553d',
  '#e0a63c',
  '#3f7d78',
  '#587ba8',
  '#8c5a8f',
  '#e8dcc6',
  '#7a9a5a',
  '#b5453f',
  '#f0c98b',
  '#44566e',
];

export function pot(m, r, h, colour, { y = 0, saucer = true } = {}) {
  m.add(
    lathe(
      [
        [0, 0],
        [r * 0.68, 0],
        [r * 0.74, 0.012],
        [r * 0.94, h * 0.84],
        [r, h * 0.85],
        [r, h - 0.01],
        [r * 0.97, h],
        [r * 0.86, h],
        [r * 0.82, h - 0.05],
        [0, h - 0.05],
      ],
      18,
    ),
    'matte',
    colour,
    [0, y + (saucer ? 0.015 : 0), 0],
  );
  if (saucer) m.add(drum(r * 0.92, 0.024, 0.008, 18), 'matte', colour, [0, y, 0]);
  m.add(lump(r * 0.8, { detail: 1, rough: 0.06, seed: 3, squash: 0.25 }), 'matte', '#3c2a20', [
    0,
    y + h - 0.05,
    0,
  ]);
}

const GREENS = ['#4f8f4a', '#5fa052', '#437f45', '#6faa57'];

function fiddle(m, rnd) {
  m.add(
    tube(
      [
        [0, 0.3, 0],
        [0.03, 0.7, 0.02],
        [-0.02, 1.2, -0.02],
        [0.02, 1.5, 0],
      ],
      0.02,
    ),
    'wood',
    '#7a5a3c',
  );
  for (let i = 0; i < 26; i++) {
    const k = i / 25,
      a = i * 2.4,
      y = 0.62 + k * 0.92;
    m.add(
      leaf(0.3 - 0.06 * k, 0.2, 0.9, { fold: 0.22 }),
      'leaf',
      pickOf(GREENS, rnd),
      [Math.sin(a) * 0.03, y, Math.cos(a) * 0.03],
      [-0.55 - 0.5 * k + rnd() * 0.3, a, 0],
      { ao: 0.8 },
    );
  }
}

function palm(m, rnd) {
  for (let i = 0; i < 15; i++) {
    const a = i * 2.4 + rnd() * 0.4,
      lift = 1.25 - (i / 15) * 0.75,
      long = 0.95 - 0.2 * rnd();
    const at = (k) => [
      Math.sin(a) * long * k * Math.cos(lift) + Math.sin(a) * 0.35 * k * k,
      0.32 + long * k * Math.sin(lift) - 0.34 * k * k * k,
      Math.cos(a) * long * k * Math.cos(lift) + Math.cos(a) * 0.35 * k * k,
    ];
    m.add(
      tube([0, 0.35, 0.7, 1].map(at), (k) => 0.011 * (1.1 - k), { sides: 4, steps: 6 }),
      'leaf',
      '#7d9a52',
    );
    for (let j = 0; j < 9; j++) {
      const k = 0.28 + j * 0.085,
        [x, y, z] = at(k);
      for (const s of j === 8 ? [0] : [-1, 1]) {
        m.add(
          leaf(0.3 - 0.16 * Math.abs(k - 0.55), 0.05, 0.5, { steps: 2 }),
          'leaf',
          pickOf(GREENS, rnd),
          [x, y, z],
          [0.15 + 0.5 * k, a + s * 1.0, 0],
          { ao: 0.8 },
        );
      }
    }
  }
}

function fern(m, rnd) {
  for (let i = 0; i < 40; i++) {
    const k = i / 40,
      a = i * 2.4;
    m.add(
      leaf(0.5 - 0.14 * k + rnd() * 0.06, 0.085, 1.9 - 1.0 * k, { steps: 4, fold: 0.3 }),
      'leaf',
      pickOf(GREENS, rnd),
      [Math.sin(a) * 0.04, 0.3, Math.cos(a) * 0.04],
      [-0.7 - 0.65 * k, a, 0],
      { ao: 0.8 },
    );
  }
}
const PLANTS = { fiddle, palm, fern };

function plant(m, { leaf: kind, size = 1, colour = '#c8704a' }, rnd) {
  m.inside(
    [0, 0, 0],
    rnd() * TAU,
    () => {
      pot(m, 0.2, 0.36, colour);
      PLANTS[kind](m, rnd);
    },
    size,
  );
}

// A short sprig for shelves and tables.
export function sprig(m, at, rnd, { r = 0.055, colour = '#e8dcc6', size = 1 } = {}) {
  m.inside(at, rnd() * TAU, () => {
    pot(m, r, r * 1.7, colour, { saucer: false });
    for (let i = 0; i < 12; i++) {
      m.add(
        leaf(0.15 * size + rnd() * 0.05, 0.05, 1.2, { steps: 2 }),
        'leaf',
        pickOf(GREENS, rnd),
        [0, r * 1.6, 0],
        [-0.35 - rnd() * 0.8, i * 2.4, 0],
        { ao: 0.7 },
      );
    }
  });
}

export function shade(m, at, r, h, top = 0.68) {
  m.add(
    lathe(
      [
        [r, 0],
        [r * top, h],
      ],
      22,
    ),
    'lamp',
    '#ffe9c9',
    at,
  );
  m.add(
    lathe(
      [
        [r * top * 0.99, h],
        [r * 0.99, 0],
      ],
      22,
    ),
    'lamp',
    '#fff1d8',
    at,
  );
}

function floorLamp(m) {
  m.add(drum(0.16, 0.03, 0.012, 22), 'metal', BRASS);
  m.add(bar([0, 0.02, 0], [0, 1.5, 0], 0.013), 'metal', BRASS);
  m.add(
    tube(
      [
        [0, 1.2, 0],
        [0, 1.5, 0],
      ],
      0.018,
      { straight: true },
    ),
    'metal',
    BRASS,
  );
  shade(m, [0, 1.42, 0], 0.25, 0.34, 0.62);
  m.add(lump(0.06, { detail: 1, rough: 0 }), 'bulb', '#fff', [0, 1.55, 0]);
}

export function tableLamp(m, at, colour = '#4f93a3') {
  m.inside(at, 0, () => {
    m.add(
      lathe(
        [
          [0, 0],
          [0.06, 0],
          [0.08, 0.06],
          [0.085, 0.12],
          [0.05, 0.2],
          [0.018, 0.235],
          [0.016, 0.3],
          [0, 0.3],
        ],
        18,
      ),
      'gloss',
      colour,
    );
    shade(m, [0, 0.26, 0], 0.15, 0.2, 0.7);
  });
}

export function mug(m, at, colour, turn = 0) {
  m.inside(at, turn, () => {
    m.add(
      lathe(
        [
          [0.03, 0],
          [0.037, 0.01],
          [0.039, 0.087],
          [0.034, 0.084],
          [0.033, 0.068],
        ],
        10,
      ),
      'gloss',
      colour,
    );
    m.add(
      lathe(
        [
          [0.034, 0],
          [0, 0.001],
        ],
        10,
      ),
      'gloss',
      '#5a3520',
      [0, 0.07, 0],
    );
    m.add(
      tube(
        [
          [0.036, 0.07, 0],
          [0.062, 0.062, 0],
          [0.062, 0.03, 0],
          [0.034, 0.02, 0],
        ],
        0.006,
        { sides: 4, steps: 5 },
      ),
      'gloss',
      colour,
    );
  });
}

export function saucered(m, at, colour, turn = 0) {
  m.add(
    lathe(
      [
        [0, 0],
        [0.03, 0],
        [0.075, 0.012],
        [0.03, 0.006],
      ].slice(1),
      12,
    ),
    'gloss',
    colour,
    at,
  );
  mug(m, [at[0], at[1] + 0.006, at[2]], colour, turn);
}

// Books standing along x within width; they lean and differ, and some gaps hold other things.
export function bookRow(m, [x0, y, z], width, high, rnd) {
  let x = x0;
  while (x < x0 + width - 0.03) {
    const t = 0.022 + rnd() * 0.026,
      h = high * (0.66 + rnd() * 0.3),
      d = 0.15 + rnd() * 0.05;
    if (x + t > x0 + width) break;
    const c = pickOf(SPINES, rnd),
      tilt = rnd() < 0.08 ? -0.12 : 0;
    m.add(slab(t - 0.002, h, d, '-y-z'), 'matte', c, [x + t / 2, y, z], [0, 0, tilt]);
    if (t > 0.03) {
      m.add(
        slab(t - 0.001, 0.012, d + 0.003, '-y-z+y'),
        'matte',
        '#f3e3b8',
        [x + t / 2, y + h * 0.78, z],
        [0, 0, tilt],
      );
    }
    x += t + (tilt ? 0.03 : 0);
  }
}

export function bookPile(m, at, n, rnd) {
  let y = at[1];
  for (let i = 0; i < n; i++) {
    const h = 0.024 + rnd() * 0.02,
      w = 0.22 - i * 0.012 - rnd() * 0.02;
    m.inside([at[0], y, at[2]], (rnd() - 0.5) * 0.7, () => {
      const c = pickOf(SPINES, rnd);
      m.add(rbox(w, h * 0.16, w * 0.72, 0.002), 'matte', c);
      m.add(slab(w * 0.96, h * 0.7, w * 0.69), 'matte', '#f4ead6', [0.004, h * 0.15, 0]);
      m.add(rbox(w, h * 0.16, w * 0.72, 0.002), 'matte', c, [0, h * 0.84, 0]);
      m.add(slab(0.006, h, w * 0.72, ''), 'matte', c, [-w / 2, 0, 0]);
    });
    y += h;
  }
}

export function vase(m, at, colour, rnd, flowers = null, tall = 0.2) {
  m.inside(at, rnd() * TAU, () => {
    const k = tall / 0.2;
    m.add(
      lathe(
        [
          [0, 0],
          [0.035, 0],
          [0.055, 0.05],
          [0.052, 0.1],
          [0.026, 0.15],
          [0.034, 0.2],
          [0.025, 0.198],
          [0.015, 0.15],
        ].map(([r, y]) => [r * k, y * k]),
        12,
      ),
      'gloss',
      colour,
    );
    if (!flowers) return;
    for (let i = 0; i < 7; i++) {
      const a = i * 2.4,
        tilt = 0.12 + 0.05 * i,
        h = tall + 0.1 + rnd() * 0.09;
      const top = [Math.sin(a) * tilt * h * 1.3, h, Math.cos(a) * tilt * h * 1.3];
      m.add(
        tube([[0, tall * 0.8, 0], [top[0] * 0.4, h * 0.75, top[2] * 0.4], top], 0.003, {
          sides: 4,
          steps: 4,
        }),
        'leaf',
        '#5fa052',
      );
      m.add(
        lump(0.03, { detail: 1, rough: 0.2, seed: i + 1, squash: 0.8 }),
        'leaf',
        flowers,
        top,
        [0, 0, 0],
        { shade: 0.5 },
      );
      m.add(lump(0.014, { detail: 0, rough: 0 }), 'leaf', '#f3c64a', [
        top[0],
        top[1] + 0.022,
        top[2],
      ]);
      m.add(
        leaf(0.1, 0.035, 0.8, { steps: 2 }),
        'leaf',
        '#5fa052',
        [0, tall * 0.95, 0],
        [-0.8, a + 1, 0],
      );
    }
  });
}

// A framed picture on a wall that faces +z; rect is its place in the art sheet.
export function framed(m, at, w, h, rect, colour = DARK) {
  m.inside(at, 0, () => {
    const t = 0.045;
    for (const s of [-1, 1]) {
      m.add(rbox(w + 2 * t, t, 0.04, 0.012), 'wood', colour, [
        0,
        s * (h / 2 + t / 2) - t / 2,
        0.02,
      ]);
      m.add(rbox(t, h, 0.04, 0.012), 'wood', colour, [s * (w / 2 + t / 2), -h / 2, 0.02]);
    }
    m.add(card(w, h, rect), 'art', '#ffffff', [0, 0, 0.012], [0, 0, 0], { ao: 0 });
  });
}

function sideTable(m, o, rnd) {
  m.add(drum(0.21, 0.03, 0.012, 24), 'wood', '#a5673d', [0, 0.53, 0]);
  for (let i = 0; i < 3; i++) {
    const a = (i * TAU) / 3;
    m.add(
      bar(
        [Math.sin(a) * 0.19, 0, Math.cos(a) * 0.19],
        [Math.sin(a) * 0.1, 0.535, Math.cos(a) * 0.1],
        0.012,
        0.017,
      ),
      'wood',
      DARK,
    );
  }
  tableLamp(m, [-0.03, 0.56, -0.04], o.lamp ?? '#4f93a3');
  mug(m, [0.11, 0.56, 0.09], '#f2e7d5', 0.6);
}

function bookcase(m, o, rnd) {
  const [w, d, h, t] = [1.5, 0.34, 1.98, 0.035],
    colour = o.colour ?? '#a0653c';
  m.add(panel(-w / 2, 0.05, w / 2, h, 0.3), 'wood', '#7c4d2d', [0, 0, -d / 2 + 0.015]);
  for (const x of [-1, 0, 1]) {
    m.add(rbox(t, h, d, 0.008, { max: 0.4 }), 'wood', colour, [x * (w / 2 - t / 2), 0, 0]);
  }
  const levels = [0.06, 0.44, 0.82, 1.2, 1.56, h - t];
  for (const y of levels) m.add(rbox(w, t, d, 0.008, { max: 0.4 }), 'wood', colour, [0, y, 0]);
  m.add(rbox(w + 0.06, 0.05, d + 0.04, 0.015), 'wood', colour, [0, h, 0]);
  levels.slice(0, 5).forEach((y, i) => {
    for (const side of [-1, 1]) {
      const x0 = side < 0 ? -w / 2 + t + 0.01 : t / 2 + 0.01,
        room = w / 2 - t * 1.5 - 0.02;
      const high = levels[i + 1] - y - t - 0.03,
        at = y + t;
      const odd = (i * 2 + (side > 0 ? 1 : 0)) % 5;
      if (odd === 1) {
        bookRow(m, [x0, at, 0.02], room * 0.5, high, rnd);
        sprig(m, [x0 + room * 0.76, at, 0.03], rnd, { colour: '#d9795d' });
      } else if (odd === 3) {
        bookPile(m, [x0 + 0.14, at, 0.02], 4, rnd);
        vase(m, [x0 + room * 0.7, at, 0.02], '#4f93a3', rnd, null, Math.min(0.24, high * 0.8));
      } else bookRow(m, [x0, at, 0.02], room * (0.8 + 0.2 * rnd()), high, rnd);
    }
  });
  sprig(m, [-0.45, h + 0.05, 0], rnd, { r: 0.075, colour: '#e8dcc6', size: 1.5 });
  bookPile(m, [0.35, h + 0.05, 0], 3, rnd);
}

function rug(m, { w, d, art, colour = '#e6d3b8' }) {
  m.add(rbox(w, 0.022, d, 0.01, { max: 0.5, open: '-y' }), 'soft', colour);
  m.add(
    panel(-w / 2 + 0.02, -d / 2 + 0.02, w / 2 - 0.02, d / 2 - 0.02, 0.22),
    'art',
    '#ffffff',
    [0, 0.024, 0],
    [-Math.PI / 2, 0, 0],
  );
  const g = m.parts.get('art').at(-1),
    uv = g.attributes.uv,
    [u0, v0, u1, v1] = art;
  for (let i = 0; i < uv.count; i++) {
    const [u, v] = [uv.getX(i) / (w - 0.04) + 0.5, 0.5 - uv.getY(i) / (d - 0.04)];
    uv.setXY(i, u0 + (u1 - u0) * u, v0 + (v1 - v0) * v);
  }
}

function roundRug(m, { r, colours }) {
  colours.forEach((c, i) => {
    const k = r * (1 - i * 0.16);
    m.add(
      lathe(
        [
          [k, 0],
          [k, 0.012 + i * 0.001],
          [k * 0.5, 0.0125 + i * 0.001],
          [0, 0.013 + i * 0.001],
        ],
        36,
      ),
      'soft',
      c,
    );
  });
}

function mat(m, { colour = '#7a5a40', edge = '#54402f' }) {
  m.add(rbox(0.62, 0.018, 0.95, 0.006, { max: 0.3, open: '-y' }), 'soft', edge);
  m.add(rbox(0.52, 0.021, 0.85, 0.006, { max: 0.3, open: '-y' }), 'soft', colour);
}

export const DECOR = { plant, floorLamp, sideTable, bookcase, rug, roundRug, mat };
