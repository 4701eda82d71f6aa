// The head-and-shoulders picture of an avatar.
import * as THREE from "three";
import { draw, loadAvatar } from "./raster.mjs";

const SIZE = 256;
const RELAXED = { leftUpperArm: [0, 0, -1.25], rightUpperArm: [0, 0, 1.25], head: [0.02, 0.12, 0] };

/** Height of the head joint above the floor, metres. */
export function headHeight({ json }) {
  const up = new Map(json.nodes.flatMap((node, i) => (node.children ?? []).map((c) => [c, i])));
  let y = 0;
  for (let i = json.nodes.findIndex((node) => node.name === "head"); i !== undefined; i = up.get(i))
    y += json.nodes[i].translation?.[1] ?? 0;
  return y;
}

export async function portrait(file, out) {
  const avatar = await loadAvatar(file);
  const y = headHeight(avatar) + 0.075;
  const eye = new THREE.Vector3(0.16, 0.05, 1.5).add(new THREE.Vector3(0, y, 0));
  const picture = draw(avatar, { w: SIZE, h: SIZE, eye: eye.toArray(), look: [0, y, 0], fov: 20,
    pose: RELAXED, expressions: { happy: 0.35 } });
  await picture.webp({ quality: 82, alphaQuality: 90, effort: 6 }).toFile(out);
}
