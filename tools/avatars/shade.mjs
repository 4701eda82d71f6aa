// Light that stays: ambient occlusion by rays, and how far hair covers the scalp.
import * as THREE from "three";

const RAYS = 28;
const GOLDEN_ANGLE = 2.399963;
/** Cosine-spread directions about +z. */
const DIRECTIONS = Array.from({ length: RAYS }, (_, i) => {
  const u = (i + 0.5) / RAYS, r = Math.sqrt(u), turn = i * GOLDEN_ANGLE;
  return new THREE.Vector3(r * Math.cos(turn), r * Math.sin(turn), Math.sqrt(1 - u));
});
const REACH = 2, HAIR_REACH = 1.5;
const Z = new THREE.Vector3(0, 0, 1);

/** Openness 0.25..1 at each vertex of a part; hair shades softly, and not itself. */
export function occlude(part, solid, hair) {
  const ray = new THREE.Ray(), turn = new THREE.Quaternion();
  const known = new Map();
  const openness = (i) => {
    const normal = new THREE.Vector3(...part.nrm.slice(i * 3, i * 3 + 3));
    turn.setFromUnitVectors(Z, normal);
    ray.origin.set(...part.pos.slice(i * 3, i * 3 + 3)).addScaledVector(normal, 0.04);
    let dark = 0;
    for (const direction of DIRECTIONS) {
      ray.direction.copy(direction).applyQuaternion(turn);
      const hit = solid.raycastFirst(ray, THREE.DoubleSide, 0, REACH);
      if (hit) dark += 1 - (hit.distance / REACH) * 0.7;
      else if (hair) {
        const strand = hair.raycastFirst(ray, THREE.DoubleSide, 0, HAIR_REACH);
        if (strand) dark += 0.55 * (1 - (strand.distance / HAIR_REACH) * 0.7);
      }
    }
    return 1 - Math.min(0.75, (dark / RAYS) * 0.85);
  };
  for (let i = 0; i < part.v.length; i++) {
    const v = part.v[i];
    if (!known.has(v)) known.set(v, openness(i));
    part.shade[i] = known.get(v);
  }
}

/** Skin darkens warmly: the shade goes into its tint, less in red. */
export function warmShade(part) {
  for (let i = 0; i < part.v.length; i++) {
    const open = part.shade[i];
    [0.35, 0.1, 0.05].forEach((keep, k) => (part.tint[i * 3 + k] = open + (1 - open) * keep));
    part.shade[i] = 1;
  }
}

const SPREAD = [-0.5, 0, 0.5].flatMap((x) => [-0.5, 0, 0.5].map((y) => [x, y]));

/** Share 0..1 of rays from a skin vertex that meet hair within `reach`. */
export function hairCover(pos, normals, v, hair, reach) {
  const p = new THREE.Vector3(pos[v * 3], pos[v * 3 + 1], pos[v * 3 + 2]);
  const n = new THREE.Vector3(normals[v * 3], normals[v * 3 + 1], normals[v * 3 + 2]);
  const across = new THREE.Vector3(0, 1, 0).cross(n).normalize();
  const along = n.clone().cross(across);
  const ray = new THREE.Ray(p.addScaledVector(n, -0.06));
  const hits = SPREAD.filter(([x, y]) => {
    ray.direction.copy(n).addScaledVector(across, x).addScaledVector(along, y).normalize();
    return hair.raycastFirst(ray, THREE.DoubleSide, 0, reach);
  });
  return hits.length / SPREAD.length;
}
