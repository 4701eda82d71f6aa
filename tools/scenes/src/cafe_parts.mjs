// What only a café has: counter, machine, pastry case, shelves of cups, pendant lamps.
import { bar, card, drum, lathe, lump, panel, rbox, tube } from './shapes.mjs';
import { mug, saucered, sprig, vase } from './decor.mjs';
import { FURNITURE, legs } from './furniture.mjs';

const BRASS = '#c9a15a',
  OAK = '#b07a48',
  DARK = '#6e4227',
  TEAL = '#3f7d78',
  CREAM = '#f3ead9';
const both = [-1, 1];

function slats(m, w, h, z, y, colour) {
  const n = Math.round(w / 0.1);
  for (let i = 0; i < n; i++) {
    m.add(rbox(0.066, h, 0.035, 0.01, { max: 2, open: '-z-y+y' }), 'wood', colour, [
      ((i - (n - 1) / 2) * w) / n,
      y,
      z,
    ]);
  }
}

function steam(m, at) {
  m.inside(at, 0, () => {
    m.add(rbox(0.86, 0.06, 0.46, 0.02, { max: 1 }), 'metal', '#8d8a85');
    for (const x of both)
      m.add(rbox(0.08, 0.42, 0.42, 0.03), 'gloss', '#b5453f', [x * 0.39, 0.05, 0]);
    m.add(rbox(0.8, 0.24, 0.3, 0.05, { seg: 2, max: 1 }), 'gloss', '#c24f45', [0, 0.24, 0.06]);
    m.add(rbox(0.76, 0.1, 0.2, 0.02, { max: 1 }), 'metal', '#d8d4cc', [0, 0.28, -0.1]);
    m.add(rbox(0.8, 0.025, 0.4, 0.01, { max: 1 }), 'metal', '#d8d4cc', [0, 0.48, 0]);
    for (const x of both) {
      m.add(drum(0.045, 0.05, 0.01, 12), 'metal', '#b9b5ad', [x * 0.17, 0.21, -0.12]);
      m.add(bar([x * 0.17, 0.21, -0.16], [x * 0.17, 0.19, -0.3], 0.014), 'matte', '#2e2623');
      m.add(
        tube(
          [
            [x * 0.34, 0.3, -0.18],
            [x * 0.35, 0.2, -0.22],
            [x * 0.33, 0.08, -0.2],
          ],
          0.007,
        ),
        'metal',
        '#d8d4cc',
      );
    }
    for (let i = 0; i < 7; i++) {
      m.add(
        lathe(
          [
            [0.028, 0],
            [0.034, 0.05],
            [0, 0.05],
          ],
          10,
        ),
        'gloss',
        i % 3 ? CREAM : '#e0a63c',
        [-0.3 + i * 0.1, 0.505, 0.02 + (i % 2) * 0.09],
      );
    }
    m.add(drum(0.05, 0.012, 0.004, 14), 'gloss', CREAM, [0, 0.37, 0.21], [Math.PI / 2, 0, 0]);
  });
}

function grinder(m, at) {
  m.inside(at, 0, () => {
    m.add(rbox(0.17, 0.32, 0.2, 0.03, { max: 1 }), 'gloss', '#3c3a38');
    m.add(
      lathe(
        [
          [0.045, 0],
          [0.085, 0.06],
          [0.085, 0.17],
          [0.05, 0.19],
          [0, 0.19],
        ],
        16,
      ),
      'glass',
      '#ffffff',
      [0, 0.32, 0],
    );
    m.add(
      lathe(
        [
          [0, 0],
          [0.045, 0],
          [0.078, 0.055],
          [0, 0.07],
        ],
        14,
      ),
      'matte',
      '#4a2d1c',
      [0, 0.325, 0],
    );
  });
}

