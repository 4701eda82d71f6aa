// The sheet of patterns that all cloth shares: 8 × 5 tiles drawn at once, white where the second
// colour goes. Geometric motifs of our own; none is a mark of a house, a rank or a faith.
const TILE = 128;
const ACROSS = 8;
const DOWN = 5;
export const PATTERN_TILES = { tile: TILE, across: ACROSS, down: DOWN };
/** Drawn on a field of 64. */
const FIELD = 64;

type Draw = (c: Brush) => void;

/** What patterns are drawn with: shapes repeat over the tile's edges by themselves. */
class Brush {
  constructor(private readonly x: CanvasRenderingContext2D) {}

  grey(light: number): this {
    const g = Math.round(light * 255);
    this.x.fillStyle = this.x.strokeStyle = `rgb(${g},${g},${g})`;
    return this;
  }

  box(x: number, y: number, w: number, h: number): this {
    this.x.fillRect(x, y, w, h);
    return this;
  }

  /** Draws once for each place of the tile and around it. */
  over(draw: () => void): this {
    for (const dx of [-FIELD, 0, FIELD])
      for (const dy of [-FIELD, 0, FIELD]) {
        this.x.save();
        this.x.translate(dx, dy);
        draw();
        this.x.restore();
      }
    return this;
  }

  oval(x: number, y: number, a: number, b = a, turn = 0): this {
    return this.over(() => {
      this.x.beginPath();
      this.x.ellipse(x, y, a, b, turn, 0, 2 * Math.PI);
      this.x.fill();
    });
  }

  shape(...points: [number, number][]): this {
    return this.over(() => {
      this.x.beginPath();
      for (const [x, y] of points) this.x.lineTo(x, y);
      this.x.fill();
    });
  }

  line(wide: number, at: (t: number) => [number, number], from = -0.1, to = 1.1): this {
    this.x.lineWidth = wide;
    return this.over(() => {
      this.x.beginPath();
      for (let t = from; t <= to + 1e-6; t += 0.025) this.x.lineTo(...at(t));
      this.x.stroke();
    });
  }

  arc(x: number, y: number, r: number, wide: number, from = Math.PI, to = 2 * Math.PI): this {
    this.x.lineWidth = wide;
    return this.over(() => {
      this.x.beginPath();
      this.x.arc(x, y, r, from, to);
      this.x.stroke();
    });
  }
}

const PAIR = [
  [16, 16],
  [48, 48],
] as const;
const wave =
  (y: number, high: number, times = 2) =>
  (t: number): [number, number] => [t * 64, y + high * Math.sin(t * times * 2 * Math.PI)];
const diamond = (c: Brush, x: number, y: number, a: number, b = a) =>
  c.shape([x - a, y], [x, y - b], [x + a, y], [x, y + b]);
const petals = (
  c: Brush,
  x: number,
  y: number,
  n: number,
  away: number,
  a: number,
  b: number,
  turn = 0,
) => {
  for (let k = 0; k < n; k++) {
    const t = turn + (k / n) * 2 * Math.PI;
    c.oval(x + Math.cos(t) * away, y + Math.sin(t) * away, a, b, t);
  }
};
const star = (x: number, y: number, r: number): [number, number][] =>
  Array.from({ length: 10 }, (_, k) => {
    const q = k % 2 ? r * 0.42 : r;
    return [x + Math.sin((k * Math.PI) / 5) * q, y - Math.cos((k * Math.PI) / 5) * q];
  });

