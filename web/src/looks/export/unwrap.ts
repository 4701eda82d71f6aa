// Lays a look's skin flat on one picture: what faces the same way and hangs together is one piece.
import { Kind, type Packed } from "../packer";
import type { Rest } from "./rest";

export interface Flat {
  /** Which vertex of the look each of these is: at the rims of pieces there are two and more of one. */
  from: Uint32Array;
  /** 2 a vertex, 0..1, from the picture's upper left corner */
  uv: Float32Array;
  /** As the look's own, in the same order. */
  index: Uint32Array;
}

interface Piece {
  nodes: number[];
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Pixels between pieces, so that small pictures of it do not run into each other. */
const GAP = 4;
const TRIES = 40;
const SMALLER = 0.94;
const FULL = 0.8;
/** How much of the picture a place gets beside its size: eyes and faces are looked at from near. */
const EYE = 5;
const FACE = 2.4;
const HEAD = 1.1;
const BODY = 1;

/** The way a triangle faces: x, y or z, and there or back. */
function facing(at: Float32Array, a: number, b: number, c: number): number {
  const d = (p: number, q: number, k: number) => at[q * 3 + k]! - at[p * 3 + k]!;
  const n = [0, 1, 2].map((k) => {
    const [i, j] = [(k + 1) % 3, (k + 2) % 3];
    return d(a, b, i) * d(a, c, j) - d(a, b, j) * d(a, c, i);
  });
  let most = 0;
  for (let k = 1; k < 3; k++) if (Math.abs(n[k]!) > Math.abs(n[most]!)) most = k;
  return most * 2 + (n[most]! < 0 ? 1 : 0);
}

const WAYS = 6;

/** Throws RangeError when a look does not fit, which none does not. */
export function unwrap(packed: Packed, rest: Rest, size: number): Flat {
  const { index, count } = packed;
  const root = new Int32Array(count * WAYS).fill(-1);
  const find = (n: number): number => {
    while (root[n] !== n) n = root[n] = root[root[n]!]!;
    return n;
  };
  const nodes = new Uint32Array(index.length);
  for (let i = 0; i < index.length; i += 3) {
    const way = facing(rest.position, index[i]!, index[i + 1]!, index[i + 2]!);
    for (let k = 0; k < 3; k++) {
      const node = index[i + k]! * WAYS + way;
      if (root[node] === -1) root[node] = node;
      nodes[i + k] = node;
      root[find(node)] = find(nodes[i]!);
    }
  }
  const pieces = piecesOf(packed, rest, root, find);
  const scale = packInto(pieces, size);
  const from: number[] = [];
  const uv: number[] = [];
  const place = new Map<number, number>();
  for (const piece of pieces)
    for (const node of piece.nodes) {
      place.set(node, from.length);
      from.push(Math.floor(node / WAYS));
      const [x, y] = flatOf(packed, rest, node);
      uv.push((piece.x + x * scale) / size, (piece.y + y * scale) / size);
    }
  return {
    from: Uint32Array.from(from),
    uv: Float32Array.from(uv),
    index: Uint32Array.from(nodes, (node) => place.get(node)!),
  };
}

/*
 * By the way it faces: what goes to the right and what down. Heads stay up, and all lies with its outside to
 * whoever looks at the picture: the shader paints insides darker.
 */
const ONTO: [number, 1 | -1, number, 1 | -1][] = [
  [2, -1, 1, -1],
  [2, 1, 1, -1],
  [0, 1, 2, 1],
  [0, -1, 2, 1],
  [0, 1, 1, -1],
  [0, -1, 1, -1],
];

/** Where a node lies on its piece's plane, by how near it is looked at. */
function flatOf(packed: Packed, { position }: Rest, node: number): [number, number] {
  const v = Math.floor(node / WAYS);
  const [i, right, j, down] = ONTO[node % WAYS]!;
  const kind = packed.tone[v * 4 + 3]!;
  const near =
    kind === Kind.eye ? EYE : v < packed.face.vertices ? (kind === Kind.skin ? FACE : HEAD) : BODY;
  return [position[v * 3 + i]! * right * near, position[v * 3 + j]! * down * near];
}

function piecesOf(packed: Packed, rest: Rest, root: Int32Array, find: (n: number) => number) {
  const byRoot = new Map<number, Piece>();
  for (let node = 0; node < root.length; node++) {
    if (root[node] === -1) continue;
    const top = find(node);
    let piece = byRoot.get(top);
    if (!piece) byRoot.set(top, (piece = { nodes: [], x: 9e9, y: 9e9, width: -9e9, height: -9e9 }));
    piece.nodes.push(node);
    const [x, y] = flatOf(packed, rest, node);
    piece.x = Math.min(piece.x, x);
    piece.y = Math.min(piece.y, y);
    piece.width = Math.max(piece.width, x);
    piece.height = Math.max(piece.height, y);
  }
  const pieces = [...byRoot.values()];
  for (const piece of pieces) {
    piece.width -= piece.x;
    piece.height -= piece.y;
  }
  return pieces.sort((a, b) => b.height - a.height || a.nodes[0]! - b.nodes[0]!);
}

/** Pixels for 1 of the pieces' numbers; each piece's x, y become what is to be added to its own. */
function packInto(pieces: Piece[], size: number): number {
  const area = pieces.reduce((sum, { width, height }) => sum + width * height, 0);
  let scale = Math.sqrt((size * size * FULL) / area);
  for (let i = 0; i < TRIES; i++, scale *= SMALLER) {
    const spots = shelves(pieces, scale, size);
    if (!spots) continue;
    pieces.forEach((piece, k) => {
      piece.x = spots[k * 2]! - piece.x * scale;
      piece.y = spots[k * 2 + 1]! - piece.y * scale;
    });
    return scale;
  }
  throw new RangeError("looks: too much for one picture");
}

/** Row after row, the highest first; null when they don't fit. */
function shelves(pieces: Piece[], scale: number, size: number): Float64Array | null {
  const out = new Float64Array(pieces.length * 2);
  let [x, y, high] = [GAP, GAP, 0];
  for (let k = 0; k < pieces.length; k++) {
    const wide = Math.ceil(pieces[k]!.width * scale) + 1 + GAP;
    const tall = Math.ceil(pieces[k]!.height * scale) + 1 + GAP;
    if (x + wide > size) [x, y, high] = [GAP, y + high, 0];
    if (x + wide > size || y + tall > size) return null;
    out.set([x + 0.5, y + 0.5], k * 2);
    x += wide;
    high = Math.max(high, tall);
  }
  return out;
}
