// Reads the GLB files this folder writes: JSON, accessors as plain arrays, pictures as bytes.
import fs from "node:fs";
import { MeshoptDecoder } from "meshoptimizer";

await MeshoptDecoder.ready;

const ARRAYS = { 5120: Int8Array, 5121: Uint8Array, 5122: Int16Array, 5123: Uint16Array,
  5125: Uint32Array, 5126: Float32Array };
const WIDTH = { SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT4: 16 };
const FULL = { 5120: 127, 5121: 255, 5122: 32767, 5123: 65535 };

export function readGlb(file) {
  const data = fs.readFileSync(file);
  if (data.toString("latin1", 0, 4) !== "glTF") throw new Error(`${file} is no GLB`);
  const jsonLength = data.readUInt32LE(12);
  const json = JSON.parse(data.toString("utf8", 20, 20 + jsonLength));
  const bin = data.subarray(28 + jsonLength);
  const decoded = new Map();
  const viewBytes = (number) => {
    if (!decoded.has(number)) {
      const view = json.bufferViews[number];
      const packed = view.extensions?.EXT_meshopt_compression;
      const { byteOffset = 0, byteLength } = packed ?? view;
      let bytes = bin.subarray(byteOffset, byteOffset + byteLength);
      if (packed) {
        const { count, byteStride, mode, filter } = packed;
        const out = new Uint8Array(count * byteStride);
        MeshoptDecoder.decodeGltfBuffer(out, count, byteStride, bytes, mode, filter);
        bytes = out;
      }
      decoded.set(number, Uint8Array.from(bytes));
    }
    return decoded.get(number);
  };
  /** Values of an accessor, `width` a row; normalised integers become -1..1. */
  const values = (number) => {
    const { bufferView, byteOffset = 0, componentType, count, type, normalized } =
      json.accessors[number];
    const width = WIDTH[type];
    const array = new ARRAYS[componentType](viewBytes(bufferView).buffer, byteOffset);
    const stride = json.bufferViews[bufferView].byteStride;
    const step = stride ? stride / array.BYTES_PER_ELEMENT : width;
    const out = new Float64Array(count * width);
    for (let i = 0; i < count; i++)
      for (let k = 0; k < width; k++)
        out[i * width + k] = array[i * step + k] / (normalized ? FULL[componentType] : 1);
    return { rows: out, width, count };
  };
  return { json, bytes: data.length, values, viewBytes, image: (i) => viewBytes(json.images[i].bufferView) };
}

/** The same file as a plain GLB without compression, for tools that cannot decode it. */
export function unpacked({ json: packed, viewBytes }) {
  const json = structuredClone(packed);
  const drop = (list) => list.filter((name) => name !== "EXT_meshopt_compression");
  json.extensionsUsed = drop(json.extensionsUsed);
  json.extensionsRequired = drop(json.extensionsRequired);
  const chunks = [];
  let length = 0;
  json.bufferViews.forEach((view, i) => {
    const bytes = viewBytes(i);
    delete view.extensions;
    Object.assign(view, { buffer: 0, byteOffset: length, byteLength: bytes.length });
    const padded = Buffer.alloc(Math.ceil(bytes.length / 4) * 4);
    padded.set(bytes);
    chunks.push(padded);
    length += padded.length;
  });
  json.buffers = [{ byteLength: length }];
  return packGlb(json, Buffer.concat(chunks));
}

/** A GLB from its JSON and its one binary chunk. */
export function packGlb(json, bin) {
  const pad = (b, fill) => Buffer.concat([b, Buffer.alloc((4 - (b.length % 4)) % 4, fill)]);
  const chunk = (type, bytes) => {
    const head = Buffer.alloc(8);
    head.writeUInt32LE(bytes.length);
    head.write(type, 4, "latin1");
    return Buffer.concat([head, bytes]);
  };
  const chunks = Buffer.concat([chunk("JSON", pad(Buffer.from(JSON.stringify(json)), 32)),
    chunk("BIN\0", pad(bin, 0))]);
  const start = Buffer.alloc(12);
  start.write("glTF");
  start.writeUInt32LE(2, 4);
  start.writeUInt32LE(12 + chunks.length, 8);
  return Buffer.concat([start, chunks]);
}
