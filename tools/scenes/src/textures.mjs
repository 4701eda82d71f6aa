// Pictures made by arithmetic: near-white tiles that colours are laid under, and whole floors.
import sharp from 'sharp';
import { random } from './shapes.mjs';
import { tinted } from './bake.mjs';

const mix = (a, b, k) => a + (b - a) * k;
export const mix3 = (a, b, k) => a.map((v, i) => mix(v, b[i], k));
export const clamp = (v, lo = 0, hi = 1) => Math.min(hi, Math.max(lo, v));
export const step = (a, b, v) => {
  const k = clamp((v - a) / (b - a));
  return k * k * (3 - 2 * k);
};
export const hex = (s) => [1, 3, 5].map((i) => parseInt(s.slice(i, i + 2), 16) / 255);

// Noise over the unit square, nx x ny cells, meeting at the edges.
export function noise(nx, ny, seed) {
  const rnd = random(seed),
    grid = Float32Array.from({ length: nx * ny }, rnd);
  const at = (i, j) => grid[(((j % ny) + ny) % ny) * nx + (((i % nx) + nx) % nx)];
  return (u, v) => {
    const [x, y] = [u * nx, v * ny],
      [i, j] = [Math.floor(x), Math.floor(y)];
    const [a, b] = [x - i, y - j].map((t) => t * t * (3 - 2 * t));
    return mix(mix(at(i, j), at(i + 1, j), a), mix(at(i, j + 1), at(i + 1, j + 1), a), b);
  };
}
export const layers = (nx, ny, seed, n = 4) => {
  const all = Array.from({ length: n }, (_, k) => noise(nx << k, ny << k, seed + k));
  return (u, v) => all.reduce((s, f, k) => s + f(u, v) / 2 ** (k + 1), 0) / (1 - 0.5 ** n);
};

// f(u, v, x, y) gives [r, g, b] in 0..1 as shown on a screen.
export async function picture(w, h, f, quality = 82) {
  const raw = Buffer.alloc(w * h * 3);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const c = f((x + 0.5) / w, (y + 0.5) / h, x, y);
      for (let k = 0; k < 3; k++) raw[(y * w + x) * 3 + k] = Math.round(clamp(c[k]) * 255);
    }
  }
  return sharp(raw, { raw: { width: w, height: h, channels: 3 } })
    .webp({ quality, effort: 6 })
    .toBuffer();
}
export const drawing = (svg, quality = 86) =>
  sharp(Buffer.from(svg)).webp({ quality, effort: 6 }).toBuffer();

const grey = (v) => [v, v, v];

export const TILES = {
  fabric: () => {
    const soft = layers(6, 6, 11),
      fine = noise(128, 128, 12);
    return picture(
      256,
      256,
      (u, v, x, y) => {
        const weave =
          Math.sin((x * Math.PI) / 4) * Math.sin((y * Math.PI) / 4 + ((x >> 3) % 2) * Math.PI);
        return grey(0.92 + 0.035 * weave + 0.07 * (soft(u, v) - 0.5) + 0.05 * (fine(u, v) - 0.5));
      },
      70,
    );
  },
  grain: () => {
    const warp = layers(2, 6, 21),
      fine = noise(12, 160, 22),
      mid = layers(3, 40, 23, 3);
    return picture(
      512,
      256,
      (u, v) => {
        const rings = Math.sin((v * 9 + warp(u, v) * 2.6) * Math.PI * 2);
        return mix3(
          [1, 0.985, 0.965],
          [0.8, 0.74, 0.68],
          clamp(0.2 + 0.16 * rings + 0.42 * (mid(u, v) - 0.4) + 0.2 * (fine(u, v) - 0.5)),
        );
      },
      76,
    );
  },
  wall: () => {
    const soft = layers(4, 4, 31),
      fine = noise(90, 90, 32);
    return picture(
      256,
      256,
      (u, v) => {
        const stripe = step(0.42, 0.5, Math.abs(((u * 8) % 1) - 0.5) + 0.21);
        return grey(0.945 + 0.025 * stripe + 0.05 * (soft(u, v) - 0.5) + 0.02 * (fine(u, v) - 0.5));
      },
      74,
    );
  },
  brick: () => {
    const rows = 12,
      cols = 4,
      rnd = random(41),
      rough = layers(24, 24, 42);
    const tone = Array.from({ length: rows * cols }, () => rnd());
    return picture(
      512,
      512,
      (u, v) => {
        const r = Math.floor(v * rows),
          x = u * cols + (r % 2) * 0.5,
          c = Math.floor(x) % cols;
        const [fx, fy] = [x - Math.floor(x), v * rows - r],
          n = rough(u, v);
        const edge = Math.min(Math.min(fx, 1 - fx) * 3, Math.min(fy, 1 - fy)) + (n - 0.5) * 0.1;
        const body = step(0.05, 0.12, edge),
          t = tone[r * cols + c];
        const face = mix3([0.97, 0.93, 0.9], [0.8, 0.74, 0.71], t).map(
          (k) => k * (0.88 + 0.2 * n) * (0.93 + 0.09 * step(0.1, 0.3, edge)),
        );
        return mix3(grey(0.99), face, body);
      },
      74,
    );
  },
};

