// Makes one avatar from its recipe: both levels of detail, and what is known about it.
import * as THREE from "three";
import { BONES, makeBody } from "./body.mjs";
import { cutBody, fitProxy, layer, lengthen, proxyMorphs, selectFaces, skirtWeights,
  smoothWeights } from "./garment.mjs";
import { areaOf, borderDistance, buildPart, bvhOf, mergeParts, renameBones,
  simplify, triangles, vertexNormals, verticesOf } from "./mesh.mjs";
import { headscarf, longSkirt } from "./own.mjs";
import * as paint from "./paint.mjs";
import { hairCover, occlude, warmShade } from "./shade.mjs";
import { SPDX } from "./items.mjs";
import { loadProxy, proxyFile, skinFile } from "./source.mjs";
import { writeVrm } from "./vrm.mjs";

const SOLE = 0.004;
const ATLAS = 1024;
const SKIN = 512;
/** Cells of the solid picture for garments, largest first; skin and eyes have theirs. */
const CELLS = [[512, 0, 512], [0, 512, 512], [512, 512, 256], [768, 512, 256], [512, 768, 256]];
const EYES = { x: 768, y: 768, size: 256 };
/** The picture with holes: hair above, brows and lashes below, a fade for the scalp's edge. */
const HAIR = { w: 512, h: 768 };
const BROW = { x: 0, y: 512, size: 256 };
const LASH = { x: 256, y: 512, size: 256 };
const SCALP = { x: 400, y: 752, w: 112, h: 16 };

const LEVELS = [
  { suffix: "", scale: 1, quality: 76, morphs: true,
    head: 4900, limbs: 2500, mouth: 560, cloth: 6200, eyes: 400, hair: 4000, soft: 560 },
  { suffix: ".lod1", scale: 0.5, quality: 70, morphs: false,
    head: 1300, limbs: 750, mouth: 0, cloth: 2000, eyes: 100, hair: 1480, soft: 200 },
];
/** Bones that the far level does without, by the bone that takes their weights. */
const FAR_BONE = (bone) =>
  bone.replace(/(Thumb|Index|Middle|Ring|Little)\w+/, "Hand").replace("Toes", "Foot")
    .replace(/^(left|right)Eye$/, "head");

const hairCell = (recipe) => ({ x: 0, y: 0, size: recipe.hair.size ?? HAIR.w });

const patch = ({ x, y }, w, h) => () => [x / w, y / h];

const OWN = { "own/skirt": longSkirt, "own/scarf": headscarf };

/** Garments of the recipe: chosen pieces, fitted, weighted and layered. */
function dress(recipe, body, use) {
  const garments = recipe.clothes.map((rule) => {
    const cloth = OWN[rule.item]?.(body) ?? fitProxy(body, selectFaces(use(rule.item), rule));
    if (rule.rigid) return { ...cloth, rule };
    if (rule.lengthen) lengthen(cloth, body, rule.lengthen);
    const soft = smoothWeights(cloth, 6);
    return { ...(rule.skirt ? smoothWeights(skirtWeights(soft, body), 2) : soft), rule };
  });
  layer(garments, body);
  return garments;
}

/** Lays the garments' pictures out and gives each garment its uv mapping. */
async function paintSolid(recipe, garments, cheeks) {
  const teeth = proxyFile("teeth/Teeth_Base/textures/teeth.png");
  const cells = [
    { picture: await paint.skinPicture(skinFile(recipe.skin.file), recipe.skin.tone, teeth,
      cheeks), x: 0, y: 0 },
    { picture: await paint.eyePicture(proxyFile("eyes/Low-Poly/textures/brown_eye.png"),
      EYES.size, recipe.eye), ...EYES },
  ];
  for (const cloth of garments)
    if (cloth.rule.flat) cloth.uvAt = patch(paint.WHITE, ATLAS, ATLAS);
  const painted = garments.filter((cloth) => !cloth.rule.flat)
    .map((cloth) => ({ cloth, area: areaOf(cloth.pos, cloth.faces) }))
    .sort((a, b) => b.area - a.area);
  for (const [i, { cloth }] of painted.entries()) {
    const [x, y, size] = CELLS[i];
    const picture = await paint.clothPicture(cloth, size, cloth.rule);
    cells.push({ picture, x, y });
    const [u0, v0, du, dv] = picture.box;
    cloth.uvAt = (t) => [
      (x + ((cloth.uv[t * 2] - u0) / du) * size) / ATLAS,
      (y + ((1 - cloth.uv[t * 2 + 1] - v0) / dv) * size) / ATLAS,
    ];
  }
  return paint.compose(ATLAS, ATLAS, 3, cells, [200, 200, 200]);
}

