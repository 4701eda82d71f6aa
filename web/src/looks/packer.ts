// Gathers the parts of a look into packed buffers: 36 bytes a vertex, grown never.
import type { Moves } from "./moves";
import type { Matrix, Vec } from "./vec";

/** What the shader draws a vertex as. */
export const Kind = { skin: 0, cloth: 1, hair: 2, eye: 3, mouth: 4, shiny: 5, nail: 6 } as const;
export type KindName = keyof typeof Kind;

const VERTICES = 49152;
const TRIANGLES = 65536;

/** Colours are kept as square roots of light: 8 bits are enough for dark ones, too. */
export const toByte = (light: number) =>
  Math.round(Math.sqrt(Math.min(1, Math.max(0, light))) * 255);

export type Colour = readonly [number, number, number];

/** "c48d62" -> light, 0..1 each. */
export function lightOf(hex: string): Colour {
  const at = (i: number) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return [at(0), at(2), at(4)];
}

/** Expressions of the look's first `vertices`: int16 triples in the unit of positions. */
export interface Packed {
  count: number;
  /** 1 = `span` metres */
  position: Int16Array;
  normal: Int8Array;
  tone: Uint8Array;
  tint: Uint8Array;
  mask: Uint8Array;
  place: Int16Array;
  skinIndex: Uint8Array;
  skinWeight: Uint8Array;
  index: Uint16Array | Uint32Array;
  /** The first so many vertices and indices are the face, which morphs move. */
  face: { vertices: number; indices: number };
  morphs: { name: string; delta: Int16Array }[];
  /** At the second level the face is drawn with the rest, and its expressions lie in a picture. */
  moves?: Moves;
  span: number;
  joints: Float32Array;
  inverse: Float32Array;
  height: number;
  /** Of who sits in a wheelchair: metres from the floor to the hips. */
  chair?: number;
  triangles: Record<string, number>;
  /** Which layer each vertex is of, for tests that look for what pokes through. */
  layers?: Uint8Array;
}

export const SPAN_M = 4;
export const PLACE_UNIT = 1 / 512;
const UNIT = 32767;
const clamp16 = (x: number) => Math.max(-UNIT, Math.min(UNIT, Math.round(x)));

export class Packer {
  count = 0;
  indices = 0;
  readonly pos = new Float32Array(VERTICES * 3);
  readonly nrm = new Float32Array(VERTICES * 3);
  readonly tone = new Uint8Array(VERTICES * 4);
  readonly tint = new Uint8Array(VERTICES * 4);
  readonly mask = new Uint8Array(VERTICES * 4);
  readonly place = new Float32Array(VERTICES * 2);
  readonly joint = new Uint8Array(VERTICES * 4);
  readonly weight = new Uint8Array(VERTICES * 4);
  /** Of each vertex: 0 the person, else the layer of what it belongs to, and 1. */
  readonly layers = new Uint8Array(VERTICES);
  layer = 0;
  private readonly idx = new Uint32Array(TRIANGLES * 3);
  triangles: Record<string, number> = {};
  face = { vertices: 0, indices: 0 };

  reset(): void {
    this.count = this.indices = 0;
    this.triangles = {};
    this.face = { vertices: 0, indices: 0 };
    this.layer = 0;
  }

  /** Room for n vertices: the first one's number. They come with no tint, open sky, no pattern. */
  begin(n: number, kind: number): number {
    const first = this.count;
    if (first + n > VERTICES) throw new RangeError("looks: too many vertices");
    this.count += n;
    for (let v = first; v < this.count; v++) {
      this.tone[v * 4 + 3] = kind;
      this.mask.fill(0, v * 4, v * 4 + 3);
      this.mask[v * 4 + 3] = 255;
      this.tint.fill(0, v * 4, v * 4 + 4);
      this.place.fill(0, v * 2, v * 2 + 2);
      this.layers[v] = this.layer;
    }
    return first;
  }

  triangle(a: number, b: number, c: number): void {
    if (this.indices + 3 > TRIANGLES * 3) throw new RangeError("looks: too many triangles");
    this.idx[this.indices++] = a;
    this.idx[this.indices++] = b;
    this.idx[this.indices++] = c;
  }

  all(first: number, tris: ArrayLike<number>): void {
    for (let i = 0; i < tris.length; i += 3)
      this.triangle(first + tris[i]!, first + tris[i + 1]!, first + tris[i + 2]!);
  }

