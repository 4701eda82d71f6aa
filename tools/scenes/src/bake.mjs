// Ambient occlusion by rays, kept in vertex colours and in the floor's picture.
import * as THREE from 'three';
import { MeshBVH } from 'three-mesh-bvh';
import { MATERIALS } from './model.mjs';
import { mergeGeometries, random } from './shapes.mjs';

const RAYS = 56;
const FLOOR_RAYS = 80;
// Things that let light through or give it do not shade others.
const CLEAR = new Set(['glass', 'sky', 'far', 'bulb', 'fire', 'flame', 'lamp', 'water', 'art']);

// Evenly spread directions around +z, denser where light counts more (cosine).
const directions = (n) =>
  Array.from({ length: n }, (_, i) => {
    const r = Math.sqrt((i + 0.5) / n),
      a = i * 2.399963;
    return new THREE.Vector3(r * Math.cos(a), r * Math.sin(a), Math.sqrt(1 - r * r));
  });

export class Shade {
  constructor(meshes, reach_m) {
    const solid = [...meshes]
      .filter(([mat]) => !CLEAR.has(mat))
      .map(([, g]) => {
        const bare = new THREE.BufferGeometry();
        bare.setAttribute('position', g.attributes.position.clone());
        bare.setIndex(g.index.clone());
        return bare;
      });
    this.bvh = new MeshBVH(mergeGeometries(solid));
    this.reach = reach_m;
    this.rnd = random(7);
    this.ray = new THREE.Ray();
    this.up = new THREE.Vector3(0, 0, 1);
    this.q = new THREE.Quaternion();
    this.sets = new Map();
  }

  // 1 = open, 0 = closed in. Near things count more than far ones.
  at(point, normal, rays = RAYS) {
    if (!this.sets.has(rays)) this.sets.set(rays, directions(rays));
    this.q.setFromUnitVectors(this.up, normal);
    const spin = this.rnd() * Math.PI * 2,
      [s, c] = [Math.sin(spin), Math.cos(spin)];
    let dark = 0;
    for (const d of this.sets.get(rays)) {
      this.ray.direction.set(d.x * c - d.y * s, d.x * s + d.y * c, d.z).applyQuaternion(this.q);
      this.ray.origin.copy(point).addScaledVector(normal, 0.004);
      const hit = this.bvh.raycastFirst(this.ray, THREE.DoubleSide, 0, this.reach);
      if (hit) dark += (1 - hit.distance / this.reach) ** 0.8;
    }
    return Math.max(0, 1 - (dark / rays) * 1.15);
  }
}

// Light that bounces off a coloured thing tints its own shadow (Jimenez and others, 2016).
export const tinted = (open, albedo) => {
  const a = 2.0404 * albedo - 0.3324,
    b = -4.7951 * albedo + 0.6417,
    c = 2.7552 * albedo + 0.6903;
  return Math.max(open, ((open * a + b) * open + c) * open);
};

export function shadeVertices(meshes, shade) {
  const p = new THREE.Vector3(),
    n = new THREE.Vector3();
  for (const [mat, g] of meshes) {
    const c = g.attributes.color,
      known = new Map();
    const skip = CLEAR.has(mat) && mat !== 'art';
    for (let i = 0; i < c.count; i++) {
      const weight = c.getW(i) * (MATERIALS[mat].ao ?? 1);
      c.setW(i, 1);
      if (skip || weight === 0) continue;
      p.fromBufferAttribute(g.attributes.position, i);
      n.fromBufferAttribute(g.attributes.normal, i).normalize();
      if (!(n.lengthSq() > 0.5)) continue;
      const key =
        [p.x, p.y, p.z].map((v) => Math.round(v * 1e3)).join() +
        [n.x, n.y, n.z].map((v) => Math.round(v * 8)).join();
      if (!known.has(key)) known.set(key, shade.at(p, n));
      const open = 1 - weight * (1 - known.get(key));
      c.setXYZ(
        i,
        ...[c.getX(i), c.getY(i), c.getZ(i)].map((v) => v * tinted(open, Math.min(0.9, v))),
      );
    }
  }
}

// Light of small lamps painted on, since only three can shine at run time.
export function glowVertices(meshes, glow) {
  for (const [mat, g] of meshes) {
    if (CLEAR.has(mat)) continue;
    const [p, c] = [g.attributes.position, g.attributes.color];
    for (let i = 0; i < c.count; i++) {
      const k = glow(p.getX(i), p.getY(i), p.getZ(i));
      c.setXYZ(i, c.getX(i) * k[0], c.getY(i) * k[1], c.getZ(i) * k[2]);
    }
  }
}

// Openness of the ground as a small picture, w x h cells over size[0] x size[1] metres.
export function shadeFloor(shade, size, w, h) {
  const out = new Float32Array(w * h),
    p = new THREE.Vector3(),
    n = new THREE.Vector3(0, 1, 0);
  for (let j = 0; j < h; j++) {
    for (let i = 0; i < w; i++) {
      p.set(((i + 0.5) / w - 0.5) * size[0], 0.002, ((j + 0.5) / h - 0.5) * size[1]);
      out[j * w + i] = shade.at(p, n, FLOOR_RAYS);
    }
  }
  return (u, v) => {
    const x = Math.min(w - 1.001, Math.max(0, u * w - 0.5)),
      y = Math.min(h - 1.001, Math.max(0, v * h - 0.5));
    const [i, j] = [Math.floor(x), Math.floor(y)],
      [fx, fy] = [x - i, y - j];
    const row = (k) => out[k * w + i] * (1 - fx) + out[k * w + i + 1] * fx;
    return row(j) * (1 - fy) + row(j + 1) * fy;
  };
}
