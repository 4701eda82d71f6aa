// Pictures: one for uploads, white paper with a grey frame, and a text chunk when one is wanted; and
// the colours of one that a browser took.
import { deflateSync, inflateSync } from "node:zlib";

export function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function chunk(type, data) {
  const whole = Buffer.concat([Buffer.from(type), data]);
  const head = Buffer.alloc(4);
  const tail = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  tail.writeUInt32BE(crc32(whole));
  return Buffer.concat([head, whole, tail]);
}

export function png(width, height, comment = "") {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8); // 8 bits of grey
  const rows = Buffer.alloc((width + 1) * height, 255);
  for (let y = 0; y < height; y++) {
    rows[y * (width + 1)] = 0; // no filter
    rows[y * (width + 1) + 1] = 128;
    rows[y * (width + 1) + width] = 128;
  }
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    ...(comment ? [chunk("tEXt", Buffer.from(`Comment\0${comment}`))] : []),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** The colours of a picture of 8 bits without interlacing, as browsers take them: bytes of a pixel, rows. */
export function pixels(bytes) {
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const size = bytes[25] === 6 ? 4 : 3; // RGBA or RGB
  const packed = [];
  for (let at = 8; at < bytes.length; at += bytes.readUInt32BE(at) + 12)
    if (bytes.toString("latin1", at + 4, at + 8) === "IDAT")
      packed.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  const raw = inflateSync(Buffer.concat(packed));
  const line = width * size;
  const rows = Buffer.alloc(line * height);
  const paeth = (a, b, c) => {
    const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
    return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
  };
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (line + 1)];
    for (let x = 0; x < line; x++) {
      const at = y * line + x;
      const a = x < size ? 0 : rows[at - size];
      const b = y === 0 ? 0 : rows[at - line];
      const c = x < size || y === 0 ? 0 : rows[at - line - size];
      const guess = [0, a, b, (a + b) >> 1, paeth(a, b, c)][filter];
      rows[at] = raw[y * (line + 1) + 1 + x] + guess;
    }
  }
  return { width, height, size, rows };
}
