// Writes a VRM 1.0 file: quantised, meshopt-compressed, WebP pictures.
import fs from "node:fs";
import * as THREE from "three";
import { MeshoptEncoder } from "meshoptimizer";
import { BONES } from "./body.mjs";
import { packGlb } from "./glb.mjs";
import { pickVertices } from "./mesh.mjs";

await MeshoptEncoder.ready;

/** Positions are whole multiples of this (metres): a quarter of a millimetre. */
const POSITION_UNIT = 1 / 4096;
const BYTE = 5120, UBYTE = 5121, SHORT = 5122, USHORT = 5123, FLOAT = 5126;
const VERTICES = 34962, INDICES = 34963;

class Glb {
  chunks = [];
  length = 0;
  unpacked = 0;
  json = { accessors: [], bufferViews: [], nodes: [], meshes: [], images: [], textures: [] };

  /** Appends bytes at a 4-byte boundary and returns their offset. */
  append(bytes) {
    const pad = (4 - (this.length % 4)) % 4;
    this.chunks.push(Buffer.alloc(pad), bytes);
    this.length += pad + bytes.length;
    return this.length - bytes.length;
  }

  view(bytes) {
    const view = { buffer: 0, byteOffset: this.append(bytes), byteLength: bytes.length };
    return this.json.bufferViews.push(view) - 1;
  }

  /** A compressed view; `data` is what the decoder must give back, or a filter's input. */
  packed(data, count, byteStride, mode, target, filter) {
    const source = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const bytes = Buffer.from(MeshoptEncoder.encodeGltfBuffer(source, count, byteStride, mode));
    const byteOffset = this.append(bytes);
    const view = {
      buffer: 1, byteOffset: this.unpacked, byteLength: count * byteStride, target,
      ...(mode === "ATTRIBUTES" && { byteStride }),
      extensions: { EXT_meshopt_compression: {
        buffer: 0, byteOffset, byteLength: bytes.length, byteStride, count, mode,
        ...(filter && { filter }),
      } },
    };
    this.unpacked += Math.ceil((count * byteStride) / 4) * 4;
    return this.json.bufferViews.push(view) - 1;
  }

  accessor(bufferView, componentType, count, type, extra = {}) {
    return this.json.accessors.push({ bufferView, componentType, count, type, ...extra }) - 1;
  }

  write(file) {
    this.json.buffers = [
      { byteLength: this.length },
      { byteLength: this.unpacked, extensions: { EXT_meshopt_compression: { fallback: true } } },
    ];
    fs.writeFileSync(file, packGlb(this.json, Buffer.concat(this.chunks)));
  }
}

const clampTo = (x, limit) => Math.max(-limit, Math.min(limit, Math.round(x)));

function bounds(data, count, stride) {
  const min = [Infinity, Infinity, Infinity], max = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < count; i++)
    for (let k = 0; k < 3; k++) {
      min[k] = Math.min(min[k], data[i * stride + k]);
      max[k] = Math.max(max[k], data[i * stride + k]);
    }
  return { min, max };
}

/** A position-like attribute (also morph deltas): three shorts and a pad. */
function shorts(glb, list, count) {
  const data = new Int16Array(count * 4);
  for (let i = 0; i < count; i++)
    for (let k = 0; k < 3; k++)
      data[i * 4 + k] = clampTo(list[i * 3 + k] / POSITION_UNIT, 32767);
  const view = glb.packed(data, count, 8, "ATTRIBUTES", VERTICES);
  return glb.accessor(view, SHORT, count, "VEC3", bounds(data, count, 4));
}

function normals(glb, list, count) {
  const source = new Float32Array(count * 4);
  for (let i = 0; i < count; i++) source.set(list.slice(i * 3, i * 3 + 3), i * 4);
  const data = MeshoptEncoder.encodeFilterOct(source, count, 4, 8);
  const view = glb.packed(data, count, 4, "ATTRIBUTES", VERTICES, "OCTAHEDRAL");
  return glb.accessor(view, BYTE, count, "VEC3", { normalized: true });
}

