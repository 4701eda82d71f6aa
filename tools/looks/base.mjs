// Bakes the one base that all looks are shaped from: vertices, main components, sliders, levels.
import {
  BODY_SLIDERS,
  EXPRESSIONS,
  FACE,
  FACE_SLIDERS,
  HEAD_SIZE,
  MACRO_MOVES,
  REGIONS,
  SOFT,
} from "./style.mjs";
import { BONES, makeBody, mapSkin } from "../avatars/body.mjs";
import { bvhOf, vertexNormals } from "../avatars/mesh.mjs";
import { THREE } from "../avatars/deps.mjs";
import { loadBase } from "../avatars/source.mjs";
import { BODY_ROWS, components, HEAD_ROWS, sumOf } from "./rows.mjs";
import { chooseMesh, fans, IN_FACE, JOINTS, PARENTS } from "./mesh.mjs";
import { sortedTriangles } from "./pack.mjs";
import { runtime } from "./runtime.mjs";
import { warp } from "./warp.mjs";

/** Positions in 1/2000 dm. */
export const UNIT = 2000;
const MIDDLE = { macro: { male: 0.5, race: { caucasian: 1, asian: 1, african: 1 } } };
/** Points behind the vertices: the joints, then the front of each eyeball. */
export const POINTS = [...JOINTS, "leftEyeFront", "rightEyeFront"];

const ballsOf = (base) =>
  ["l", "r"].map(
    (side) =>
      new Set(base.faces.filter((f) => f.group === `helper-${side}-eye`).flatMap((f) => f.v)),
  );
const firstBone = Object.fromEntries(
  Object.entries(BONES).map(([bone, [, first]]) => [bone, first]),
);

function pointSources(base) {
  const balls = ballsOf(base);
  const front = (set) => [
    [...set].reduce((a, b) => (base.pos[b * 3 + 2] > base.pos[a * 3 + 2] ? b : a)),
  ];
  return [
    ...JOINTS.map((bone) =>
      bone === "leftEye"
        ? [...balls[0]]
        : bone === "rightEye"
          ? [...balls[1]]
          : base.joints[`${firstBone[bone]}____head`],
    ),
    front(balls[0]),
    front(balls[1]),
  ];
}

/** Sky seen from each vertex, 0..1, against the body itself. */
function occlusion(pos, faces, normals, n) {
  const RAYS = 24,
    FAR = 1.6;
  const bvh = bvhOf(pos, faces);
  const ray = new THREE.Ray();
  const up = new THREE.Vector3(0, 0, 1),
    turn = new THREE.Quaternion();
  const directions = Array.from({ length: RAYS }, (_, i) => {
    const u = (i + 0.5) / RAYS,
      t = i * 2.399963;
    return new THREE.Vector3(
      Math.sqrt(u) * Math.cos(t),
      Math.sqrt(u) * Math.sin(t),
      Math.sqrt(1 - u),
    );
  });
  return Array.from({ length: n }, (_, v) => {
    const normal = new THREE.Vector3(...normals.subarray(v * 3, v * 3 + 3)).normalize();
    turn.setFromUnitVectors(up, normal);
    ray.origin.set(...pos.subarray(v * 3, v * 3 + 3)).addScaledVector(normal, 0.05);
    let dark = 0;
    for (const d of directions) {
      ray.direction.copy(d).applyQuaternion(turn);
      const hit = bvh.raycastFirst(ray, THREE.DoubleSide, 0, FAR);
      if (hit) dark += 1 - (hit.distance / FAR) * 0.7;
    }
    return 1 - (dark / RAYS) * 0.85;
  });
}

const smooth = (low, high, x) => {
  const t = Math.max(0, Math.min(1, (x - low) / (high - low)));
  return t * t * (3 - 2 * t);
};