export function cake(m, at, colour, icing, slice = true) {
  m.inside(at, 0.4, () => {
    const arc = slice ? Math.PI * 1.72 : Math.PI * 2;
    m.add(
      lathe(
        [
          [0, 0],
          [0.12, 0],
          [0.12, 0.085],
          [0, 0.085],
        ],
        20,
        { arc },
      ),
      'matte',
      colour,
    );
    m.add(
      lathe(
        [
          [0, 0],
          [0.126, 0],
          [0.126, 0.022],
          [0, 0.026],
        ],
        20,
        { arc },
      ),
      'gloss',
      icing,
      [0, 0.075, 0],
    );
    for (let i = 0; i < 7; i++) {
      const a = (i / 8) * arc + 0.2;
      m.add(lump(0.014, { detail: 0, rough: 0 }), 'gloss', '#c8303a', [
        Math.sin(a) * 0.095,
        0.105,
        Math.cos(a) * 0.095,
      ]);
    }
  });
}

const croissant = (m, at, turn) =>
  m.inside(at, turn, () => {
    m.add(
      tube(
        [
          [-0.075, 0.02, 0.03],
          [-0.04, 0.03, -0.005],
          [0, 0.036, -0.015],
          [0.04, 0.03, -0.005],
          [0.075, 0.02, 0.03],
        ],
        (k) => 0.008 + 0.03 * Math.sin(k * Math.PI) * (0.86 + 0.14 * Math.cos(k * 30)),
        { steps: 11, sides: 6 },
      ),
      'matte',
      '#d1904a',
    );
  });
const bun = (m, at, colour, i) =>
  m.add(lump(0.05, { detail: 1, rough: 0.05, seed: i, squash: 0.62 }), 'matte', colour, [
    at[0],
    at[1] + 0.028,
    at[2],
  ]);
const ring = (m, at, colour) => {
  const round = Array.from({ length: 10 }, (_, i) => [
    Math.sin((i / 5) * Math.PI) * 0.034,
    0.022,
    Math.cos((i / 5) * Math.PI) * 0.034,
  ]);
  m.add(tube(round, 0.021, { closed: true, steps: 10, sides: 6 }), 'matte', '#d8a05c', at);
  m.add(tube(round, 0.019, { closed: true, steps: 10, sides: 5 }), 'gloss', colour, [
    at[0],
    at[1] + 0.006,
    at[2],
  ]);
};

function counter(m, { w }, rnd) {
  m.add(rbox(w - 0.06, 1.0, 0.62, 0.02, { max: 0.35 }), 'wood', DARK, [0, 0, -0.02]);
  slats(m, w - 0.1, 0.84, 0.3, 0.12, OAK);
  m.add(rbox(w - 0.04, 0.12, 0.66, 0.02, { max: 1 }), 'matte', TEAL);
  m.add(rbox(w + 0.04, 0.05, 0.8, 0.022, { seg: 2, max: 0.4 }), 'gloss', '#f1ece3', [0, 1.0, 0.02]);
  m.add(
    tube(
      [
        [-w / 2 + 0.1, 0.18, 0.46],
        [w / 2 - 0.1, 0.18, 0.46],
      ],
      0.02,
      { straight: true },
    ),
    'metal',
    BRASS,
  );
  for (let i = 0; i < 4; i++) {
    const x = ((i - 1.5) * (w - 0.5)) / 3;
    m.add(bar([x, 0.18, 0.46], [x, 0.18, 0.3], 0.014), 'metal', BRASS);
  }
  const y = 1.05;
  steam(m, [1.05, y, -0.08]);
  grinder(m, [0.42, y, -0.14]);
  for (let i = 0; i < 3; i++) saucered(m, [-0.2 + i * 0.2, y, 0.22], i % 2 ? CREAM : '#8fb9a4', i);
  m.add(drum(0.15, 0.02, 0.008, 22), 'wood', OAK, [-0.62, y + 0.06, 0.02]);
  m.add(
    lathe(
      [
        [0.09, 0],
        [0.03, 0.02],
        [0.025, 0.06],
      ],
      14,
    ),
    'wood',
    OAK,
    [-0.62, y, 0.02],
  );
  cake(m, [-0.62, y + 0.08, 0.02], '#e3b877', '#f6dfe0');
  m.add(
    lathe(
      [
        [0.148, 0],
        [0.148, 0.1],
        [0.11, 0.18],
        [0.03, 0.21],
        [0, 0.212],
      ],
      22,
    ),
    'glass',
    '#ffffff',
    [-0.62, y + 0.08, 0.02],
  );
  m.add(rbox(0.26, 0.19, 0.02, 0.01), 'gloss', '#2e2b2a', [-1.15, y + 0.05, 0], [-0.4, Math.PI, 0]);
  m.add(rbox(0.14, 0.06, 0.12, 0.015), 'gloss', '#4a4744', [-1.15, y, 0]);
  vase(m, [-1.55, y, 0.1], TEAL, rnd, '#f0b7a0', 0.2);
}

