// How a recipe's sliders move a portrait: a grid over the picture, whose nodes go where the face would.
import type { LayersFile, Stock } from "./portrait";
import type { Recipe } from "./recipe";

/** How the recipe's shape moves the nodes of the grid: two numbers each. */
export function movesOf(recipe: Recipe, { fields, file }: Stock): Float32Array {
  const nodes = file.size / file.cell + 1;
  const count = nodes * nodes * 2;
  const out = new Float32Array(count);
  for (const part of [recipe.body, recipe.face])
    for (const [id, value] of Object.entries(part ?? {})) {
      const at = fields.names.get(`${id}${value > 0 ? "+" : "-"}`);
      if (at === undefined) continue;
      const share = (Math.abs(value) / 100) * fields.scale;
      for (let i = 0; i < count; i++) out[i]! += fields.steps[at * count + i]! * share;
    }
  return out;
}

const ROUNDS = 5;

/** The picture as the moves make it: each pixel looks for where it came from. */
export function moved(
  from: Uint8ClampedArray,
  moves: Float32Array,
  { size, cell }: LayersFile,
): Uint8ClampedArray {
  const out = new Uint8ClampedArray(from.length);
  const nodes = size / cell + 1;
  const last = size - 1;
  const most = nodes - 1.001;
  for (let py = 0; py < size; py++)
    for (let px = 0; px < size; px++) {
      let x = px;
      let y = py;
      for (let round = 0; round < ROUNDS; round++) {
        const gx = Math.min(most, Math.max(0, x / cell));
        const gy = Math.min(most, Math.max(0, y / cell));
        const i = Math.floor(gx);
        const j = Math.floor(gy);
        const u = gx - i;
        const v = gy - j;
        const o = (j * nodes + i) * 2;
        const p = o + nodes * 2;
        const [a, b, c, d] = [(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v];
        const dx = moves[o]! * a + moves[o + 2]! * b + moves[p]! * c + moves[p + 2]! * d;
        const dy = moves[o + 1]! * a + moves[o + 3]! * b + moves[p + 1]! * c + moves[p + 3]! * d;
        x += (px - dx - x) * 0.8;
        y += (py - dy - y) * 0.8;
      }
      /* The trunk goes on below the picture; beside and above it there is nothing. */
      y = Math.min(y, last);
      if (x < 0 || y < 0 || x > last) continue;
      const [i, j] = [Math.min(last - 1, Math.floor(x)), Math.min(last - 1, Math.floor(y))];
      const [u, v] = [x - i, y - j];
      const o = (j * size + i) * 4;
      const to = (py * size + px) * 4;
      /* Colours count as much as they cover: what is not there has none. */
      const w = [(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v];
      const at = [o, o + 4, o + size * 4, o + size * 4 + 4];
      let sum = 0;
      for (let q = 0; q < 4; q++) sum += w[q]! * from[at[q]! + 3]!;
      if (sum < 0.5) continue;
      for (let k = 0; k < 3; k++) {
        let mean = 0;
        for (let q = 0; q < 4; q++) mean += w[q]! * from[at[q]! + 3]! * from[at[q]! + k]!;
        out[to + k] = mean / sum;
      }
      out[to + 3] = sum;
    }
  return out;
}
