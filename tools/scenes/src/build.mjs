// One scene: parts, shade, pictures, file.
import { MATERIALS, Model } from './model.mjs';
import { Shade, glowVertices, shadeFloor, shadeVertices } from './bake.mjs';
import { TILES, drawing, floorPicture } from './textures.mjs';
import { writeGlb } from './glb.mjs';
import { random } from './shapes.mjs';
import { KINDS as FEET } from './seating.mjs';
import { FURNITURE } from './furniture.mjs';
import { DECOR } from './decor.mjs';
import { CAFE } from './cafe_parts.mjs';
import { GARDEN } from './garden_parts.mjs';
import { HEARTH } from './hearth.mjs';

const KINDS = { ...FURNITURE, ...DECOR, ...HEARTH, ...CAFE, ...GARDEN };
const FLOOR_CELL_M = 0.05;
// Furniture on thin legs hardly shades by rays: a soft dark patch below it keeps it on the ground.
const CONTACT = { dark: 0.3, soft_m: 0.2 };
function contact(items) {
  const rects = items.flatMap((item) =>
    (FEET[item.kind]?.foot(item) ?? []).map((r) => ({
      r,
      at: item.at,
      s: Math.sin(item.yaw ?? 0),
      c: Math.cos(item.yaw ?? 0),
    })),
  );
  return (x, z) =>
    rects.reduce((open, { r, at, s, c }) => {
      const [dx, dz] = [x - at[0], z - at[1]],
        [lx, lz] = [dx * c - dz * s, dx * s + dz * c];
      const far = Math.hypot(Math.max(r[0] - lx, 0, lx - r[2]), Math.max(r[1] - lz, 0, lz - r[3]));
      return far > 0.6
        ? open
        : open * (1 - CONTACT.dark * Math.exp(-((far / CONTACT.soft_m) ** 2)));
    }, 1);
}

export const LIMITS = { triangles: 60_000, draws: 40, bytes: 600 * 1024 };

export async function buildScene(scene, look, file) {
  const m = new Model();
  scene.items.forEach((item, i) => {
    const build = KINDS[item.kind];
    if (!build) throw new Error(`${scene.id}: nobody builds a ${item.kind}`);
    m.inside([item.at[0], item.y ?? 0, item.at[1]], item.yaw ?? 0, () =>
      build(m, item, random(i * 977 + scene.id.length)),
    );
  });
  look.extras(m, random(4242));
  const meshes = m.merged();
  const shade = new Shade(meshes, look.reach ?? 1.1);
  shadeVertices(meshes, shade);
  if (look.glow) glowVertices(meshes, look.glow);
  const [w, d] = look.floorSize ?? scene.size;
  const open = shadeFloor(
    shade,
    [w, d],
    Math.round(w / FLOOR_CELL_M),
    Math.round(d / FLOOR_CELL_M),
  );
  const textures = {
    floor: await floorPicture(
      look.floorPixels ?? 1024,
      [w, d],
      look.floor,
      open,
      contact(scene.items),
      look.light,
    ),
    art: await drawing(look.art),
    sky: await look.sky(),
  };
  const maps = new Set([...meshes.keys()].map((k) => MATERIALS[k].map));
  for (const [name, make] of Object.entries(TILES)) {
    if (maps.has(name)) textures[name] = await make();
  }
  return {
    ...(await writeGlb(meshes, textures, file)),
    textures: Object.fromEntries(Object.entries(textures).map(([k, v]) => [k, v.length])),
    parts: Object.fromEntries([...meshes].map(([k, g]) => [k, g.index.count / 3])),
  };
}
