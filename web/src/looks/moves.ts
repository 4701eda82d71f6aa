// What expressions move of a face that has no mesh of its own: pages of one small picture, a texel a
// vertex, which the shader looks up. A mesh for the face would be one more draw call for each person.
import { SPAN_M } from "./packer";

/** Texels in a row: vertex v of a move lies at (v % ROW, its first row + v / ROW). */
export const MOVES_ROW = 256;
/** As many as one matrix has numbers: it carries how much of each is shown. */
export const MOVES_MAX = 16;
/** A byte of this is no move at all. */
const STILL = 128;
const STEPS = 127;

export interface Moves {
  names: string[];
  /** The first so many vertices of the look are those that move. */
  vertices: number;
  /** Rows of one move. */
  rows: number;
  /** What a step of a byte is, in the unit of positions. */
  unit: number;
  /** RGBA, the moves one below the other. */
  texels: Uint8Array;
}

/** Decimetres -> the picture; `scale` metres a decimetre. */
export function movesOf(
  all: readonly { name: string; delta: Float32Array }[],
  vertices: number,
  scale: number,
): Moves {
  const shown = all.slice(0, MOVES_MAX);
  const rows = Math.max(1, Math.ceil(vertices / MOVES_ROW));
  let most = 1e-6;
  for (const { delta } of shown) for (const x of delta) most = Math.max(most, Math.abs(x));
  const texels = new Uint8Array(shown.length * rows * MOVES_ROW * 4).fill(STILL);
  shown.forEach(({ delta }, m) => {
    const first = m * rows * MOVES_ROW;
    for (let v = 0; v < vertices; v++)
      for (let c = 0; c < 3; c++)
        texels[(first + v) * 4 + c] = STILL + Math.round((delta[v * 3 + c]! / most) * STEPS);
  });
  const unit = ((most / STEPS) * scale) / SPAN_M;
  return { names: shown.map(({ name }) => name), vertices, rows, unit, texels };
}