async function paintHoles(recipe, hair, brow, lash) {
  const male = recipe.macro.male > 0.5;
  const fade = { d: Buffer.alloc(SCALP.w * SCALP.h * 4, 170), w: SCALP.w, h: SCALP.h, c: 4 };
  for (let i = 0; i < SCALP.w * SCALP.h; i++)
    fade.d[i * 4 + 3] = (255 * (i % SCALP.w)) / (SCALP.w - 1);
  const cells = [
    { picture: await paint.hairPicture(brow.diffuse, BROW.size,
      { alphaGain: 1.4, level: recipe.browLevel ?? 130 }), ...BROW },
    { picture: await paint.hairPicture(lash.diffuse, LASH.size,
      { alphaGain: male ? 0.6 : 1, level: male ? 50 : 24 }), ...LASH },
    { picture: fade, ...SCALP },
  ];
  if (hair) {
    const picture = await paint.hairPicture(hair.diffuse, hairCell(recipe).size, recipe.hair);
    cells.push({ picture, x: 0, y: 0 });
  }
  return paint.compose(HAIR.w, HAIR.h, 4, cells, [190, 190, 190, 0]);
}

/** A proxy as a part, at a place in a picture. */
function proxyPart(proxy, uvAt, { slot = 0, skin = proxy.skin, morphs = null } = {}) {
  const nrm = vertexNormals(proxy.pos, proxy.faces, proxy.n);
  return buildPart(proxy.faces, { pos: proxy.pos, nrm, skin, uvAt, slot, morphs });
}

const inCell = (proxy, { x, y, size }, w, h) => (t) => [
  (x + proxy.uv[t * 2] * size) / w,
  (y + (1 - proxy.uv[t * 2 + 1]) * size) / h,
];

const allHead = (n) => Array.from({ length: n }, () => [["head", 1]]);

function setTint(part, colour, factor = 1) {
  const rgb = paint.linear(colour).map((c) => c * factor);
  for (let i = 0; i < part.v.length; i++) part.tint.splice(i * 3, 3, ...rgb);
  return part;
}

/** Teeth and tongue; the tongue is in no expression target, so it goes with the lower teeth. */
function mouthParts(body, use) {
  const teeth = fitProxy(body, use("teeth/Teeth_Base"));
  const tongue = fitProxy(body, use("tongue/tongue01"));
  const low = verticesOf(body.base.faces.filter((f) => f.group === "helper-lower-teeth"));
  const follow = {};
  for (const [name, delta] of Object.entries(body.morphs)) {
    const move = [0, 1, 2].map((k) => low.reduce((s, v) => s + delta[v * 3 + k], 0) / low.length);
    follow[name] = Float64Array.from({ length: tongue.n * 3 }, (_, i) => move[i % 3]);
  }
  const teethPart = proxyPart(teeth, inCell(teeth, paint.TEETH, SKIN * 2, SKIN * 2),
    { skin: allHead(teeth.n), morphs: proxyMorphs(body, teeth) });
  const tonguePart = proxyPart(tongue, patch(paint.TONGUE, ATLAS, ATLAS),
    { skin: allHead(tongue.n), morphs: follow });
  const mouth = (part, count) => {
    const small = simplify(part, count, { error: 0.5, uvWeight: 0 });
    small.tint.fill(0.75);
    return small;
  };
  return { teeth: teethPart, tongue: tonguePart, at: (count) =>
    mergeParts([mouth(teethPart, count * 0.8), mouth(tonguePart, count * 0.2)]) };
}

