// Garments of our own making, from the base mesh alone: a long skirt and a headscarf.
import * as THREE from "three";
import { bvhOf, verticesOf } from "./mesh.mjs";

/** A garment without pictures, in the form that fitted proxies have. */
const garment = (id, { n, pos, faces, skin, uv }) => ({
  id, n, pos, faces, skin, uv, orig: pos,
  deleted: new Uint8Array(n), diffuse: null, occlusion: null, normal: null,
});

/** The base mesh's long skirt guide, with soft folds that deepen towards the hem. */
export function longSkirt(body) {
  const FOLDS = 9, DEPTH = 0.13;
  const faces = body.base.faces.filter((face) => face.group === "helper-skirt");
  const pos = Float64Array.from(body.pos);
  const verts = verticesOf(faces);
  const ys = verts.map((v) => pos[v * 3 + 1]);
  const top = Math.max(...ys), length = top - Math.min(...ys);
  const middle = verts.reduce((sum, v) => sum + pos[v * 3 + 2], 0) / verts.length;
  for (const v of verts) {
    const x = pos[v * 3], z = pos[v * 3 + 2] - middle, r = Math.hypot(x, z);
    const fold = DEPTH * Math.sin(FOLDS * Math.atan2(x, z)) * ((top - pos[v * 3 + 1]) / length);
    pos[v * 3] += (x / r) * fold;
    pos[v * 3 + 2] += (z / r) * fold;
  }
  return garment("own/skirt", { n: body.n, pos, faces, skin: body.skin, uv: body.base.uv });
}

const COLUMNS = 56;
/** Rings of the hood from the oval backwards; rows of the cape down the neck and outwards. */
const HOOD_RINGS = 16, NECK_ROWS = 5, SHOULDER_ROWS = 9;
const MARGIN = 0.1;

/** Distances of a grid, the concave parts bridged and then smoothed; columns go round. */
function bridge(radii) {
  const mean = (list) => list.reduce((a, b) => a + b) / list.length;
  const highest = (list) => Math.max(...list);
  let grid = radii;
  for (const use of [highest, mean, mean, mean, mean])
    grid = grid.map((line, row) => line.map((_, column) => use([-1, 0, 1].flatMap((dr) => {
      const near = grid[Math.max(0, Math.min(grid.length - 1, row + dr))];
      return [-1, 0, 1].map((dc) => near[(column + dc + COLUMNS) % COLUMNS]);
    }))));
  return grid;
}

const distances = (bvh, from, direction) =>
  bvh.raycast(new THREE.Ray(from, direction), THREE.DoubleSide).map((hit) => hit.distance);

/** The oval a scarf leaves free, egg-shaped down to the chin: < 1 within it. */
function faceOval(body) {
  const [, eyeY, eyeZ] = body.joints.leftEye;
  const size = body.headSize;
  let chin = eyeY;
  for (const v of verticesOf(body.faces)) {
    const [x, y, z] = body.pos.subarray(v * 3, v * 3 + 3);
    if (body.head[v] > 0.9 && Math.abs(x) < 0.1 && z > eyeZ - 0.3 * size) chin = Math.min(chin, y);
  }
  const middle = eyeY - 0.08 * size;
  const WIDE = 0.57 * size, UP = 0.66 * size, EGG = 0.34, down = middle - chin;
  const at = (x, y) => {
    const dy = (y - middle) / (y > middle ? UP : down);
    const wide = WIDE * (1 - EGG * Math.max(0, -dy) ** 2);
    return Math.hypot(x / Math.max(wide, WIDE / 2), dy);
  };
  /** The point of the oval in a direction (0 = up, growing to the left). */
  const point = (turn) => {
    const [x, y] = [Math.sin(turn), Math.cos(turn)];
    let r = 0.4 * size;
    for (let i = 0; i < 8; i++) r /= at(x * r, middle + y * r);
    return [x * r, middle + y * r];
  };
  return { point, chin };
}

/** Depth of the skin along the oval; where it bends away, between its neighbours. */
function rimDepths(body, bvh, points) {
  const OUT = 0.035, DEEPEST = 0.62 * body.headSize;
  const eyeZ = body.joints.leftEye[2];
  let depth = points.map(([x, y]) => {
    const ray = new THREE.Ray(new THREE.Vector3(x, y, eyeZ + body.headSize),
      new THREE.Vector3(0, 0, -1));
    const hit = bvh.raycastFirst(ray, THREE.DoubleSide);
    return Math.max(eyeZ - DEEPEST, (hit?.point.z ?? -Infinity) + OUT);
  });
  for (let pass = 0; pass < 3; pass++)
    depth = depth.map((z, i) =>
      (depth.at(i - 1) + 2 * z + depth[(i + 1) % depth.length]) / 4);
  return depth;
}

