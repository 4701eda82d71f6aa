// Shapes that furniture is made of. Metres; uv in metres too, so that one tile fits all.
import * as THREE from 'three';
import { mergeGeometries, mergeVertices } from 'three/addons/utils/BufferGeometryUtils.js';

const TAU = Math.PI * 2,
  EDGE_M = 0.0125;

export const random = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

function geometry(position, normal, uv, index) {
  const g = new THREE.BufferGeometry();
  g.setAttribute('position', new THREE.Float32BufferAttribute(position, 3));
  g.setAttribute('normal', new THREE.Float32BufferAttribute(normal, 3));
  g.setAttribute('uv', new THREE.Float32BufferAttribute(uv, 2));
  g.setIndex(index);
  return g;
}

// Normals over all seams of uv: vertices in one place share their normal.
export function smooth(g) {
  const bare = new THREE.BufferGeometry();
  bare.setAttribute('position', g.attributes.position.clone());
  bare.setIndex(g.index.clone());
  const key = (a, i) => [0, 1, 2].map((k) => Math.round(a.array[i * 3 + k] * 5e3)).join();
  const joined = mergeVertices(bare, 1e-4);
  joined.computeVertexNormals();
  const at = new Map();
  for (let i = 0; i < joined.attributes.position.count; i++) {
    at.set(key(joined.attributes.position, i), i);
  }
  const n = g.attributes.normal;
  for (let i = 0; i < n.count; i++) {
    const j = at.get(key(g.attributes.position, i));
    if (j !== undefined)
      n.setXYZ(i, ...[0, 1, 2].map((k) => joined.attributes.normal.array[j * 3 + k]));
  }
  return g;
}

// Moves every point by f(x, y, z) -> [x, y, z].
export function shape(g, f) {
  const p = g.attributes.position;
  for (let i = 0; i < p.count; i++) p.setXYZ(i, ...f(p.getX(i), p.getY(i), p.getZ(i)));
  return smooth(g);
}

const ticks = (half, r, seg, max) => {
  const flat = Math.max(0, half - r),
    n = Math.max(1, Math.ceil((2 * flat) / max)),
    out = [];
  for (let k = seg; k > 0; k--) out.push(-flat - r * Math.tan(((k / seg) * Math.PI) / 4));
  for (let k = 0; k <= n; k++) out.push(-flat + (2 * flat * k) / n);
  for (let k = 1; k <= seg; k++) out.push(flat + r * Math.tan(((k / seg) * Math.PI) / 4));
  return out;
};

// A box with round edges; puff swells its faces like a cushion. Stands on y = 0.
export function rbox(w, h, d, r = 0.02, { seg = 1, max = 0.34, puff = 0, open = '' } = {}) {
  const half = [w / 2, h / 2, d / 2];
  r = Math.min(r, ...half);
  // So small a round edge is never seen.
  if (r <= EDGE_M && !puff) [r, seg] = [0, 0];
  const t = half.map((v) => ticks(v, r, seg, max));
  const pos = [],
    nor = [],
    uv = [],
    index = [];
  for (let axis = 0; axis < 3; axis++) {
    const [a, b] = [(axis + 1) % 3, (axis + 2) % 3];
    for (const s of [1, -1]) {
      if (open.includes((s > 0 ? '+' : '-') + 'xyz'[axis])) continue;
      const base = pos.length / 3;
      for (const va of t[a]) {
        for (const vb of t[b]) {
          const p = [0, 0, 0];
          p[axis] = s * half[axis];
          p[a] = va;
          p[b] = vb;
          const inner = p.map((v, k) => Math.max(-half[k] + r, Math.min(half[k] - r, v)));
          const n = p.map((v, k) => v - inner[k]);
          if (r === 0) n[axis] = s;
          const len = Math.hypot(...n) || 1;
          const swell = puff * (1 - (va / half[a]) ** 2) * (1 - (vb / half[b]) ** 2);
          p.forEach((_, k) => {
            p[k] = inner[k] + (n[k] / len) * (r + Math.max(0, swell));
          });
          pos.push(p[0], p[1] + half[1], p[2]);
          nor.push(...n.map((v) => v / len));
          // The grain runs along the longer way of the face.
          uv.push(...(half[a] >= half[b] ? [va, vb] : [vb, va]));
        }
      }
      const nb = t[b].length;
      for (let i = 0; i + 1 < t[a].length; i++) {
        for (let k = 0; k + 1 < nb; k++) {
          const q = [
            base + i * nb + k,
            base + (i + 1) * nb + k,
            base + (i + 1) * nb + k + 1,
            base + i * nb + k + 1,
          ];
          if (s > 0) index.push(q[0], q[1], q[2], q[0], q[2], q[3]);
          else index.push(q[0], q[2], q[1], q[0], q[3], q[2]);
        }
      }
    }
  }
  const g = geometry(pos, nor, uv, index);
  return puff ? smooth(g) : g;
}