/** Eyes, shaded from above by the lid. */
function eyePart(body, use) {
  const eyes = fitProxy(body, use("eyes/Low-Poly"));
  const skin = Array.from({ length: eyes.n }, (_, v) =>
    [[eyes.pos[v * 3] > 0 ? "leftEye" : "rightEye", 1]]);
  const part = proxyPart(eyes, inCell(eyes, EYES, ATLAS, ATLAS), { skin });
  const EYE_RADIUS = 0.14;
  for (let i = 0; i < part.v.length; i++) {
    const up = (part.pos[i * 3 + 1] - body.joints.leftEye[1]) / (EYE_RADIUS * body.headSize);
    part.tint.fill(1 - 0.45 * Math.max(0, Math.min(1, up * 0.9 + 0.1)), i * 3, i * 3 + 3);
  }
  return part;
}

/**
 * Sweeps a fringe that covers the right eye aside: the lower its strands hang before the face,
 * the further they turn about the head's upright axis.
 */
function sweepFringe(hair, body, angle) {
  const [, eyeY, eyeZ] = body.joints.leftEye;
  const centre = eyeZ - 0.85 * body.headSize;
  const ramp = (x) => Math.max(0, Math.min(1, x));
  for (let v = 0; v < hair.n; v++) {
    const [x, y] = [hair.pos[v * 3], hair.pos[v * 3 + 1]];
    const z = hair.pos[v * 3 + 2] - centre;
    const share = ramp(z / 0.7) * ramp((eyeY + 1 - y) / 0.9) * ramp((0.45 - x) / 0.6);
    const [cos, sin] = [Math.cos(angle * share), Math.sin(angle * share)];
    hair.pos[v * 3] = x * cos - z * sin;
    hair.pos[v * 3 + 2] = centre + x * sin + z * cos;
  }
  return hair;
}

/** Hair hangs on head, neck and chest only, and is lit as one round shape. */
function hairPart(body, hair, cell, slot, relief = 0.35) {
  const hold = (bone) => /^(head|neck)$/.test(bone) ? bone
    : /Eye/.test(bone) ? "head" : "upperChest";
  const skin = hair.skin.map((list) => renameBones(list, hold));
  const part = proxyPart(hair, inCell(hair, cell, HAIR.w, HAIR.h), { skin, slot });
  const [, y, z] = body.joints.leftEye;
  const centre = [0, y + 0.25, z - 0.75 * body.headSize];
  for (let i = 0; i < part.v.length; i++) {
    const out = centre.map((c, k) => part.pos[i * 3 + k] - c);
    out[1] *= 0.6;
    const length = Math.hypot(...out);
    const mixed = out.map((x, k) => x / length + part.nrm[i * 3 + k] * relief);
    const norm = Math.hypot(...mixed);
    part.nrm.splice(i * 3, 3, ...mixed.map((x) => x / norm));
  }
  return part;
}

/**
 * The scalp under the hair as a cap in the hair's own colour. Its place in the fade is how far
 * hair covers it, so the alpha test draws a smooth hairline and recolouring leaves no strip.
 */
function scalpCap(body, normals, hairBvh, slot, reach) {
  const eye = body.joints.leftEye;
  const cover = new Map();
  const coverAt = (v) => {
    const [y, z] = [body.pos[v * 3 + 1], body.pos[v * 3 + 2]];
    const scalp = y > eye[1] + 0.5 * body.headSize || z < eye[2] - 0.95 * body.headSize;
    if (!cover.has(v)) cover.set(v, scalp ? hairCover(body.pos, normals, v, hairBvh, reach) : 0);
    return cover.get(v);
  };
  const faces = body.faces.filter(({ v }) =>
    v.every((a) => body.head[a] > 0.3) && v.some((a) => coverAt(a) > 0));
  const LIFT = 0.012;
  const pos = body.pos.map((x, i) => x + normals[i] * LIFT);
  const uvAt = (t, v) => [(SCALP.x + 0.5 + coverAt(v) * 0.75 * (SCALP.w - 1)) / HAIR.w,
    (SCALP.y + SCALP.h / 2) / HAIR.h];
  return buildPart(faces, { pos, nrm: normals, skin: body.skin, uvAt, slot });
}

