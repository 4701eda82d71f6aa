// Where the cloth of a rule is: a number for every place on the neutral body, above 0 inside the
// cloth and about the distance (dm) to its nearest edge; below 0 outside.
import { type Marks, PLACE, type Prepared } from "./prepare";
import type { Rule } from "./rule";
import { smooth } from "./vec";

const UPPER_ARM = 2.7;
const THIGH = 4.1;
const INSIDE = 9;

/** Height of the neck's edge and how it falls forward and outward, by kind of neck. */
const NECKS: Record<string, [up: number, fall: number, round: number]> = {
  crew: [0.06, 0.62, 0.5],
  v: [0.1, 0.6, 0.5],
  deep_v: [0.1, 0.6, 0.5],
  scoop: [-0.05, 0.55, 0.62],
  square: [-0.02, 0.4, 0.72],
  boat: [0.0, 0.34, 0.8],
  wide: [-0.3, 0.3, 1.15],
  high: [0.3, 0.5, 0.45],
  turtle: [0.62, 0.42, 0.42],
  open: [0.16, 0.6, 0.48],
  halter: [0.2, 0.5, 0.45],
  wrap: [0.1, 0.6, 0.5],
  edge: [0.2, 0.5, 0.45],
};

export type FieldOf = (place: ArrayLike<number>, at: number) => number;

function neckField(rule: Rule, marks: Marks): (x: number, y: number, z: number) => number {
  const kind = rule.neck ?? "crew";
  const [up, fall, round] = NECKS[kind] ?? NECKS["crew"]!;
  const [, ny, nz] = marks.neck;
  const depth = kind === "deep_v" ? 2.1 : 1.3;
  const gap = rule.gap ?? 0.1;
  return (x, y, z) => {
    const ax = Math.abs(x);
    const q = ax - round;
    let f = ny + up - fall * (z - nz) - y + (q + Math.sqrt(q * q + 0.03)) * 0.42;
    const front = z > nz;
    if (front && (kind === "v" || kind === "deep_v" || kind === "wrap")) {
      const low = ny - depth;
      if (y > low - 0.3) f = Math.min(f, (ax - (y - low) * (kind === "v" ? 0.42 : 0.3)) * 0.9);
    }
    if (front && kind === "scoop") {
      const r = Math.hypot(x / 0.92, (y - (ny + 0.25)) / 1.35);
      f = Math.min(f, (r - 1) * 0.9);
    }
    if (front && kind === "square") f = Math.min(f, Math.max(ax - 0.85, ny - 0.85 - y));
    if (kind === "halter") f = Math.min(f, (0.25 + (ny + 0.1 - y) * 0.62 - ax) * 0.8);
    if (kind === "open" && z > nz - 0.3) {
      const lapel = rule.lapel ?? 0.3;
      f = Math.min(f, (ax - (gap + lapel * smooth(marks.waist + 0.6, ny, y))) * 0.95);
    }
    return f;
  };
}

function torso(rule: Rule, marks: Marks): FieldOf {
  const neck = neckField(rule, marks);
  const sleeve = rule.sleeve ?? -0.05;
  const bottom = marks.hip[1] - (rule.hem ?? 0.1);
  const strap = rule.strap;
  const [sx, sy] = marks.shoulder;
  return (p, o) => {
    const [x, y, z] = [p[o]!, p[o + 1]!, p[o + 2]!];
    const arm = p[o + PLACE.arm]!;
    /* On the trunk the way along the arm is cut short: a sleeve's end must not reach the ribs. */
    const along = -0.6 + (p[o + PLACE.along]! + 0.6) * smooth(0.02, 0.4, arm);
    let f = Math.min(INSIDE, (sleeve - along) * UPPER_ARM, y - bottom);
    if (strap !== undefined && y > sy - 1.6)
      f = Math.min(f, (sx - 0.75 + strap - Math.abs(x)) + 1.6 * smooth(sy - 0.9, sy - 1.6, y) -
        4 * arm * smooth(sy - 1.6, sy - 1, y));
    return Math.min(f, neck(x, y, z));
  };
}

function legs(rule: Rule, marks: Marks): FieldOf {
  const top = marks.waist + (rule.rise ?? -0.55);
  const len = rule.len ?? 1.93;
  return (p, o) => {
    if (p[o + PLACE.arm]! > 0.3) return -1;
    return Math.min(INSIDE, (len - Math.max(p[o + PLACE.down]!, -1)) * THIGH, top - p[o + 1]!);
  };
}

function shoe(rule: Rule, marks: Marks): FieldOf {
  const [, ay, az] = marks.ankle;
  const shaft = rule.shaft ?? 0;
  const ankle = ay - 0.30 + shaft;
  const toe = rule.toe ?? 0.3;
  return (p, o) => {
    if (p[o + PLACE.leg]! < 0.2) return -1;
    const [y, z] = [p[o + 1]!, p[o + 2]!];
    const front = smooth(az + 0.15, az + 0.75, z);
    const low = shaft > 0.25 ? 9 : ay - 0.45 + (toe - 0.3);
    return Math.min(INSIDE, ankle + (low > 8 ? 0 : (low - ankle) * front) - y);
  };
}

function socks(rule: Rule): FieldOf {
  const from = rule.len ?? 1.7;
  return (p, o) => (p[o + PLACE.leg]! < 0.2 ? -1 : (p[o + PLACE.down]! - from) * THIGH);
}

/** A part of a rule: what cloth it is cut from and where. */
export interface Panel {
  rule: Rule;
  on: "torso" | "legs" | "skirt" | "shoe" | "socks";
}

/** A dress is a top and a skirt. */
export function panelsOf(rule: Rule): Panel[] {
  if (rule.on !== "dress") return [{ rule, on: rule.on }];
  const { len, wide, folds, fold_count, sewn, ...top } = rule;
  const waist = rule.waist ?? 0.9;
  return [
    { rule: { ...top, on: "torso", hem: -(waist - 0.25), flare: 0, sewn: sewn ?? [] }, on: "torso" },
    { rule: { on: "skirt", len: len ?? 0.95, rise: waist - 1.45, fit: (rule.fit ?? 0.07) + 0.03,
      wide: wide ?? 0.14, folds: folds ?? 0.06, fold_count: fold_count ?? 9,
      trim: rule.trim ?? 0, trim_zone: rule.trim_zone ?? 0 }, on: "skirt" },
  ];
}

export function fieldOf({ rule, on }: Panel, marks: Marks): FieldOf {
  const field = on === "torso" ? torso(rule, marks) : on === "shoe" ? shoe(rule, marks)
    : on === "socks" ? socks(rule) : legs(on === "skirt" ? { ...rule, rise: rule.rise ?? 0 } : rule, marks);
  return field;
}

const FIELDS_MAX = 256;

/** The field at every vertex of the base; nothing of a garment is on the head. */
export function fieldAt(prepared: Prepared, panel: Panel): Float32Array {
  const { fields, base, place, marks } = prepared;
  const key = JSON.stringify([panel.on, panel.rule]);
  const known = fields.get(key);
  if (known) return known;
  const field = fieldOf(panel, marks);
  const out = new Float32Array(base.vertices);
  for (let v = 0; v < base.vertices; v++)
    out[v] = base.head[v]! > 0.75 ? -1 : field(place, v * PLACE.size);
  if (fields.size >= FIELDS_MAX) fields.clear();
  fields.set(key, out);
  return out;
}
