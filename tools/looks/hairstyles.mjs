// Hair styles as numbers for hair.mjs; angles in degrees, 0 the face, 90 the left ear, 180 the nape.
import { add, cross, smooth, unit } from "./hair.mjs";

const back = (_, d) => unit([d[0] * 0.25, -0.15, -1]);
const down = (_, d) => unit([d[0] * 0.45, -1, d[2] * 0.3]);
const forward = (_, d) => unit([d[0] * 0.35, -0.25, 1]);
const around = (_, d) => unit([d[0], -0.9, d[2]]);
const aside = (sign, fall = 0.4, z = -0.1) => () => unit([sign, -fall, z]);
const outward = (_, d) => unit(add(d, cross([0, 1, 0], d), 0.2));

/** A close cap that is thicker on top. */
const crown = (low, more, groove = 0.018, per = 22) => ({ thick: (_, el) => low + more * smooth(20, 75, el),
  flow: (az) => az / per, groove });
/** Hair drawn tight to a point at the back. */
const tight = (more = 0.06) => ({ thick: (_, el) => 0.06 + more * smooth(20, 70, el), flow: (az) => az / 12,
  groove: 0.018, columns: 72 });
/** Strands over the forehead to either side of a parting, `at` degrees. */
const parted = (at, length, w = 0.46) => [
  { n: 5, at: (a) => [at - 4 - 46 * a, 56 + 14 * (1 - a)], length, comb: aside(-1, 0.55, -0.12), w, th: 0.17,
    fall: 0.9, gap: 0.12, lift: 0.14, steps: 12, tip: 0.25, vary: 0.06, blunt: true },
  { n: 5, at: (a) => [at + 4 + 44 * a, 56 + 14 * (1 - a)], length, comb: aside(1, 0.55, -0.12), w, th: 0.17,
    fall: 0.9, gap: 0.12, lift: 0.14, steps: 12, tip: 0.25, vary: 0.06, blunt: true },
];
const fringe = (length = 0.66, n = 9) => ({ n, az: [-46, 46], el: [54, 60], length,
  comb: (_, d) => unit([d[0] * 0.5, -0.7, 1]), w: 0.36, th: 0.13, fall: 0.6, gap: 0.1, lift: 0.12, steps: 8,
  vary: 0.06, tip: 0.4, blunt: true, jitter: 3 });
const swept = (sign, n, length, el = 60) => ({ n, at: (a) => [sign * (40 - 92 * a), el - 8 * a], length,
  comb: aside(-sign, 0.4, -0.12), w: 0.34, th: 0.13, fall: 0.3, gap: 0.1, lift: 0.15, steps: 9, tip: 0.15 });
const strand = (az, length = 0.8) => ({ n: 1, at: () => [az, 16], length, comb: down, w: 0.12, th: 0.08,
  fall: 0.6, gap: 0.06, lift: 0.1, steps: 8, tip: 0.1 });
const hang = (full, short = full, at = 60) => (az) => short + (full - short) * smooth(at, at + 40, Math.abs(az));

