// What rooms and people are made of, before any of it has come: the graphics learn to draw it meanwhile.
import {
  Bone,
  BufferAttribute,
  BufferGeometry,
  DataTexture,
  DoubleSide,
  FrontSide,
  Group,
  InterleavedBuffer,
  InterleavedBufferAttribute,
  type Object3D,
  Mesh,
  MeshBasicMaterial,
  MeshStandardMaterial,
  Skeleton,
  SkinnedMesh,
  Sphere,
  type TypedArray,
} from "three";
import { LOOK_ATTRIBUTES, LOOK_NUMBERS, lookMaterial } from "../looks/material";

export interface Surface {
  two: boolean;
  /** As glTF calls it. */
  mode: "OPAQUE" | "BLEND" | "MASK";
  unlit: boolean;
}

const PLAIN: Surface = { two: false, mode: "OPAQUE", unlit: false };
const CORNERS = 3;
const CUT_OFF = 0.5;

/** All that the scenes have, as `alike` leaves them; a test reads them. */
export const SURFACES: Surface[] = [
  PLAIN,
  { ...PLAIN, two: true },
  { ...PLAIN, mode: "BLEND" },
  { ...PLAIN, unlit: true },
];

const white = new DataTexture(new Uint8Array([255, 255, 255, 255]), 1, 1);
white.needsUpdate = true;

/**
 * Each kind of surface is a program to make, which takes longer than all that it draws in the first
 * pictures. So what has no picture has a white one.
 */
export function alike(root: Object3D): void {
  root.traverse((one) => {
    if (!(one instanceof Mesh)) return;
    const material = one.material as MeshStandardMaterial;
    material.map ??= white;
  });
}

/** One of each and one of a look, of a single point: what counts is how it would be drawn. */
export function samples(plain: boolean): Group {
  const all = new Group();
  for (const { two, mode, unlit } of SURFACES) {
    const paint = {
      map: white,
      side: two ? DoubleSide : FrontSide,
      transparent: mode === "BLEND",
      alphaTest: mode === "MASK" ? CUT_OFF : 0,
      vertexColors: true,
    };
    const material = unlit ? new MeshBasicMaterial(paint) : new MeshStandardMaterial(paint);
    const one = new Mesh(point(), material);
    one.frustumCulled = false;
    all.add(one);
  }
  all.add(lookSample(plain));
  return all;
}

/** As the models' files have it: how numbers are packed is part of how they are drawn. */
function point(): BufferGeometry {
  const geometry = new BufferGeometry();
  const put = (name: string, numbers: TypedArray, size: number, normalized: boolean) => {
    const packed = new InterleavedBuffer(numbers, numbers.length / CORNERS);
    geometry.setAttribute(name, new InterleavedBufferAttribute(packed, size, 0, normalized));
  };
  put("position", new Int16Array(4 * CORNERS), 3, false);
  put("normal", new Int8Array(4 * CORNERS), 3, true);
  put("uv", new Uint16Array(2 * CORNERS), 2, true);
  put("color", new Uint8Array(4 * CORNERS), 3, true);
  geometry.setIndex(new BufferAttribute(new Uint16Array(CORNERS), 1));
  return geometry;
}

/** Its material is never freed: the program would go with the last person who leaves. */
function lookSample(plain: boolean): SkinnedMesh {
  const geometry = new BufferGeometry();
  for (const [name, size, normalized] of LOOK_ATTRIBUTES) {
    const numbers = new LOOK_NUMBERS[name](size * CORNERS);
    geometry.setAttribute(name, new BufferAttribute(numbers, size, normalized));
  }
  geometry.setIndex(new BufferAttribute(new Uint16Array(CORNERS), 1));
  const one = new SkinnedMesh(geometry, lookMaterial({ patterns: white, plain }));
  one.bind(new Skeleton([new Bone()]));
  one.boundingSphere = new Sphere();
  one.frustumCulled = false;
  one.userData["painted"] = true;
  return one;
}
