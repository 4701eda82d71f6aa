// What is sewn on a garment: collars, bands, buttons, pockets, soles; each by a word and numbers.
import type { Piece } from "./assemble";
import { type Person, smoothNormals } from "./body";
import type { Cloth } from "./cloth";
import { collar } from "./collars";
import { hangCloth } from "./emit";
import { type Colour, Kind, type Packer } from "./packer";
import { bands, buttons, pocket, stripe } from "./patches";
import { PLACE } from "./prepare";
import { soles } from "./soles";
import { type Vec, add, at3, unit } from "./vec";

/** Room to sew in: vertices hang as the one of the cloth they are sewn to. */
export interface Seam {
  packer: Packer;
  person: Person;
  piece: Piece;
  cloth: Cloth;
  /** How deep base vertices lie under outer garments; null under none. */
  deep: Float32Array | null;
}

/** What is sewn on is hidden as soon as it is under something. */
const UNDER = 0.06;

export interface Stitch {
  pos: Vec;
  /** The vertex of the cloth that it goes with. */
  by: number;
}

/** Rows of points as a surface of its own; `close` joins the ends of each row. */
export function surface(
  seam: Seam,
  rows: Stitch[][],
  colour: Colour,
  { close = false, flip = false, shade = 1, kind = Kind.cloth as number, pattern = 0 } = {},
): void {
  const { packer, person, cloth, piece, deep } = seam;
  const m = rows[0]?.length ?? 0;
  if (m < 2 || rows.length < 2) return;
  const under = (one: Stitch) => deep !== null && deep[cloth.cut.a[one.by]!]! > UNDER;
  if (deep && rows.every((row) => row.every(under))) return;
  const first = packer.begin(rows.length * m, kind);
  rows.forEach((row, r) =>
    row.forEach(({ pos, by }, c) => {
      const o = first + r * m + c;
      packer.pos.set(pos, o * 3);
      packer.colour(o, colour, shade);
      packer.second(o, piece.second, pattern);
      packer.place[o * 2] = pos[0];
      packer.place[o * 2 + 1] = pos[1];
      packer.mask[o * 4 + 3] = 235;
      hangCloth(packer, person, cloth, by, o);
    }),
  );
  const idx: number[] = [];
  for (let r = 0; r + 1 < rows.length; r++)
    for (let c = 0; c + (close ? 0 : 1) < m; c++) {
      const next = (c + 1) % m;
      if (deep && under(rows[r]![c]!) && under(rows[r]![next]!)) continue;
      const [a, b] = [r * m + c, r * m + next];
      const [d, e] = [a + m, b + m];
      if (flip) idx.push(a, b, d, b, e, d);
      else idx.push(a, d, b, b, d, e);
    }
  smoothNormals(packer, first, rows.length * m, idx);
  packer.all(first, idx);
}

/** A small dome: buttons, studs, buckles. */
export function dome(
  seam: Seam,
  at: Stitch,
  out: Vec,
  r: number,
  colour: Colour,
  kind: number = Kind.shiny,
): void {
  const side = unit(Math.abs(out[1]) > 0.9 ? [1, 0, 0] : [-out[2], 0, out[0]]);
  const up: Vec = [
    out[1] * side[2] - out[2] * side[1],
    out[2] * side[0] - out[0] * side[2],
    out[0] * side[1] - out[1] * side[0],
  ];
  const SIDES = 8;
  const rows = (
    [
      [1, -0.01],
      [0.85, 0.03],
      [0.02, 0.045],
    ] as const
  ).map(([k, lift]) =>
    Array.from({ length: SIDES }, (_, s) => {
      const a = (s / SIDES) * 2 * Math.PI;
      const p = add(add(at.pos, side, Math.cos(a) * r * k), up, Math.sin(a) * r * k);
      return { pos: add(p, out, lift), by: at.by };
    }),
  );
  surface(seam, rows, colour, { close: true, kind });
}

