// Reads the container of looks' files, which tools/looks/pack.mjs writes and describes.
type Numbers = Uint8Array | Int8Array | Uint16Array | Int16Array;
type Row = [
  name: string,
  type: string,
  codec: string,
  stride: number,
  count: number,
  bytes: number,
];

const HEAD_MAX = 1 << 20;
/** No file of ours has more numbers than this in a chunk; a torn one could say anything. */
const COUNT_MAX = 1 << 21;

export interface Packed<Meta> {
  meta: Meta;
  /** The numbers of a chunk; throws when the file has none of that name and type. */
  u8(name: string): Uint8Array;
  i8(name: string): Int8Array;
  u16(name: string): Uint16Array;
  i16(name: string): Int16Array;
  /** int8 triples that were written as differences along a mesh's edges. */
  along(name: string, near: Near): Int8Array;
}

/** Neighbours with smaller numbers: those of v are list[start[v]] .. list[start[v + 1] - 1]. */
export interface Near {
  start: Uint32Array;
  list: Uint16Array;
}

/** Opens a file; throws when it isn't one. */
export function unpack<Meta>(bytes: Uint8Array): Packed<Meta> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = bytes.length > 8 ? String.fromCharCode(...bytes.subarray(0, 4)) : "";
  const length = magic === "LOOK" ? view.getUint32(4, true) : 0;
  if (!length || length > HEAD_MAX || length + 8 > bytes.length)
    throw new Error("looks: no such file");
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  const meta = JSON.parse(text) as Meta & { chunks: Row[] };
  const found = new Map<string, { row: Row; at: number }>();
  let at = 8 + length;
  for (const row of meta.chunks) {
    found.set(row[0], { row, at });
    at += row[5];
  }
  if (at !== bytes.length) throw new Error("looks: the file is torn");
  const body = (name: string, type: string): { row: Row; data: Uint8Array } => {
    const one = found.get(name);
    if (one?.row[1] !== type || !(one.row[4] <= COUNT_MAX))
      throw new Error(`looks: no ${type} ${name}`);
    return { row: one.row, data: bytes.subarray(one.at, one.at + one.row[5]) };
  };
  const read = <T extends Numbers>(name: string, type: string, to: (n: number) => T): T => {
    const { row, data } = body(name, type);
    return decode(row, data, to(row[4]));
  };
  return {
    meta,
    u8: (name) => read(name, "u8", (n) => new Uint8Array(n)),
    i8: (name) => read(name, "i8", (n) => new Int8Array(n)),
    u16: (name) => read(name, "u16", (n) => new Uint16Array(n)),
    i16: (name) => read(name, "i16", (n) => new Int16Array(n)),
    along: (name, near) => decodeMesh(body(name, "i8").data, near),
  };
}

function decode<T extends Numbers>([name, , codec, stride]: Row, data: Uint8Array, out: T): T {
  if (codec === "tris") return decodeTriangles(data, out);
  if (data.length !== out.byteLength) throw new Error(`looks: ${name} is torn`);
  if (codec === "raw") new Uint8Array(out.buffer).set(data);
  else decodePlanes(data, out, stride);
  return out;
}

function decodePlanes(data: Uint8Array, out: Numbers, stride: number): void {
  const rows = out.length / stride;
  const wide = out.BYTES_PER_ELEMENT === 2;
  for (let c = 0; c < stride; c++) {
    let value = 0;
    const low = c * (wide ? 2 : 1) * rows;
    for (let r = 0; r < rows; r++) {
      value += data[low + r]! | (wide ? data[low + rows + r]! << 8 : 0);
      out[r * stride + c] = value;
    }
  }
}

function decodeTriangles<T extends Numbers>(data: Uint8Array, out: T): T {
  let [at, first, before] = [0, 0, 0];
  for (let i = 0; i < out.length; i++) {
    let [x, shift, byte] = [0, 0, 0];
    do {
      byte = data[at++] ?? 0;
      x |= (byte & 127) << shift;
      shift += 7;
    } while (byte & 128 && shift < 28);
    before = (i % 3 ? before : first) + (x & 1 ? -(x + 1) / 2 : x / 2);
    if (i % 3 === 0) first = before;
    out[i] = before;
  }
  return out;
}

function decodeMesh(data: Uint8Array, { start, list }: Near): Int8Array {
  const n = start.length - 1;
  if (data.length !== n * 3) throw new Error("looks: a component is torn");
  const out = new Int8Array(n * 3);
  for (let k = 0; k < 3; k++) {
    let before = 0;
    for (let v = 0; v < n; v++) {
      const [from, to] = [start[v]!, start[v + 1]!];
      if (to > from) {
        let sum = 0;
        for (let i = from; i < to; i++) sum += out[list[i]! * 3 + k]!;
        before = Math.round(sum / (to - from));
      }
      out[v * 3 + k] = data[k * n + v]! + before;
      before = out[v * 3 + k]!;
    }
  }
  return out;
}

/** Who is whose earlier neighbour by these triangles. */
export function nearBefore(triangles: ArrayLike<number>, n: number): Near {
  const sets: number[][] = Array.from({ length: n }, () => []);
  let edges = 0;
  for (let i = 0; i < triangles.length; i += 3) {
    for (let k = 0; k < 3; k++) {
      const a = triangles[i + k]!;
      const b = triangles[i + ((k + 1) % 3)]!;
      const own = sets[Math.max(a, b)]!;
      if (own.includes(Math.min(a, b))) continue;
      own.push(Math.min(a, b));
      edges++;
    }
  }
  const start = new Uint32Array(n + 1);
  const list = new Uint16Array(edges);
  let at = 0;
  sets.forEach((own, v) => {
    start[v] = at;
    for (const u of own) list[at++] = u;
  });
  start[n] = at;
  return { start, list };
}
