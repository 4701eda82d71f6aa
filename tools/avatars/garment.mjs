// Garments and hair: fitting them to a shaped body, layering them, and cutting what they hide.
import * as THREE from "three";
import { mapSkin } from "./body.mjs";
import { bvhOf, components, erode, neighbours, vertexNormals, verticesOf } from "./mesh.mjs";

const clamp = (x, low, high) => Math.max(low, Math.min(high, x));
const smooth = (x) => clamp(x, 0, 1) ** 2 * (3 - 2 * clamp(x, 0, 1));
const at = (a, v) => new THREE.Vector3(a[v * 3], a[v * 3 + 1], a[v * 3 + 2]);

/**
 * Fits a proxy: position = sum(weight * body[ref]) + offset * scale. The exporter dropped the
 * scale, so it is found again for each axis from the design body's surface points.
 * `onHead` makes it follow the head's enlargement whole (hair that hangs over the shoulders).
 */
export function fitProxy(body, proxy, { onHead = false } = {}) {
  const surface = new Float64Array(proxy.n * 3);
  const extent = () => ({ low: Infinity, high: -Infinity });
  const now = [extent(), extent(), extent()];
  const design = [extent(), extent(), extent()];
  const grow = (e, x) => {
    e.low = Math.min(e.low, x);
    e.high = Math.max(e.high, x);
  };
  for (let v = 0; v < proxy.n; v++)
    for (let k = 0; k < 3; k++) {
      let x = 0;
      for (let q = 0; q < 3; q++)
        x += proxy.weight[v][q] * body.unscaled[proxy.ref[v][q] * 3 + k];
      surface[v * 3 + k] = x;
      grow(now[k], x);
      grow(design[k], proxy.orig[v * 3 + k] - proxy.offset[v][k]);
    }
  const MIN_EXTENT = 0.05;
  const scale = now.map((e, k) => {
    const was = design[k].high - design[k].low;
    return was > MIN_EXTENT ? clamp((e.high - e.low) / was, 0.7, 1.4) : 1;
  });
  const pos = new Float64Array(proxy.n * 3);
  for (let v = 0; v < proxy.n; v++) {
    let share = 0;
    for (let q = 0; q < 3; q++) share += proxy.weight[v][q] * body.head[proxy.ref[v][q]];
    const p = [0, 1, 2].map((k) => surface[v * 3 + k] + proxy.offset[v][k] * scale[k]);
    pos.set(body.headScale(p, onHead ? 1 : clamp(share, 0, 1)), v * 3);
  }
  return { ...proxy, pos, skin: proxy.skin.map(mapSkin) };
}

/** Morphs of a fitted proxy, from the body's by its reference vertices. */
export function proxyMorphs(body, proxy) {
  const out = {};
  for (const [name, delta] of Object.entries(body.morphs)) {
    out[name] = new Float64Array(proxy.n * 3);
    for (let v = 0; v < proxy.n; v++)
      for (let q = 0; q < 3; q++)
        for (let k = 0; k < 3; k++)
          out[name][v * 3 + k] += proxy.weight[v][q] * delta[proxy.ref[v][q] * 3 + k];
  }
  return out;
}

/**
 * Picks what a recipe asks of a proxy: pieces by number, and faces whose middle {u, v, x, y, z}
 * (picture and design space) passes `where`.
 */
export function selectFaces(proxy, { parts, dropBelow = 0, where = () => true }) {
  const mean = (list, at) => list.reduce((sum, i) => sum + at(i), 0) / list.length;
  const middle = (face) => ({
    u: mean(face.t, (t) => proxy.uv[t * 2]),
    v: mean(face.t, (t) => 1 - proxy.uv[t * 2 + 1]),
    x: mean(face.v, (v) => proxy.orig[v * 3]),
    y: mean(face.v, (v) => proxy.orig[v * 3 + 1]),
    z: mean(face.v, (v) => proxy.orig[v * 3 + 2]),
  });
  const faces = components(proxy.faces, proxy.n)
    .filter((piece, i) => (!parts || parts.includes(i)) && piece.n >= dropBelow)
    .flatMap((piece) => piece.faces)
    .filter((face) => where(middle(face)));
  return { ...proxy, faces };
}

/** Smooths bone weights along the cloth: the package's are abrupt at the crotch and armpits. */
export function smoothWeights(cloth, rounds) {
  const near = neighbours(cloth.faces, cloth.n);
  let weights = cloth.skin.map((list) => new Map(list));
  for (let r = 0; r < rounds; r++)
    weights = weights.map((own, v) => {
      if (!near[v].size) return own;
      const mixed = new Map();
      for (const [bone, w] of own) mixed.set(bone, w * 0.4);
      for (const other of near[v])
        for (const [bone, w] of weights[other])
          mixed.set(bone, (mixed.get(bone) ?? 0) + (w * 0.6) / near[v].size);
      return mixed;
    });
  const MIN_WEIGHT = 0.004;
  return { ...cloth, skin: weights.map((m) => [...m].filter(([, w]) => w > MIN_WEIGHT)) };
}