// The floor's own colour under its shade: open(u, v) from the rays, touch(x, z) below furniture,
// light(x, z) an extra factor.
export function floorPicture(w, size, colour, open, touch, light = () => [1, 1, 1]) {
  const h = Math.round((w * size[1]) / size[0]);
  return picture(
    w,
    h,
    (u, v) => {
      const [x, z] = [(u - 0.5) * size[0], (v - 0.5) * size[1]];
      const c = colour(x, z),
        o = open(u, v) * touch(x, z),
        l = light(x, z);
      // Shade acts on light, so on linear values.
      return c.map((k, i) => {
        const lin = k ** 2.2;
        const dark = o ** 1.35;
        return (lin * (0.4 * tinted(dark, Math.min(0.9, lin)) + 0.6 * dark) * l[i]) ** (1 / 2.2);
      });
    },
    74,
  );
}

export function planks({ light, dark, width = 0.2, length = 1.9, seed = 5 }) {
  const rnd = random(seed),
    tones = Array.from({ length: 997 }, rnd);
  const grain = layers(5, 64, seed + 1, 4),
    fine = noise(16, 300, seed + 2);
  return (x, z) => {
    const row = Math.floor(z / width + 500),
      off = tones[(row * 7) % 997] * length;
    const along = (x + 50 + off) / length,
      n = Math.floor(along);
    const [fx, fz] = [along - n, z / width + 500 - row],
      t = tones[(row * 31 + n * 17) % 997];
    const gap = Math.min(Math.min(fx, 1 - fx) * length, Math.min(fz, 1 - fz) * width);
    const u = along * 0.31 + t * 7,
      v = z * 0.55 + t * 3;
    const g = clamp(0.5 + (grain(u, v) - 0.5) * 1.1 + (fine(u, v) - 0.5) * 0.22);
    const c = mix3(light, dark, clamp(t * 0.72 + g * 0.5 - 0.1));
    return c.map(
      (k) => k * mix(0.46, 1, step(0.001, 0.009, gap)) * mix(0.96, 1, step(0, 0.03, gap)),
    );
  };
}

// Small six-sided or square tiles; pick(i, j) chooses one of the colours.
export function tiles({ colours, joint, side = 0.3, pick, seed = 9 }) {
  const soft = layers(8, 8, seed),
    rnd = random(seed),
    tones = Array.from({ length: 499 }, rnd);
  return (x, z) => {
    const [a, b] = [(x + z) / Math.SQRT2 / side + 400, (x - z) / Math.SQRT2 / side + 400];
    const [i, j] = [Math.floor(a), Math.floor(b)],
      [fx, fy] = [a - i, b - j];
    const gap = Math.min(fx, 1 - fx, fy, 1 - fy) * side;
    const base = colours[pick(i, j)],
      t = tones[(i * 13 + j * 29) % 499];
    const c = base.map((k) => k * (0.95 + 0.06 * t + 0.07 * (soft(x * 0.3, z * 0.3) - 0.5)));
    return mix3(joint, c, step(0.002, 0.007, gap));
  };
}
