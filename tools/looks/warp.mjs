// Own changes of the friendly face: larger eyes whose lids grow with them, and a smooth small nose.
import { WARP } from "./style.mjs";

const smooth = (low, high, x) => {
  const t = Math.max(0, Math.min(1, (x - low) / (high - low)));
  return t * t * (3 - 2 * t);
};

/** How far the eyes' growth takes a vertex: 1 at the ball and lids, fading with distance. */
function growth(p, eyes, isBall) {
  let best = { w: 0, eye: eyes[0] };
  for (const eye of eyes) {
    if (p[0] * eye[0] < -1e-6) continue;
    const d = Math.hypot(p[0] - eye[0], (p[1] - eye[1]) * 1.05, (p[2] - eye[2]) * 0.6);
    const CORE = 0.17;
    const fade = Math.exp(-(((d - CORE) / (WARP.reach - CORE)) ** 2) * 2.2);
    const near = isBall || d < CORE ? 1 : fade;
    const w = near * (isBall ? 1 : smooth(0.01, 0.16, Math.abs(p[0])));
    if (w > best.w) best = { w, eye };
  }
  return best;
}

function growEyes(pos, n, head, eyes, balls) {
  const grown = new Float64Array(n);
  for (let v = 0; v < n; v++) {
    if (head[v] < 0.5) continue;
    const p = [...pos.subarray(v * 3, v * 3 + 3)];
    const { w, eye } = growth(p, eyes, balls.has(v));
    if (w < 0.002) continue;
    const s = (WARP.eye - 1) * w;
    const high = balls.has(v) ? 1 : WARP.eyeHigh;
    pos[v * 3] += (p[0] - eye[0]) * s;
    pos[v * 3 + 1] += (p[1] - eye[1]) * s * high;
    /* A larger ball would stand out of the face: it goes back, and its lids with it. */
    pos[v * 3 + 2] += (p[2] - eye[2]) * s * (balls.has(v) ? 1 : 0.7) - WARP.back * w;
    grown[v] = s;
  }
  return grown;
}

/** Rounds what lies between the eyes and the lip, and draws it a little back. */
function smoothNose(pos, head, eyes, faces) {
  const root = [0, eyes[0][1] - 0.3, eyes[0][2] + 0.14];
  const share = new Map();
  for (const { v } of faces)
    for (const a of v) {
      if (head[a] < 0.9 || share.has(a)) continue;
      const [x, y, z] = pos.subarray(a * 3, a * 3 + 3);
      const d = Math.hypot(x * 1.25, (y - root[1]) * 0.85, z - root[2]);
      const w = Math.exp(-((d / 0.24) ** 2));
      if (w > 0.04 && z > eyes[0][2] - 0.12) share.set(a, w);
    }
  const near = new Map([...share.keys()].map((a) => [a, new Set()]));
  for (const { v } of faces)
    v.forEach((a, k) => {
      const b = v[(k + 1) % v.length];
      near.get(a)?.add(b);
      near.get(b)?.add(a);
    });
  for (let round = 0; round < WARP.noseRounds; round++) {
    const old = Float64Array.from(pos);
    for (const [a, w] of share)
      for (let k = 0; k < 3; k++) {
        let sum = 0;
        for (const b of near.get(a)) sum += old[b * 3 + k];
        pos[a * 3 + k] += (sum / near.get(a).size - old[a * 3 + k]) * w * 0.55;
      }
  }
  for (const [a, w] of share) {
    pos[a * 3] -= pos[a * 3] * WARP.nose * w * 0.45;
    pos[a * 3 + 2] -= (pos[a * 3 + 2] - root[2]) * WARP.nose * w * 0.4;
  }
}

/**
 * body: {pos, n, head, eyes, faces}, the middle body; `balls` are the points of the eyeballs.
 * Returns {delta: what the warp moves each vertex, grown: by what share other moves there grow}.
 */
export function warp(body, balls) {
  const pos = Float64Array.from(body.pos);
  const { eyes } = body;
  const grown = growEyes(pos, body.n, body.head, eyes, balls);
  smoothNose(pos, body.head, eyes, body.faces);
  return { delta: pos.map((x, i) => x - body.pos[i]), grown };
}