export const slab = (w, h, d, open = '-y') => rbox(w, h, d, 0, { seg: 0, max: 9, open });

// Turned around y from [radius, y] pairs, bottom to top.
export function lathe(profile, sides = 20, { arc = TAU, from = 0 } = {}) {
  const pts = profile.map(([x, y]) => new THREE.Vector2(x, y));
  const g = new THREE.LatheGeometry(pts, sides, from, arc);
  const uv = g.attributes.uv,
    r = Math.max(...profile.map((p) => p[0]));
  const high = profile[profile.length - 1][1] - profile[0][1];
  for (let i = 0; i < uv.count; i++) uv.setXY(i, uv.getX(i) * r * arc, uv.getY(i) * high);
  return g;
}
export const drum = (r, h, bevel = 0.01, sides = 20, top = r) =>
  lathe(
    [
      [0, 0],
      [r - bevel, 0],
      [r, bevel],
      [top, h - bevel],
      [top - bevel, h],
      [0, h],
    ].slice(h < 0.02 ? 2 : 0),
    sides,
  );

// A round bar through points; r may be a function of 0..1.
export function tube(points, r, { sides = 6, steps = 12, closed = false, straight = false } = {}) {
  const pts = points.map((p) => new THREE.Vector3(...p));
  const path = straight ? new THREE.CurvePath() : new THREE.CatmullRomCurve3(pts, closed);
  if (straight) pts.slice(1).forEach((p, i) => path.add(new THREE.LineCurve3(pts[i], p)));
  const n = straight ? pts.length - 1 : steps;
  const g = new THREE.TubeGeometry(path, n, 1, sides, closed);
  const frames = path.computeFrenetFrames(n, closed),
    p = g.attributes.position;
  for (let i = 0; i <= n; i++) {
    const c = path.getPointAt(i / n),
      radius = typeof r === 'function' ? r(i / n) : r;
    for (let k = 0; k <= sides; k++) {
      const a = (k / sides) * TAU,
        j = i * (sides + 1) + k;
      const v = frames.normals[i]
        .clone()
        .multiplyScalar(-Math.cos(a))
        .addScaledVector(frames.binormals[i], Math.sin(a))
        .multiplyScalar(radius)
        .add(c);
      p.setXYZ(j, v.x, v.y, v.z);
      g.attributes.uv.setXY(j, (i / n) * path.getLength(), (k / sides) * 0.1);
    }
  }
  return g;
}

// Long bars get rings between, so that shade at their ends stays there.
export const bar = (from, to, r0, r1 = r0, sides = 6) => {
  const n = Math.hypot(...from.map((v, k) => to[k] - v)) > 0.6 ? 4 : 1;
  const points = Array.from({ length: n + 1 }, (_, i) =>
    from.map((v, k) => v + ((to[k] - v) * i) / n),
  );
  return tube(points, (k) => r0 + (r1 - r0) * k, { sides, straight: true });
};

// A ball with bumps: bushes, stones, pastry.
export function lump(r, { detail = 2, rough = 0.12, seed = 1, squash = 1 } = {}) {
  const g = mergeVertices(
    new THREE.IcosahedronGeometry(1, detail).deleteAttribute('uv').deleteAttribute('normal'),
    1e-4,
  );
  const rnd = random(seed),
    waves = Array.from({ length: 7 }, () => [
      rnd() * 2 - 1,
      rnd() * 2 - 1,
      rnd() * 2 - 1,
      2 + rnd() * 3,
      rnd() * TAU,
    ]);
  const p = g.attributes.position;
  for (let i = 0; i < p.count; i++) {
    const [x, y, z] = [p.getX(i), p.getY(i), p.getZ(i)];
    const bump =
      waves.reduce((s, [a, b, c, f, o]) => s + Math.sin((a * x + b * y + c * z) * f + o), 0) / 7;
    const k = r * (1 + rough * 2 * bump);
    p.setXYZ(i, x * k, y * k * squash, z * k);
  }
  g.computeVertexNormals();
  g.setAttribute('uv', new THREE.Float32BufferAttribute(new Float32Array(p.count * 2), 2));
  return g;
}

