// Floor and two walls of a doll's house: the back (-z) and the left (-x).
import { bar, card, drum, panel, rbox, shape, slab } from './shapes.mjs';

const TRIM = '#fbf5ea',
  BRASS = '#c9a15a';

// Parts of [lo, hi] outside the holes' x ranges.
const runs = (lo, hi, holes) => {
  const cuts = holes.slice().sort((a, b) => a[0] - b[0]),
    out = [];
  let x = lo;
  for (const [x0, x1] of cuts) {
    if (x0 > x) out.push([x, x0]);
    x = Math.max(x, x1);
  }
  if (x < hi) out.push([x, hi]);
  return out;
};

function boards(m, lo, hi, holes, { colour, rail, high }) {
  for (const [a, b] of runs(lo, hi, holes)) {
    const w = b - a,
      c = (a + b) / 2,
      n = Math.max(1, Math.round(w / 0.5));
    m.add(panel(a, 0, b, high, 0.24), 'trim', colour, [0, 0, 0.014], [0, 0, 0], { ao: 0.45 });
    m.add(rbox(w, 0.13, 0.045, 0.012, { max: 2.5, open: '-z-y' }), 'trim', rail, [c, 0, 0.02]);
    m.add(rbox(w, 0.05, 0.07, 0.018, { max: 2.5, open: '-z' }), 'trim', rail, [
      c,
      high - 0.03,
      0.02,
    ]);
    m.add(rbox(w, 0.07, 0.03, 0.008, { max: 2.5, open: '-z' }), 'trim', rail, [
      c,
      high - 0.12,
      0.015,
    ]);
    for (let i = 0; i <= n; i++) {
      m.add(rbox(0.06, high - 0.2, 0.026, 0.008, { max: 2.5, open: '-z-y+y' }), 'trim', rail, [
        Math.min(b - 0.03, Math.max(a + 0.03, a + (w * i) / n)),
        0.1,
        0.014,
      ]);
    }
  }
}

// A window in hole [x0, y0, x1, y1]: depth, frame, bars, sill, sky behind.
function windowIn(
  m,
  [x0, y0, x1, y1],
  { cols = 2, rows = 2, sill = true, view = [0, 0, 1, 1], frame = TRIM },
) {
  const [w, h, cx] = [x1 - x0, y1 - y0, (x0 + x1) / 2],
    deep = 0.18;
  m.add(slab(w, 0.02, deep, ''), 'trim', frame, [cx, y0 - 0.02, -deep / 2]);
  m.add(slab(w, 0.02, deep, ''), 'trim', frame, [cx, y1, -deep / 2]);
  for (const s of [-1, 1]) {
    m.add(slab(0.02, h, deep, ''), 'trim', frame, [cx + s * (w / 2 + 0.01), y0, -deep / 2]);
    m.add(rbox(0.08, h + 0.16, 0.05, 0.014, { open: '-z' }), 'trim', frame, [
      cx + s * (w / 2 + 0.04),
      y0 - 0.08,
      0.02,
    ]);
    m.add(rbox(0.06, h, 0.05, 0.012), 'trim', frame, [cx + s * (w / 2 - 0.03), y0, -0.08]);
  }
  m.add(rbox(w + 0.24, 0.09, 0.06, 0.016, { open: '-z' }), 'trim', frame, [cx, y1, 0.022]);
  for (const y of [y0, y1 - 0.06]) m.add(rbox(w, 0.06, 0.05, 0.012), 'trim', frame, [cx, y, -0.08]);
  for (let i = 1; i < cols; i++) {
    m.add(rbox(0.045, h, 0.045, 0.012), 'trim', frame, [x0 + (w * i) / cols, y0, -0.08]);
  }
  for (let i = 1; i < rows; i++) {
    m.add(rbox(w, 0.04, 0.04, 0.012), 'trim', frame, [cx, y0 + (h * i) / rows, -0.08]);
  }
  if (sill) m.add(rbox(w + 0.26, 0.045, 0.2, 0.018), 'trim', frame, [cx, y0 - 0.05, 0.05]);
  else
    m.add(rbox(w + 0.24, 0.09, 0.05, 0.016, { open: '-z' }), 'trim', frame, [cx, y0 - 0.09, 0.022]);
  // The view stands back and is wider than the hole, so it shifts when the camera moves.
  m.add(card(w + 0.9, h + 0.7, view), 'sky', '#ffffff', [cx, (y0 + y1) / 2 + 0.05, -0.5]);
}

function curtains(m, [x0, y0, x1, y1], colour) {
  const [top, low] = [y1 + 0.2, Math.max(0.5, y0 - 0.45)];
  m.add(bar([x0 - 0.5, top, 0.12], [x1 + 0.5, top, 0.12], 0.014), 'trim', BRASS);
  for (const s of [-1, 1]) {
    const c = s < 0 ? x0 - 0.2 : x1 + 0.2;
    m.add(
      drum(0.028, 0.05, 0.014, 12),
      'trim',
      BRASS,
      [s < 0 ? x0 - 0.5 : x1 + 0.5, top, 0.12],
      [0, 0, (-s * Math.PI) / 2],
    );
    const cloth = shape(panel(-0.24, low - top, 0.24, 0, 0.05), (x, y, z) => {
      const k = (y - (low - top)) / (top - low),
        tie = 1 - 0.24 * Math.exp(-(((k - 0.42) / 0.2) ** 2));
      return [
        x * tie + s * 0.1 * (1 - tie),
        y,
        z + 0.035 * Math.sin(x * 46) * (0.6 + 0.4 * (1 - k)),
      ];
    });
    m.add(cloth, 'drape', colour, [c, top, 0.1]);
  }
}

