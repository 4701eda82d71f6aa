// How sliders move a portrait: what moves the nodes of a grid over it, measured on the points of the face.
import { SIZE } from "./planes";

export const CELL = 8;
export const NODES = SIZE / CELL + 1;

export interface Points {
  at: Float32Array;
  facing: Float32Array;
  /** The shader's place on a face. */
  places: Float32Array;
}

/** The place on a face as sums of pixels: what fits the points of the face best. */
export function placeOf({ at, facing, places }: Points): number[] {
  const rows: number[][] = [];
  for (let v = 0; v < facing.length; v++) {
    const [x, y] = [places[v * 2]!, places[v * 2 + 1]!];
    if (facing[v]! > 0.6 && Math.abs(x) < 0.9 && y > -1.6 && y < 0.8)
      rows.push([at[v * 2]!, at[v * 2 + 1]!, x, y]);
  }
  const mean = [0, 1, 2, 3].map((k) => rows.reduce((s, row) => s + row[k]!, 0) / rows.length);
  const c = (i: number, j: number) =>
    rows.reduce((s, row) => s + (row[i]! - mean[i]!) * (row[j]! - mean[j]!), 0);
  const det = c(0, 0) * c(1, 1) - c(0, 1) ** 2;
  return [2, 3].flatMap((k) => {
    const b = (c(0, k) * c(1, 1) - c(1, k) * c(0, 1)) / det;
    const d = (c(1, k) * c(0, 0) - c(0, k) * c(0, 1)) / det;
    return [mean[k]! - b * mean[0]! - d * mean[1]!, b, d];
  });
}

/** Which points each node of the grid goes with, and how much: near ones, and where there are none, those around. */
export function holds({ at, facing }: Points): { v: number; w: number }[][] {
  const out: { v: number; w: number }[][] = [];
  for (let gy = 0; gy < NODES; gy++)
    for (let gx = 0; gx < NODES; gx++) {
      let list: { v: number; w: number }[] = [];
      for (let v = 0; v < facing.length; v++) {
        if (facing[v]! < 0.12) continue;
        const d = (at[v * 2]! - gx * CELL) ** 2 + (at[v * 2 + 1]! - gy * CELL) ** 2;
        if (d > 14400) continue;
        list.push({
          v,
          w:
            facing[v]! *
            (Math.exp(-d / 20) + 2e-4 * Math.exp(-d / 300) + 1e-7 * Math.exp(-d / 2500)),
        });
      }
      const most = Math.max(0, ...list.map(({ w }) => w));
      list = list.filter(({ w }) => w > most * 1e-3);
      const sum = list.reduce((s, { w }) => s + w, 0);
      out.push(list.map(({ v, w }) => ({ v, w: w / sum })));
    }
  return out;
}

/** How a change of the shape moves the nodes: two numbers each, in pixels. */
export const field = (
  nodes: { v: number; w: number }[][],
  rest: Float32Array,
  moved: Float32Array,
): number[] =>
  nodes.flatMap((list) =>
    [0, 1].map((k) =>
      list.reduce((sum, { v, w }) => sum + w * (moved[v * 2 + k]! - rest[v * 2 + k]!), 0),
    ),
  );
