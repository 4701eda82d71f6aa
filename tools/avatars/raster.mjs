// A small software renderer for avatars: the same picture on every machine, no GPU, no browser.
import sharp from "sharp";
import * as THREE from "three";
import { readGlb } from "./glb.mjs";

const toLinear = Float32Array.from({ length: 256 }, (_, i) => {
  const c = i / 255;
  return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
});
const toByte = (x) => {
  const c = Math.max(0, Math.min(1, x));
  return Math.round(255 * (c <= 0.0031308 ? c * 12.92 : 1.055 * c ** (1 / 2.4) - 0.055));
};

/** A finished file, ready to draw: meshes with their attributes, bones, decoded pictures. */
export async function loadAvatar(file) {
  const glb = readGlb(file);
  const { json, values } = glb;
  const pictures = await Promise.all(json.images.map(async (_, i) => {
    const { data, info } = await sharp(glb.image(i)).ensureAlpha().raw()
      .toBuffer({ resolveWithObject: true });
    return { data, w: info.width, h: info.height };
  }));
  const meshes = json.nodes.filter((node) => node.mesh !== undefined).map((node) => {
    const mesh = json.meshes[node.mesh], primitive = mesh.primitives[0];
    const attributes = Object.fromEntries(Object.entries(primitive.attributes)
      .map(([name, number]) => [name, values(number).rows]));
    const morphs = {};
    (primitive.targets ?? []).forEach((target, i) => {
      morphs[mesh.extras.targetNames[i]] = values(target.POSITION).rows;
    });
    const material = json.materials[primitive.material];
    return { name: mesh.name, attributes, morphs, idx: values(primitive.indices).rows, material,
      picture: pictures[material.pbrMetallicRoughness.baseColorTexture.index] };
  });
  const skin = json.skins[0];
  const inverse = values(skin.inverseBindMatrices).rows;
  return { json, meshes, joints: skin.joints,
    inverse: skin.joints.map((_, i) => new THREE.Matrix4().fromArray(inverse, i * 16)) };
}

/** World matrices of all nodes with rotations (Euler xyz, radians) on named bones. */
function poseNodes(json, rotations) {
  const world = [];
  const walk = (number, parent) => {
    const { name, translation = [0, 0, 0], children = [] } = json.nodes[number];
    const local = new THREE.Matrix4();
    if (rotations[name]) local.makeRotationFromEuler(new THREE.Euler(...rotations[name]));
    local.setPosition(...translation);
    world[number] = parent.clone().multiply(local);
    for (const child of children) walk(child, world[number]);
  };
  for (const root of json.scenes[0].nodes) walk(root, new THREE.Matrix4());
  return world;
}

/** Skinned, morphed positions and normals of a mesh in world space. */
function skinMesh(avatar, mesh, matrices, expressions) {
  const { POSITION, NORMAL, JOINTS_0, WEIGHTS_0 } = mesh.attributes;
  const n = POSITION.length / 3;
  const pos = new Float64Array(n * 3), nrm = new Float64Array(n * 3);
  const rest = Float64Array.from(POSITION);
  for (const [name, weight] of Object.entries(expressions))
    mesh.morphs[name]?.forEach((x, i) => (rest[i] += x * weight));
  for (let i = 0; i < n; i++)
    for (let q = 0; q < 4; q++) {
      const w = WEIGHTS_0[i * 4 + q];
      if (!w) continue;
      const m = matrices[JOINTS_0[i * 4 + q]].elements;
      for (let k = 0; k < 3; k++) {
        let p = m[12 + k], d = 0;
        for (let c = 0; c < 3; c++) {
          p += m[c * 4 + k] * rest[i * 3 + c];
          d += m[c * 4 + k] * NORMAL[i * 3 + c];
        }
        pos[i * 3 + k] += p * w;
        nrm[i * 3 + k] += d * w;
      }
    }
  return { pos, nrm };
}

const KEY = new THREE.Vector3(0.45, 0.6, 0.7).normalize();
const RIM = new THREE.Vector3(-0.7, 0.35, -0.55).normalize();
const SKY = [0.62, 0.66, 0.74], GROUND = [0.36, 0.3, 0.27];
const KEY_LIGHT = [0.72, 0.67, 0.6], RIM_LIGHT = [0.2, 0.22, 0.26];

function light(nx, ny, nz) {
  const up = ny * 0.5 + 0.5;
  const wrap = (d) => Math.max(0, (nx * d.x + ny * d.y + nz * d.z + 0.25) / 1.25);
  const key = wrap(KEY), rim = wrap(RIM);
  return [0, 1, 2].map((k) =>
    GROUND[k] + (SKY[k] - GROUND[k]) * up + KEY_LIGHT[k] * key + RIM_LIGHT[k] * rim);
}

/** Bilinear texture fetch: linear rgb and alpha 0..1. */
function fetchTexel({ data, w, h }, u, v, out) {
  const x = Math.max(0, Math.min(w - 1.001, u * w - 0.5));
  const y = Math.max(0, Math.min(h - 1.001, v * h - 0.5));
  const x0 = Math.floor(x), y0 = Math.floor(y), fx = x - x0, fy = y - y0;
  out.fill(0);
  for (const [X, Y, f] of [[x0, y0, (1 - fx) * (1 - fy)], [x0 + 1, y0, fx * (1 - fy)],
    [x0, y0 + 1, (1 - fx) * fy], [x0 + 1, y0 + 1, fx * fy]]) {
    const i = (Math.min(h - 1, Y) * w + Math.min(w - 1, X)) * 4;
    for (let k = 0; k < 3; k++) out[k] += toLinear[data[i + k]] * f;
    out[3] += (data[i + 3] / 255) * f;
  }
}

