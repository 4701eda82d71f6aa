// Indexed meshes ("parts") and what is done to them: building, joining, reducing, smoothing.
//
// A part: pos, nrm [3 a vertex], uv [2], shade [1, 0..1 occlusion], tint [3, linear colour before
// the shade], slot [1], skin [list of [bone, weight] a vertex], v [vertex it came from],
// idx (triangles), morphs {name: [3 a vertex]} or null.
import * as THREE from "three";
import { MeshoptSimplifier } from "meshoptimizer";
import { MeshBVH } from "three-mesh-bvh";

await MeshoptSimplifier.ready;

const FIELDS = { pos: 3, nrm: 3, uv: 2, shade: 1, tint: 3, slot: 1, skin: 1, v: 1 };
const emptyPart = (names) => ({
  ...Object.fromEntries(Object.keys(FIELDS).map((key) => [key, []])),
  idx: [],
  morphs: names ? Object.fromEntries(names.map((name) => [name, []])) : null,
});

/** Bone weights with each bone renamed and equal names summed. */
export function renameBones(list, rename) {
  const sums = new Map();
  for (const [bone, w] of list) sums.set(rename(bone), (sums.get(rename(bone)) ?? 0) + w);
  return [...sums];
}

export const triangles = (part) => part.idx.length / 3;
export const verticesOf = (faces) => [...new Set(faces.flatMap((face) => face.v))];

/** Faces and per-vertex arrays -> a part with one vertex for each (vertex, uv) pair. */
export function buildPart(faces, { pos, nrm, skin, uvAt, morphs = null, slot = 0 }) {
  const part = emptyPart(morphs && Object.keys(morphs));
  const seen = new Map();
  const corner = (v, t) => {
    const key = `${v}_${t}`;
    if (!seen.has(key)) {
      seen.set(key, part.v.length);
      for (let k = 0; k < 3; k++) {
        part.pos.push(pos[v * 3 + k]);
        part.nrm.push(nrm[v * 3 + k]);
        for (const name in part.morphs) part.morphs[name].push(morphs[name][v * 3 + k]);
      }
      part.uv.push(...uvAt(t, v));
      part.shade.push(1);
      part.tint.push(1, 1, 1);
      part.slot.push(slot);
      part.skin.push(skin[v]);
      part.v.push(v);
    }
    return seen.get(key);
  };
  for (const { v, t } of faces)
    for (let k = 1; k < v.length - 1; k++)
      part.idx.push(corner(v[0], t?.[0]), corner(v[k], t?.[k]), corner(v[k + 1], t?.[k + 1]));
  return part;
}

/** Joins parts; morphs that one part lacks stand still there. */
export function mergeParts(parts) {
  const names = [...new Set(parts.flatMap((part) => Object.keys(part.morphs ?? {})))];
  const out = emptyPart(names.length ? names : null);
  for (const part of parts) {
    const first = out.v.length;
    for (const i of part.idx) out.idx.push(i + first);
    for (const key in FIELDS) for (const x of part[key]) out[key].push(x);
    for (const name of names) {
      const delta = part.morphs?.[name];
      for (let i = 0; i < part.pos.length; i++) out.morphs[name].push(delta ? delta[i] : 0);
    }
  }
  return out;
}

/** Keeps the vertices at `order` (old numbers), in that order; idx are new numbers. */
export function pickVertices(part, order, idx) {
  const out = emptyPart(part.morphs && Object.keys(part.morphs));
  out.idx = idx;
  for (const i of order) {
    for (const [key, size] of Object.entries(FIELDS))
      for (let k = 0; k < size; k++) out[key].push(part[key][i * size + k]);
    for (const name in part.morphs)
      for (let k = 0; k < 3; k++) out.morphs[name].push(part.morphs[name][i * 3 + k]);
  }
  return out;
}

/** Drops vertices that no triangle uses. */
function compact(part, idx) {
  const order = [];
  const renumber = new Map();
  const fresh = [];
  for (const i of idx) {
    if (!renumber.has(i)) {
      renumber.set(i, order.length);
      order.push(i);
    }
    fresh.push(renumber.get(i));
  }
  return pickVertices(part, order, fresh);
}

const GUARDED_MORPHS = ["blinkLeft", "blinkRight", "aa", "happy"];

