// Skin in portraits: lips, blush and marks where the shader of rooms has them, on one point.
import type { Colour } from "./packer";

/** A point's place on the face, in the shader's measure, and what is there. */
export interface SkinMasks {
  x: number;
  y: number;
  lips: number;
  blush: number;
  shade: number;
}

const smooth = (from: number, to: number, x: number) => {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
};
const fract = (x: number) => x - Math.floor(x);

function chance(x: number, y: number): number {
  let [p, q] = [fract(x * 123.34), fract(y * 456.21)];
  const d = p * (p + 45.32) + q * (q + 45.32);
  [p, q] = [p + d, q + d];
  return fract(p * q);
}

function bumps(x: number, y: number): number {
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const [f, g] = [x - i, y - j].map((t) => t * t * (3 - 2 * t)) as [number, number];
  const row = (v: number) => chance(i, v) * (1 - f) + chance(i + 1, v) * f;
  return row(j) * (1 - g) + row(j + 1) * g;
}

/** Dots scattered over cells: how much of the point is in one. */
function dots(x: number, y: number, size: number, many: number, radius: number): number {
  const [i, j] = [Math.floor(x / size), Math.floor(y / size)];
  const h = chance(i + 3.7, j + 3.7);
  if (h > many) return 0;
  const dx = x / size - i - 0.5 - (chance(i + 1.3, j + 1.3) - 0.5) * 0.6;
  const dy = y / size - j - 0.5 - (chance(i + 8.1, j + 8.1) - 0.5) * 0.6;
  const r = radius * (0.5 + h);
  return 1 - smooth(r * 0.55, r, Math.hypot(dx, dy));
}

type Rgb = [number, number, number];

function mix(out: Rgb, r: number, g: number, b: number, share: number): void {
  out[0] += (r - out[0]) * share;
  out[1] += (g - out[1]) * share;
  out[2] += (b - out[2]) * share;
}

/** Darker or lighter by shares of what it is. */
const by = (out: Rgb, r: number, g: number, b: number, share: number, more = 0) =>
  mix(out, out[0] * r + more, out[1] * g + more, out[2] * b + more, share);

/** Paints points of a skin: each call says the colour of one, unlit. */
export function skinPainter(
  base: Colour,
  marks: Readonly<Record<string, number>>,
): (at: SkinMasks, out: Rgb) => void {
  const of = (id: string) => (marks[id] ?? 0) / 100;
  const deep = smooth(0.22, 0.03, base[0] * 0.3 + base[1] * 0.59 + base[2] * 0.11);
  const vitiligo = of("vitiligo");
  const [rouge, stick, shadow, liner] = ["blush", "lips", "shade", "liner"].map(of) as [
    number,
    number,
    number,
    number,
  ];
  const rare = ["freckles", "scar", "stubble", "brow_scar", "spots", "glitter", "mole"].some(
    (id) => of(id) > 0,
  );
  return (at, out) => {
    [out[0], out[1], out[2]] = base;
    let dark = deep;
    if (vitiligo) {
      const { x, y } = at;
      const rough = bumps(x * 1.1 + 7, y * 1.1 + 7) * 0.65 + bumps(x * 3.1, y * 3.1) * 0.35;
      const patchy = smooth(0.52, 0.6, rough + (vitiligo - 0.5) * 0.42);
      const pale = 1 - 0.1 * dark;
      mix(out, 0.86 * pale, 0.66 * pale, 0.55 * pale, patchy * 0.92);
      dark *= 1 - patchy;
    }
    const [r, g, b] = out;
    const blend = (light: number, low: number) => light + (low - light) * dark;
    if (at.blush)
      by(
        out,
        blend(1.16, 1.1),
        blend(0.66, 0.78),
        blend(0.6, 0.76),
        at.blush * (0.5 + 0.4 * rouge),
      );
    if (at.lips > 0.2) {
      const [red, green, blue] = [
        r * blend(0.9, 1.14) + 0.034 * dark,
        g * blend(0.44, 0.63) + 0.006 * dark,
        b * blend(0.42, 0.62) + 0.011 * dark,
      ];
      const worn = stick * 0.8;
      mix(
        out,
        red + (0.5 - red) * worn,
        green + (0.045 - green) * worn,
        blue + (0.075 - blue) * worn,
        smooth(0.2, 0.72, at.lips) * 0.82,
      );
    }
    if (at.shade) {
      by(out, 0.78, 0.64, 0.62, at.shade * 0.42);
      if (shadow) by(out, 0.55, 0.38, 0.46, at.shade * shadow * 0.85);
      if (liner) by(out, 0.16, 0.16, 0.16, smooth(0.62, 0.92, at.shade) * liner * 0.8);
    }
    if (rare) seldom(at, out, of);
  };
}

