// The container of looks: "LOOK", length of the head, the head as JSON, then the chunks it names.
// The reader is web/src/looks/bytes.ts. Numbers are little-endian; codecs make brotli's work easy:
//   raw     as they are
//   planes  per column: difference from the row before, low bytes first, then high bytes
//   tris    triangles, each begun at its smallest vertex, as differences in 7-bit groups
//   mesh    int8 triples a vertex: difference from the mean of the neighbours that came before
import { createHash } from "node:crypto";
import { brotliCompressSync, constants } from "node:zlib";

const TYPES = { u8: Uint8Array, i8: Int8Array, u16: Uint16Array, i16: Int16Array };

function planes(array, stride) {
  const rows = array.length / stride;
  const bytes = array.BYTES_PER_ELEMENT;
  const out = new Uint8Array(array.byteLength);
  for (let c = 0; c < stride; c++)
    for (let r = 0; r < rows; r++) {
      const d = array[r * stride + c] - (r ? array[(r - 1) * stride + c] : 0);
      for (let b = 0; b < bytes; b++) out[(c * bytes + b) * rows + r] = (d >> (8 * b)) & 255;
    }
  return out;
}

function varint(out, signed) {
  let x = signed < 0 ? -2 * signed - 1 : 2 * signed;
  for (; x > 127; x >>= 7) out.push((x & 127) | 128);
  out.push(x);
}

/** Triangles turned to begin at their smallest vertex and sorted: what `tris` keeps. */
export function sortedTriangles(idx) {
  const list = [];
  for (let i = 0; i < idx.length; i += 3) {
    const t = [idx[i], idx[i + 1], idx[i + 2]];
    const k = t.indexOf(Math.min(...t));
    list.push([t[k], t[(k + 1) % 3], t[(k + 2) % 3]]);
  }
  return list.sort((p, q) => p[0] - q[0] || p[1] - q[1] || p[2] - q[2]).flat();
}

function tris(array) {
  const out = [];
  let first = 0;
  for (let i = 0; i < array.length; i += 3) {
    const [a, b, c] = array.subarray(i, i + 3);
    varint(out, a - first);
    varint(out, b - a);
    varint(out, c - b);
    first = a;
  }
  return Uint8Array.from(out);
}

/** Earlier neighbours of each vertex as [start, list]: the same in the reader. */
function earlier(edges, n) {
  const near = Array.from({ length: n }, () => new Set());
  for (let i = 0; i < edges.length; i += 3)
    for (let k = 0; k < 3; k++) {
      const [a, b] = [edges[i + k], edges[i + ((k + 1) % 3)]];
      near[Math.max(a, b)].add(Math.min(a, b));
    }
  return near;
}

function mesh(array, edges) {
  const n = array.length / 3;
  const near = earlier(edges, n);
  const out = new Uint8Array(array.length);
  for (let v = 0; v < n; v++)
    for (let k = 0; k < 3; k++) {
      let guess = v ? array[(v - 1) * 3 + k] : 0;
      if (near[v].size) {
        let sum = 0;
        for (const u of near[v]) sum += array[u * 3 + k];
        guess = Math.round(sum / near[v].size);
      }
      out[k * n + v] = (array[v * 3 + k] - guess) & 255;
    }
  return out;
}

/** chunks: [{name, type, stride, codec, data}]; `edges` are the triangles that `mesh` goes by. */
export function pack(meta, chunks, edges) {
  const bodies = [];
  const rows = chunks.map(({ name, type, stride = 1, codec = "planes", data }) => {
    const array = TYPES[type].from(data);
    array.forEach((x, i) => {
      if (x !== data[i]) throw new Error(`${name}[${i}] = ${data[i]} does not fit ${type}`);
    });
    const body =
      codec === "planes"
        ? planes(array, stride)
        : codec === "tris"
          ? tris(array)
          : codec === "mesh"
            ? mesh(array, edges)
            : new Uint8Array(array.buffer);
    bodies.push(body);
    return [name, type, codec, stride, array.length, body.length];
  });
  const head = Buffer.from(JSON.stringify({ ...meta, chunks: rows }));
  const length = Buffer.alloc(8);
  length.write("LOOK");
  length.writeUInt32LE(head.length, 4);
  return Buffer.concat([length, head, ...bodies]);
}

export const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 },
  });

export const hashed = (name, bytes) =>
  `${name}.${createHash("sha256").update(bytes).digest("hex").slice(0, 10)}.bin`;