// A leaf blade: a curved strip folded along its middle. Points along +z, bends down by droop.
export function leaf(long, wide, droop = 0.3, { steps = 3, fold = 0.15, tip = 0 } = {}) {
  const pos = [],
    uv = [],
    index = [];
  for (let i = 0; i <= steps; i++) {
    const k = i / steps,
      a = droop * k,
      w = (wide / 2) * Math.sin(Math.PI * (0.12 + 0.88 * k) ** (1 - tip * 0.4)) + 0.001;
    const y = long * k * Math.sin(-a * 0.8),
      z = long * k * Math.cos(a * 0.8);
    pos.push(-w, y + w * fold, z, 0, y, z, w, y + w * fold, z);
    for (const u of [-w, 0, w]) uv.push(u, k * long);
    if (i === steps) break;
    const b = i * 3;
    index.push(b, b + 3, b + 1, b + 1, b + 3, b + 4, b + 1, b + 4, b + 2, b + 2, b + 4, b + 5);
  }
  const g = geometry(pos, new Array(pos.length).fill(0), uv, index.reverse());
  g.computeVertexNormals();
  return g;
}

// A flat outline (list of [x, y]) of some thickness with round edges, standing in the xy plane.
export function plate(outline, thick, bevel = 0.01, curveSegments = 8) {
  const s = Array.isArray(outline)
    ? new THREE.Shape(outline.map(([x, y]) => new THREE.Vector2(x, y)))
    : outline;
  const g = new THREE.ExtrudeGeometry(s, {
    depth: Math.max(0.001, thick - 2 * bevel),
    curveSegments,
    bevelEnabled: bevel > 0,
    bevelSize: bevel,
    bevelThickness: bevel,
    bevelSegments: 1,
    bevelOffset: -bevel,
  });
  g.translate(0, 0, -thick / 2 + bevel);
  return mergeVertices(g, 1e-5);
}

// A flat picture in the xy plane facing +z; its uv covers the rectangle [u0, v0, u1, v1].
export function card(w, h, [u0, v0, u1, v1] = [0, 0, 1, 1]) {
  const x = w / 2,
    y = h / 2;
  return geometry(
    [-x, -y, 0, x, -y, 0, x, y, 0, -x, y, 0],
    [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1],
    [u0, v1, u1, v1, u1, v0, u0, v0],
    [0, 1, 2, 0, 2, 3],
  );
}

// A grid in the xy plane facing +z with rectangular holes [x0, y0, x1, y1]; cells at most `max`,
// further rows at the heights `marks`.
export function panel(x0, y0, x1, y1, max, holes = [], marks = []) {
  const lines = (lo, hi, extra) => {
    const stops = [...new Set([lo, hi, ...extra.filter((v) => v > lo && v < hi)])].sort(
      (a, b) => a - b,
    );
    return stops
      .slice(1)
      .flatMap((v, i) => {
        const n = Math.max(1, Math.ceil((v - stops[i]) / max));
        return Array.from({ length: n }, (_, k) => stops[i] + ((v - stops[i]) * k) / n);
      })
      .concat(hi);
  };
  const xs = lines(
    x0,
    x1,
    holes.flatMap((h) => [h[0], h[2]]),
  );
  const ys = lines(y0, y1, [...marks, ...holes.flatMap((h) => [h[1], h[3]])]);
  const pos = [],
    nor = [],
    uv = [],
    index = [];
  for (const y of ys)
    for (const x of xs) {
      pos.push(x, y, 0);
      nor.push(0, 0, 1);
      uv.push(x, y);
    }
  for (let k = 0; k + 1 < ys.length; k++) {
    for (let i = 0; i + 1 < xs.length; i++) {
      const [cx, cy] = [(xs[i] + xs[i + 1]) / 2, (ys[k] + ys[k + 1]) / 2];
      if (holes.some((h) => cx > h[0] && cx < h[2] && cy > h[1] && cy < h[3])) continue;
      const a = k * xs.length + i,
        b = a + xs.length;
      index.push(a, a + 1, b + 1, a, b + 1, b);
    }
  }
  return geometry(pos, nor, uv, index);
}

// Without triangles that have no area, and without normals that have no length.
export function tidy(g) {
  const p = g.attributes.position,
    n = g.attributes.normal,
    keep = [];
  const [a, b, c] = [new THREE.Vector3(), new THREE.Vector3(), new THREE.Vector3()];
  for (let i = 0; i < g.index.count; i += 3) {
    const t = [0, 1, 2].map((k) => g.index.getX(i + k));
    [a, b, c].forEach((v, k) => v.fromBufferAttribute(p, t[k]));
    if (b.sub(a).cross(c.sub(a)).length() > 1e-8) keep.push(...t);
  }
  g.setIndex(keep);
  for (let i = 0; i < n.count; i++) {
    a.fromBufferAttribute(n, i);
    if (a.length() > 0.1) a.normalize();
    else a.set(0, 1, 0);
    n.setXYZ(i, a.x, a.y, a.z);
  }
  return g;
}

export { mergeGeometries, THREE };
