// node tools/scenes/make.mjs [scene …] [--fast | --previews] [--out=FOLDER]: the plans, labels,
// GLBs and previews under assets/scenes. --fast leaves the previews out,
// --previews makes only them.
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { emitPlans } from './src/emit.mjs';
import { LIMITS, buildScene } from './src/build.mjs';
import { shoot } from './src/preview.mjs';
import { SCENES } from './src/scenes.mjs';

const PREVIEW = { w: 640, h: 400, bytes: 24 * 1024, quality: 50 };
const VIEW_BYTES = 16 * 1024; // of one of a scene's views: a list shows many

const args = process.argv.slice(2),
  flag = (k) => args.find((a) => a.startsWith(`--${k}`));
const assets = flag('out')?.slice(6) ?? new URL('../../assets', import.meta.url).pathname;
const named = args.filter((a) => !a.startsWith('--'));
mkdirSync(`${assets}/scenes/previews`, { recursive: true });
emitPlans(
  SCENES.map((s) => s.scene),
  `${assets}/scenes`,
);
const chosen = SCENES.filter((s) => !named.length || named.includes(s.scene.id));
for (const { scene, look } of flag('previews') ? [] : chosen) {
  const file = `${assets}/scenes/${scene.id}.glb`;
  const made = await buildScene(scene, look, file),
    bytes = statSync(file).size;
  console.log(scene.id, bytes, 'bytes', JSON.stringify(made));
  if (bytes > LIMITS.bytes || made.triangles > LIMITS.triangles || made.draws > LIMITS.draws) {
    console.error(`${scene.id} is over its limits`);
    process.exitCode = 1;
  }
}
if (!flag('fast')) {
  // Shot at twice the size and scaled down: smooth edges without a slow renderer.
  const size = { w: PREVIEW.w * 2, h: PREVIEW.h * 2 };
  const wanted = chosen.flatMap(({ scene: { id, views } }) => [
    { name: id, bytes: PREVIEW.bytes, query: `scene=${id}` },
    ...Object.entries(views).map(([view, cam]) => ({
      name: `${id}-${view}`,
      bytes: VIEW_BYTES,
      query: `scene=${id}&cam=${cam}`,
    })),
  ]);
  const shots = await shoot(
    assets,
    wanted.map(({ query }) => ({ query, ...size })),
  );
  for (const [i, png] of shots.entries()) {
    const file = `${assets}/scenes/previews/${wanted[i].name}.avif`;
    let small = null;
    for (let { quality } = PREVIEW; !small || small.length > wanted[i].bytes; quality -= 5) {
      small = await sharp(png)
        .resize(PREVIEW.w, PREVIEW.h)
        .avif({ quality, effort: 8, chromaSubsampling: '4:2:0' })
        .toBuffer();
    }
    writeFileSync(file, small);
  }
}
console.log(readdirSync(`${assets}/scenes`).join(' '));