/** The hood: rings of points from the oval of the face over the head to the back. */
function hoodRings(body, bvh, oval) {
  const LEAST = 0.5, MOST_UP = 2, MOST_DOWN = 1.35;
  const [, eyeY, eyeZ] = body.joints.leftEye;
  const centre = new THREE.Vector3(0, eyeY - 0.1, eyeZ - 0.8 * body.headSize);
  const points = Array.from({ length: COLUMNS }, (_, i) => oval.point((i / COLUMNS) * 2 * Math.PI));
  const depth = rimDepths(body, bvh, points);
  const rim = points.map(([x, y], i) => new THREE.Vector3(x, y, depth[i]));
  const back = new THREE.Vector3(0, 0, -1);
  const directions = Array.from({ length: HOOD_RINGS }, (_, ring) => rim.map((p) => {
    const start = p.clone().sub(centre).normalize();
    const angle = start.angleTo(back) * ((ring + 0.6) / (HOOD_RINGS - 0.4));
    return start.applyAxisAngle(start.clone().cross(back).normalize(), angle);
  }));
  const radii = bridge(directions.map((line) => line.map((direction) => {
    // Downwards the body goes on: only what is still head or neck counts.
    const most = direction.y > -0.2 ? MOST_UP : MOST_DOWN;
    return Math.max(LEAST, ...distances(bvh, centre, direction).filter((d) => d < most));
  })));
  return [rim, ...directions.map((line, ring) => line.map((direction, i) =>
    direction.clone().multiplyScalar(radii[ring][i] + MARGIN).add(centre)))];
}

/** The cape: rows from under the chin down the neck and out over the shoulders. */
function capeRows(body, bvh, oval) {
  const LEAST = 0.45, MOST = 1.7, DIP = 0.85;
  const [x, neckY, neckZ] = body.joints.neck;
  const low = new THREE.Vector3(x, neckY + 0.25, neckZ + 0.1);
  const high = new THREE.Vector3(x, oval.chin - 0.05, low.z + 0.1);
  const rays = Array.from({ length: NECK_ROWS + SHOULDER_ROWS + 1 }, (_, row) => {
    const from = high.clone().lerp(low, Math.min(1, row / NECK_ROWS));
    const dip = DIP * Math.max(0, row - NECK_ROWS) / SHOULDER_ROWS;
    return Array.from({ length: COLUMNS }, (_, i) => {
      const turn = (i / COLUMNS) * 2 * Math.PI;
      return { from, direction: new THREE.Vector3(-Math.sin(turn) * Math.cos(dip),
        -Math.sin(dip), -Math.cos(turn) * Math.cos(dip)) };
    });
  });
  const radii = bridge(rays.map((line) => line.map(({ from, direction }) =>
    Math.max(LEAST, Math.min(MOST, ...distances(bvh, from, direction))))));
  return rays.map((line, row) => line.map(({ from, direction }, i) =>
    direction.clone().multiplyScalar(radii[row][i] + MARGIN).add(from)));
}

/**
 * A headscarf: a hood round the oval of the face, whose rim lies close to the skin, and a cape
 * from the neck over the shoulders.
 */
export function headscarf(body) {
  const arms = /Arm|Hand|Thumb|Index|Middle|Ring|Little/;
  const trunk = body.faces.filter(({ v }) =>
    v.every((a) => !body.skin[a].some(([bone, w]) => arms.test(bone) && w > 0.5)));
  const bvh = bvhOf(body.pos, trunk);
  const oval = faceOval(body);
  const sheets = [hoodRings(body, bvh, oval), capeRows(body, bvh, oval)];
  const pos = [], uv = [], skin = [], faces = [];
  sheets.forEach((rows, sheet) => {
    const first = pos.length / 3, firstUv = uv.length / 2, last = rows.length - 1;
    rows.forEach((row, r) => {
      const lower = sheet ? Math.min(1, r / (last * 0.7)) : 0;
      for (const p of row) {
        pos.push(p.x, p.y, p.z);
        skin.push(sheet ? [["neck", 1 - lower], ["upperChest", lower]] : [["head", 1]]);
      }
      for (let column = 0; column <= COLUMNS; column++)
        uv.push(0.02 + (0.96 * column) / COLUMNS, 0.98 - 0.5 * sheet - (0.46 * r) / last);
    });
    for (let r = 0; r < last; r++)
      for (let c = 0; c < COLUMNS; c++) {
        const corners = [[r, c], [r + 1, c], [r + 1, c + 1], [r, c + 1]];
        if (!sheet) corners.reverse();
        faces.push({ v: corners.map(([y, x]) => first + y * COLUMNS + (x % COLUMNS)),
          t: corners.map(([y, x]) => firstUv + y * (COLUMNS + 1) + x) });
      }
  });
  return { ...garment("own/scarf", { n: skin.length, pos: Float64Array.from(pos), faces, uv,
    skin: skin.map((list) => list.filter(([, w]) => w > 0)) }), coversHead: true };
}
