// Collars of all kinds, along the neck's edge of a top.
import { neckline, sampled, type Seam, surface, type Stitch } from "./sew";
import { PLACE } from "./prepare";
import { type Vec, add, smooth, unit } from "./vec";

export const Collar = {
  shirt: 1,
  stand: 2,
  roll: 3,
  hood: 4,
  lapels: 5,
  round: 6,
  ruffle: 7,
  cowl: 8,
  band: 9,
};

interface Point {
  angle: number;
  at: Stitch;
}

const UP: Vec = [0, 1, 0];

/** Outward from the neck, level. */
const outward = ({ angle }: Point): Vec => [Math.sin(angle), 0, Math.cos(angle)];

/** A profile of [up, out] swept along the points; numbers may depend on the point. */
function sweep(
  seam: Seam,
  points: Point[],
  profile: (p: Point) => [up: number, out: number][],
  zone: number,
  close: boolean,
  shade = 1,
): void {
  const rows = points.map((p) =>
    profile(p).map(([up, out]) => ({
      pos: add(add(p.at.pos, UP, up), outward(p), out),
      by: p.at.by,
    })),
  );
  const turned = rows[0]!.map((_, k) => rows.map((row) => row[k]!));
  const { piece } = seam;
  surface(seam, turned, piece.colours[zone] ?? piece.colours[0]!, { close, shade, flip: true });
}

const N = 34;

/** numbers: kind, size (1 is usual), zone */
export function collar(seam: Seam, [kind = 1, size = 1, zone = 0]: number[]): void {
  const line = neckline(seam.cloth, seam.person);
  if (line.length < 6) return;
  const round = sampled(line, -Math.PI * 0.995, Math.PI * 0.995, N);
  const open = (gap: number) => sampled(line, gap, 2 * Math.PI - gap, N).map(wrap(line));
  if (kind === Collar.shirt) shirt(seam, open(0.1), size, zone);
  else if (kind === Collar.stand)
    sweep(
      seam,
      open(0.08),
      () => [
        [-0.04, 0.03],
        [0.34 * size, -0.02],
        [0.38 * size, 0],
        [0.34 * size, 0.05],
        [-0.06, 0.09],
      ],
      zone,
      false,
    );
  else if (kind === Collar.roll)
    sweep(
      seam,
      round,
      () => [
        [-0.05, 0],
        [0.3 * size, -0.03],
        [0.46 * size, 0.02],
        [0.44 * size, 0.12],
        [0.2 * size, 0.17],
        [-0.08, 0.13],
      ],
      zone,
      true,
    );
  else if (kind === Collar.hood) hood(seam, round, size, zone);
  else if (kind === Collar.lapels) lapels(seam, size, zone);
  else if (kind === Collar.round)
    sweep(
      seam,
      open(0.06),
      ({ angle }) => {
        const long =
          0.5 *
          size *
          (0.75 + 0.25 * Math.cos(angle)) *
          smooth(0, 0.5, Math.abs(Math.atan2(Math.sin(angle), Math.cos(angle))) - 0.02);
        return [
          [0.02, -0.02],
          [0.09, 0.04],
          [0.06 - long * 0.25, 0.08 + long * 0.6],
          [-long * 0.62, 0.06 + long * 0.85],
        ];
      },
      zone,
      false,
    );
  else if (kind === Collar.ruffle)
    sweep(
      seam,
      round,
      ({ angle }) => {
        const wave = 0.07 * Math.sin(angle * 14);
        return [
          [-0.02, 0.02],
          [0.12, 0.1 + wave * 0.4],
          [0.1 + wave, 0.3 * size],
          [0.0 + wave, 0.42 * size],
        ];
      },
      zone,
      true,
    );
  else if (kind === Collar.cowl)
    sweep(
      seam,
      round,
      ({ angle }) => {
        const front = 0.5 + 0.5 * Math.cos(angle);
        return [
          [0, -0.02],
          [0.26, -0.02],
          [0.34, 0.1],
          [0.2 - 0.2 * front, 0.3 + 0.1 * front],
          [-0.12 - 0.3 * front, 0.26 + 0.12 * front],
          [-0.14 - 0.2 * front, 0.05],
        ];
      },
      zone,
      true,
    );
  else
    sweep(
      seam,
      round,
      () => [
        [-0.07, 0.035],
        [0.0, 0.07],
        [0.11 * size, 0.05],
        [0.13 * size, 0.0],
        [0.05, -0.05],
      ],
      zone,
      true,
      0.9,
    );
}

/** Angles counted on over the back find their points again. */
const wrap =
  (line: { angle: number; at: Stitch }[]) =>
  (p: Point): Point => {
    const angle = Math.atan2(Math.sin(p.angle), Math.cos(p.angle));
    return angle === p.angle ? p : { ...sampled(line, angle, angle + 1e-6, 2)[0]!, angle };
  };

