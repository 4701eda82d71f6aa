// The packages of tools/avatars, for tools beside it that need the same ones.
import { MeshoptSimplifier } from "meshoptimizer";

await MeshoptSimplifier.ready;

export { MeshoptSimplifier };
export * as THREE from "three";
export { MeshBVH } from "three-mesh-bvh";
export { default as sharp } from "sharp";