/** lips, blush, lids, occlusion: 0..255 a vertex. */
function paints(base, restrict, pos, mesh) {
  const n = mesh.vertices.length;
  const share = (list) => {
    const d = restrict(sumOf(base.n, list));
    const lengths = Array.from({ length: n }, (_, i) =>
      Math.hypot(...d.subarray(i * 3, i * 3 + 3)),
    );
    const most = Math.max(...lengths);
    return lengths.map((x) => x / most);
  };
  const region = Object.fromEntries(Object.entries(REGIONS).map(([k, list]) => [k, share(list)]));
  const skin = polygons([...mesh.levels[0].head, ...mesh.levels[0].limbs]);
  const all = [
    ...skin,
    ...Object.values(mesh.groups)
      .flat()
      .map((v) => ({ v })),
  ];
  const sky = occlusion(pos, skin, vertexNormals(pos, all, n), n);
  const out = new Uint8Array(n * 4);
  for (let i = 0; i < n; i++) {
    const lip = smooth(0.28, 0.72, Math.max(region.upperLip[i], region.lowerLip[i]));
    const blush = Math.max(
      0.95 * smooth(0.1, 1.05, region.cheeks[i]),
      0.5 * smooth(0.5, 1, region.nose[i]),
      0.6 * smooth(0.4, 0.9, region.ears[i]),
    );
    const lid = smooth(0.3, 0.9, region.lids[i]);
    out.set(
      [lip, blush, lid, sky[i]].map((x) => Math.round(255 * x)),
      i * 4,
    );
  }
  return out;
}

const polygons = (idx) =>
  Array.from({ length: idx.length / 3 }, (_, t) => ({ v: idx.slice(t * 3, t * 3 + 3) }));

/** Weights on joints: 4 numbers of joints and 4 weights (sum 255) a vertex; the cage's smoothed. */
function skinning(base, mesh) {
  let weights = mesh.vertices.map((v) => new Map(mapSkin(base.skin[v])));
  for (const cage of ["tights", "skirt"]) {
    const near = new Map();
    const join = (a, b) => (near.get(a) ?? near.set(a, new Set()).get(a)).add(b);
    for (const face of mesh.groups[cage])
      face.forEach((a, k) => {
        join(a, face[(k + 1) % face.length]);
        join(face[(k + 1) % face.length], a);
      });
    for (let round = 0; round < 9; round++) {
      const old = weights;
      weights = old.slice();
      for (const [v, list] of near) {
        const mixed = new Map([...old[v]].map(([bone, w]) => [bone, w * 0.4]));
        for (const other of list)
          for (const [bone, w] of old[other])
            mixed.set(bone, (mixed.get(bone) ?? 0) + (0.6 * w) / list.size);
        weights[v] = mixed;
      }
    }
  }
  const out = new Uint8Array(weights.length * 8);
  weights.forEach((map, i) => {
    const list = [...map].sort((a, b) => b[1] - a[1]).slice(0, 4);
    const sum = list.reduce((total, [, w]) => total + w, 0);
    let left = 255;
    list.forEach(([bone, w], k) => {
      const share = k === list.length - 1 ? left : Math.min(left, Math.round((w / sum) * 255));
      out[i * 8 + k] = JOINTS.indexOf(bone);
      out[i * 8 + 4 + k] = share;
      left -= share;
    });
  });
  return out;
}

/** A move of few points as int8 steps: {scale, points, values}. */
function sparse(delta, grown) {
  const d = delta.map((x, i) => x * (1 + grown[Math.floor(i / 3)]));
  const most = d.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
  const scale = most / 127 || 1;
  const at = [],
    values = [];
  for (let p = 0; p < d.length / 3; p++) {
    const q = [0, 1, 2].map((k) => Math.round(d[p * 3 + k] / scale));
    if (q.some((x) => x)) {
      at.push(p);
      values.push(...q);
    }
  }
  return { scale: +scale.toPrecision(6), at, values };
}

function moves(base, restrict, grown, mesh) {
  const list = [];
  const add = (id, targets, after = (d) => d) => {
    if (targets.length)
      list.push({ id, ...sparse(after(restrict(sumOf(base.n, targets))), grown) });
  };
  for (const [id, [less, more]] of Object.entries({
    ...FACE_SLIDERS,
    ...BODY_SLIDERS,
    ...MACRO_MOVES,
  })) {
    add(`${id}-`, less);
    add(`${id}+`, more);
  }
  add("soft", SOFT);
  /* Targets leave the tongue where it was: it goes with the lower teeth. */
  const teeth = [...new Set(mesh.groups["lower-teeth"].flat())];
  const tongue = [...new Set(mesh.groups.tongue.flat())];
  const withTongue = (d) => {
    for (let k = 0; k < 3; k++) {
      const mean = teeth.reduce((sum, p) => sum + d[p * 3 + k], 0) / teeth.length;
      for (const p of tongue) d[p * 3 + k] = mean;
    }
    return d;
  };
  for (const [id, targets] of Object.entries(EXPRESSIONS)) add(`x:${id}`, targets, withTongue);
  return list;
}