/** Brows and lashes: a hair's breadth before the skin, lit like it. */
function softParts(body, brow, lash, hairSlot) {
  const make = (proxy, cell, slot) => {
    const uvAt = inCell(proxy, cell, HAIR.w, HAIR.h);
    const part = proxyPart(proxy, uvAt,
      { skin: allHead(proxy.n), morphs: proxyMorphs(body, proxy), slot });
    for (let i = 0; i < part.v.length; i++) {
      part.pos[i * 3 + 2] += 0.014;
      part.nrm.splice(i * 3, 3, 0, 0.2, 0.98);
    }
    return part;
  };
  return [make(brow, BROW, hairSlot), make(lash, LASH, 0)];
}

const MATERIALS = [
  { name: "solid", pbrMetallicRoughness:
    { baseColorTexture: { index: 0 }, metallicFactor: 0, roughnessFactor: 0.8 },
    doubleSided: true },
  { name: "hair", pbrMetallicRoughness:
    { baseColorTexture: { index: 1 }, metallicFactor: 0, roughnessFactor: 0.75 },
    alphaMode: "MASK", alphaCutoff: 0.45, doubleSided: true },
  { name: "lashes", pbrMetallicRoughness:
    { baseColorTexture: { index: 1 }, metallicFactor: 0, roughnessFactor: 0.9 },
    alphaMode: "BLEND", doubleSided: true },
];

/** All parts of an avatar at full detail, in decimetres. */
async function buildParts(recipe, body, use) {
  const slotOf = (part) => recipe.slots.findIndex((slot) => slot.part === part) + 1;
  const colourOf = (slot) => recipe.slots[slot - 1].colours[recipe.slots[slot - 1].default];
  const garments = dress(recipe, body, use);
  const inHose = hoseTest(recipe.hose, body);
  const cut = cutBody(body, garments, inHose);
  const hair = recipe.hair && sweepFringe(
    fitProxy(body, use(recipe.hair.item), { onHead: true }), body, recipe.hair.sweep ?? 0);
  const brow = fitProxy(body, use(recipe.brow));
  const lash = fitProxy(body, use(recipe.lash ?? "eyelashes/Eyelashes01"));
  const solid = await paintSolid(recipe, garments, body.cheeks);
  const holes = await paintHoles(recipe, hair, brow, lash);

  const normals = vertexNormals(cut.pos, body.faces, body.n);
  const skinUv = (t) => [(body.base.uv[t * 2] * SKIN) / ATLAS,
    ((1 - body.base.uv[t * 2 + 1]) * SKIN) / ATLAS];
  const source = { pos: cut.pos, nrm: normals, skin: body.skin, uvAt: skinUv };
  const isHead = ({ v }) => v.every((a) => body.head[a] > 0.5);
  const head = buildPart(cut.faces.filter(isHead), { ...source, morphs: body.morphs });
  const bare = cut.faces.filter((f) => !isHead(f) && !inHose(f));
  const limbs = buildPart(bare, source);
  const hose = recipe.hose && buildPart(cut.faces.filter((f) => !isHead(f) && inHose(f)),
    { ...source, uvAt: patch(paint.WHITE, ATLAS, ATLAS), slot: slotOf(recipe.hose.slot) });
  const cloth = garments.map((garment) => {
    const slot = slotOf(garment.rule.slot);
    const part = proxyPart(garment, garment.uvAt, { slot });
    return setTint(part, slot ? colourOf(slot) : garment.rule.colour ?? "#ffffff");
  });
  if (hose) setTint(hose, hose.slot[0] ? colourOf(hose.slot[0]) : recipe.hose.colour);

  const all = mergeParts([head, limbs, ...(hose ? [hose] : []), ...cloth]
    .map((part) => ({ ...part, morphs: null })));
  const solidBvh = bvhOf(all.pos, Array.from({ length: triangles(all) }, (_, i) =>
    ({ v: all.idx.slice(i * 3, i * 3 + 3) })));
  const hairBvh = hair && bvhOf(hair.pos, hair.faces);
  const hairSlot = slotOf("hair");
  const locks = hair && hairPart(body, hair, hairCell(recipe), hairSlot, recipe.hair.relief);
  for (const part of [head, limbs, hose, ...cloth].filter(Boolean))
    occlude(part, solidBvh, hairBvh);
  if (locks) occlude(locks, solidBvh, null);
  for (const part of [head, limbs]) warmShade(part);
  cloth.forEach((part, i) => {
    const { pos, faces, n, rule } = garments[i];
    if (rule.flat) return;
    paint.bakeShade(solid, part, rule.hem && borderDistance(pos, faces, n), rule.hem);
  });
  if (locks) paint.bakeShade(holes, locks);
  hose?.shade.fill(1);
  const cap = hair && scalpCap({ ...body, pos: cut.pos }, normals, hairBvh, hairSlot, 0.45);
  const soft = softParts(body, brow, lash, hairSlot);
  const hairColour = hairSlot ? colourOf(hairSlot) : recipe.browColour;
  for (const part of [locks, cap, soft[0]]) if (part) setTint(part, hairColour);
  return { head, limbs, hose, cloth, garments, locks, cap, soft, solid, holes,
    eyes: eyePart(body, use), mouth: mouthParts(body, use) };
}

