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
      const r = Math.hypot(x / 0.8, (y - (ny + 0.25)) / 1.3);
      f = Math.min(f, (r - 1) * 0.9);
    }
    if (front && kind === "square") f = Math.min(f, Math.max(ax - 0.74, ny - 0.8 - y));
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
      f = Math.min(f, sx - 0.5 + strap - Math.abs(x) + 1.8 * smooth(sy - 0.55, sy - 1.25, y));
    return Math.min(f, neck(x, y, z));
  };
}

function legs(rule: Rule, marks: Marks): FieldOf {
  const top = marks.waist + (rule.rise ?? -0.55);
  const len = rule.len ?? 1.93;
  return (p, o) => {
    if (p[o + PLACE.arm]! > 0.3) return -1;
    const open =
      rule.gap !== undefined && p[o + 2]! > 0 ? (Math.abs(p[o]!) - rule.gap) * 0.95 : INSIDE;
    return Math.min(
      INSIDE,
      open,
      (len - Math.max(p[o + PLACE.down]!, -1)) * THIGH,
      top - p[o + 1]!,
    );
  };
}

function shoe(rule: Rule, marks: Marks): FieldOf {
  const [, ay, az] = marks.ankle;
  const shaft = rule.shaft ?? 0;
  const ankle = ay - 0.1 + shaft;
  /* The opening lies lower over the toes than at the heel. */
  const toe = Math.min(ankle, marks.toes[1] + 0.28 + (rule.toe ?? 0.3));
  return (p, o) => {
    if (p[o + PLACE.leg]! < 0.2) return -1;
    const [y, z] = [p[o + 1]!, p[o + 2]!];
    const front = shaft > 0.25 ? 0 : smooth(az + 0.2, az + 1.0, z);
    return Math.min(INSIDE, ankle + (toe - ankle) * front - y);
  };
}

function socks(rule: Rule): FieldOf {
  const from = rule.len ?? 1.7;
  return (p, o) => (p[o + PLACE.leg]! < 0.2 ? -1 : (p[o + PLACE.down]! - from) * THIGH);
}

/** A part of a rule: what cloth it is cut from and where. */
export interface Panel {
  rule: Rule;
  /** Where it joins another panel it has no edge: bands and rims leave that out. */
  joins?: boolean;
  on: "torso" | "legs" | "skirt" | "shoe" | "socks";
}

/** Tops that end lower than this go on as a skirt: else they would be trousers. */
const LONG_HEM = 0.5;

/** The cage of skirts ends a little above. */
const WAIST_MAX = 1.05;

/** A dress is a top and a skirt; so is a long top or a coat, which opens in front all the way. */
export function panelsOf(rule: Rule): Panel[] {
  const hem = rule.hem ?? 0.1;
  const long = rule.on === "torso" && hem > LONG_HEM;
  if (rule.on !== "dress" && !long) return [{ rule, on: rule.on }];
  const { fit = 0.07, trim = 0, trim_zone = 0 } = rule;
  const waist = long ? 0.5 : Math.min(WAIST_MAX, rule.waist ?? 0.9);
  const skirt: Rule = {
    on: "skirt",
    rise: waist - 1.45,
    fit: fit + 0.035,
    trim,
    trim_zone,
    len: long ? hem / THIGH : (rule.len ?? 0.95),
    wide: long ? (rule.flare ?? 0.5 * fit) : (rule.wide ?? 0.14),
    folds: long ? 0.03 : (rule.folds ?? 0.06),
    fold_count: rule.fold_count ?? 9,
  };
  if (rule.neck === "open") skirt.gap = rule.gap ?? 0.1;
  const upper: Rule = {
    ...rule,
    on: "torso",
    hem: -(waist - 0.25),
    flare: long ? 0.02 : 0,
    stiff: rule.stiff ?? 0,
  };
  return [
    { rule: upper, on: "torso", joins: true },
    { rule: skirt, on: "skirt", joins: true },
  ];
}

export function fieldOf({ rule, on }: Panel, marks: Marks): FieldOf {
  const field =
    on === "torso"
      ? torso(rule, marks)
      : on === "shoe"
        ? shoe(rule, marks)
        : on === "socks"
          ? socks(rule)
          : legs(on === "skirt" ? { ...rule, rise: rule.rise ?? 0 } : rule, marks);
  return field;
}

const FIELDS_MAX = 256;

/** The panel without the edge where it joins the other. */
export const unjoined = (panel: Panel): Panel =>
  panel.joins
    ? {
        on: panel.on,
        rule: { ...panel.rule, ...(panel.on === "torso" ? { hem: INSIDE } : { rise: INSIDE }) },
      }
    : panel;

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