/** Stretches what lies below the hips downward: a short skirt becomes knee-length. In place. */
export function lengthen(cloth, body, factor) {
  const top = body.joints.leftUpperLeg[1] + 0.5;
  for (let v = 0; v < cloth.n; v++) {
    const y = cloth.pos[v * 3 + 1];
    if (y < top) cloth.pos[v * 3 + 1] = top - (top - y) * factor;
  }
}

/**
 * A skirt goes with the thighs: below the hip joint each vertex follows the leg of its side,
 * shared over a band in the middle, so seated thighs stay under the cloth. What hangs below the
 * knee follows the lower legs.
 */
export function skirtWeights(cloth, body) {
  const hip = body.joints.leftUpperLeg[1];
  const knee = body.joints.leftLowerLeg[1];
  const HIP_BAND = 0.9, MIDDLE_BAND = 0.75, KNEE_BAND = 0.5;
  const skin = cloth.skin.map((list, v) => {
    const [x, y] = [cloth.pos[v * 3], cloth.pos[v * 3 + 1]];
    const leg = smooth((hip + HIP_BAND * 0.75 - y) / HIP_BAND);
    if (!leg || list.some(([bone, w]) => /Arm|Hand/.test(bone) && w > 0.2)) return list;
    const left = smooth((x / MIDDLE_BAND + 1) / 2);
    const shin = smooth((knee - y) / KNEE_BAND);
    const mixed = new Map(list.map(([bone, w]) => [bone, w * (1 - leg)]));
    const give = (bone, w) => w > 0 && mixed.set(bone, (mixed.get(bone) ?? 0) + w);
    for (const [side, share] of [["left", left], ["right", 1 - left]]) {
      give(`${side}UpperLeg`, leg * share * (1 - shin));
      give(`${side}LowerLeg`, leg * share * shin);
    }
    return [...mixed];
  });
  return { ...cloth, skin };
}

/** Moves cloth vertices outward until they are `gap` outside of the surface. In place. */
function pushOut(cloth, bvh, gap, reach) {
  const MAX_PUSH = 0.35;
  const normals = vertexNormals(cloth.pos, cloth.faces, cloth.n);
  let push = new Float32Array(cloth.n);
  for (const v of verticesOf(cloth.faces)) {
    const p = at(cloth.pos, v);
    const hit = bvh.closestPointToPoint(p, {}, 0, reach);
    if (!hit) continue;
    const away = hit.point.clone().sub(p);
    const inside = away.dot(at(normals, v)) > 0;
    if (inside) push[v] = away.length() + gap;
    else if (away.length() < gap) push[v] = gap - away.length();
  }
  for (let r = 0; r < 3; r++) {
    const spread = Float32Array.from(push);
    for (const { v } of cloth.faces) {
      const most = Math.max(...v.map((a) => push[a]));
      for (const a of v) spread[a] = Math.max(spread[a], most * 0.55);
    }
    push = spread;
  }
  const near = neighbours(cloth.faces, cloth.n);
  for (let r = 0; r < 3; r++)
    push = push.map((x, v) => {
      if (!near[v].size) return x;
      let sum = 0;
      for (const other of near[v]) sum += push[other];
      return (x + sum / near[v].size) / 2;
    });
  for (let v = 0; v < cloth.n; v++)
    for (let k = 0; k < 3; k++)
      cloth.pos[v * 3 + k] += normals[v * 3 + k] * Math.min(push[v], MAX_PUSH);
}

/** Where an outer garment lies close over an inner one it takes its bone weights. */
function followInner(outer, inner) {
  const REACH = 0.45, FULL = 0.2;
  const bvh = bvhOf(inner.pos, inner.faces);
  const index = bvh.geometry.index.array;
  const used = new Set(verticesOf(outer.faces));
  outer.skin = outer.skin.map((own, v) => {
    if (!used.has(v)) return own;
    const p = at(outer.pos, v);
    const hit = bvh.closestPointToPoint(p, {}, 0, REACH);
    if (!hit) return own;
    const corners = [0, 1, 2].map((k) => index[hit.faceIndex * 3 + k]);
    const far = (a) => at(inner.pos, a).distanceToSquared(p);
    const nearest = corners.reduce((a, b) => (far(b) < far(a) ? b : a));
    const share = clamp((REACH - hit.distance) / (REACH - FULL), 0, 1);
    const mixed = new Map(own.map(([bone, w]) => [bone, w * (1 - share)]));
    for (const [bone, w] of inner.skin[nearest])
      mixed.set(bone, (mixed.get(bone) ?? 0) + w * share);
    return [...mixed];
  });
}