function texcoords(glb, list, count) {
  const data = Uint16Array.from(list, (x) => Math.max(0, clampTo(x * 65535, 65535)));
  const view = glb.packed(data, count, 4, "ATTRIBUTES", VERTICES);
  return glb.accessor(view, USHORT, count, "VEC2", { normalized: true });
}

/** About seven significant bits of 16: fine enough in the dark, and it packs to half. */
function lightShort(x) {
  const value = Math.min(65535, x * 65535);
  const step = 2 ** Math.max(0, Math.floor(Math.log2(value + 1)) - 6);
  return Math.min(65535, Math.round(value / step) * step);
}

/** Shorts, because bytes of linear light are too coarse for dark hair. */
function colours(glb, part, count) {
  const data = new Uint16Array(count * 4);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++)
      data[i * 4 + k] = lightShort(part.tint[i * 3 + k] * part.shade[i]);
    data[i * 4 + 3] = 65535;
  }
  const view = glb.packed(data, count, 8, "ATTRIBUTES", VERTICES);
  return glb.accessor(view, USHORT, count, "VEC4", { normalized: true });
}

function slots(glb, list, count) {
  const data = new Uint8Array(count * 4);
  list.forEach((slot, i) => (data[i * 4] = slot));
  const view = glb.packed(data, count, 4, "ATTRIBUTES", VERTICES);
  return glb.accessor(view, UBYTE, count, "SCALAR");
}

/** Weights below this do nothing that is seen. */
const MIN_WEIGHT = 0.03;

function weights(glb, skin, order, count) {
  const joint = new Uint8Array(count * 4), weight = new Uint8Array(count * 4);
  skin.forEach((list, i) => {
    const top = list.filter(([, w]) => w > MIN_WEIGHT)
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 4);
    const sum = top.reduce((s, [, w]) => s + w, 0);
    let left = 255;
    top.forEach(([bone, w], k) => {
      const share = Math.min(left, Math.round((w / sum) * 255));
      weight[i * 4 + k] = share;
      left -= share;
      if (share) joint[i * 4 + k] = order.indexOf(bone);
    });
    weight[i * 4] += left;
  });
  const view = (data) => glb.packed(data, count, 4, "ATTRIBUTES", VERTICES);
  return {
    JOINTS_0: glb.accessor(view(joint), UBYTE, count, "VEC4"),
    WEIGHTS_0: glb.accessor(view(weight), UBYTE, count, "VEC4", { normalized: true }),
  };
}

/** Puts triangles and vertices in the order that packs and draws best. */
function reorder(part) {
  const idx = Uint32Array.from(part.idx);
  const [place, unique] = MeshoptEncoder.reorderMesh(idx, true, true);
  const order = new Array(unique);
  place.forEach((to, from) => {
    if (to !== 0xffffffff) order[to] = from;
  });
  return pickVertices(part, order, [...idx]);
}

function addMesh(glb, { name, material, part: unordered }, order, morphNames) {
  const part = reorder(unordered);
  const count = part.v.length;
  const coloured = part.slot.some((slot) => slot);
  const attributes = {
    POSITION: shorts(glb, part.pos, count),
    NORMAL: normals(glb, part.nrm, count),
    TEXCOORD_0: texcoords(glb, part.uv, count),
    COLOR_0: colours(glb, part, count),
    ...weights(glb, part.skin, order, count),
    ...(coloured && { _SLOT: slots(glb, part.slot, count) }),
  };
  const idx = Uint16Array.from(part.idx);
  const view = glb.packed(idx, idx.length, 2, "TRIANGLES", INDICES);
  const primitive = { attributes, material,
    indices: glb.accessor(view, USHORT, idx.length, "SCALAR") };
  const mesh = { name, primitives: [primitive] };
  if (part.morphs && morphNames.length) {
    primitive.targets = morphNames.map((m) => ({ POSITION: shorts(glb, part.morphs[m], count) }));
    mesh.weights = morphNames.map(() => 0);
    mesh.extras = { targetNames: morphNames };
  }
  glb.json.meshes.push(mesh);
  const node = { name: `mesh_${name}`, mesh: glb.json.meshes.length - 1, skin: 0 };
  return { node: glb.json.nodes.push(node) - 1, morphs: !!mesh.weights };
}

