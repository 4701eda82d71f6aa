// One scene: parts, shade, pictures, file.
import { Model } from './model.mjs';
import { Shade, shadeFloor, shadeVertices } from './bake.mjs';
import { TILES, drawing, floorPicture } from './textures.mjs';
import { writeGlb } from './glb.mjs';
import { random } from './shapes.mjs';
import { FURNITURE } from './furniture.mjs';
import { DECOR } from './decor.mjs';
import { CAFE } from './cafe_parts.mjs';
import { GARDEN } from './garden_parts.mjs';

const KINDS = { ...FURNITURE, ...DECOR, ...CAFE, ...GARDEN };
const FLOOR_CELL_M = 0.05;
export const LIMITS = { triangles: 60_000, draws: 40, bytes: 600 * 1024 };

export async function buildScene(scene, look, file) {
  const m = new Model();
  scene.items.forEach((item, i) => {
    const build = KINDS[item.kind];
    if (!build) throw new Error(`${scene.id}: nobody builds a ${item.kind}`);
    m.inside([item.at[0], item.y ?? 0, item.at[1]], item.yaw ?? 0, () =>
      build(m, item, random(i * 977 + scene.id.length)));
  });
  look.extras(m, random(4242));
  const meshes = m.merged();
  const shade = new Shade(meshes, look.reach ?? 1.1);
  shadeVertices(meshes, shade);
  const [w, d] = look.floorSize ?? scene.size;
  const open = shadeFloor(shade, [w, d], Math.round(w / FLOOR_CELL_M), Math.round(d / FLOOR_CELL_M));
  const used = new Set([...meshes.keys()]);
  const textures = { floor: await floorPicture(look.floorPixels ?? 1024, [w, d], look.floor, open,
    look.light), art: await drawing(look.art), sky: await look.sky() };
  for (const [name, make] of Object.entries(TILES)) {
    if (used.has({ fabric: 'soft', grain: 'wood' }[name] ?? name)) textures[name] = await make();
  }
  return { ...await writeGlb(meshes, textures, file),
    textures: Object.fromEntries(Object.entries(textures).map(([k, v]) => [k, v.length])),
    parts: Object.fromEntries([...meshes].map(([k, g]) => [k, g.index.count / 3])) };
}
