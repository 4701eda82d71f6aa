// What rooms and people are made of, before any of it has come: the graphics learn to draw it meanwhile.
import {
  BufferGeometry,
  DoubleSide,
  Float32BufferAttribute,
  FrontSide,
  Group,
  Mesh,
  MeshBasicMaterial,
  MeshStandardMaterial,
  SkinnedMesh,
  Texture,
} from "three";

export interface Surface {
  map: boolean;
  two: boolean;
  /** As glTF calls it. */
  mode: "OPAQUE" | "BLEND" | "MASK";
  unlit: boolean;
  /** Of a person: with bones, and colours that were chosen. */
  body: boolean;
}

const PLAIN: Surface = { map: false, two: false, mode: "OPAQUE", unlit: false, body: false };
const BODY: Surface = { ...PLAIN, map: true, two: true, body: true };

/** All that the scenes and the small bodies have; a test reads them. */
export const SURFACES: Surface[] = [
  PLAIN,
  { ...PLAIN, map: true },
  { ...PLAIN, two: true },
  { ...PLAIN, mode: "BLEND" },
  { ...PLAIN, map: true, unlit: true },
  { ...PLAIN, unlit: true },
  BODY,
  { ...BODY, mode: "MASK" },
];

/** One of each, of nothing: what counts is how it would be drawn. */
export function samples(): Group {
  const all = new Group();
  const texture = new Texture();
  for (const { map, two, mode, unlit, body } of SURFACES) {
    const paint = {
      map: map ? texture : null,
      side: two ? DoubleSide : FrontSide,
      transparent: mode === "BLEND",
      alphaTest: mode === "MASK" ? 0.5 : 0,
      vertexColors: true,
    };
    const material = unlit ? new MeshBasicMaterial(paint) : new MeshStandardMaterial(paint);
    const geometry = new BufferGeometry();
    for (const [name, numbers] of Object.entries({
      position: 3,
      normal: 3,
      uv: 2,
      color: body ? 4 : 3,
    }))
      geometry.setAttribute(name, new Float32BufferAttribute([], numbers));
    all.add(body ? new SkinnedMesh(geometry, material) : new Mesh(geometry, material));
  }
  return all;
}