  count_as(name: string, indicesBefore: number): void {
    this.triangles[name] = (this.triangles[name] ?? 0) + (this.indices - indicesBefore) / 3;
  }

  /** All that is drawn so far is the face, which morphs move. */
  endFace(): void {
    this.face = { vertices: this.count, indices: this.indices };
  }

  colour(v: number, [r, g, b]: Colour, shade = 1): void {
    this.tone[v * 4] = toByte(r * shade);
    this.tone[v * 4 + 1] = toByte(g * shade);
    this.tone[v * 4 + 2] = toByte(b * shade);
  }

  second(v: number, [r, g, b]: Colour, last = 0): void {
    this.tint[v * 4] = toByte(r);
    this.tint[v * 4 + 1] = toByte(g);
    this.tint[v * 4 + 2] = toByte(b);
    this.tint[v * 4 + 3] = last;
  }

  /** Hangs a vertex on joints: 4 numbers and 4 weights of `from`, beginning at `at`. */
  hang(v: number, from: Uint8Array, at: number): void {
    for (let k = 0; k < 4; k++) {
      this.joint[v * 4 + k] = from[at + k]!;
      this.weight[v * 4 + k] = from[at + 4 + k]!;
    }
  }

  hangOn(v: number, joint: number): void {
    this.joint.fill(0, v * 4, v * 4 + 4);
    this.weight.fill(0, v * 4, v * 4 + 4);
    this.joint[v * 4] = joint;
    this.weight[v * 4] = 255;
  }

  /** Packs: `scale` metres a decimetre, the soles (`low`) on the floor. */
  finish(scale: number, low: number, morphs: { name: string; delta: Float32Array }[]) {
    const n = this.count;
    const k = (scale / SPAN_M) * UNIT;
    const position = new Int16Array(n * 4);
    const normal = new Int8Array(n * 4);
    const place = new Int16Array(n * 2);
    for (let v = 0; v < n; v++) {
      for (let c = 0; c < 3; c++) {
        position[v * 4 + c] = clamp16((this.pos[v * 3 + c]! - (c === 1 ? low : 0)) * k);
        normal[v * 4 + c] = Math.round(this.nrm[v * 3 + c]! * 127);
      }
      place[v * 2] = clamp16(this.place[v * 2]! / PLACE_UNIT);
      place[v * 2 + 1] = clamp16(this.place[v * 2 + 1]! / PLACE_UNIT);
    }
    return {
      count: n,
      position,
      normal,
      tone: this.tone.slice(0, n * 4),
      tint: this.tint.slice(0, n * 4),
      mask: this.mask.slice(0, n * 4),
      place,
      skinIndex: this.joint.slice(0, n * 4),
      skinWeight: this.weight.slice(0, n * 4),
      index:
        n < 65536
          ? Uint16Array.from(this.idx.subarray(0, this.indices))
          : this.idx.slice(0, this.indices),
      face: this.face,
      morphs: morphs.map(({ name, delta }) => ({
        name,
        delta: Int16Array.from(delta, (x) => clamp16(x * k)),
      })),
      span: SPAN_M,
      triangles: this.triangles,
    };
  }
}

/** Joints and inverse binds in metres, the soles on the floor. */
export function bindOf(turns: Matrix[], joints: Vec[], scale: number, low: number) {
  const out = {
    joints: new Float32Array(joints.length * 3),
    inverse: new Float32Array(joints.length * 16),
  };
  joints.forEach((joint, j) => {
    const m = turns[j]!;
    const here: Vec = [joint[0] * scale, (joint[1] - low) * scale, joint[2] * scale];
    out.joints.set(here, j * 3);
    /* Metres above the floor -> decimetres, turn, back, and the joint to the origin. */
    for (let c = 0; c < 3; c++)
      for (let r = 0; r < 3; r++) out.inverse[j * 16 + c * 4 + r] = m[c * 4 + r]!;
    for (let r = 0; r < 3; r++) {
      const moved = m[4 + r]! * low + m[12 + r]! - (r === 1 ? low : 0);
      out.inverse[j * 16 + 12 + r] = moved * scale - here[r]!;
    }
    out.inverse[j * 16 + 15] = 1;
  });
  return out;
}
