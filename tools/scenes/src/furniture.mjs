// Things to sit on and to sit at. Local frame: metres, forward +z, feet on y = 0.
import { bar, drum, lathe, plate, rbox, shape, tube, THREE } from './shapes.mjs';
import { SIZES } from './seating.mjs';

const WOOD = '#9a5f38',
  DARK = '#6e4227',
  BRASS = '#c9a15a',
  IRON = '#4a4744';
const both = [-1, 1];

// Four legs, a little splayed, at the corners of w x d.
export function legs(m, w, d, h, r = 0.024, { mat = 'wood', colour = DARK, splay = 0.04 } = {}) {
  for (const x of both) {
    for (const z of both) {
      m.add(
        bar(
          [x * (w / 2 + splay), 0, z * (d / 2 + splay)],
          [(x * w) / 2, h, (z * d) / 2],
          r * 0.7,
          r,
        ),
        mat,
        colour,
      );
    }
  }
}

export function pillow(m, at, turn, colour, size = 0.42, back = true) {
  m.add(rbox(size, size, 0.09, 0.045, { puff: 0.06, max: 0.12 }), 'soft', colour, at, [
    back ? -0.32 : 0,
    turn,
    0,
  ]);
}

// Sofa and armchair differ in the number of cushions.
function couch(m, { w, d }, n, { colour, accent, pillows = [] }) {
  const armW = 0.2,
    inner = w - 2 * armW,
    each = inner / n;
  legs(m, w - 0.22, d - 0.22, 0.13, 0.028);
  m.add(rbox(w - 0.06, 0.2, d - 0.06, 0.05, { max: 0.5 }), 'soft', colour, [0, 0.11, 0]);
  m.add(
    rbox(w - 0.04, 0.62, 0.24, 0.1, { seg: 2, puff: 0.01 }),
    'soft',
    colour,
    [0, 0.2, -d / 2 + 0.14],
    [-0.1, 0, 0],
  );
  for (const x of both) {
    m.add(rbox(armW, 0.47, d - 0.05, 0.09, { seg: 2, puff: 0.012 }), 'soft', colour, [
      x * (w / 2 - armW / 2),
      0.13,
      0.01,
    ]);
  }
  for (let i = 0; i < n; i++) {
    const x = (i - (n - 1) / 2) * each;
    m.add(
      rbox(each - 0.012, 0.17, d - 0.3, 0.055, { seg: 2, puff: 0.022, max: 0.24 }),
      'soft',
      colour,
      [x, 0.285, 0.11],
      [0, 0, 0],
      { shade: 0.06 },
    );
    m.add(
      rbox(each - 0.02, 0.42, 0.17, 0.07, { seg: 2, puff: 0.04, max: 0.2 }),
      'soft',
      colour,
      [x, 0.44, -d / 2 + 0.3],
      [-0.2, 0, 0],
      { shade: 0.06 },
    );
  }
  pillows.forEach(([x, c, turn = 0], i) =>
    pillow(m, [x, 0.47, -d / 2 + 0.46], turn, c ?? accent, 0.38 + (i % 2) * 0.03),
  );
}

function chairWood(m, { colour = WOOD, cushion = '#d9795d' }) {
  const { w, d, seat } = SIZES.chair;
  m.add(rbox(w - 0.02, 0.035, d - 0.05, 0.015), 'wood', colour, [0, seat - 0.06, 0.02]);
  m.add(rbox(w - 0.05, 0.05, d - 0.09, 0.025, { puff: 0.015, max: 0.2 }), 'soft', cushion, [
    0,
    seat - 0.03,
    0.025,
  ]);
  for (const x of both) {
    m.add(bar([x * 0.19, 0, 0.2], [x * 0.17, seat - 0.05, 0.17], 0.015, 0.021), 'wood', colour);
    m.add(
      tube(
        [
          [x * 0.19, 0, -0.23],
          [x * 0.175, seat, -0.18],
          [x * 0.165, 0.9, -0.25],
        ],
        (k) => 0.016 + 0.006 * Math.sin(k * Math.PI),
        { steps: 8 },
      ),
      'wood',
      colour,
    );
    m.add(bar([x * 0.18, 0.2, -0.2], [x * 0.18, 0.2, 0.185], 0.011), 'wood', colour);
  }
  for (const [y, h, z] of [
    [0.62, 0.07, -0.206],
    [0.75, 0.13, -0.226],
  ]) {
    m.add(
      shape(rbox(0.36, h, 0.022, 0.01, { max: 0.06 }), (x, yy, zz) => [
        x,
        yy,
        zz - 0.035 * (1 - (x / 0.18) ** 2),
      ]),
      'wood',
      colour,
      [0, y, z],
      [-0.1, 0, 0],
    );
  }
}