function seldom(at: SkinMasks, out: Rgb, of: (id: string) => number): void {
  const { x, y } = at;
  if (of("freckles")) {
    const where = Math.exp(-((x * 0.9) ** 2 + ((y + 0.42) * 1.9) ** 2));
    const spots = Math.max(dots(x, y, 0.085, 0.5, 0.34), dots(x + 5.3, y + 5.3, 0.13, 0.4, 0.26));
    by(out, 0.68, 0.48, 0.38, spots * smooth(0.18, 0.6, where) * of("freckles") * 0.8);
  }
  if (of("scar")) {
    const [u, v] = [x + 0.72, y + 0.62];
    const [q, r] = [0.88 * u - 0.47 * v, 0.47 * u + 0.88 * v];
    const line = 1 - smooth(0.02, 0.045, Math.abs(r + 0.03 * Math.sin(q * 7)));
    by(out, 1.12, 0.8, 0.78, line * (1 - smooth(0.2, 0.3, Math.abs(q))) * of("scar"), 0.02);
  }
  if (of("stubble")) by(out, 0.42, 0.4, 0.42, jaw(at) * of("stubble") * 0.5);
  if (of("brow_scar")) {
    const cut = 1 - smooth(0.02, 0.05, Math.abs((x + 0.66) * 0.94 + (y - 0.42) * 0.34));
    by(
      out,
      1.14,
      0.8,
      0.78,
      cut * (1 - smooth(0.22, 0.3, Math.abs(y - 0.42))) * of("brow_scar"),
      0.02,
    );
  }
  if (of("spots")) by(out, 0.78, 0.64, 0.55, dots(x, y * 0.9, 0.42, 0.42, 0.2) * of("spots") * 0.6);
  if (of("glitter")) {
    const high = smooth(0.35, 0.8, Math.abs(x)) * smooth(-0.75, -0.4, y) * smooth(0.1, -0.2, y);
    const shine = dots(x, y, 0.07, 0.5, 0.3) * high * of("glitter");
    [out[0], out[1], out[2]] = [out[0] + shine * 0.5, out[1] + shine * 0.45, out[2] + shine * 0.6];
  }
  if (of("mole"))
    by(out, 0.3, 0.3, 0.3, (1 - smooth(0.03, 0.055, Math.hypot(x - 0.44, y + 0.92))) * of("mole"));
}

/** Where stubble grows, 0..1. */
function jaw({ x, y, lips }: SkinMasks): number {
  const line = -0.92 + Math.max(0, Math.abs(x) - 0.35) * 1.15;
  const low =
    smooth(line + 0.1, line - 0.16, y) * smooth(-1.95, -1.6, y) * (1 - smooth(0.15, 0.6, lips));
  const lip =
    (1 - smooth(0.34, 0.46, Math.abs(x))) *
    (1 - smooth(0.05, 0.11, Math.abs(y + 0.86))) *
    (1 - lips);
  return Math.max(low, lip) * (0.62 + 0.38 * chance(Math.floor(x * 46), Math.floor(y * 46)));
}