/** Where the front (or back) of the cloth is at x, y of the neutral body. */
export function onCloth(
  cloth: Cloth,
  x: number,
  y: number,
  back = false,
): (Stitch & { out: Vec }) | null {
  const {
    cut: { tris },
    place,
    pos,
    nrm,
  } = cloth;
  for (let i = 0; i < tris.length; i += 3) {
    const [a, b, c] = [tris[i]!, tris[i + 1]!, tris[i + 2]!];
    const [oa, ob, oc] = [a * PLACE.size, b * PLACE.size, c * PLACE.size];
    if (back !== place[oa + 2]! < 0.15 || place[oa + PLACE.arm]! > 0.6) continue;
    const [ax, ay, bx, by] = [place[oa]!, place[oa + 1]!, place[ob]!, place[ob + 1]!];
    const [cx, cy] = [place[oc]!, place[oc + 1]!];
    const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    if (Math.abs(area) < 1e-6) continue;
    const u = ((bx - x) * (cy - y) - (cx - x) * (by - y)) / area;
    const v = ((cx - x) * (ay - y) - (ax - x) * (cy - y)) / area;
    const w = 1 - u - v;
    if (u < -0.01 || v < -0.01 || w < -0.01) continue;
    const mixed = (from: Float32Array) =>
      [0, 1, 2].map(
        (k) => from[a * 3 + k]! * u + from[b * 3 + k]! * v + from[c * 3 + k]! * w,
      ) as Vec;
    return { pos: mixed(pos), out: unit(mixed(nrm)), by: u > v && u > w ? a : v > w ? b : c };
  }
  return null;
}

/** The neck's edge by the angle around the neck: 0 in front, left is +. */
export function neckline(cloth: Cloth, person: Person): { angle: number; at: Stitch }[] {
  const { marks } = person.prepared;
  const seen = new Set<number>();
  const found: { angle: number; at: Stitch }[] = [];
  for (const v of cloth.borders) {
    const o = v * PLACE.size;
    const [x, y, z] = [cloth.place[o]!, cloth.place[o + 1]!, cloth.place[o + 2]!];
    const high =
      y > marks.shoulder[1] - 1.75 && Math.abs(x) < 1.45 && cloth.place[o + PLACE.arm]! < 0.2;
    if (seen.has(v) || !high || cloth.edge[v]! > 0.02) continue;
    seen.add(v);
    found.push({
      angle: Math.atan2(x, z - marks.neck[2] + 0.12),
      at: { pos: at3(cloth.pos, v), by: v },
    });
  }
  return found.sort((p, q) => p.angle - q.angle);
}

/** n points along the neckline between two angles. */
export function sampled(
  line: { angle: number; at: Stitch }[],
  from: number,
  to: number,
  n: number,
) {
  return Array.from({ length: n }, (_, i) => {
    const angle = from + ((to - from) * i) / (n - 1);
    let k = line.findIndex((one) => one.angle >= angle);
    if (k < 0) k = line.length - 1;
    const [p, q] = [line[Math.max(0, k - 1)]!, line[k]!];
    const t =
      q.angle > p.angle ? Math.min(1, Math.max(0, (angle - p.angle) / (q.angle - p.angle))) : 0;
    const pos = p.at.pos.map((x, c) => x + (q.at.pos[c]! - x) * t) as Vec;
    return { angle, at: { pos, by: t > 0.5 ? q.at.by : p.at.by } };
  });
}

export function sew(
  packer: Packer,
  person: Person,
  piece: Piece,
  cloths: Cloth[],
  deep: Float32Array | null,
): void {
  const before = packer.indices;
  for (const cloth of cloths) {
    const seam: Seam = { packer, person, piece, cloth, deep };
    for (const [kind, ...numbers] of cloth.panel.rule.sewn ?? []) {
      /* A collar shows at an open neck. */
      if (kind === "collar") collar({ ...seam, deep: null }, numbers);
      else if (kind === "buttons") buttons(seam, numbers);
      else if (kind === "pocket") pocket(seam, numbers);
      else if (kind === "stripe") stripe(seam, numbers);
      else if (kind === "band") bands(seam, numbers);
    }
    if (cloth.panel.on === "shoe") soles(seam);
  }
  packer.count_as("sewn", before);
}