/** Vertices under the cover: an outward ray meets it within `far`, or they poke out < `out`. */
function covered(pos, normals, verts, bvh, far, out) {
  const ray = new THREE.Ray();
  const set = new Set();
  for (const v of verts) {
    const p = at(pos, v), n = at(normals, v);
    ray.origin.copy(p).addScaledVector(n, -0.02);
    ray.direction.copy(n);
    const over = bvh.raycastFirst(ray, THREE.DoubleSide, 0, far);
    ray.origin.copy(p);
    ray.direction.negate();
    if (over || bvh.raycastFirst(ray, THREE.DoubleSide, 0, out)) set.add(v);
  }
  return set;
}

const sink = (pos, normals, verts, depth) => {
  for (const v of verts)
    for (let k = 0; k < 3; k++) pos[v * 3 + k] -= normals[v * 3 + k] * depth;
};

/**
 * Layers garments (inner first): clear of the body and of each other, moving together. Pieces of
 * one item already fit each other.
 */
export function layer(garments, body) {
  const GAP = 0.05;
  const bodyBvh = bvhOf(body.pos, body.faces);
  garments.forEach((cloth, i) => {
    if (cloth.rule.rigid) return;
    pushOut(cloth, bodyBvh, cloth.rule.gap ?? GAP, 0.5);
    for (const inner of garments.slice(0, i))
      if (!inner.rule.rigid && inner.id !== cloth.id) {
        pushOut(cloth, bvhOf(inner.pos, inner.faces), cloth.rule.gap ?? GAP, 0.4);
        if (!cloth.rule.skirt) followInner(cloth, inner);
      }
  });
  garments.forEach((cloth, i) => {
    const normals = vertexNormals(cloth.pos, cloth.faces, cloth.n);
    const hidden = new Set();
    for (const outer of garments.slice(i + 1)) {
      if (outer.id === cloth.id) continue;
      const bvh = bvhOf(outer.pos, outer.faces);
      for (const v of covered(cloth.pos, normals, verticesOf(cloth.faces), bvh,
        outer.rule.far ?? 0.6, 0.1)) hidden.add(v);
    }
    const gone = erode(hidden, cloth.faces, 1);
    cloth.faces = cloth.faces.filter(({ v }) => !v.every((a) => gone.has(a)));
    sink(cloth.pos, normals, hidden, 0.06);
  });
}

/** Refuses an outfit that leaves the trunk bare: whoever edits a recipe finds out at once. */
function refuseBareTrunk(body, faces, veiled, isHose) {
  const TRUNK = /^(root|pelvis|spine0[3-5]|breast)/;
  const MOST_FACES = 12;
  const onTrunk = (v) => body.base.skin[v].reduce((sum, [bone, w]) =>
    sum + (TRUNK.test(bone) ? w : 0), 0) > 0.6;
  const bare = faces.filter((face) =>
    !isHose(face) && face.v.every((v) => onTrunk(v) && !veiled.has(v)));
  if (bare.length > MOST_FACES) throw new Error(`the outfit leaves ${bare.length} faces bare`);
}

/** The body faces that stay visible, and positions with the rim tucked in under the hems. */
export function cutBody(body, garments, isHose) {
  const normals = vertexNormals(body.pos, body.faces, body.n);
  const verts = verticesOf(body.faces).filter((v) => body.head[v] < 0.5);
  const under = new Set();
  const gone = new Set();
  const veiled = new Set();
  for (const cloth of garments) {
    const bvh = bvhOf(cloth.pos, cloth.faces);
    for (const v of covered(body.pos, normals, verts, bvh, 3, 0.6)) veiled.add(v);
    const here = covered(body.pos, normals, verts, bvh, cloth.rule.far ?? 0.7, 0.25);
    for (const v of here) under.add(v);
    if (!cloth.rule.skirt) for (const v of here) if (cloth.deleted[v]) gone.add(v);
  }
  for (const v of erode(under, body.faces, 2)) gone.add(v);
  const pos = Float64Array.from(body.pos);
  sink(pos, normals, under, 0.05);
  const faces = body.faces.filter(({ v }) => !v.every((a) => gone.has(a)));
  refuseBareTrunk(body, faces, veiled, isHose);
  return { pos, faces };
}
