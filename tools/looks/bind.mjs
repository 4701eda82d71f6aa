// Items with a shape of their own, bound to the neutral body: by rays and nearest points.
import { MeshBVH, MeshoptSimplifier, THREE } from "../avatars/deps.mjs";
import { pack, sortedTriangles } from "./pack.mjs";

await MeshoptSimplifier.ready;
const UNIT = 2000,
  PLACE_UNIT = 512;

/** Triangles of a body with their tree: for `bind`, `ray` and `nearest`. */
export function surface(pos, tris) {
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.BufferAttribute(Float32Array.from(pos), 3));
  geometry.setIndex([...tris]);
  return { pos, tris: Uint32Array.from(tris), bvh: new MeshBVH(geometry, { indirect: true }) };
}

export function ray(on, from, direction, far = 99) {
  const d = new THREE.Vector3(...direction).normalize();
  const hit = on.bvh.raycastFirst(
    new THREE.Ray(new THREE.Vector3(...from), d),
    THREE.DoubleSide,
    0,
    far,
  );
  return hit ? hit.point.toArray() : null;
}

export const nearest = (on, p) =>
  on.bvh.closestPointToPoint(new THREE.Vector3(...p)).point.toArray();

/** Nearest triangle, weights there, and what is left: three numbers each a vertex. */
export function bind(on, points) {
  const ref = [],
    weight = [],
    offset = [];
  const corner = [0, 1, 2].map(() => new THREE.Vector3());
  const at = new THREE.Vector3(),
    share = new THREE.Vector3();
  for (let i = 0; i < points.length; i += 3) {
    at.fromArray(points, i);
    const hit = on.bvh.closestPointToPoint(at);
    const three = [0, 1, 2].map((k) => on.tris[hit.faceIndex * 3 + k]);
    three.forEach((v, k) => corner[k].fromArray(on.pos, v * 3));
    THREE.Triangle.getBarycoord(hit.point, ...corner, share);
    const a = Math.round(Math.min(1, Math.max(0, share.x)) * 255);
    const b = Math.min(255 - a, Math.round(Math.min(1, Math.max(0, share.y)) * 255));
    ref.push(...three);
    weight.push(a, b);
    const w = [a / 255, b / 255, 1 - (a + b) / 255];
    for (let k = 0; k < 3; k++)
      offset.push(points[i + k] - three.reduce((sum, v, q) => sum + w[q] * on.pos[v * 3 + k], 0));
  }
  return { ref, weight, offset };
}

const SHARES = { hair: [0.3, 0.09], brow: [0.4, 0.2], beard: [0.16, 0.06], other: [0.4, 0.15] };

/** The triangles of a part at three levels. */
function levelsOf(pos, idx, kind) {
  const [near, far] = SHARES[kind] ?? SHARES.other;
  const P = Float32Array.from(pos);
  const less = (share) => {
    if (idx.length <= 24 * 3) return [...idx];
    const count = Math.max(24, Math.round((idx.length / 3) * share)) * 3;
    const error = 0.6;
    let [out] = MeshoptSimplifier.simplify(Uint32Array.from(idx), P, 3, count, error, []);
    if (out.length > count * 1.6)
      [out] = MeshoptSimplifier.simplifySloppy(Uint32Array.from(idx), P, 3, null, count, 0.2);
    return [...out];
  };
  return [[...idx], less(near), less(far)];
}

/**
 * An item's file. shape: {pos, place, sky?, parts: [{idx, zone, kind?}]}; meta: of BoundMeta in
 * web/src/looks/bound.ts; hides: base vertices that it covers whole.
 */
export function packBound(on, shape, meta, { levels = "other", hides = [] } = {}) {
  const n = shape.pos.length / 3;
  const { ref, weight, offset } = bind(on, shape.pos);
  const step = (x, unit) => Math.max(-32767, Math.min(32767, Math.round(x * unit)));
  const parts = shape.parts.map(({ zone, kind }, i) => ({
    name: `p${i}`,
    zone,
    ...(kind ? { kind } : {}),
  }));
  const tris = shape.parts.flatMap(({ idx }, i) =>
    levelsOf(shape.pos, idx, levels).map((list, level) => ({
      name: `p${i}${level}`,
      type: "u16",
      codec: "tris",
      data: sortedTriangles(list),
    })),
  );
  return pack({ v: 1, unit: UNIT, place_unit: PLACE_UNIT, ...meta, parts }, [
    { name: "ref", type: "u16", stride: 3, data: ref },
    { name: "weight", type: "u8", stride: 2, data: weight },
    { name: "offset", type: "i16", stride: 3, data: offset.map((x) => step(x, UNIT)) },
    { name: "place", type: "i16", stride: 2, data: shape.place.map((x) => step(x, PLACE_UNIT)) },
    { name: "sky", type: "u8", data: shape.sky ?? new Array(n).fill(255) },
    { name: "hides", type: "u16", data: [...hides].sort((a, b) => a - b) },
    ...tris,
  ]);
}

export const emptyShape = () => ({ pos: [], place: [], sky: [], parts: [] });

/** Joins shapes; parts of equal zone and kind become one. */
export function joined(...shapes) {
  const out = emptyShape();
  for (const shape of shapes) {
    const first = out.pos.length / 3;
    const n = shape.pos.length / 3;
    for (const x of shape.pos) out.pos.push(x);
    for (const x of shape.place) out.place.push(x);
    for (let v = 0; v < n; v++) out.sky.push(shape.sky?.[v] ?? 255);
    for (const { idx, zone, kind } of shape.parts) {
      let part = out.parts.find((one) => one.zone === zone && one.kind === kind);
      if (!part) out.parts.push((part = { zone, kind, idx: [] }));
      for (const v of idx) part.idx.push(first + v);
    }
  }
  return out;
}