// The café classic: round seat, two hoops of bent beech.
function chairBent(m, { colour = '#5d3722', seatColour = '#b98556' }) {
  const { seat } = SIZES.chair,
    y = seat - 0.02;
  m.add(drum(0.205, 0.03, 0.012, 16), 'wood', colour, [0, y - 0.02, 0.02]);
  m.add(drum(0.17, 0.008, 0.004, 16), 'wood', seatColour, [0, y + 0.008, 0.02]);
  for (const x of both) {
    m.add(bar([x * 0.175, 0, 0.2], [x * 0.14, y, 0.15], 0.013, 0.018), 'wood', colour);
    m.add(bar([x * 0.185, 0, -0.21], [x * 0.16, y, -0.13], 0.013, 0.017), 'wood', colour);
  }
  const hoop = (w, top, z, r) =>
    tube(
      [
        [-w, y, -0.13],
        [-w * 1.08, y + 0.2, z * 0.7],
        [-w * 0.8, top - 0.05, z],
        [0, top, z - 0.01],
        [w * 0.8, top - 0.05, z],
        [w * 1.08, y + 0.2, z * 0.7],
        [w, y, -0.13],
      ],
      r,
      { steps: 13, sides: 5 },
    );
  m.add(hoop(0.165, 0.92, -0.24, 0.0145), 'wood', colour);
  m.add(hoop(0.095, 0.8, -0.215, 0.0105), 'wood', colour);
  m.add(
    tube(
      Array.from({ length: 12 }, (_, i) => [
        Math.sin((i / 6) * Math.PI) * 0.15,
        0.2,
        Math.cos((i / 6) * Math.PI) * 0.15,
      ]),
      0.008,
      { closed: true, steps: 14, sides: 4 },
    ),
    'wood',
    colour,
  );
}

function chairGarden(m, { colour = '#e8e2d4' }) {
  const { seat } = SIZES.chair;
  for (const x of both) {
    m.add(
      tube(
        [
          [x * 0.2, 0, 0.2],
          [x * 0.19, seat - 0.02, 0.2],
          [x * 0.19, seat - 0.02, -0.16],
          [x * 0.19, 0.88, -0.25],
        ],
        0.013,
        { straight: true },
      ),
      'matte',
      colour,
    );
    m.add(bar([x * 0.2, 0, -0.22], [x * 0.19, seat - 0.03, -0.14], 0.012), 'matte', colour);
  }
  for (let i = 0; i < 5; i++) {
    m.add(rbox(0.4, 0.018, 0.06, 0.008), 'wood', '#a8744a', [0, seat - 0.012, 0.17 - i * 0.079]);
  }
  for (const [y, z] of [
    [0.6, -0.187],
    [0.7, -0.207],
    [0.8, -0.227],
  ]) {
    m.add(rbox(0.4, 0.06, 0.016, 0.008), 'wood', '#a8744a', [0, y, z], [-0.2, 0, 0]);
  }
}

function stool(m, { colour = '#7b4a2c', cushion = '#3f7d78' }) {
  const h = SIZES.stool.seat;
  m.add(drum(0.17, 0.035, 0.014, 20), 'wood', colour, [0, h - 0.075, 0]);
  m.add(
    lathe(
      [
        [0, 0],
        [0.165, 0],
        [0.178, 0.02],
        [0.165, 0.045],
        [0.1, 0.056],
        [0, 0.058],
      ],
      20,
    ),
    'soft',
    cushion,
    [0, h - 0.045, 0],
  );
  for (let i = 0; i < 4; i++) {
    const a = ((i + 0.5) * Math.PI) / 2,
      [s, c] = [Math.sin(a), Math.cos(a)];
    m.add(bar([s * 0.2, 0, c * 0.2], [s * 0.13, h - 0.06, c * 0.13], 0.013, 0.018), 'wood', colour);
  }
  m.add(
    tube(
      Array.from({ length: 16 }, (_, i) => [
        Math.sin((i / 8) * Math.PI) * 0.172,
        0.27,
        Math.cos((i / 8) * Math.PI) * 0.172,
      ]),
      0.01,
      { closed: true, steps: 24 },
    ),
    'metal',
    BRASS,
  );
}

function pouf(m, { colour = '#d98a6a' }) {
  const h = SIZES.pouf.seat;
  const seams = 10,
    round = lathe(
      [
        [0, 0],
        [0.24, 0],
        [0.285, 0.04],
        [0.308, h * 0.5],
        [0.285, h - 0.07],
        [0.22, h - 0.012],
        [0.1, h],
        [0, h - 0.012],
      ],
      seams * 5,
    );
  m.add(
    shape(round, (x, y, z) => {
      const pinch = Math.abs(Math.cos((Math.atan2(x, z) * seams) / 2)) ** 0.5;
      return [x * (0.95 + 0.05 * pinch), y, z * (0.95 + 0.05 * pinch)];
    }),
    'soft',
    colour,
    [0, 0, 0],
    [0, 0, 0],
    { shade: 0.08, ao: 0.8 },
  );
  m.add(drum(0.026, 0.014, 0.006, 10), 'soft', '#b96c50', [0, h - 0.012, 0]);
}