function pastryCase(m, o, rnd) {
  const w = 1.5;
  m.add(rbox(w - 0.02, 0.62, 0.66, 0.02, { max: 0.35 }), 'wood', DARK, [0, 0, -0.02]);
  slats(m, w - 0.06, 0.46, 0.32, 0.12, OAK);
  m.add(rbox(w, 0.12, 0.68, 0.02, { max: 1 }), 'matte', TEAL);
  m.add(rbox(w + 0.02, 0.04, 0.74, 0.015, { max: 0.4 }), 'gloss', '#f1ece3', [0, 0.62, 0]);
  for (const x of both) {
    for (const z of both)
      m.add(rbox(0.025, 0.6, 0.025, 0.006, { max: 1 }), 'metal', BRASS, [
        x * (w / 2 - 0.03),
        0.66,
        z * 0.33,
      ]);
  }
  m.add(rbox(w, 0.035, 0.74, 0.012, { max: 0.4 }), 'wood', OAK, [0, 1.26, 0]);
  for (const [y, z] of [[0.94, -0.02]]) {
    m.add(rbox(w - 0.1, 0.012, 0.5, 0.004, { max: 1 }), 'glass', '#ffffff', [0, y, z]);
  }
  m.add(card(w - 0.06, 0.58), 'glass', '#ffffff', [0, 0.96, 0.335]);
  for (const x of both)
    m.add(
      card(0.64, 0.58),
      'glass',
      '#ffffff',
      [x * (w / 2 - 0.025), 0.96, 0],
      [0, (x * Math.PI) / 2, 0],
    );
  m.add(rbox(w - 0.1, 0.02, 0.03, 0.006, { max: 1 }), 'bulb', '#fff2d8', [0, 1.235, 0.28]);
  m.add(panel(-w / 2 + 0.03, 0.66, w / 2 - 0.03, 1.26, 0.3), 'matte', '#f0e2cc', [0, 0, -0.33]);
  for (let i = 0; i < 5; i++) {
    croissant(m, [-0.55 + i * 0.17, 0.66, 0.14], 0.3);
    croissant(m, [-0.5 + i * 0.17, 0.66, -0.06], 0.1);
    if (i < 3) bun(m, [0.36 + i * 0.12, 0.66, 0.14], '#c98545', i);
    if (i < 3) bun(m, [0.36 + i * 0.12, 0.66, -0.02], '#b87340', i + 5);
    ring(
      m,
      [-0.56 + i * 0.13, 0.952, 0.1],
      ['#f0b7c0', '#7a4a2c', '#f6ead2', '#8fb9a4', '#f0b7c0'][i],
    );
  }
  cake(m, [0.2, 0.952, 0], '#7a4a30', '#5a321f');
  cake(m, [0.5, 0.952, 0.02], '#ecc98a', '#f8efdf');
  sprig(m, [-0.45, 1.295, 0], rnd, { r: 0.07, colour: '#d9795d', size: 1.3 });
  for (let i = 0; i < 4; i++) {
    m.add(
      lathe(
        [
          [0.028, 0],
          [0.036, 0.06],
          [0, 0.06],
        ],
        10,
      ),
      'gloss',
      CREAM,
      [0.3 + (i % 2) * 0.09, 1.295 + (i > 1 ? 0.0 : 0), 0.05 - Math.floor(i / 2) * 0.1],
    );
  }
}