const DRAW: Record<string, Draw> = {
  stripes: (c) => c.box(0, 0, 64, 16).box(0, 32, 64, 16),
  wide_stripes: (c) => c.box(0, 0, 64, 32),
  pinstripes: (c) => c.box(6, 0, 3, 64).box(38, 0, 3, 64),
  check: (c) => c.box(0, 0, 32, 32).box(32, 32, 32, 32),
  gingham: (c) => c.grey(0.5).box(0, 0, 64, 32).box(0, 0, 32, 64).grey(1).box(0, 0, 32, 32),
  tartan: (c) =>
    c
      .grey(0.45)
      .box(0, 8, 64, 20)
      .box(8, 0, 20, 64)
      .grey(0.85)
      .box(8, 8, 20, 20)
      .grey(1)
      .box(0, 44, 64, 4)
      .box(44, 0, 4, 64),
  dots: (c) => PAIR.forEach(([x, y]) => c.oval(x, y, 9)),
  small_dots: (c) => {
    for (const x of [8, 40]) for (const y of [8, 40]) c.oval(x, y, 4).oval(x + 16, y + 16, 4);
  },
  petals: (c) => {
    petals(c, 0, 0, 4, 14, 11, 6, 0.785);
    petals(c, 32, 32, 4, 14, 11, 6, 0.785);
    c.grey(0).oval(0, 0, 2.5).oval(32, 32, 2.5);
  },
  waves_diagonal: (c) => c.line(9, (t) => [t * 64, 64 - t * 64 + 6 * Math.sin(t * 4 * Math.PI)]),
  rosettes: (c) => {
    petals(c, 32, 32, 8, 15, 8, 4);
    c.oval(32, 32, 5).oval(0, 0, 8);
  },
  clouds: (c) => {
    for (const [x, y] of [
      [16, 22],
      [48, 54],
    ] as const)
      for (const r of [6, 13, 20]) c.arc(x, y, r, 4);
  },
  sprigs: (c) =>
    PAIR.forEach(([x, y]) => {
      petals(c, x, y, 6, 7, 4, 1.8);
      c.oval(x, y, 2);
    }),
  zigzag: (c) => {
    for (const y of [8, 40]) c.line(9, (t) => [t * 64, y + 16 * Math.abs(((t * 4) % 2) - 1)]);
  },
  herringbone: (c) => {
    for (let y = 0; y < 64; y += 16)
      c.line(5, (t) => [t * 64, y + 32 * (1 - Math.abs(t * 2 - 1))], 0, 1);
  },
  houndstooth: (c) =>
    c.box(0, 0, 32, 32).shape([32, 0], [64, 0], [32, 32]).shape([0, 32], [32, 32], [0, 64]),
  stars: (c) => PAIR.forEach(([x, y]) => c.shape(...star(x, y, 10))),
  hearts: (c) =>
    PAIR.forEach(([x, y]) =>
      c
        .oval(x - 4, y - 2, 5)
        .oval(x + 4, y - 2, 5)
        .shape([x - 8.6, y], [x + 8.6, y], [x, y + 10]),
    ),
  leaves: (c) => {
    for (const [x, y, t] of [
      [16, 14, 0.6],
      [48, 30, -0.5],
      [20, 48, -0.9],
      [52, 56, 0.9],
    ] as const)
      c.oval(x, y, 11, 4.5, t);
  },
  flowers: (c) => {
    for (const [x, y, r] of [
      [18, 18, 1],
      [50, 46, 0.8],
    ] as const) {
      c.grey(1);
      petals(c, x, y, 5, 8 * r, 6 * r, 6 * r);
      c.grey(0.2).oval(x, y, 4 * r);
    }
  },
  waves: (c) => {
    for (const y of [8, 24, 40, 56]) c.line(5, wave(y, 4));
  },
  triangles: (c) => {
    for (const [x, y] of [
      [0, 0],
      [32, 0],
      [16, 32],
      [48, 32],
    ] as const)
      c.shape([x, y + 26], [x + 16, y + 4], [x + 32, y + 26]);
  },
  diamonds: (c) => {
    diamond(c, 0, 0, 22);
    diamond(c, 32, 32, 22);
  },
  knit: (c) => {
    c.grey(0.4);
    for (let x = 0; x < 64; x += 16)
      for (let y = 0; y < 64; y += 10.67)
        c.line(4, (t) => [x + t * 16, y + 8 * (1 - Math.abs(t * 2 - 1))], 0, 1);
  },
  rib: (c) => {
    c.grey(0.4);
    for (let x = 0; x < 64; x += 8) c.box(x, 0, 4, 64);
  },
  denim: (c) => {
    for (let y = 0; y < 64; y += 4)
      for (let x = 0; x < 64; x += 4)
        c.grey(0.12 + (0.3 * ((x * 7 + y * 13) % 5)) / 5).box(x, y + ((x / 4) % 2), 3, 1.4);
  },
  camouflage: (c) => {
    c.grey(0.8);
    for (const [x, y, a, b, t] of [
      [14, 14, 14, 7, 0.4],
      [44, 24, 11, 8, -0.6],
      [22, 48, 15, 6, 0.2],
      [54, 54, 9, 7, 1],
    ] as const)
      c.oval(x, y, a, b, t);
  },
  lozenges: (c) => {
    for (const [r, g] of [
      [28, 1],
      [20, 0],
      [12, 1],
      [5, 0],
    ] as const) {
      c.grey(g);
      diamond(c, 0, 0, r, r * 1.2);
      diamond(c, 32, 32, r, r * 1.2);
    }
  },
  tapestry: (c) => {
    c.box(0, 2, 64, 4).box(0, 58, 64, 4);
    diamond(c, 32, 32, 18);
    c.grey(0);
    diamond(c, 32, 32, 11);
    c.grey(1);
    diamond(c, 32, 32, 5);
    diamond(c, 0, 32, 8);
  },
  plus: (c) => PAIR.forEach(([x, y]) => c.box(x - 9, y - 3, 18, 6).box(x - 3, y - 9, 6, 18)),
  confetti: (c) => {
    for (const [x, y, t] of [
      [10, 10, 0.3],
      [34, 18, 1.2],
      [54, 8, 2],
      [14, 40, 2.4],
      [40, 46, 0.8],
      [58, 34, 1.7],
      [26, 58, 0.1],
    ] as const)
      c.oval(x, y, 5, 2, t);
  },
  blocks: (c) => c.box(0, 0, 32, 64),
  bricks: (c) => {
    c.grey(0.9);
    for (const y of [0, 32]) c.box(0, y, 64, 3);
    c.box(0, 0, 3, 32).box(32, 32, 3, 32);
  },
  scales: (c) => {
    for (const y of [32, 64]) for (const x of [0, 32]) c.arc(x + (y === 32 ? 0 : 16), y, 15, 4);
  },
  moons: (c) =>
    PAIR.forEach(([x, y]) => {
      c.grey(1).oval(x, y, 10);
      c.grey(0).oval(x + 4, y - 2, 9);
    }),
  cubes: (c) => {
    c.grey(1);
    diamond(c, 32, 16, 32, 16);
    c.grey(0.5).shape([0, 16], [32, 32], [32, 64], [0, 48]);
  },
  fern: (c) => {
    for (const x of [16, 48]) {
      c.box(x - 1, 0, 2, 64);
      for (let y = 0; y < 64; y += 16)
        c.oval(x - 7, y + 6, 7, 2.4, -0.6).oval(x + 7, y + 6, 7, 2.4, 0.6);
    }
  },
  drops: (c) =>
    PAIR.forEach(([x, y]) => c.oval(x, y + 3, 6).shape([x - 5.4, y], [x, y - 12], [x + 5.4, y])),
  grid: (c) => c.box(0, 0, 64, 4).box(0, 0, 4, 64).grey(0.5).box(0, 32, 64, 2).box(32, 0, 2, 64),
};

export const PATTERNS: readonly string[] = ["none", ...Object.keys(DRAW)];

/** Draws the sheet; tile n is pattern n + 1. */
export function drawPatterns(): HTMLCanvasElement | OffscreenCanvas {
  const [width, height] = [ACROSS * TILE, DOWN * TILE];
  const canvas =
    typeof document === "undefined"
      ? new OffscreenCanvas(width, height)
      : Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d") as CanvasRenderingContext2D;
  context.fillStyle = "#000";
  context.fillRect(0, 0, width, height);
  Object.values(DRAW).forEach((draw, i) => {
    context.save();
    context.translate((i % ACROSS) * TILE, Math.floor(i / ACROSS) * TILE);
    context.beginPath();
    context.rect(0, 0, TILE, TILE);
    context.clip();
    context.scale(TILE / FIELD, TILE / FIELD);
    draw(new Brush(context).grey(1));
    context.restore();
  });
  return canvas;
}
