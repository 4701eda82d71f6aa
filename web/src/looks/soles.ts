// Soles: a slab under each foot, as wide as the shoe above it, with a heel of its own height.
import { type Seam, surface } from "./sew";
import { smooth, type Vec } from "./vec";

const AROUND = 30;

/** The outline of a shoe from above: radius by direction, from its own middle. */
function outline(xs: number[], zs: number[], x0: number, z0: number): number[] {
  const out = new Array<number>(AROUND).fill(0);
  xs.forEach((x, i) => {
    const a = Math.atan2(x - x0, zs[i]! - z0);
    const r = Math.hypot(x - x0, zs[i]! - z0);
    const at = ((a / (2 * Math.PI)) * AROUND + AROUND) % AROUND;
    for (const k of [Math.floor(at), Math.ceil(at)])
      out[k % AROUND] = Math.max(out[k % AROUND]!, r);
  });
  let even = out;
  for (let round = 0; round < 2; round++)
    even = even.map((r, k) => {
      const [p, q] = [even[(k + AROUND - 1) % AROUND]!, even[(k + 1) % AROUND]!];
      return Math.max(r, (p + q) / 2) * 0.5 + (p + q) * 0.25;
    });
  return even;
}

export function soles(seam: Seam): void {
  const { cloth, piece } = seam;
  const { sole = 0.14, heel = 0 } = cloth.panel.rule;
  for (const side of [1, -1]) {
    const verts: number[] = [];
    let low = 9;
    for (let v = 0; v < cloth.n; v++)
      if (cloth.pos[v * 3]! * side > 0) low = Math.min(low, cloth.pos[v * 3 + 1]!);
    for (let v = 0; v < cloth.n; v++)
      if (cloth.pos[v * 3]! * side > 0 && cloth.pos[v * 3 + 1]! < low + 0.4) verts.push(v);
    if (verts.length < 8) continue;
    const xs = verts.map((v) => cloth.pos[v * 3]!);
    const zs = verts.map((v) => cloth.pos[v * 3 + 2]!);
    const [x0, z0] = [
      (Math.min(...xs) + Math.max(...xs)) / 2,
      (Math.min(...zs) + Math.max(...zs)) / 2,
    ];
    const radii = outline(xs, zs, x0, z0);
    const back = Math.min(...zs);
    const by = (x: number, z: number) =>
      verts.reduce((a, b) =>
        (cloth.pos[b * 3]! - x) ** 2 + (cloth.pos[b * 3 + 2]! - z) ** 2 <
        (cloth.pos[a * 3]! - x) ** 2 + (cloth.pos[a * 3 + 2]! - z) ** 2
          ? b
          : a,
      );
    const nearest = radii.map((r, k) => {
      const a = (k / AROUND) * 2 * Math.PI;
      return by(x0 + Math.sin(a) * r, z0 + Math.cos(a) * r);
    });
    const row = (grow: number, y: number) =>
      radii.map((r, k) => {
        const a = (k / AROUND) * 2 * Math.PI;
        const z = z0 + Math.cos(a) * r * grow;
        const under = heel * smooth(1.25, 0.85, z - back);
        const pos: Vec = [x0 + Math.sin(a) * r * grow, low + (y > 0.05 ? y : y - under), z];
        return { pos, by: nearest[k]! };
      });
    const rows = [
      row(0.98, 0.16),
      row(1.05, 0.1),
      row(1.06, -sole + 0.03),
      row(1.0, -sole),
      row(0.02, -sole),
    ];
    surface(seam, rows, piece.colours.at(-1)!, { close: true });
  }
}