/** Node and inverse bind matrix of every bone; rest pose T with identity rotations. */
function addSkeleton(glb, order, joints, pose) {
  const index = {};
  glb.json.nodes.push({ name: "root", children: [] });
  const inverse = new Float32Array(order.length * 16);
  const unit = new THREE.Matrix4().makeScale(POSITION_UNIT, POSITION_UNIT, POSITION_UNIT);
  order.forEach((bone, i) => {
    const parent = BONES[bone][0];
    const translation = joints[bone].map((x, k) =>
      Number((x - (parent ? joints[parent][k] : 0)).toFixed(6)));
    index[bone] = glb.json.nodes.push({ name: bone, translation }) - 1;
    (glb.json.nodes[parent ? index[parent] : 0].children ??= []).push(index[bone]);
    new THREE.Matrix4().makeTranslation(...joints[bone].map((x) => -x))
      .multiply(pose[bone]).multiply(unit).toArray(inverse, i * 16);
  });
  const view = glb.view(Buffer.from(inverse.buffer));
  const inverseBindMatrices = glb.accessor(view, FLOAT, order.length, "MAT4");
  glb.json.skins = [{ joints: order.map((b) => index[b]), skeleton: 0, inverseBindMatrices }];
  return index;
}

function vrmExtension({ meta, joints }, index, meshes, morphNames) {
  const bind = (...names) => ({
    morphTargetBinds: meshes.filter((m) => m.morphs).flatMap(({ node }) =>
      names.map((name) => ({ node, index: morphNames.indexOf(name), weight: 1 }))),
  });
  const preset = Object.fromEntries(morphNames.map((name) => [name, bind(name)]));
  if (preset.blinkLeft) preset.blink = bind("blinkLeft", "blinkRight");
  const extension = {
    specVersion: "1.0",
    meta,
    humanoid: { humanBones: Object.fromEntries(
      Object.entries(index).map(([bone, node]) => [bone, { node }])) },
  };
  if (!morphNames.length) return extension;
  const range = { inputMaxValue: 90, outputScale: 10 };
  extension.expressions = { preset };
  extension.lookAt = {
    type: "bone",
    offsetFromHeadBone: [0, 1, 2].map((k) =>
      Number(((joints.leftEye[k] + joints.rightEye[k]) / 2 - joints.head[k]).toFixed(4))),
    rangeMapHorizontalInner: range, rangeMapHorizontalOuter: range,
    rangeMapVerticalDown: range, rangeMapVerticalUp: range,
  };
  return extension;
}

/**
 * Writes one file. joints: T-pose positions in metres; pose: A -> T matrices in metres; meshes:
 * [{name, material, part}]; images: encoded WebP; bones: the humanoid bones to keep, in order.
 */
export function writeVrm(file, model) {
  const { bones, joints, pose, meshes, materials, images, morphNames } = model;
  const glb = new Glb();
  const required = ["KHR_mesh_quantization", "EXT_meshopt_compression", "EXT_texture_webp"];
  const index = addSkeleton(glb, bones, joints, pose);
  const written = meshes.map((mesh) => addMesh(glb, mesh, bones, morphNames));
  images.forEach((bytes, source) => {
    glb.json.images.push({ bufferView: glb.view(bytes), mimeType: "image/webp" });
    glb.json.textures.push({ sampler: 0, extensions: { EXT_texture_webp: { source } } });
  });
  Object.assign(glb.json, {
    asset: { version: "2.0", generator: "Bauta tools/avatars" },
    extensionsUsed: ["VRMC_vrm", ...required],
    extensionsRequired: required,
    scene: 0,
    scenes: [{ nodes: [0, ...written.map((m) => m.node)] }],
    samplers: [{ magFilter: 9729, minFilter: 9987, wrapS: 33071, wrapT: 33071 }],
    materials,
    extensions: { VRMC_vrm: vrmExtension(model, index, written, morphNames) },
  });
  glb.write(file);
}