export const HAIR = {
  buzz: { cap: { thick: () => 0.035, edge: 0.35, noise: 0.006 } },
  crop: { cap: crown(0.06, 0.1), locks: [
    { n: 10, az: [-50, 50], el: [50, 57], length: 0.46, comb: forward, w: 0.34, th: 0.18, gap: 0.1, steps: 6,
      blunt: true, tip: 0.35 },
    { n: 11, az: [-80, 80], el: [62, 80], length: 0.55, comb: forward, w: 0.36, th: 0.2, gap: 0.15, steps: 6,
      blunt: true, tip: 0.3 }] },
  side_part: { cap: crown(0.07, 0.13), locks: [
    { n: 7, at: (a) => [38 - 70 * a, 47 + 6 * Math.sin(a * 3.14)], length: 0.85,
      comb: () => unit([-1, 0.12, -0.4]), w: 0.4, th: 0.22, fall: 0.15, gap: 0.12, lift: 0.35, steps: 8,
      stiff: 0.5, blunt: true, tip: 0.25 },
    { n: 9, az: [-74, 74], el: [60, 78], length: 0.95, comb: () => unit([-1, -0.1, -0.3]), w: 0.42, th: 0.22,
      fall: 0.25, gap: 0.17, steps: 8, blunt: true, tip: 0.25 }] },
  quiff: { cap: crown(0.05, 0.12), locks: [
    { n: 8, az: [-42, 42], el: [44, 50], length: 0.85, comb: (_, d) => unit([d[0] * 0.4 + 0.15, 0.6, -0.75]),
      w: 0.4, th: 0.26, fall: 0, gap: 0.14, lift: 0.5, steps: 8, stiff: 0.5, hug: 0.25, blunt: true, tip: 0.25 },
    { n: 8, az: [-48, 48], el: [56, 62], length: 0.85, comb: (_, d) => unit([d[0] * 0.3 + 0.15, 0.3, -0.9]),
      w: 0.42, th: 0.26, fall: 0, gap: 0.19, lift: 0.4, steps: 8, stiff: 0.5, hug: 0.25, blunt: true, tip: 0.25 },
    { n: 9, az: [-64, 64], el: [68, 80], length: 0.8, comb: back, w: 0.42, th: 0.22, fall: 0.15, gap: 0.19,
      lift: 0.25, steps: 8, blunt: true, tip: 0.25 }] },
  slick: { cap: { thick: (_, el) => 0.06 + 0.1 * smooth(20, 75, el), flow: (az, el) => Math.sin(az / 57.3) * Math.cos(el / 57.3) * 6,
    groove: 0.03, columns: 72 } },
  messy: { cap: crown(0.08, 0.12), seed: 5, locks: [
    { n: 16, az: [-180, 180], el: [14, 46], length: 0.46, comb: around, w: 0.32, th: 0.16, gap: 0.08, steps: 6,
      jitter: 10, tip: 0.15, longer: (az) => (Math.abs(az) < 52 ? 0.7 : 1) },
    { n: 14, az: [-180, 180], el: [52, 68], length: 0.56, comb: (_, d) => unit([d[0] + 0.4, -0.1, d[2] + 0.3]),
      w: 0.34, th: 0.2, gap: 0.14, lift: 0.35, steps: 6, jitter: 14, tip: 0.15 },
    { n: 8, az: [-180, 180], el: [74, 84], length: 0.5, comb: outward, w: 0.34, th: 0.2, gap: 0.2, lift: 0.3,
      steps: 6, jitter: 16, tip: 0.15 }] },
  curtains: { cap: crown(0.09, 0.1), locks: [...parted(4, 1.0, 0.42),
    { n: 13, az: [74, 286], el: [18, 44], length: 0.62, comb: down, w: 0.34, th: 0.14, gap: 0.07, steps: 7,
      blunt: true, tip: 0.3, vary: 0.1 }] },
  undercut: { cap: { thick: (_, el) => 0.03 + 0.13 * smooth(38, 62, el), edge: 0.3, flow: (az) => az / 22, groove: 0.012 },
    locks: [
      { n: 9, az: [-48, 48], el: [53, 62], length: 1.0, comb: () => unit([-0.6, 0.15, -0.75]), w: 0.36, th: 0.2,
        fall: 0.1, gap: 0.13, lift: 0.4, steps: 9, blunt: true, tip: 0.2 },
      { n: 8, az: [-100, 100], el: [66, 80], length: 0.85, comb: () => unit([-0.6, -0.2, -0.75]), w: 0.36,
        th: 0.2, fall: 0.15, gap: 0.17, steps: 8, blunt: true, tip: 0.2 }] },
  crest: { cap: { thick: () => 0.03, edge: 0.3 }, locks: [
    { n: 15, at: (a) => { const e = 48 + 92 * a; return e < 90 ? [0, e] : [180, 180 - e]; }, length: 0.62,
      comb: (_, d) => unit([0, d[1] + 0.25, d[2] - 0.3]), w: 0.3, th: 0.34, flat: 1, fall: -0.05, gap: 0.08,
      lift: 0.8, steps: 6, vary: 0.2, hug: 0, tip: 0.2 }] },
  spiky: { cap: crown(0.07, 0.1), seed: 3, locks: [
    { n: 13, az: [-180, 180], el: [40, 56], length: 0.5, comb: outward, w: 0.34, th: 0.26, flat: 0.9, fall: -0.1,
      gap: 0.08, lift: 0.6, steps: 5, hug: 0, tip: 0.05, jitter: 10 },
    { n: 11, az: [-180, 180], el: [62, 84], length: 0.6, comb: outward, w: 0.36, th: 0.28, flat: 0.9, fall: -0.15,
      gap: 0.1, lift: 0.7, steps: 5, hug: 0, tip: 0.05, jitter: 14 }] },
  ring: { locks: [{ n: 24, az: [66, 294], el: [-8, 12], length: 0.4, comb: down, w: 0.3, th: 0.14, fall: 0.3, gap: 0.05,
    lift: 0.05, steps: 6, blunt: true, tip: 0.3, jitter: 4 },
    { n: 16, az: [72, 288], el: [14, 22], length: 0.36, comb: down, w: 0.32, th: 0.13, fall: 0.3, gap: 0.06, lift: 0.05,
      steps: 6, blunt: true, tip: 0.3, jitter: 4 }] },
  afro: { cap: { thick: (_, el) => 0.42 + 0.16 * smooth(-20, 60, el), edge: 0.5, noise: 0.05, columns: 72, rows: 26 } },
  afro_short: { cap: { thick: (_, el) => 0.13 + 0.13 * smooth(0, 60, el), edge: 0.25, noise: 0.035, columns: 72,
    rows: 22 } },
  fade: { cap: { thick: (_, el) => 0.025 + 0.2 * smooth(12, 50, el), edge: 0.3, noise: 0.03, columns: 68, rows: 22 } },
  puffs: { cap: { thick: () => 0.06, flow: (az) => az / 18, groove: 0.03 }, balls: [
    { az: 62, el: 54, r: 0.4, away: 0.75, noise: 0.13 }, { az: -62, el: 54, r: 0.4, away: 0.75, noise: 0.13 }] },
  puff: { cap: tight(), balls: [{ az: 180, el: 62, r: 0.52, away: 0.72, noise: 0.12, round: 32, tall: 18 }] },
  cornrows: { cap: { thick: () => 0.055, groove: 0.075, edge: 0.14, columns: 112, rows: 18,
    flow: (az, el) => Math.asin(Math.max(-1, Math.min(1, Math.sin(az / 57.3) * Math.cos(el / 57.3)))) * 5.2 },
  braids: [-26, -9, 9, 26].map((x) => ({ az: 180 + x, el: -30, length: 0.9, r: 0.075, turns: 6, fall: 1.6 })) },
  dreads: { cap: { thick: () => 0.08, flow: (az) => az / 18, groove: 0.02 }, locks: [
    { n: 26, az: [-180, 180], el: [22, 56], length: 1.25, comb: around, w: 0.17, th: 0.17, flat: 1, tip: 0.6,
      blunt: true, fall: 0.9, gap: 0.09, steps: 8, jitter: 8, longer: (az) => (Math.abs(az) < 55 ? 0.42 : 1) },
    { n: 15, az: [-180, 180], el: [64, 84], length: 1.5, comb: around, w: 0.17, th: 0.17, flat: 1, tip: 0.6,
      blunt: true, fall: 0.7, gap: 0.15, lift: 0.3, steps: 8, jitter: 12, longer: (az) => (Math.abs(az) < 55 ? 0.42 : 1) }] },
  long_dreads: { cap: { thick: () => 0.08, flow: (az) => az / 18, groove: 0.02 }, seed: 8, locks: [
    { n: 26, az: [64, 296], el: [10, 44], length: 2.3, comb: down, w: 0.18, th: 0.18, flat: 1, tip: 0.6, blunt: true,
      fall: 1.1, gap: 0.09, steps: 11, jitter: 6 },
    { n: 22, az: [58, 302], el: [52, 80], length: 2.5, comb: around, w: 0.18, th: 0.18, flat: 1, tip: 0.6,
      blunt: true, fall: 1, gap: 0.16, lift: 0.2, steps: 12, jitter: 10 }] },
  bob: { cap: crown(0.11, 0.08), curtains: [{ from: 52, length: hang(1.72, 1.62), curl: 0.7, flare: 0.14, count: 15,
    thick: 0.2 }], locks: [fringe()] },
  bob_part: { cap: crown(0.11, 0.09), curtains: [{ from: 56, length: hang(1.68, 1.75), curl: 0.5, flare: 0.12,
    thick: 0.2 }], locks: parted(20, 1.55) },
  lob: { cap: crown(0.12, 0.09), curtains: [{ from: 54, length: hang(2.1, 2.0), wave: 0.06, waves: 1.6, flare: 0.14,
    thick: 0.22, count: 13 }], locks: parted(-14, 1.75) },
  long: { cap: crown(0.11, 0.09), curtains: [{ from: 56, length: hang(3.0, 2.5), flare: 0.06, thick: 0.19, count: 17 }],
    locks: parted(8, 2.1) },
  long_wave: { cap: crown(0.12, 0.1), curtains: [{ from: 54, length: hang(2.8, 2.3), wave: 0.1, waves: 2.2, flare: 0.12,
    thick: 0.24, count: 13 }], locks: parted(-18, 2.0, 0.5) },
  long_fringe: { cap: crown(0.11, 0.08), curtains: [{ from: 50, length: hang(2.9, 2.4), flare: 0.05, thick: 0.19,
    count: 19 }], locks: [fringe(0.68, 10)] },
  curly: { cap: { thick: (_, el) => 0.18 + 0.12 * smooth(0, 60, el), edge: 0.25, noise: 0.05, columns: 60, rows: 18 },
    seed: 4, locks: [
      { n: 24, az: [-180, 180], el: [16, 46], length: 0.9, comb: around, w: 0.24, th: 0.24, flat: 1, tip: 0.5,
        blunt: true, fall: 0.6, gap: 0.14, steps: 9, curl: 0.1, turns: 1.5, jitter: 8,
        longer: (az) => (Math.abs(az) < 55 ? 0.42 : 1) },
      { n: 17, az: [-180, 180], el: [54, 80], length: 0.85, comb: around, w: 0.25, th: 0.25, flat: 1, tip: 0.5,
        blunt: true, fall: 0.45, gap: 0.22, lift: 0.4, steps: 9, curl: 0.1, turns: 1.5, jitter: 12,
        longer: (az) => (Math.abs(az) < 55 ? 0.55 : 1) }] },
  curly_long: { cap: { thick: (_, el) => 0.18 + 0.1 * smooth(0, 60, el), edge: 0.25, noise: 0.05, columns: 60, rows: 16 },
    seed: 9, curtains: [{ from: 58, length: hang(2.1, 1.9), thick: 0.3, flare: 0.25, wave: 0.06, waves: 4, count: 12,
      columns: 56, rows: 12 }], locks: [
      { n: 20, az: [56, 304], el: [20, 60], length: 2.0, comb: around, w: 0.26, th: 0.26, flat: 1, tip: 0.45,
        blunt: true, fall: 0.8, gap: 0.3, steps: 13, curl: 0.11, turns: 3, jitter: 8 },
      { n: 8, az: [-46, 46], el: [58, 70], length: 0.85, comb: (_, d) => unit([Math.sign(d[0]) || 1, -0.3, 0.1]),
        w: 0.24, th: 0.24, flat: 1, tip: 0.5, blunt: true, fall: 0.5, gap: 0.16, steps: 8, curl: 0.09, turns: 1.5 }] },
  pixie: { cap: crown(0.07, 0.1), locks: [swept(1, 8, 0.95),
    { n: 13, az: [70, 290], el: [8, 38], length: 0.55, comb: down, w: 0.3, th: 0.12, fall: 0.3, gap: 0.05, steps: 7, tip: 0.12 },
    { n: 9, az: [58, 302], el: [52, 72], length: 0.85, comb: around, w: 0.34, th: 0.15, fall: 0.3, gap: 0.12, steps: 8 }] },
  ponytail: { cap: tight(0.07), balls: [{ az: 180, el: 30, r: 0.13, away: 0.6 }], locks: [swept(1, 5, 1.0)],
    tails: [{ az: 180, el: 30, n: 9, length: 2.0, w: 0.4, th: 0.3, fall: 1.2, back: 0.8, blunt: true }] },
  high_ponytail: { cap: tight(0.07), balls: [{ az: 180, el: 64, r: 0.15, away: 0.6 }], locks: [strand(58), strand(-58)],
    tails: [{ az: 180, el: 64, n: 10, length: 2.3, w: 0.42, th: 0.32, fall: 1.0, back: 0.95, spread: 0.16, blunt: true }] },
  pigtails: { cap: tight(0.06), locks: [fringe(0.62)], tails: [
    { az: 96, el: 6, n: 7, length: 1.5, w: 0.36, th: 0.28, fall: 0.9, back: 0.8, blunt: true },
    { az: -96, el: 6, n: 7, length: 1.5, w: 0.36, th: 0.28, fall: 0.9, back: 0.8, blunt: true }] },
  bun: { cap: tight(0.07), balls: [{ az: 180, el: 58, r: 0.38, away: 0.66, ridges: 8, squash: [1, 1, 0.84] }],
    locks: [strand(62), strand(-62)] },
  low_bun: { cap: { ...tight(0.06), thick: (_, el) => 0.08 + 0.06 * smooth(20, 70, el) },
    balls: [{ az: 180, el: -14, r: 0.34, away: 0.66, ridges: 8, squash: [1.1, 0.9, 0.82] }], locks: parted(4, 1.1, 0.3) },
  space_buns: { cap: tight(0.06), locks: [fringe(0.6)], balls: [
    { az: 70, el: 52, r: 0.3, away: 0.7, ridges: 7 }, { az: -70, el: 52, r: 0.3, away: 0.7, ridges: 7 }] },
  braids: { cap: tight(0.05), locks: parted(2, 0.95, 0.3), braids: [
    { az: 112, el: -22, length: 1.9, r: 0.15, turns: 8, forward: 0.25 },
    { az: -112, el: -22, length: 1.9, r: 0.15, turns: 8, forward: 0.25 }] },
  braid: { cap: { ...tight(0.06), thick: (_, el) => 0.09 + 0.06 * smooth(20, 70, el) }, locks: [swept(1, 6, 1.1, 62)],
    braids: [{ az: 180, el: -18, length: 2.5, r: 0.19, turns: 10 }] },
  half_up: { cap: crown(0.1, 0.08), curtains: [{ from: 64, length: hang(2.7, 2.3), flare: 0.06, thick: 0.18, count: 15 }],
    balls: [{ az: 180, el: 56, r: 0.26, away: 0.7, ridges: 7 }], locks: [strand(60, 1.3), strand(-60, 1.3)] },
};