/** Where the mouth is on the whole base mesh. */
function mouthOf(base, pos) {
  const lips = sumOf(base.n, [...REGIONS.upperLip, ...REGIONS.lowerLip]);
  const at = [0, 0, 0];
  let sum = 0;
  for (let v = 0; v < base.n; v++) {
    const w = Math.hypot(...lips.subarray(v * 3, v * 3 + 3)) ** 2;
    sum += w;
    for (let k = 0; k < 3; k++) at[k] += w * pos[v * 3 + k];
  }
  return at.map((x) => x / sum);
}

/** Draws the lining of the mouth in: where lips are pursed it would come through the cheeks. */
function narrowMouth(pos, middle, paint, skin, head) {
  const lips = [];
  for (let v = 0; v < skin; v++) if (paint[v * 4] > 200) lips.push(v);
  const mean = (k) => lips.reduce((sum, v) => sum + middle[v * 3 + k], 0) / lips.length;
  const [y, z] = [mean(1), mean(2)];
  const DARK = 88,
    SHARE = 0.14;
  for (let v = 0; v < skin; v++) {
    const [px, py, pz] = middle.subarray(v * 3, v * 3 + 3);
    const within = head[v] > 0.9 && Math.abs(px) < 0.45 && Math.abs(py - y) < 0.4 && pz < z - 0.1;
    if (within && paint[v * 4 + 3] < DARK && paint[v * 4] < 128) pos[v * 3] -= px * SHARE;
  }
}

/** The lining's rows from the lips inward, as light: what is painted by light alone has a ragged edge. */
const LINING = [100, 50, 10];

/**
 * Says of the lining of the mouth how far within it is. It is what little sky is seen from in a closed
 * mouth, and hangs together with the darkest point there.
 */
function darkenMouth(middle, paint, mesh, head) {
  const lips = [];
  for (let v = 0; v < mesh.body; v++) if (paint[v * 4] > 200) lips.push(v);
  const mean = (k) => lips.reduce((sum, v) => sum + middle[v * 3 + k], 0) / lips.length;
  const [y, z] = [mean(1), mean(2)];
  const SKY = 128;
  const near = new Map();
  const tris = mesh.levels[0].head;
  for (let i = 0; i < tris.length; i += 3)
    for (let k = 0; k < 3; k++) {
      const [a, b] = [tris[i + k], tris[i + ((k + 1) % 3)]];
      for (const [one, other] of [
        [a, b],
        [b, a],
      ]) {
        if (!near.has(one)) near.set(one, new Set());
        near.get(one).add(other);
      }
    }
  const may = (v) => {
    const [px, py, pz] = middle.subarray(v * 3, v * 3 + 3);
    return (
      paint[v * 4 + 3] < SKY &&
      head[v] > 0.9 &&
      Math.abs(px) < 0.75 &&
      Math.abs(py - y) < 0.75 &&
      pz < z + 0.3
    );
  };
  let first = -1;
  for (const v of near.keys()) {
    const [px, py, pz] = middle.subarray(v * 3, v * 3 + 3);
    const deep = may(v) && Math.abs(px) < 0.2 && Math.abs(py - y) < 0.3 && pz < z - 0.4;
    if (deep && (first < 0 || paint[v * 4 + 3] < paint[first * 4 + 3])) first = v;
  }
  const lining = new Set([first]);
  for (const v of lining) for (const u of near.get(v)) if (may(u)) lining.add(u);
  let row = [...lining].filter((v) => [...near.get(v)].some((u) => !lining.has(u)));
  const seen = new Set();
  for (let depth = 0; row.length; depth++) {
    for (const v of row) {
      seen.add(v);
      paint[v * 4 + 3] = LINING[Math.min(depth, LINING.length - 1)];
    }
    row = [...new Set(row.flatMap((v) => [...near.get(v)]))].filter(
      (v) => lining.has(v) && !seen.has(v),
    );
  }
}

