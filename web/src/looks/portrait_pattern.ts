// The sheet of patterns as numbers: how much of one is at a place of its tile.
import { drawPatterns, PATTERN_TILES } from "./patterns";

/** Reads the sheet when the first pattern is asked for. */
export function patternReader(): (id: number, u: number, v: number) => number {
  let grey: Uint8Array | null = null;
  const { tile, across, down } = PATTERN_TILES;
  return (id, u, v) => {
    grey ??= read();
    if (id < 1 || id > across * down) return 0;
    const at = (x: number) => Math.floor((x - Math.floor(x)) * tile);
    const x = ((id - 1) % across) * tile + at(u);
    const y = Math.floor((id - 1) / across) * tile + at(v);
    return grey[y * across * tile + x]! / 255;
  };
}

function read(): Uint8Array {
  const sheet = drawPatterns();
  const context = sheet.getContext("2d") as OffscreenCanvasRenderingContext2D;
  const { data } = context.getImageData(0, 0, sheet.width, sheet.height);
  return Uint8Array.from({ length: data.length / 4 }, (_, i) => data[i * 4]!);
}