/** Stands up, folds over and ends in two points, with a gap between them. */
function shirt(seam: Seam, points: Point[], size: number, zone: number): void {
  const front = ({ angle }: Point) =>
    smooth(1.4, 0.1, Math.abs(Math.atan2(Math.sin(angle), Math.cos(angle))));
  const stand = (p: Point) => (0.3 - 0.12 * front(p)) * size;
  sweep(
    seam,
    points,
    (p) => [
      [-0.06, 0.02],
      [stand(p) * 0.7, 0],
      [stand(p), 0.05],
    ],
    zone,
    false,
    0.8,
  );
  sweep(
    seam,
    points.filter(({ angle }) => Math.cos(angle) < Math.cos(0.2)),
    (p) => {
      const long = (0.38 + 0.42 * front(p)) * size;
      const flare = 0.16 * front(p);
      return [
        [stand(p), 0.05],
        [stand(p) - 0.02, 0.13],
        [stand(p) - long * 0.55, 0.26 + flare * 0.6],
        [stand(p) - long, 0.31 + flare],
        [stand(p) - long + 0.05, 0.22 + flare],
      ];
    },
    zone,
    false,
  );
}

/** Lies on the shoulders behind: a soft thick crescent, with two cords in front. */
function hood(seam: Seam, points: Point[], size: number, zone: number): void {
  sweep(
    seam,
    points,
    ({ angle }) => {
      const back = smooth(0.9, 2.6, Math.abs(angle));
      const r = (0.15 + 0.4 * back) * size;
      return Array.from({ length: 9 }, (_, i) => {
        const a = (i / 8) * 2 * Math.PI - 1.2;
        return [
          0.08 + r * 0.9 * Math.sin(a) - 0.25 * back * (i > 4 ? 1 : 0),
          0.04 + r * 0.55 + r * Math.cos(a),
        ] as [number, number];
      });
    },
    zone,
    true,
  );
  for (const side of [0.28, -0.28]) {
    const from = points.reduce((a, b) =>
      Math.abs(b.angle - side) < Math.abs(a.angle - side) ? b : a,
    );
    const rows = [0, 1, 2, 3, 4].map((i) =>
      [0, 1, 2, 3].map((s) => {
        const a = (s / 4) * 2 * Math.PI;
        const hang: Vec = [
          from.at.pos[0] + 0.03 * Math.cos(a),
          from.at.pos[1] - 0.05 - i * 0.22,
          from.at.pos[2] + 0.24 + i * 0.03 + 0.03 * Math.sin(a),
        ];
        return { pos: hang, by: from.at.by };
      }),
    );
    surface(seam, rows, seam.piece.colours[1] ?? seam.piece.colours[0]!, {
      close: true,
      flip: true,
    });
  }
}

/** The front edges folded back, wide at the chest, notched at the collar. */
function lapels(seam: Seam, size: number, zone: number): void {
  const { cloth, person, piece } = seam;
  const { marks } = person.prepared;
  const low = marks.waist - 0.1;
  const colour = piece.colours[zone] ?? piece.colours[0]!;
  for (const side of [1, -1]) {
    const edge = [...new Set(cloth.borders)]
      .filter((v) => {
        const [x, y, z] = [
          cloth.place[v * PLACE.size]!,
          cloth.place[v * PLACE.size + 1]!,
          cloth.place[v * PLACE.size + 2]!,
        ];
        return (
          x * side > 0 &&
          z > marks.neck[2] - 0.05 &&
          y > low &&
          Math.abs(x) < 1.1 &&
          cloth.edge[v]! < 0.02
        );
      })
      .sort((p, q) => cloth.place[p * 7 + 1]! - cloth.place[q * 7 + 1]!);
    if (edge.length < 4) continue;
    const top = cloth.place[edge.at(-1)! * PLACE.size + 1]!;
    const rows = [0, 0.35, 0.7, 1].map((k) =>
      edge.map((v) => {
        const t = (cloth.place[v * PLACE.size + 1]! - low) / (top - low);
        const notch = 1 - 0.55 * Math.exp(-(((t - 0.8) / 0.05) ** 2));
        const wide = 0.62 * size * smooth(0, 0.7, t) * notch * (t > 0.84 ? 0.85 : 1);
        const out: Vec = [cloth.nrm[v * 3]!, cloth.nrm[v * 3 + 1]!, cloth.nrm[v * 3 + 2]!];
        const flat = unit([side, -0.15, -0.42 * (1 - 0.3 * t)]);
        const p = add(
          [cloth.pos[v * 3]!, cloth.pos[v * 3 + 1]!, cloth.pos[v * 3 + 2]!],
          flat,
          wide * k,
        );
        return {
          pos: add(p, out, 0.03 + 0.09 * Math.sin(Math.PI * Math.min(1, k * 0.8 + 0.15))),
          by: v,
        };
      }),
    );
    surface(seam, rows, colour, { flip: side < 0, shade: 0.9 });
  }
  const line = neckline(cloth, person);
  const behind = sampled(line, 1.1, 2 * Math.PI - 1.1, 18).map(wrap(line));
  sweep(
    seam,
    behind,
    () => [
      [-0.04, 0.02],
      [0.22, -0.02],
      [0.28, 0.05],
      [0.1, 0.16],
      [-0.16, 0.24],
    ],
    zone,
    false,
    0.9,
  );
}