function bottle(m, at, colour, i) {
  const h = 0.2 + (i % 3) * 0.03;
  m.add(
    lathe(
      [
        [0, 0],
        [0.034, 0],
        [0.036, 0.01],
        [0.036, h * 0.6],
        [0.014, h * 0.78],
        [0.014, h],
        [0, h],
      ].slice(1),
      9,
    ),
    'gloss',
    colour,
    at,
  );
}
function jar(m, at, fill) {
  m.add(
    lathe(
      [
        [0.05, 0],
        [0.052, 0.01],
        [0.052, 0.12],
        [0, 0.12],
      ],
      10,
    ),
    'matte',
    fill,
    at,
  );
  m.add(drum(0.046, 0.03, 0.008, 10), 'wood', OAK, [at[0], at[1] + 0.12, at[2]]);
}

function backBar(m, { w }, rnd) {
  m.add(rbox(w - 0.04, 0.9, 0.46, 0.015, { max: 0.35 }), 'matte', TEAL, [0, 0, 0]);
  const doors = Math.round(w / 0.6);
  for (let i = 0; i < doors; i++) {
    const x = ((i - (doors - 1) / 2) * (w - 0.1)) / doors;
    m.add(rbox(0.52, 0.7, 0.02, 0.012, { max: 1, open: '-z' }), 'matte', '#4a8c86', [
      x,
      0.12,
      0.23,
    ]);
    m.add(lump(0.018, { detail: 1, rough: 0 }), 'metal', BRASS, [x + 0.2, 0.62, 0.25]);
  }
  m.add(rbox(w, 0.045, 0.52, 0.016, { max: 0.4 }), 'wood', OAK, [0, 0.9, 0]);
  for (const [row, y] of [
    [0, 1.42],
    [1, 1.88],
  ]) {
    m.add(rbox(w - 0.4, 0.035, 0.24, 0.01, { max: 0.5 }), 'wood', OAK, [0, y, -0.13]);
    for (const x of [-1.9, -0.65, 0.65, 1.9]) {
      m.add(bar([x, y, -0.02], [x, y - 0.17, -0.25], 0.01), 'metal', BRASS);
    }
    for (let i = 0; i < 20; i++) {
      const x = -w / 2 + 0.34 + (i * (w - 0.68)) / 19,
        at = [x, y + 0.035, -0.11];
      const kind = (i * 7 + row * 5) % 11;
      if (kind < 4) mug(m, at, [CREAM, '#8fb9a4', '#d9795d', '#e0a63c'][kind], i);
      else if (kind < 7) bottle(m, at, ['#6b3f26', '#3f6f58', '#c9923f'][kind - 4], i);
      else if (kind < 9) jar(m, at, ['#5a3520', '#e6d3a8'][kind - 7]);
      else if (kind === 9 && i % 2 === row) sprig(m, at, rnd, { colour: '#e8dcc6' });
    }
  }
  for (let i = 0; i < 3; i++)
    jar(m, [1.3 + i * 0.15, 0.945, -0.05], ['#5a3520', '#e6d3a8', '#a8683c'][i]);
  m.add(rbox(0.5, 0.34, 0.34, 0.03, { max: 1 }), 'metal', '#b9b5ad', [-1.5, 0.945, -0.02]);
  m.add(rbox(0.36, 0.2, 0.02, 0.01), 'gloss', '#2a2523', [-1.54, 1.02, 0.155]);
  for (let i = 0; i < 5; i++) {
    saucered(m, [-0.7 + i * 0.19, 0.945, -0.02], i % 2 ? '#d9795d' : CREAM, i * 1.3);
  }
  sprig(m, [0.8, 0.945, 0], rnd, { r: 0.08, colour: '#d9795d', size: 1.6 });
}