/** Which body faces are tights or shorts: the legs between two heights (shares of the leg). */
function hoseTest(hose, body) {
  if (!hose) return () => false;
  const hip = body.joints.leftUpperLeg[1], ankle = body.joints.leftFoot[1];
  const low = hip + (ankle - hip) * hose.to, high = hip + 2.2;
  const ARM = /Arm|Hand|Thumb|Index|Middle|Ring|Little/;
  const onLeg = (v) => !body.skin[v].some(([bone, w]) => ARM.test(bone) && w > 0.1);
  return ({ v }) => v.every((a) =>
    body.pos[a * 3 + 1] >= low && body.pos[a * 3 + 1] <= high && onLeg(a));
}

/** Keeps the coarse scalp clear of the coarse head. */
const FAR_CAP_LIFT = 0.03;
const lifted = (part, by) => ({ ...part, pos: part.pos.map((x, i) => x + part.nrm[i] * by) });

/** The meshes of one level of detail: solid things, the head that moves, hair, lashes. */
function assemble(parts, level) {
  const near = level.morphs;
  const loose = near ? {} : { error: 0.2, sloppy: true, uvWeight: 0.2 };
  const share = (part, i) => triangles(part) * (parts.garments[i].rule.keep ?? 1);
  const total = parts.cloth.reduce((sum, part, i) => sum + share(part, i), 0);
  const cloth = parts.cloth.map((part, i) =>
    simplify(part, Math.round((level.cloth * share(part, i)) / total),
      { error: 0.1, lock: near && !!parts.garments[i].rule.where, ...loose }));
  const head = simplify(parts.head, level.head, { lock: true, error: near ? 0.05 : 0.2 });
  const skin = (part) =>
    simplify(part, Math.round((level.limbs * triangles(part)) / limbsTotal),
      { lock: true, error: near ? 0.05 : 0.2 });
  const limbsTotal = triangles(parts.limbs) + (parts.hose ? triangles(parts.hose) : 0);
  const still = [skin(parts.limbs), ...(parts.hose ? [skin(parts.hose)] : []), ...cloth,
    simplify(parts.eyes, level.eyes, { error: 0.3 })];
  const cap = near || !parts.cap ? parts.cap : lifted(parts.cap, FAR_CAP_LIFT);
  const hairy = [parts.locks, cap].filter(Boolean);
  const hairTotal = hairy.reduce((sum, part) => sum + triangles(part), 0);
  const hair = hairy.map((part) =>
    simplify(part, Math.round((level.hair * triangles(part)) / hairTotal),
      { error: 0.3, uvWeight: near ? 0.4 : 0.1 }));
  const soft = parts.soft.map((part) => simplify(part, level.soft / 2, { error: 0.5 }));
  if (!near) {
    const plain = (part) => ({ ...part, morphs: null });
    return [
      { name: "solid", material: 0, part: mergeParts([plain(head), ...still]) },
      { name: "hair", material: 1, part: mergeParts([...hair, ...soft.map(plain)]) },
    ];
  }
  return [
    { name: "head", material: 0, part: mergeParts([head, parts.mouth.at(level.mouth)]) },
    { name: "solid", material: 0, part: mergeParts(still) },
    ...(hair.length ? [{ name: "hair", material: 1, part: mergeParts(hair) }] : []),
    { name: "lashes", material: 2, part: mergeParts(soft) },
  ];
}

