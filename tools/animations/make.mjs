// node tools/animations/make.mjs [file]: writes assets/animations/clips.json. Needs no package.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { FPS, bake } from './src/bake.mjs';
import { calm } from './src/clips_calm.mjs';
import { emotes } from './src/clips_emotes.mjs';
import { gestures } from './src/clips_gestures.mjs';

const MAX_BROTLI_BYTES = 120 * 1024;

const file =
  process.argv[2] ?? new URL('../../assets/animations/clips.json', import.meta.url).pathname;
const clips = Object.fromEntries(
  Object.entries({ ...calm, ...emotes, ...gestures }).map(([name, clip]) => [name, bake(clip)]),
);
const text = `{"fps":${FPS},"clips":{\n${Object.entries(clips)
  .map(([name, clip]) => `"${name}":${JSON.stringify(clip)}`)
  .join(',\n')}\n}}\n`;
const packed = brotliCompressSync(text).length;
if (packed > MAX_BROTLI_BYTES) throw new Error(`${packed} bytes compressed: too many`);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, text);
console.log(`${Object.keys(clips).length} clips, ${text.length} bytes, ${packed} compressed`);