function windowBench(m, { n, colour = '#efe3d2', cushion = '#5b8f8a', accents = [] }) {
  const w = n * SIZES.windowBench.step + 0.2,
    { d, seat } = SIZES.windowBench;
  m.add(rbox(w, seat - 0.1, d - 0.02, 0.012), 'matte', colour, [0, 0, -0.01], [0, 0, 0], {
    ao: 0.5,
  });
  m.add(rbox(w + 0.04, 0.035, d + 0.02, 0.014), 'wood', WOOD, [0, seat - 0.12, 0]);
  for (let i = 0; i < n; i++) {
    const x = (i - (n - 1) / 2) * SIZES.windowBench.step;
    m.add(
      rbox(SIZES.windowBench.step - 0.1, seat - 0.22, 0.02, 0.015, { open: '-z' }),
      'matte',
      colour,
      [x, 0.07, d / 2 - 0.02],
      [0, 0, 0],
      { ao: 0.3 },
    );
    m.add(
      rbox(SIZES.windowBench.step + 0.04, 0.09, d - 0.05, 0.04, { puff: 0.014, max: 0.3 }),
      'soft',
      cushion,
      [x, seat - 0.085, 0],
    );
  }
  accents.forEach(([x, c, turn]) => pillow(m, [x, seat + 0.005, -d / 2 + 0.13], turn, c, 0.37));
}

// A slatted bench of wood and iron.
function bench(m, { colour = '#a06a40' }) {
  const { w, seat } = SIZES.bench;
  for (const x of both) {
    const X = x * (w / 2 - 0.12);
    m.add(
      tube(
        [
          [X, 0, 0.24],
          [X, seat - 0.05, 0.2],
          [X, seat - 0.05, -0.16],
          [X, 0.88, -0.3],
        ],
        0.02,
        { straight: true },
      ),
      'metal',
      IRON,
    );
    m.add(
      tube(
        [
          [X, 0, -0.28],
          [X, 0.2, -0.22],
          [X, seat - 0.06, -0.16],
        ],
        0.018,
      ),
      'metal',
      IRON,
    );
    m.add(
      tube(
        [
          [X, 0.7, -0.24],
          [X, 0.68, 0.02],
          [X, 0.62, 0.2],
          [X, seat - 0.05, 0.22],
        ],
        0.017,
      ),
      'metal',
      IRON,
    );
  }
  for (let i = 0; i < 5; i++) {
    m.add(rbox(w, 0.026, 0.072, 0.01, { max: 0.5 }), 'wood', colour, [
      0,
      seat - 0.024,
      0.2 - i * 0.087,
    ]);
  }
  for (const [y, z] of [
    [0.53, -0.19],
    [0.65, -0.223],
    [0.77, -0.258],
  ]) {
    m.add(rbox(w, 0.085, 0.024, 0.01, { max: 0.5 }), 'wood', colour, [0, y, z], [-0.28, 0, 0]);
  }
}

// Half a trunk on two short legs.
function log(m, { colour = '#8a5c3c' }) {
  const { w, seat } = SIZES.log,
    r = 0.22;
  const half = Array.from({ length: 13 }, (_, i) => {
    const a = Math.PI + (i / 12) * Math.PI;
    return [Math.cos(a) * r, Math.sin(a) * 0.19];
  });
  m.add(plate(half, w, 0.015), 'wood', '#6f4a31', [0, seat - 0.012, 0], [0, Math.PI / 2, 0]);
  m.add(rbox(w - 0.03, 0.02, r * 2 - 0.04, 0.008), 'wood', colour, [0, seat - 0.02, 0]);
  for (const x of both) {
    m.add(rbox(0.1, 0.26, 0.34, 0.03), 'wood', '#5f3f2a', [x * (w / 2 - 0.22), 0, 0]);
  }
}

