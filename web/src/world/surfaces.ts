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
  type Material,
  type Object3D,
  Mesh,
  MeshBasicMaterial,
  MeshStandardMaterial,
  Skeleton,
  SkinnedMesh,
  Sphere,
  type TypedArray,
} from "three";

export interface Surface {
  two: boolean;
  /** As glTF calls it. */
  mode: "OPAQUE" | "BLEND" | "MASK";
  unlit: boolean;
  /** Of a person: with bones, and colours that were chosen. */
  body: boolean;
}

const PLAIN: Surface = { two: false, mode: "OPAQUE", unlit: false, body: false };
const CORNERS = 3;
const CUT_OFF = 0.5;

/** All that the scenes and the small bodies have, as `alike` leaves them; a test reads them. */
export const SURFACES: Surface[] = [
  PLAIN,
  { ...PLAIN, two: true },
  { ...PLAIN, mode: "BLEND" },
  { ...PLAIN, unlit: true },
  { ...PLAIN, two: true, mode: "MASK", body: true },
];

const white = new DataTexture(new Uint8Array([255, 255, 255, 255]), 1, 1);
white.needsUpdate = true;

/**
 * Each kind of surface is a program to make, which takes longer than all that it draws in the first
 * pictures. So what has no picture has a white one, and of people everything may have holes.
 */
export function alike(root: Object3D): void {
  root.traverse((one) => {
    if (!(one instanceof Mesh)) return;
    const material = one.material as MeshStandardMaterial;
    material.map ??= white;
    if (one instanceof SkinnedMesh && !material.transparent) material.alphaTest ||= CUT_OFF;
  });
}

/** One of each, of a single point: what counts is how it would be drawn. */
export function samples(): Group {
  const all = new Group();
  for (const { two, mode, unlit, body } of SURFACES) {
    const paint = {
      map: white,
      side: two ? DoubleSide : FrontSide,
      transparent: mode === "BLEND",
      alphaTest: mode === "MASK" ? CUT_OFF : 0,
      vertexColors: true,
    };
    const material = unlit ? new MeshBasicMaterial(paint) : new MeshStandardMaterial(paint);
    const one = body ? bent(material) : new Mesh(point(false), material);
    one.frustumCulled = false;
    all.add(one);
  }
  return all;
}

/** As the models' files have it: how numbers are packed is part of how they are drawn. */
function point(body: boolean): BufferGeometry {
  const geometry = new BufferGeometry();
  const put = (name: string, numbers: TypedArray, size: number, normalized: boolean) => {
    const packed = new InterleavedBuffer(numbers, numbers.length / CORNERS);
    geometry.setAttribute(name, new InterleavedBufferAttribute(packed, size, 0, normalized));
  };
  put("position", new Int16Array(4 * CORNERS), 3, !body);
  put("normal", new Int8Array(4 * CORNERS), 3, true);
  put("uv", new Uint16Array(2 * CORNERS), 2, true);
  if (body) {
    put("color", new Uint16Array(4 * CORNERS), 4, true);
    put("skinIndex", new Uint8Array(4 * CORNERS), 4, false);
    put("skinWeight", new Uint8Array(4 * CORNERS), 4, true);
  } else put("color", new Uint8Array(4 * CORNERS), 3, true);
  geometry.setIndex(new BufferAttribute(new Uint16Array(CORNERS), 1));
  return geometry;
}

function bent(material: Material): SkinnedMesh {
  const one = new SkinnedMesh(point(true), material);
  one.bind(new Skeleton([new Bone()]));
  one.boundingSphere = new Sphere();
  return one;
}