/** Fills one triangle's pixels; `at` are screen x, y and depth of its corners. */
function fillTriangle(target, corners, at, shade) {
  const { w, h, depth } = target;
  const [[ax, ay, az], [bx, by, bz], [cx, cy, cz]] = at;
  const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
  if (!area) return;
  const x0 = Math.max(0, Math.floor(Math.min(ax, bx, cx)));
  const x1 = Math.min(w - 1, Math.ceil(Math.max(ax, bx, cx)));
  const y0 = Math.max(0, Math.floor(Math.min(ay, by, cy)));
  const y1 = Math.min(h - 1, Math.ceil(Math.max(ay, by, cy)));
  for (let y = y0; y <= y1; y++)
    for (let x = x0; x <= x1; x++) {
      const p = x + 0.5, q = y + 0.5;
      const s = ((bx - p) * (cy - q) - (cx - p) * (by - q)) / area;
      const t = ((cx - p) * (ay - q) - (ax - p) * (cy - q)) / area;
      const r = 1 - s - t;
      if (s < 0 || t < 0 || r < 0) continue;
      const z = s * az + t * bz + r * cz;
      if (z < depth[y * w + x]) shade(y * w + x, z, s, t, r);
    }
}

function drawMesh(target, mesh, { pos, nrm }, camera, recolour) {
  const { TEXCOORD_0, COLOR_0, _SLOT } = mesh.attributes;
  const { alphaMode, alphaCutoff } = mesh.material;
  const point = new THREE.Vector3();
  const screen = Array.from({ length: pos.length / 3 }, (_, i) => {
    point.set(pos[i * 3], pos[i * 3 + 1], pos[i * 3 + 2]);
    const z = point.clone().applyMatrix4(camera.matrixWorldInverse).z;
    point.project(camera);
    return [(point.x * 0.5 + 0.5) * target.w, (0.5 - point.y * 0.5) * target.h, -z];
  });
  const texel = [0, 0, 0, 0];
  const view = camera.position;
  for (let i = 0; i < mesh.idx.length; i += 3) {
    const [a, b, c] = mesh.idx.subarray(i, i + 3);
    const mix = (list, size, k, s, t, r) =>
      list[a * size + k] * s + list[b * size + k] * t + list[c * size + k] * r;
    fillTriangle(target, [a, b, c], [screen[a], screen[b], screen[c]], (pixel, z, s, t, r) => {
      const [u, v] = [0, 1].map((k) => mix(TEXCOORD_0, 2, k, s, t, r));
      fetchTexel(mesh.picture, u, v, texel);
      const alpha = texel[3];
      if (alphaMode === "MASK" && alpha < alphaCutoff) return;
      const n = [0, 1, 2].map((k) => mix(nrm, 3, k, s, t, r));
      const eye = ["x", "y", "z"].map((axis, k) => view[axis] - mix(pos, 3, k, s, t, r));
      const facing = n[0] * eye[0] + n[1] * eye[1] + n[2] * eye[2] < 0 ? -1 : 1;
      const length = (facing * Math.hypot(...n)) || 1;
      const lit = light(n[0] / length, n[1] / length, n[2] / length);
      const slot = _SLOT ? _SLOT[a] : 0;
      const wanted = slot && recolour?.[slot];
      const cover = alphaMode === "BLEND" ? alpha : 1;
      for (let k = 0; k < 3; k++) {
        const own = wanted ? wanted[k] : mix(COLOR_0, 4, k, s, t, r);
        const colour = texel[k] * own * lit[k];
        target.rgba[pixel * 4 + k] = target.rgba[pixel * 4 + k] * (1 - cover) + colour * cover;
      }
      target.rgba[pixel * 4 + 3] += (1 - target.rgba[pixel * 4 + 3]) * cover;
      if (alphaMode !== "BLEND") target.depth[pixel] = z;
    });
  }
}

const ORDER = { undefined: 0, OPAQUE: 0, MASK: 1, BLEND: 2 };

/**
 * Draws an avatar. pose: {bone: [x, y, z]} rotations; eye, look: camera; recolour: {slot: linear
 * rgb}; expressions: {morph: weight}. Returns size x size RGBA as a sharp picture.
 */
export function draw(avatar, { w, h, eye, look, fov = 25, pose = {}, recolour, expressions = {},
  samples = 3 }) {
  const camera = new THREE.PerspectiveCamera(fov, w / h, 0.05, 20);
  camera.position.set(...eye);
  camera.lookAt(...look);
  camera.updateMatrixWorld();
  const world = poseNodes(avatar.json, pose);
  const matrices = avatar.joints.map((node, i) => world[node].clone().multiply(avatar.inverse[i]));
  const target = { w: w * samples, h: h * samples };
  target.depth = new Float32Array(target.w * target.h).fill(Infinity);
  target.rgba = new Float32Array(target.w * target.h * 4);
  const sorted = [...avatar.meshes].sort((a, b) =>
    ORDER[a.material.alphaMode] - ORDER[b.material.alphaMode]);
  for (const mesh of sorted)
    drawMesh(target, mesh, skinMesh(avatar, mesh, matrices, expressions), camera, recolour);
  const out = Buffer.alloc(w * h * 4);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      const sum = [0, 0, 0, 0];
      for (let j = 0; j < samples; j++)
        for (let i = 0; i < samples; i++) {
          const from = ((y * samples + j) * target.w + x * samples + i) * 4;
          for (let k = 0; k < 4; k++) sum[k] += target.rgba[from + k];
        }
      const alpha = sum[3] / samples ** 2;
      const o = (y * w + x) * 4;
      for (let k = 0; k < 3; k++) out[o + k] = toByte(sum[k] / (sum[3] || 1));
      out[o + 3] = Math.round(alpha * 255);
    }
  return sharp(out, { raw: { width: w, height: h, channels: 4 } });
}