function planter(m, { w }, rnd) {
  m.add(rbox(w, 0.5, 0.34, 0.02, { max: 0.35 }), 'wood', OAK);
  m.add(rbox(w - 0.06, 0.03, 0.28, 0.01, { max: 1 }), 'matte', '#3c2a20', [0, 0.49, 0]);
  legs(m, w - 0.2, 0.2, 0.02);
  for (let i = 0; i < 5; i++) {
    m.inside([((i - 2) * w) / 5.2, 0.42, 0], rnd() * 6, () =>
      sprig(m, [0, 0, 0], rnd, { r: 0.1, colour: OAK, size: 2.6 + rnd() * 0.8 }),
    );
  }
}

// The board on the pavement: two leaves leaning together, a drawn cup on the front.
function sign(m, { art }) {
  for (const s of both) {
    m.inside([0, 0, s * 0.18], s > 0 ? 0 : Math.PI, () => {
      m.inside(
        [0, 0, 0],
        0,
        () => {
          m.add(rbox(0.56, 0.95, 0.03, 0.012, { max: 1 }), 'wood', OAK);
          m.add(card(0.46, 0.78, art), 'art', '#ffffff', [0, 0.5, 0.018], [0, 0, 0], { ao: 0 });
        },
        1,
        -0.19,
      );
    });
  }
}

export function pendant(m, [x, y, z], top, colour = TEAL) {
  m.add(bar([x, y + 0.2, z], [x, top, z], 0.006, 0.006, 5), 'trim', '#3a3634');
  m.inside([x, y, z], 0, () => {
    m.add(
      lathe(
        [
          [0.2, 0],
          [0.19, 0.06],
          [0.13, 0.14],
          [0.05, 0.18],
          [0.03, 0.23],
          [0, 0.23],
        ],
        20,
      ),
      'trim',
      colour,
    );
    m.add(
      lathe(
        [
          [0, 0.14],
          [0.12, 0.13],
          [0.185, 0.055],
          [0.196, 0.002],
        ],
        20,
      ),
      'lamp',
      '#ffe9c9',
    );
    m.add(lump(0.055, { detail: 1, rough: 0 }), 'bulb', '#ffdca0', [0, 0.02, 0]);
  });
}

function roundTable(m, o, rnd) {
  FURNITURE.roundTable(m, o);
  const y = 0.74;
  if (o.vase === 'rose') vase(m, [0, y, 0], CREAM, rnd, '#d8455a', 0.15);
  if (o.vase === 'sunflower') vase(m, [0, y, 0], TEAL, rnd, '#f0b428', 0.15);
  if (o.vase === 'fern') sprig(m, [0, y, 0], rnd, { r: 0.07, colour: '#d9795d', size: 1.4 });
  if (o.top !== 'marble') return;
  saucered(m, [0.17, y, 0.13], '#8fb9a4', 0.7);
  if (o.r > 0.36) {
    saucered(m, [-0.2, y, 0.1], CREAM, 2.4);
    m.add(drum(0.09, 0.01, 0.004, 16), 'gloss', CREAM, [0.02, y, -0.24]);
    croissant(m, [0.02, y + 0.008, -0.24], 0.5);
  } else {
    m.add(drum(0.08, 0.01, 0.004, 16), 'gloss', CREAM, [-0.12, y, -0.08]);
    ring(m, [-0.12, y + 0.008, -0.08], '#f0b7c0');
  }
}

export const CAFE = { counter, pastryCase, backBar, planter, sign, roundTable };