/** Reduces to about `count` triangles; keeps seams, shading and what the face moves. */
export function simplify(part, count, options = {}) {
  const { error = 0.05, lock = false, uvWeight = 0.4, sloppy = false } = options;
  if (triangles(part) <= count) return part;
  const guarded = part.morphs ? GUARDED_MORPHS : [];
  const n = part.v.length;
  const size = 6 + guarded.length * 3;
  const attributes = new Float32Array(n * size);
  for (let i = 0; i < n; i++) {
    const row = [...part.nrm.slice(i * 3, i * 3 + 3), part.uv[i * 2], part.uv[i * 2 + 1],
      part.slot[i]];
    for (const name of guarded) row.push(...part.morphs[name].slice(i * 3, i * 3 + 3));
    attributes.set(row, i * size);
  }
  const weights = [0.6, 0.6, 0.6, uvWeight, uvWeight, 1, ...guarded.flatMap(() => [0.4, 0.4, 0.4])];
  const pos = Float32Array.from(part.pos);
  let [idx] = MeshoptSimplifier.simplifyWithAttributes(Uint32Array.from(part.idx), pos, 3,
    attributes, size, weights, null, count * 3, error, lock ? ["LockBorder"] : []);
  if (sloppy && idx.length > count * 3 * 1.15)
    [idx] = MeshoptSimplifier.simplifySloppy(Uint32Array.from(idx), pos, 3, null, count * 3, 0.1);
  return compact(part, [...idx]);
}

export function vertexNormals(pos, faces, n) {
  const out = new Float64Array(n * 3);
  for (const { v } of faces) {
    const sum = [0, 0, 0];
    v.forEach((a, q) => {
      const b = v[(q + 1) % v.length];
      for (let k = 0; k < 3; k++) {
        const [i, j] = [(k + 1) % 3, (k + 2) % 3];
        sum[k] += (pos[a * 3 + i] - pos[b * 3 + i]) * (pos[a * 3 + j] + pos[b * 3 + j]);
      }
    });
    for (const a of v) for (let k = 0; k < 3; k++) out[a * 3 + k] += sum[k];
  }
  for (let v = 0; v < n; v++) {
    const length = Math.hypot(...out.subarray(v * 3, v * 3 + 3)) || 1;
    for (let k = 0; k < 3; k++) out[v * 3 + k] /= length;
  }
  return out;
}

/** Ray and distance queries over polygon faces; hit.faceIndex counts triangles. */
export function bvhOf(pos, faces) {
  const idx = [];
  for (const { v } of faces)
    for (let k = 1; k < v.length - 1; k++) idx.push(v[0], v[k], v[k + 1]);
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.BufferAttribute(Float32Array.from(pos), 3));
  geometry.setIndex(idx);
  return new MeshBVH(geometry);
}

/** Sets of neighbours along face edges. */
export function neighbours(faces, n) {
  const near = Array.from({ length: n }, () => new Set());
  for (const { v } of faces)
    v.forEach((a, k) => {
      const b = v[(k + 1) % v.length];
      near[a].add(b);
      near[b].add(a);
    });
  return near;
}

/** Distance of every vertex from the open border, along the edges. */
export function borderDistance(pos, faces, n) {
  const uses = new Map();
  const key = (a, b) => (a < b ? a * n + b : b * n + a);
  for (const { v } of faces)
    v.forEach((a, k) => {
      const edge = key(a, v[(k + 1) % v.length]);
      uses.set(edge, (uses.get(edge) ?? 0) + 1);
    });
  const distance = new Float64Array(n).fill(Infinity);
  let front = new Set();
  for (const [edge, count] of uses)
    if (count === 1) for (const v of [Math.floor(edge / n), edge % n]) front.add(v);
  for (const v of front) distance[v] = 0;
  const near = neighbours(faces, n);
  const step = (a, b) => Math.hypot(...[0, 1, 2].map((k) => pos[a * 3 + k] - pos[b * 3 + k]));
  while (front.size) {
    const next = new Set();
    for (const a of front)
      for (const b of near[a]) {
        const d = distance[a] + step(a, b);
        if (d >= distance[b] - 1e-9) continue;
        distance[b] = d;
        next.add(b);
      }
    front = next;
  }
  return distance;
}

/** Connected pieces, largest first: [{faces, n}]. */
export function components(faces, n) {
  const up = Array.from({ length: n }, (_, i) => i);
  const find = (a) => {
    while (up[a] !== a) a = up[a] = up[up[a]];
    return a;
  };
  for (const { v } of faces) for (const a of v) up[find(a)] = find(v[0]);
  const pieces = new Map();
  for (const face of faces) {
    const root = find(face.v[0]);
    if (!pieces.has(root)) pieces.set(root, []);
    pieces.get(root).push(face);
  }
  return [...pieces.values()]
    .map((list) => ({ faces: list, n: verticesOf(list).length }))
    .sort((a, b) => b.n - a.n);
}

/** Takes `rings` rings of border vertices off a vertex set. */
export function erode(set, faces, rings) {
  let left = set;
  for (let r = 0; r < rings; r++) {
    const border = new Set();
    for (const { v } of faces) if (v.some((a) => !left.has(a))) v.forEach((a) => border.add(a));
    left = new Set([...left].filter((a) => !border.has(a)));
  }
  return left;
}