function metaOf(recipe, used) {
  return {
    name: recipe.id,
    version: "1",
    authors: ["Bauta contributors", "MakeHuman team", ...new Set(used.map((u) => u.author))],
    copyrightInformation: used.map((u) => `${u.id}: ${u.author}, ${SPDX[u.licence]}`).join("; "),
    licenseUrl: "https://vrm.dev/licenses/1.0/",
    otherLicenseUrl: "https://www.gnu.org/licenses/agpl-3.0.html",
    creditNotation: "required",
    avatarPermission: "everyone",
    commercialUsage: "corporation",
    allowRedistribution: true,
    modification: "allowModificationRedistribution",
  };
}

/** From decimetres to metres at the wanted height, feet on the floor. */
function toMetres(body, parts, height) {
  const ys = [parts.head, parts.limbs, ...parts.cloth, parts.locks].flatMap((part) =>
    (part?.pos ?? []).filter((_, i) => i % 3 === 1));
  const low = ys.reduce((a, b) => Math.min(a, b)), high = ys.reduce((a, b) => Math.max(a, b));
  const scale = (height - SOLE) / (high - low);
  const move = new THREE.Matrix4().makeTranslation(0, -low * scale + SOLE, 0)
    .multiply(new THREE.Matrix4().makeScale(scale, scale, scale));
  const back = move.clone().invert();
  const joints = {}, pose = {};
  for (const bone in BONES) {
    pose[bone] = move.clone().multiply(body.pose[bone]).multiply(back);
    joints[bone] = new THREE.Vector3(...body.joints[bone])
      .applyMatrix4(body.pose[bone]).applyMatrix4(move).toArray();
  }
  const convert = (part) => ({
    ...part,
    pos: part.pos.map((x, i) => x * scale + (i % 3 === 1 ? -low * scale + SOLE : 0)),
    morphs: part.morphs && Object.fromEntries(Object.entries(part.morphs).map(([name, delta]) =>
      [name, delta.map((x) => x * scale)])),
  });
  return { joints, pose, convert };
}

/** Writes `<id>.glb` and `<id>.lod1.glb`; returns the items used. */
export async function makeAvatar(recipe, folder) {
  const used = new Map();
  const use = (id) => {
    const proxy = loadProxy(id);
    used.set(id, proxy.credit);
    return proxy;
  };
  const body = makeBody(recipe);
  const parts = await buildParts(recipe, body, use);
  const { joints, pose, convert } = toMetres(body, parts, recipe.height_m);
  for (const level of LEVELS) {
    const bones = Object.keys(BONES).filter((b) => level.morphs || FAR_BONE(b) === b);
    const far = (skin) => skin.map((list) => renameBones(list, FAR_BONE));
    const meshes = assemble(parts, level).map((mesh) => {
      const part = convert(mesh.part);
      return { ...mesh, part: level.morphs ? part : { ...part, skin: far(part.skin) } };
    });
    const images = await Promise.all([
      paint.encode(parts.solid, { scale: level.scale, quality: level.quality }),
      paint.encode(parts.holes, { scale: level.scale, quality: 60, alphaQuality: 35 }),
    ]);
    writeVrm(`${folder}/${recipe.id}${level.suffix}.glb`, {
      bones, joints, pose, meshes, images,
      materials: level.morphs ? MATERIALS : MATERIALS.slice(0, 2),
      morphNames: level.morphs ? Object.keys(body.morphs) : [],
      meta: metaOf(recipe, [...used.values()]),
    });
  }
  return [...used.values()];
}