function swing(m, { colour = '#8f5c38', cushion = '#d98a6a' }) {
  const { w, seat } = SIZES.swing,
    half = w / 2 - 0.06;
  for (const x of both) {
    for (const z of both) {
      m.add(bar([x * half, 0, z * 0.5], [x * half, 2.05, z * 0.06], 0.035, 0.03), 'wood', colour);
    }
    m.add(bar([x * half, 0.55, -0.4], [x * half, 0.55, 0.4], 0.02), 'wood', colour);
    for (const z of [-0.22, 0.26]) {
      m.add(bar([x * 0.68, 2.03, 0], [x * 0.68, seat - 0.02, z], 0.007, 0.007, 5), 'metal', BRASS);
    }
  }
  m.add(bar([-half - 0.06, 2.05, 0], [half + 0.06, 2.05, 0], 0.045), 'wood', colour);
  m.add(
    shape(rbox(w + 0.1, 0.03, 1.05, 0.012, { max: 0.2 }), (x, y, z) => [x, y - 0.35 * z * z, z]),
    'soft',
    '#e9dcc4',
    [0, 2.15, 0],
  );
  m.add(rbox(1.4, 0.04, 0.52, 0.015), 'wood', colour, [0, seat - 0.12, 0.03]);
  m.add(rbox(1.36, 0.09, 0.5, 0.04, { seg: 2, puff: 0.02, max: 0.18 }), 'soft', cushion, [
    0,
    seat - 0.085,
    0.04,
  ]);
  m.add(rbox(1.4, 0.46, 0.05, 0.02), 'wood', colour, [0, seat - 0.04, -0.26], [-0.2, 0, 0]);
  m.add(
    rbox(1.34, 0.38, 0.1, 0.05, { seg: 2, puff: 0.03, max: 0.18 }),
    'soft',
    cushion,
    [0, seat, -0.21],
    [-0.2, 0, 0],
  );
  pillow(m, [-0.48, seat + 0.01, -0.06], 0.3, '#f0c869', 0.34);
  pillow(m, [0.5, seat + 0.01, -0.06], -0.3, '#7fae9f', 0.34);
}

function coffeeTable(m, { colour = '#a5673d' }) {
  const s = new THREE.Shape(),
    [w, d, r] = [1.3, 0.68, 0.3];
  s.moveTo(-w / 2 + r, -d / 2);
  s.lineTo(w / 2 - r, -d / 2);
  s.absarc(w / 2 - r, 0, d / 2, -Math.PI / 2, Math.PI / 2);
  s.lineTo(-w / 2 + r, d / 2);
  s.absarc(-w / 2 + r, 0, d / 2, Math.PI / 2, Math.PI * 1.5);
  m.add(plate(s, 0.045, 0.014, 14), 'wood', colour, [0, 0.385, 0], [-Math.PI / 2, 0, 0]);
  m.add(plate(s, 0.02, 0.006, 14), 'wood', DARK, [0, 0.17, 0], [-Math.PI / 2, 0, 0], {
    scale: 0.82,
  });
  legs(m, 0.82, 0.36, 0.37, 0.024, { splay: 0.05 });
}

function roundTable(m, { r, top = 'wood', colour = '#a5673d' }) {
  const marble = top === 'marble',
    h = 0.74;
  m.add(drum(r, 0.034, 0.014, 24), marble ? 'gloss' : 'wood', marble ? '#f3efe8' : colour, [
    0,
    h - 0.034,
    0,
  ]);
  if (marble) m.add(drum(r * 0.96, 0.02, 0.005, 18), 'metal', BRASS, [0, h - 0.052, 0]);
  const [mat, c] = marble ? ['metal', IRON] : ['wood', DARK];
  m.add(
    lathe(
      [
        [0.14, 0],
        [0.05, 0.03],
        [0.03, 0.1],
        [0.026, 0.36],
        [0.035, 0.5],
        [0.028, 0.6],
        [0.05, 0.68],
        [0.14, 0.708],
      ],
      14,
    ),
    mat,
    c,
  );
  m.add(drum(r * 0.56, 0.022, 0.01, 18), mat, c);
}

function longTable(m, { colour = '#a06a40' }) {
  for (let i = 0; i < 5; i++) {
    m.add(rbox(2.5, 0.04, 0.17, 0.012, { max: 0.5 }), 'wood', colour, [0, 0.71, (i - 2) * 0.176]);
  }
  for (const x of both) {
    for (const z of both) {
      m.add(bar([x * 1.02, 0, z * 0.4], [x * 1.02, 0.71, -z * 0.22], 0.035), 'wood', DARK);
    }
    m.add(rbox(0.06, 0.06, 0.8, 0.015), 'wood', DARK, [x * 1.02, 0.65, 0]);
  }
  m.add(rbox(2.04, 0.07, 0.035, 0.012), 'wood', DARK, [0, 0.31, 0]);
}

const CHAIRS = { wood: chairWood, bentwood: chairBent, garden: chairGarden };

export const FURNITURE = {
  sofa: (m, o) => couch(m, SIZES.sofa, 3, o),
  armchair: (m, o) => couch(m, SIZES.armchair, 1, o),
  chair: (m, o) => CHAIRS[o.style ?? 'wood'](m, o),
  pouf,
  stool,
  windowBench,
  bench,
  log,
  swing,
  coffeeTable,
  roundTable,
  longTable,
};
