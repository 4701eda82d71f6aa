// From a scene's description to what the server and the client need to know of it.
import { KINDS } from './seating.mjs';

const MARGIN_M = 0.06; // feet keep this far from furniture
const STEP_M = 0.1; // grid of the reachability search
const round = (v) => Math.round(v * 100) / 100 + 0;

// Item frame to scene frame: three.js rotation about y, then the item's place.
export const toScene = (item, x, z) => {
  const [s, c] = [Math.sin(item.yaw ?? 0), Math.cos(item.yaw ?? 0)];
  return [item.at[0] + x * c + z * s, item.at[1] - x * s + z * c];
};

const bounds = (item, [x0, z0, x1, z1]) => {
  const p = [
    [x0, z0],
    [x1, z0],
    [x0, z1],
    [x1, z1],
  ].map(([x, z]) => toScene(item, x, z));
  const xs = p.map((v) => v[0]),
    zs = p.map((v) => v[1]);
  return [
    Math.min(...xs) - MARGIN_M,
    Math.min(...zs) - MARGIN_M,
    Math.max(...xs) + MARGIN_M,
    Math.max(...zs) + MARGIN_M,
  ].map(round);
};

// A slanted rectangle is covered by four smaller ones, so that its corners block less free floor.
const footprints = (item) => {
  const slanted = Math.abs(Math.sin(2 * (item.yaw ?? 0))) > 0.01;
  return (KINDS[item.kind]?.foot(item) ?? []).flatMap(([x0, z0, x1, z1]) => {
    if (!slanted) return [bounds(item, [x0, z0, x1, z1])];
    const [xm, zm] = [(x0 + x1) / 2, (z0 + z1) / 2];
    return [
      [x0, z0, xm, zm],
      [xm, z0, x1, zm],
      [x0, zm, xm, z1],
      [xm, zm, x1, z1],
    ].map((r) => bounds(item, r));
  });
};

export const inside = ([x0, z0, x1, z1], x, z) => x >= x0 && x <= x1 && z >= z0 && z <= z1;
export const free = (plan, x, z) =>
  inside(plan.walk, x, z) && !plan.blocked.some((b) => inside(b, x, z));

// Every free grid point that feet starting at the first spawn point can get to.
export function reachable(plan) {
  const [x0, z0, x1, z1] = plan.walk;
  const [nx, nz] = [Math.floor((x1 - x0) / STEP_M) + 1, Math.floor((z1 - z0) / STEP_M) + 1];
  const cell = (x, z) => [Math.round((x - x0) / STEP_M), Math.round((z - z0) / STEP_M)];
  const seen = new Uint8Array(nx * nz);
  const queue = [cell(plan.spawn[0][0], plan.spawn[0][1])];
  while (queue.length) {
    const [i, k] = queue.pop();
    if (i < 0 || k < 0 || i >= nx || k >= nz || seen[k * nx + i]) continue;
    if (!free(plan, x0 + i * STEP_M, z0 + k * STEP_M)) continue;
    seen[k * nx + i] = 1;
    queue.push([i + 1, k], [i - 1, k], [i, k + 1], [i, k - 1]);
  }
  return (x, z) => {
    const [i, k] = cell(x, z);
    return i >= 0 && k >= 0 && i < nx && k < nz && seen[k * nx + i] === 1;
  };
}

export function planOf(scene) {
  const { id, size, walk, spawn, places, camera, views, background, ambient, sun, lamps } = scene;
  const plan = { id, size, walk, blocked: scene.items.flatMap(footprints), spawn };
  const reach = reachable(plan);
  const seats = scene.items.flatMap((item) =>
    (KINDS[item.kind]?.seats?.(item) ?? []).map((seat, i) => {
      const [x, z] = toScene(item, seat.x, seat.z);
      const stand = seat.stand
        .map(([dx, dz]) => toScene(item, seat.x + dx, seat.z + dz).map(round))
        .find(([sx, sz]) => free(plan, sx, sz) && reach(sx, sz));
      const name = item.names[i];
      if (!stand) throw new Error(`${id}: nobody can get to seat ${name}`);
      const turn = Math.atan2(Math.sin(item.yaw ?? 0), Math.cos(item.yaw ?? 0));
      return {
        name,
        x: round(x),
        y: seat.y,
        z: round(z),
        yaw: Math.round(turn * 1e4) / 1e4,
        stand,
      };
    }),
  );
  plan.seats = seats.map((s, i) => ({ n: i + 1, ...s }));
  const seen = Object.keys(views);
  return {
    ...plan,
    places,
    camera,
    views: seen,
    background,
    ambient,
    sun,
    lamps,
    cutaway: true,
  };
}
