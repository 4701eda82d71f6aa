// Grey planes that portraits are made of: what they say, and how they are written.

/** Pixels of a portrait's side. */
export const SIZE = 192;
/** What a plane's 255 stands for, in light. */
export const LIGHT_MAX = 2;

export type Plane = Float32Array;
export interface Drawing {
  /** x, y, width, height in the portrait. */
  box: [number, number, number, number];
  /** Bytes, one plane after the other. */
  planes: Record<string, number[]>;
  press?: boolean;
  scalp?: boolean;
}

export const lin = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
export const WHITE = lin(0xbc / 255);
export const grey = (of: Plane, i: number) =>
  of[i * 4]! * 0.3 + of[i * 4 + 1]! * 0.59 + of[i * 4 + 2]! * 0.11;

/** What lies outside takes its neighbours' values: edges stay clean, and there is less to say. */
function spread(plane: Plane, by: Plane): Plane {
  const out = plane.slice();
  const known = Uint8Array.from(by, (x) => Number(x > 0.35));
  for (let round = 0; round < 24; round++) {
    const fresh: [number, number][] = [];
    for (let i = 0; i < out.length; i++) {
      if (known[i]) continue;
      let [sum, n] = [0, 0];
      const x = i % SIZE;
      for (const j of [x > 0 ? i - 1 : -1, x < SIZE - 1 ? i + 1 : -1, i - SIZE, i + SIZE])
        if (j >= 0 && j < out.length && known[j]) [sum, n] = [sum + out[j]!, n + 1];
      if (n) fresh.push([i, sum / n]);
    }
    if (!fresh.length) break;
    for (const [i, x] of fresh) {
      out[i] = x;
      known[i] = 1;
    }
  }
  const mean =
    out.reduce((s, x, i) => s + (known[i] ? x : 0), 0) /
    Math.max(
      1,
      known.reduce((s, x) => s + x, 0),
    );
  return out.map((x, i) => (known[i] ? x : mean));
}

/** The planes' bytes within what `by` shows; null when that is nothing. */
export function boxed(planes: Record<string, Plane>, by: Plane): Drawing | null {
  let [x0, y0, x1, y1] = [SIZE, SIZE, 0, 0];
  by.forEach((x, i) => {
    if (x < 0.02) return;
    const [px, py] = [i % SIZE, Math.floor(i / SIZE)];
    [x0, y0, x1, y1] = [
      Math.min(x0, px),
      Math.min(y0, py),
      Math.max(x1, px + 1),
      Math.max(y1, py + 1),
    ];
  });
  if (x1 <= x0) return null;
  const out: Record<string, number[]> = {};
  for (const [name, plane] of Object.entries(planes)) {
    const grown = name === "a" || name === "f" ? plane : spread(plane, by);
    const bytes: number[] = [];
    for (let y = y0; y < y1; y++)
      for (let x = x0; x < x1; x++) {
        const v = grown[y * SIZE + x]!;
        bytes.push(
          Math.round(
            255 * Math.min(1, name === "l" || name === "i" ? Math.sqrt(v / LIGHT_MAX) : v),
          ),
        );
      }
    out[name] = bytes;
  }
  return { box: [x0, y0, x1 - x0, y1 - y0], planes: out };
}

const BYTES_MAX = 4096;

/** Planes of one drawing, one below the other, as webp (base64). */
export async function encode(
  { box: [, , w, h], planes }: Drawing,
  quality: number,
): Promise<string> {
  const list = Object.values(planes);
  const canvas = new OffscreenCanvas(w, h * list.length);
  const x = canvas.getContext("2d")!;
  const image = x.createImageData(w, h * list.length);
  list.forEach((bytes, p) =>
    bytes.forEach((b, i) => {
      image.data.set([b, b, b, 255], (p * w * h + i) * 4);
    }),
  );
  x.putImageData(image, 0, 0);
  let blob: Blob;
  /* Curls are dear: they may be rougher than a straight edge. */
  do {
    blob = await canvas.convertToBlob({ type: "image/webp", quality });
    quality *= 0.85;
  } while (blob.size > BYTES_MAX && quality > 0.1);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));
}
