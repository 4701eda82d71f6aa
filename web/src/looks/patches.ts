// Buttons, pockets, stripes of cloth and bands around sleeves, hems and waists.
import { dome, onCloth, type Seam, type Stitch, surface } from "./sew";
import type { Colour } from "./packer";
import { PLACE } from "./prepare";
import { type Vec, add, at3, unit } from "./vec";

const zoneColour = ({ piece }: Seam, zone: number): Colour =>
  piece.colours[zone] ?? piece.colours[0]!;

/** numbers: how many, from (dm below the neck), to (dm above the hem), x, zone, radius */
export function buttons(
  seam: Seam,
  [n = 5, from = 0.9, to = 0.3, x = 0, zone = 1, r = 0.075]: number[],
): void {
  if (seam.person.level > 0) return;
  const { marks } = seam.person.prepared;
  const { rule } = seam.cloth.panel;
  const [top, bottom] = [marks.neck[1] - from, marks.hip[1] - (rule.hem ?? 0.1) + to];
  for (let i = 0; i < n; i++) {
    const at = onCloth(seam.cloth, x, top + ((bottom - top) * i) / Math.max(1, n - 1));
    if (at)
      dome(seam, { pos: add(at.pos, at.out, 0.03), by: at.by }, at.out, r, zoneColour(seam, zone));
  }
}

/** A patch of rows of points on the cloth, a little off it; points that miss end it. */
function patch(
  seam: Seam,
  at: (u: number, v: number) => [x: number, y: number],
  off: number,
  colour: Colour,
  shade: number,
  back: boolean,
  steps = 4,
): void {
  const rows: Stitch[][] = [];
  for (let r = 0; r <= steps; r++) {
    const row: Stitch[] = [];
    for (let c = 0; c <= steps; c++) {
      const [x, y] = at(c / steps, r / steps);
      const found = onCloth(seam.cloth, x, y, back);
      if (!found) return;
      const edge = r === 0 || c === 0 || r === steps || c === steps;
      row.push({ pos: add(found.pos, found.out, edge ? off * 0.35 : off), by: found.by });
    }
    rows.push(row);
  }
  surface(seam, rows, colour, { shade, flip: back });
}

/** numbers: x, dm above the hip, width, height, flap (1), back (1), zone; both sides alike */
export function pocket(
  seam: Seam,
  [x = 0.7, y = 3.4, w = 0.6, h = 0.65, flap = 0, back = 0, zone = 0]: number[],
): void {
  if (seam.person.level > 0) return;
  const base = seam.person.prepared.marks.hip[1] + y;
  const colour = zoneColour(seam, zone);
  for (const side of x < 0 ? [0] : [1, -1]) {
    const middle = side * x;
    const narrow = (v: number) => 1 - 0.12 * v * v;
    patch(
      seam,
      (u, v) => [middle + (u - 0.5) * w * narrow(v), base - v * h],
      0.06,
      colour,
      0.9,
      back === 1,
    );
    if (flap)
      patch(
        seam,
        (u, v) => [
          middle + (u - 0.5) * w * 1.06,
          base + 0.05 - v * h * 0.34 * (1 - 0.25 * Math.abs(u - 0.5)),
        ],
        0.11,
        colour,
        0.8,
        back === 1,
      );
  }
}

/** numbers: x, from and to (dm above the hip), width, zone, back: a strip along the cloth */
export function stripe(
  seam: Seam,
  [x = 0, from = 4.4, to = 0, w = 0.16, zone = 0, back = 0]: number[],
): void {
  if (seam.person.level > 0) return;
  const hip = seam.person.prepared.marks.hip[1];
  const STEPS = 16;
  const rows: Stitch[][] = [];
  for (let i = 0; i <= STEPS; i++) {
    const y = hip + from + ((to - from) * i) / STEPS;
    const row = [-0.5, 0, 0.5].map((k) => onCloth(seam.cloth, x + k * w, y, back === 1));
    if (row.some((one) => !one)) continue;
    rows.push(
      row.map((one, k) => ({ pos: add(one!.pos, one!.out, k === 1 ? 0.04 : 0.015), by: one!.by })),
    );
  }
  surface(seam, rows, zoneColour(seam, zone), { shade: 0.92, flip: back === 1 });
}

type Which = "sleeves" | "hem" | "waist" | "ankles";
const WHICH: Which[] = ["sleeves", "hem", "waist", "ankles"];

/** numbers: which (0 sleeves, 1 hem, 2 waist, 3 ankles), width, thickness, zone, ruffle */
export function bands(
  seam: Seam,
  [which = 0, wide = 0.3, thick = 0.05, zone = 0, ruffle = 0]: number[],
): void {
  const { cloth, person } = seam;
  const { marks } = person.prepared;
  for (const { line, closed } of cloth.loops) {
    if (!closed || line.length < 6) continue;
    const mean = (k: number) =>
      line.reduce((sum, v) => sum + cloth.place[v * PLACE.size + k]!, 0) / line.length;
    const [y, arm, leg] = [mean(1), mean(PLACE.arm), mean(PLACE.leg)];
    const kind: Which | null =
      arm > 0.5
        ? "sleeves"
        : cloth.panel.on === "legs" && leg > 0.6
          ? "ankles"
          : y > marks.shoulder[1] - 1.6
            ? null
            : cloth.panel.on === "torso" || (cloth.panel.on === "skirt" && y < marks.hip[1])
              ? "hem"
              : "waist";
    if (kind !== WHICH[which]) continue;
    ring(seam, line, kind, wide, thick, zone, ruffle);
  }
}

function ring(
  seam: Seam,
  line: number[],
  kind: Which,
  wide: number,
  thick: number,
  zone: number,
  ruffle: number,
): void {
  const { cloth } = seam;
  const middle = line.reduce<Vec>(
    (sum, v) => add(sum, at3(cloth.pos, v), 1 / line.length),
    [0, 0, 0],
  );
  /* Into the cloth: away from its edge. */
  const into: Vec =
    kind === "sleeves"
      ? unit([-Math.sign(middle[0]) * 0.62, 0.7, -0.35])
      : [0, kind === "waist" ? -1 : 1, 0];
  const profile: [number, number][] = ruffle
    ? [
        [wide * 0.1, 0.02],
        [-wide * 0.3, 0.12],
        [-wide * 0.7, 0.22],
        [-wide, 0.3],
      ]
    : [
        [-0.01, -0.03],
        [0, thick],
        [wide * 0.5, thick * 1.25],
        [wide, thick],
        [wide * 1.02, -0.01],
      ];
  const rows = profile.map(([along, out]) =>
    line.map((v, i) => {
      const p = at3(cloth.pos, v);
      const away = unit([
        p[0] - middle[0],
        kind === "sleeves" ? p[1] - middle[1] : 0,
        p[2] - middle[2],
      ]);
      const wave = ruffle ? 0.06 * Math.sin(i * 1.9) * Math.abs(along / wide) : 0;
      return { pos: add(add(p, into, along), away, out + wave), by: v };
    }),
  );
  surface(seam, rows, zoneColour(seam, zone), {
    close: true,
    shade: ruffle ? 1 : 0.92,
    flip: kind !== "waist",
  });
}
