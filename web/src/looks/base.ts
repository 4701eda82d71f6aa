// The base that every look is shaped from, as numbers in memory.
import { nearBefore, unpack } from "./bytes";

interface Meta {
  v: number;
  unit: number;
  vertices: number;
  skin: number;
  points: string[];
  parents: number[];
  head_size: number;
  scales: number[];
  coordinate: number;
  rows: { body: string[][]; head: string[][] };
  moves: [id: string, scale: number, count: number][];
}

/** A slider's side or an expression: what it moves, and by how many steps of `scale` dm. */
export interface Move {
  scale: number;
  at: Uint16Array;
  by: Int8Array;
}

export type Level = 0 | 1 | 2;
export const LEVELS: readonly Level[] = [0, 1, 2];

export interface Base {
  /** How many vertices; the first `skin` are those of the body. Joints follow as points. */
  vertices: number;
  skin: number;
  count: number;
  joints: string[];
  parents: number[];
  headSize: number;
  /** Decimetres, A pose, before anything is chosen. */
  pos: Float32Array;
  head: Float32Array;
  /** lips, blush, lids, occlusion: 4 a vertex */
  paint: Uint8Array;
  /** 4 joints and 4 weights (sum 255) a vertex */
  weights: Uint8Array;
  basis: Int8Array[];
  scales: number[];
  rows: { words: string[]; coords: Float32Array; head: boolean }[];
  moves: Map<string, Move>;
  head_tris: Uint16Array[];
  limb_tris: Uint16Array[];
  tights: Uint16Array[];
  skirt: Uint16Array[];
  extra: Record<string, Uint16Array>;
  joint(name: string): number;
}

const EXTRA = [
  "l-eyelashes-1",
  "l-eyelashes-2",
  "r-eyelashes-1",
  "r-eyelashes-2",
  "upper-teeth",
  "lower-teeth",
  "tongue",
] as const;

/** Reads the base; throws when the file isn't one of this version. */
export function readBase(bytes: Uint8Array): Base {
  const file = unpack<Meta>(bytes);
  const { meta } = file;
  if (meta.v !== 1) throw new Error("looks: a base of another version");
  const count = meta.vertices + meta.points.length;
  const levels = (name: string) => LEVELS.map((level) => file.u16(`${name}${level}`));
  const [head_tris, limb_tris, tights, skirt] = ["head", "limbs", "tights", "skirt"].map(levels);
  const extra = Object.fromEntries(EXTRA.map((name) => [name, file.u16(name)]));
  const edges = [head_tris![0]!, limb_tris![0]!, tights![0]!, skirt![0]!, ...Object.values(extra)];
  const near = nearBefore(
    edges.flatMap((one) => [...one]),
    count,
  );
  const pos = Float32Array.from(file.i16("pos"), (x) => x / meta.unit);
  if (pos.length !== count * 3) throw new Error("looks: the base is torn");
  return {
    vertices: meta.vertices,
    skin: meta.skin,
    count,
    joints: meta.points.filter((name) => !name.endsWith("Front")),
    parents: meta.parents,
    headSize: meta.head_size,
    pos,
    head: Float32Array.from(file.u8("head"), (x) => x / 255),
    paint: file.u8("paint"),
    weights: file.u8("joints"),
    basis: meta.scales.map((_, k) => file.along(`basis${k}`, near)),
    scales: meta.scales,
    rows: rowsOf(meta, file.i16("coords")),
    moves: movesOf(meta, file.u16("at"), file.i8("by")),
    head_tris: head_tris!,
    limb_tris: limb_tris!,
    tights: tights!,
    skirt: skirt!,
    extra,
    joint: (name) => meta.vertices + meta.points.indexOf(name),
  };
}

function rowsOf({ rows, coordinate, scales }: Meta, coords: Int16Array): Base["rows"] {
  const all = [
    ...rows.body.map((words) => ({ words, head: false })),
    ...rows.head.map((words) => ({ words, head: true })),
  ];
  const k = scales.length;
  if (coords.length !== all.length * k) throw new Error("looks: rows are torn");
  return all.map((row, i) => ({
    ...row,
    coords: Float32Array.from(coords.subarray(i * k, i * k + k), (x) => x / coordinate),
  }));
}

function movesOf({ moves }: Meta, at: Uint16Array, by: Int8Array): Map<string, Move> {
  const out = new Map<string, Move>();
  let from = 0;
  for (const [id, scale, count] of moves) {
    const points = at.slice(from, from + count);
    for (let i = 1; i < count; i++) points[i]! += points[i - 1]!;
    const steps = new Int8Array(count * 3);
    for (let i = 0; i < count; i++)
      for (let k = 0; k < 3; k++) steps[i * 3 + k] = by[from * 3 + k * count + i]!;
    out.set(id, { scale, at: points, by: steps });
    from += count;
  }
  return out;
}
