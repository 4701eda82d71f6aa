// A contact sheet to judge avatars by eye: node tools/avatars/sheet.mjs FOLDER OUT.png [id...]
// Rows: front, back, walking, sitting; or with --faces: face, happy, open mouth, side, far level;
// or with --colours: the same avatar in other colours.
import fs from "node:fs";
import sharp from "sharp";
import { linear } from "./paint.mjs";
import { headHeight } from "./head.mjs";
import { draw, loadAvatar } from "./raster.mjs";

const STAND = { leftUpperArm: [0, 0, -1.2], rightUpperArm: [0, 0, 1.2] };
const WALK = { ...STAND, leftUpperLeg: [-0.6, 0, 0], leftLowerLeg: [0.2, 0, 0],
  rightUpperLeg: [0.45, 0, 0], rightLowerLeg: [0.5, 0, 0], rightFoot: [0.2, 0, 0],
  leftLowerArm: [0, 0.2, 0], rightLowerArm: [0, -0.4, 0] };
const SIT = { leftUpperArm: [-0.4, 0, -1.15], rightUpperArm: [-0.4, 0, 1.15],
  leftLowerArm: [0, -0.9, 0], rightLowerArm: [0, 0.9, 0],
  leftUpperLeg: [-1.5, 0.08, 0], rightUpperLeg: [-1.5, -0.08, 0],
  leftLowerLeg: [1.5, 0, 0], rightLowerLeg: [1.5, 0, 0] };

const [folder, out, ...rest] = process.argv.slice(2);
const mode = rest.find((x) => x.startsWith("--"));
const names = rest.filter((x) => !x.startsWith("--"));
const { avatars } = JSON.parse(fs.readFileSync(`${folder}/avatars.json`, "utf8"));
const ids = names.length ? names : avatars.map((avatar) => avatar.id);

const BODY = { w: 230, h: 380, eye: [0.6, 1.1, 4.6], look: [0, 0.88, 0], pose: STAND };
function views(avatar, far) {
  const y = headHeight(avatar) + 0.1;
  const face = { w: 300, h: 300, eye: [0.25, y + 0.03, 1.1], look: [0, y, 0], pose: STAND };
  const side = { ...face, eye: [1.1, y, 0.2] };
  if (mode === "--faces")
    return [face, { ...face, expressions: { happy: 1 } }, { ...face, expressions: { aa: 1 } },
      { ...face, expressions: { blinkLeft: 1, blinkRight: 1, ou: 1 } }, side,
      { ...side, eye: [-0.7, y + 0.1, -0.9] }, { ...face, avatar: far }];
  const rest = [BODY, { ...BODY, eye: [-0.6, 1.1, -4.6] },
    { ...BODY, eye: [2.4, 1.3, 3.9], pose: WALK },
    { ...BODY, eye: [2.4, 1.6, 3.9], pose: SIT }, { ...BODY, avatar: far }];
  if (mode !== "--colours") return rest;
  return [0, 2, 4, 6, 7, 9].map((shift) => ({ ...BODY, recolour: (id) =>
    Object.fromEntries(avatars.find((a) => a.id === id).slots.map((s, i) =>
      [s.slot, linear(s.colours[(shift + i) % s.colours.length])])) }));
}

const cells = [];
let width = 0, height = 0;
for (const [column, id] of ids.entries()) {
  const avatar = await loadAvatar(`${folder}/${id}.glb`);
  const far = await loadAvatar(`${folder}/${id}.lod1.glb`);
  let top = 0;
  for (const view of views(avatar, far)) {
    const recolour = view.recolour?.(id);
    const picture = draw(view.avatar ?? avatar, { ...view, recolour, samples: 2 });
    const input = await picture.png().toBuffer();
    cells.push({ input, left: column * view.w, top });
    top += view.h;
    width = Math.max(width, (column + 1) * view.w);
    height = Math.max(height, top);
  }
}
await sharp({ create: { width, height, channels: 3, background: "#cfd9e8" } })
  .composite(cells).png().toFile(out);