/** What takes numbers of the whole base mesh to those of our points. */
function restriction(base, vertices) {
  const source = pointSources(base);
  return (dense) => {
    const out = new Float64Array((vertices.length + source.length) * 3);
    vertices.forEach((v, i) => out.set(dense.subarray(v * 3, v * 3 + 3), i * 3));
    source.forEach((list, j) => {
      for (let k = 0; k < 3; k++)
        out[(vertices.length + j) * 3 + k] =
          list.reduce((sum, v) => sum + dense[v * 3 + k], 0) / list.length;
    });
    return out;
  };
}

/** Sets a change of the head on the neck, which it would else leave. */
function softener(head, skin) {
  const RING_SHARE = 0.55;
  const ring = [];
  for (let p = 0; p < skin; p++) if (head[p] > 0.35 && head[p] < 0.75) ring.push(p);
  return (row) => {
    const out = row.map((x, i) => x * head[Math.floor(i / 3)]);
    for (const k of [1, 2]) {
      const shift = ring.reduce((sum, p) => sum - out[p * 3 + k], 0) / ring.length / RING_SHARE;
      for (let p = 0; p < head.length; p++) out[p * 3 + k] += shift * head[p];
    }
    return out;
  };
}

/** Everything of the base, as numbers ready to be packed. */
export async function bakeBase() {
  const { factorsOf, weightOf, macroOf } = await runtime("macro");
  const base = loadBase();
  const body = makeBody({ ...MIDDLE, youth: 0.4, head: 1 });
  const mesh = chooseMesh(body, mouthOf(base, body.pos));
  const { vertices } = mesh;
  const points = vertices.length + POINTS.length;
  const restrict = restriction(base, vertices);
  const share = new Float64Array(base.n * 3);
  for (let v = 0; v < base.n; v++) share[v * 3] = body.head[v];
  const head = restrict(share).filter((_, i) => i % 3 === 0);
  POINTS.forEach((name, j) => {
    head[vertices.length + j] = /^(head|(left|right)Eye)/.test(name) ? 1 : 0;
  });
  const main = components({
    n: base.n,
    restrict,
    soften: softener(head, mesh.body),
    head,
    points,
    factorsOf,
    weightOf,
    body: { skin: mesh.body, all: vertices.length },
  });

  const pos = restrict(Float64Array.from(base.pos));
  restrict(sumOf(base.n, FACE)).forEach((x, i) => {
    pos[i] += x;
  });
  const middle = Float64Array.from(pos);
  main.shape(macroOf({})).forEach((x, i) => {
    middle[i] += x;
  });
  const point = (name) => vertices.length + POINTS.indexOf(name);
  const { delta, grown } = warp(
    {
      pos: middle,
      n: points,
      head,
      eyes: ["leftEye", "rightEye"].map((name) => [
        ...middle.subarray(point(name) * 3, point(name) * 3 + 3),
      ]),
      faces: polygons(mesh.levels[0].head),
    },
    new Set(["leftEye", "rightEye", "leftEyeFront", "rightEyeFront"].map(point)),
  );
  delta.forEach((x, i) => {
    pos[i] += x + main.rest[i];
    middle[i] += x;
  });
  const paint = paints(base, restrict, middle, mesh);
  narrowMouth(pos, middle, paint, mesh.body, head);
  darkenMouth(middle, paint, mesh, head);
  return {
    mesh,
    points,
    pos,
    head,
    main,
    rows: { body: BODY_ROWS, head: HEAD_ROWS },
    moves: moves(base, restrict, grown, mesh),
    skin: skinning(base, mesh),
    paint,
    headSize: HEAD_SIZE,
    parents: PARENTS,
  };
}

/** The triangles by which the reader guesses a vertex from its neighbours: those of level 0. */
export const edgesOf = ({ mesh }) =>
  sortedTriangles([
    ...mesh.levels[0].head,
    ...mesh.levels[0].limbs,
    ...fans(mesh.groups.tights),
    ...fans(mesh.groups.skirt),
    ...IN_FACE.flatMap((name) => fans(mesh.groups[name])),
  ]);