function doorIn(m, [x0, , x1, y1], { colour = '#8a5534', glass = false }) {
  const [w, cx] = [x1 - x0, (x0 + x1) / 2];
  for (const s of [-1, 1]) {
    m.add(rbox(0.1, y1 + 0.02, 0.07, 0.016, { open: '-z-y' }), 'trim', TRIM, [
      cx + s * (w / 2 + 0.04),
      0,
      0.02,
    ]);
  }
  m.add(rbox(w + 0.26, 0.12, 0.08, 0.018, { open: '-z' }), 'trim', TRIM, [cx, y1, 0.022]);
  const leafW = w - 0.02;
  if (glass) {
    for (const s of [-1, 1])
      m.add(rbox(0.12, y1 - 0.02, 0.05, 0.012), 'wood', colour, [
        cx + s * (leafW / 2 - 0.06),
        0.01,
        -0.05,
      ]);
    for (const [y, h] of [
      [0.01, 0.34],
      [y1 - 0.13, 0.12],
      [1.0, 0.08],
    ]) {
      m.add(rbox(leafW, h, 0.05, 0.012), 'wood', colour, [cx, y, -0.05]);
    }
    m.add(card(w, y1, [0.1, 0.2, 0.4, 0.95]), 'sky', '#ffffff', [cx, y1 / 2, -0.3]);
  } else {
    m.add(rbox(leafW, y1 - 0.02, 0.05, 0.01, { max: 0.3 }), 'wood', colour, [cx, 0.01, -0.045]);
    for (const [y, h] of [
      [0.16, 0.68],
      [1.0, 0.86],
    ]) {
      for (const s of [-1, 1]) {
        m.add(rbox(leafW / 2 - 0.15, h, 0.03, 0.014), 'wood', colour, [
          cx + s * (leafW / 4 - 0.02),
          y,
          -0.015,
        ]);
      }
    }
  }
  m.add(
    drum(0.024, 0.07, 0.012, 12),
    'metal',
    BRASS,
    [cx + w / 2 - 0.1, 1.0, 0.0],
    [Math.PI / 2, 0, 0],
  );
}

// side: {windows: [{hole, …}], doors: [{hole, …}]}, hole = [x0, y0, x1, y1] in the wall's frame.
function wall(m, half, high, { mat = 'wall', colour, dado, windows = [], doors = [] }) {
  const holes = [...windows, ...doors].map((w) => w.hole);
  // Rows just beside boards and cornice: the shade of what they hide must not spread over the wall.
  const low = dado ? dado.high : 0;
  m.add(
    panel(-half, low, half, high - 0.07, 0.26, holes, [dado ? low + 0.03 : 0.02, high - 0.1]),
    mat,
    colour,
  );
  if (dado)
    boards(
      m,
      -half,
      half,
      doors.map((d) => [d.hole[0] - 0.08, d.hole[2] + 0.08]),
      dado,
    );
  m.add(rbox(half * 2, 0.09, 0.07, 0.02, { max: 2.5, open: '-z' }), 'trim', TRIM, [
    0,
    high - 0.09,
    0.02,
  ]);
  for (const w of windows) {
    windowIn(m, w.hole, w);
    if (w.curtains) curtains(m, w.hole, w.curtains);
  }
  for (const d of doors) doorIn(m, d.hole, d);
}

export function room(m, { size: [w, d], height, back, left, base = '#8b5e3c', cap = '#fbf5ea' }) {
  m.inside([0, 0, -d / 2], 0, () => wall(m, w / 2, height, back));
  m.inside([-w / 2, 0, 0], Math.PI / 2, () => wall(m, d / 2, height, left));
  m.add(rbox(w + 0.16, 0.07, 0.16, 0.02, { max: 1 }), 'trim', cap, [
    -0.08,
    height - 0.005,
    -d / 2 - 0.08,
  ]);
  m.add(rbox(0.16, 0.07, d, 0.02, { max: 1 }), 'trim', cap, [-w / 2 - 0.08, height - 0.005, 0]);
  const g = panel(-w / 2, -d / 2, w / 2, d / 2, 2);
  for (let i = 0; i < g.attributes.uv.count; i++) {
    g.attributes.uv.setXY(i, g.attributes.uv.getX(i) / w + 0.5, 0.5 - g.attributes.uv.getY(i) / d);
  }
  m.add(g, 'floor', '#ffffff', [0, 0, 0], [-Math.PI / 2, 0, 0], { ao: 0 });
  // The plinth's edge, seen from the open sides.
  m.add(rbox(w + 0.04, 0.22, d + 0.04, 0.02, { max: 2, open: '+y' }), 'wood', base, [0, -0.232, 0]);
}
