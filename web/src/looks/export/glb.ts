// Writes numbers and words as one binary glTF.

type Numbers = Float32Array | Uint32Array | Uint16Array | Uint8Array;

const COMPONENT = new Map<unknown, number>([
  [Float32Array, 5126],
  [Uint32Array, 5125],
  [Uint16Array, 5123],
  [Uint8Array, 5121],
]);
const TYPE = { 1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4" } as const;
const ARRAY = 34962;
const ELEMENTS = 34963;
const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;

export class Glb {
  private readonly chunks: Uint8Array[] = [];
  private length = 0;
  readonly accessors: object[] = [];
  readonly bufferViews: object[] = [];

  private view(bytes: Uint8Array, more: object): number {
    this.bufferViews.push({
      buffer: 0,
      byteOffset: this.length,
      byteLength: bytes.length,
      ...more,
    });
    this.chunks.push(bytes);
    this.length += bytes.length;
    const rest = -this.length & 3;
    if (rest) this.chunks.push(new Uint8Array(rest));
    this.length += rest;
    return this.bufferViews.length - 1;
  }

  /** Anything that is a file by itself, as a picture. */
  file(bytes: Uint8Array): number {
    return this.view(bytes, {});
  }

  /** Numbers, `size` of them together. */
  numbers(
    list: Numbers,
    size: keyof typeof TYPE,
    {
      is = "vertices",
      normalized = false,
      bounds = false,
    }: {
      is?: "vertices" | "triangles" | "other";
      normalized?: boolean;
      bounds?: boolean;
    } = {},
  ): number {
    const bytes = new Uint8Array(list.buffer, list.byteOffset, list.byteLength);
    const target = is === "vertices" ? ARRAY : ELEMENTS;
    const view = this.view(bytes, is === "other" ? {} : { target });
    this.accessors.push({
      bufferView: view,
      componentType: COMPONENT.get(list.constructor),
      count: list.length / size,
      type: TYPE[size],
      ...(normalized ? { normalized } : {}),
      ...(bounds ? boundsOf(list, size) : {}),
    });
    return this.accessors.length - 1;
  }

  /** The whole file. */
  write(document: object): Uint8Array {
    const words = new TextEncoder().encode(
      JSON.stringify({
        ...document,
        accessors: this.accessors,
        bufferViews: this.bufferViews,
        buffers: [{ byteLength: this.length }],
      }),
    );
    const padded = words.length + (-words.length & 3);
    const out = new Uint8Array(12 + 8 + padded + 8 + this.length);
    const head = new DataView(out.buffer);
    [MAGIC, 2, out.length, padded, JSON_CHUNK].forEach((n, i) => head.setUint32(i * 4, n, true));
    out.fill(0x20, 20, 20 + padded).set(words, 20);
    head.setUint32(20 + padded, this.length, true);
    head.setUint32(24 + padded, BIN_CHUNK, true);
    let at = 28 + padded;
    for (const chunk of this.chunks) {
      out.set(chunk, at);
      at += chunk.length;
    }
    return out;
  }
}

function boundsOf(list: Numbers, size: number) {
  const min = Array.from(list.slice(0, size));
  const max = [...min];
  for (let i = 0; i < list.length; i++) {
    const k = i % size;
    if (list[i]! < min[k]!) min[k] = list[i]!;
    if (list[i]! > max[k]!) max[k] = list[i]!;
  }
  return { min, max };
}
