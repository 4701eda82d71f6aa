// Collects the parts of a scene by material, in scene coordinates.
import { THREE, mergeGeometries, tidy } from './shapes.mjs';

// cast: may throw a shadow; tile: metres that one repeat of the texture covers.
export const MATERIALS = {
  matte: { rough: 0.82, cast: true },
  trim: { rough: 0.8, ao: 0.4 },
  drape: { rough: 0.96, tile: 0.5, map: 'fabric' },
  soft: { rough: 0.96, tile: 0.5, map: 'fabric', cast: true },
  wood: { rough: 0.58, tile: 0.8, map: 'grain', cast: true },
  gloss: { rough: 0.28, cast: true },
  metal: { rough: 0.34, metal: 0.75, cast: true },
  leaf: { rough: 0.72, cast: true, both: true },
  art: { rough: 0.75, map: 'art' },
  glass: { rough: 0.08, colour: [0.85, 0.95, 1, 0.22], blend: true },
  water: { rough: 0.06, metal: 0.1, colour: [1, 1, 1, 0.82], blend: true },
  lamp: { rough: 0.9, glow: '#ffae60', strength: 0.68 },
  bulb: { rough: 0.6, glow: '#ffc66e', strength: 0.95 },
  fire: { rough: 1, glow: '#ff6a12', strength: 0.95 },
  flame: { rough: 1, glow: '#ffb52e', strength: 1 },
  wall: { rough: 0.94, tile: 2, map: 'wall' },
  brick: { rough: 0.95, tile: 1, map: 'brick' },
  floor: { rough: 0.62, map: 'floor' },
  sky: { unlit: true, map: 'sky' },
  far: { unlit: true },
};

export class Model {
  constructor() {
    this.parts = new Map();
    this.stack = [new THREE.Matrix4()];
  }

  // Everything that f adds stands in a frame at [x, y, z], turned by yaw (and pitch, roll).
  inside([x, y, z], yaw, f, scale = 1, pitch = 0, roll = 0) {
    const m = new THREE.Matrix4().compose(
      new THREE.Vector3(x, y, z),
      new THREE.Quaternion().setFromEuler(new THREE.Euler(pitch, yaw, roll, 'YXZ')),
      new THREE.Vector3(scale, scale, scale),
    );
    this.stack.push(this.stack.at(-1).clone().multiply(m));
    f(this);
    this.stack.pop();
  }

  // turn: [pitch, yaw, roll] applied roll first. shade(y of the part, 0..1) brightens upwards.
  add(g, mat, colour, at = [0, 0, 0], turn = [0, 0, 0], { scale = 1, shade = 0, ao = 1 } = {}) {
    if (!MATERIALS[mat]) throw new Error(`no material ${mat}`);
    const s = Array.isArray(scale) ? scale : [scale, scale, scale];
    const local = new THREE.Matrix4().compose(
      new THREE.Vector3(...at),
      new THREE.Quaternion().setFromEuler(new THREE.Euler(turn[0], turn[1], turn[2], 'YXZ')),
      new THREE.Vector3(...s),
    );
    const n = g.attributes.position.count,
      c = new THREE.Color(colour);
    const colours = new Float32Array(n * 4);
    g.computeBoundingBox();
    const { min, max } = g.boundingBox,
      high = Math.max(1e-6, max.y - min.y);
    for (let i = 0; i < n; i++) {
      const k = 1 + shade * ((g.attributes.position.getY(i) - min.y) / high - 0.5);
      colours.set([c.r * k, c.g * k, c.b * k, ao], i * 4);
    }
    const out = new THREE.BufferGeometry();
    for (const a of ['position', 'normal', 'uv']) out.setAttribute(a, g.attributes[a].clone());
    out.setIndex(g.index ? g.index.clone() : [...Array(n).keys()]);
    out.setAttribute('color', new THREE.BufferAttribute(colours, 4));
    const tile = MATERIALS[mat].tile;
    if (tile) for (let i = 0; i < n * 2; i++) out.attributes.uv.array[i] /= tile;
    out.applyMatrix4(this.stack.at(-1).clone().multiply(local));
    if (!this.parts.has(mat)) this.parts.set(mat, []);
    this.parts.get(mat).push(tidy(out));
    return this;
  }

  merged() {
    return new Map([...this.parts].map(([mat, list]) => [mat, mergeGeometries(list)]));
  }
}
