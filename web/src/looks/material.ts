// The one material of all looks, in a rich and a plain variant, and a look as an object to draw.
import {
  Bone,
  BufferAttribute,
  BufferGeometry,
  DataTexture,
  DoubleSide,
  FrontSide,
  Group,
  Matrix4,
  MeshLambertMaterial,
  Skeleton,
  SkinnedMesh,
  type Texture,
  Vector3,
  Vector4,
} from "three";
import { INKS, NAILS } from "./ink";
import { type Moves, MOVES_ROW } from "./moves";
import { lightOf, type Packed } from "./packer";
import {
  ALBEDO,
  FOLDS,
  FRAGMENT_HEAD,
  LIGHT,
  MOVES,
  RIM,
  SWAY,
  SWAY_HEAD,
  VERTEX_BODY,
  VERTEX_HEAD,
} from "./shader";

/** In the order of the shader's `marks`, four a row. */
export const MARKS = [
  "freckles",
  "vitiligo",
  "blush",
  "lips",
  "shade",
  "liner",
  "scar",
  "mole",
  "stubble",
  "brow_scar",
  "spots",
  "glitter",
  "tattoo_arm_left",
  "tattoo_arm_right",
  "tattoo_forearm_left",
  "tattoo_forearm_right",
  "tattoo_neck",
  "tattoo_leg_left",
  "tattoo_leg_right",
  "tattoo_ink",
  "nails",
] as const;

/** The rows of the shader's `marks`: the last marks are colours, and come by themselves. */
const ROWS = 5;

export interface LookMaterialOptions {
  patterns: Texture;
  plain?: boolean;
  marks?: Readonly<Record<string, number>>;
  /** Heights (m) from which hair and skirts hang down, and the number of joints; without it nothing sways. */
  hang?: readonly [number, number, number];
  /** What its face moves by (Shapes has it), where the face is no mesh of its own. */
  moving?: Moving | null;
  /** More light from all around, for all looks at once. */
  fill?: { value: number };
}

/** Expressions as the shader takes them. */
export interface Moving {
  moves: Moves;
  picture: DataTexture;
}

/** What the shader asks for to paint a look. */
export function paintUniforms(
  patterns: Texture,
  marks: Readonly<Record<string, number>>,
  fill: { value: number },
) {
  const share = (i: number) => (marks[MARKS[i]!] ?? 0) / 100;
  const rows = Array.from(
    { length: ROWS },
    (_, row) => new Vector4(...[0, 1, 2, 3].map((k) => share(row * 4 + k))),
  );
  const ink = new Vector3(...lightOf(INKS[(marks["tattoo_ink"] ?? 0) % INKS.length]!));
  const nails = NAILS[(marks["nails"] ?? 0) - 1];
  const polish = new Vector4(...(nails ? lightOf(nails) : [0, 0, 0]), nails ? 1 : 0);
  return {
    patterns: { value: patterns },
    marks: { value: rows },
    ink: { value: ink },
    polish: { value: polish },
    fill,
  };
}

export function lookMaterial({
  patterns,
  plain = false,
  marks = {},
  hang = [-1, -1, 0],
  moving = null,
  fill = { value: 0 },
}: LookMaterialOptions) {
  const material = new MeshLambertMaterial({ side: DoubleSide, shadowSide: FrontSide });
  const uniforms = paintUniforms(patterns, marks, fill);
  if (plain) material.defines = { LOOK_PLAIN: "" };
  material.onBeforeCompile = (shader) => {
    Object.assign(shader.uniforms, uniforms);
    shader.uniforms["hang"] = { value: new Vector3(...hang) };
    const { vertices = 0, rows = 0, unit = 0 } = moving?.moves ?? {};
    shader.uniforms["moving"] = { value: new Vector3(vertices, rows, unit) };
    shader.uniforms["moves"] = { value: moving?.picture ?? null };
    shader.vertexShader =
      SWAY_HEAD +
      VERTEX_HEAD +
      shader.vertexShader
        .replace("#include <begin_vertex>", `#include <begin_vertex>\n${VERTEX_BODY}`)
        .replace("#include <morphtarget_vertex>", `#include <morphtarget_vertex>\n${MOVES}`)
        .replace("#include <skinning_vertex>", `#include <skinning_vertex>\n${SWAY}`);
    shader.fragmentShader =
      FRAGMENT_HEAD +
      shader.fragmentShader
        .replace("#include <color_fragment>", `#include <color_fragment>\n${ALBEDO}`)
        .replace("#include <lights_lambert_pars_fragment>", LIGHT)
        .replace("#include <normal_fragment_maps>", `#include <normal_fragment_maps>\n${FOLDS}`)
        .replace("#include <opaque_fragment>", `${RIM}\n#include <opaque_fragment>`);
  };
  material.customProgramCacheKey = () => `look ${plain}`;
  return material;
}

export interface Drawn {
  root: Group;
  bones: Map<string, Bone>;
  /** Not in the body: where they are says how far the ends of hair, and the hem, are behind. */
  sway: readonly [Bone, Bone];
  /** The face where it is a mesh of its own: at the nearest level. */
  face: SkinnedMesh | null;
  /** Expressions: how much of each is shown, and where it stands there; null far away. */
  shows: { weights: number[]; names: Record<string, number> } | null;
  dispose(): void;
}

/** What a vertex carries: name, numbers, as shares of 1. */
export const LOOK_ATTRIBUTES = [
  ["position", 4, true],
  ["normal", 4, true],
  ["tone", 4, true],
  ["tint", 4, true],
  ["mask", 4, true],
  ["place", 2, true],
  ["skinIndex", 4, false],
  ["skinWeight", 4, true],
] as const;

/** How they are packed. */
export const LOOK_NUMBERS = {
  position: Int16Array,
  normal: Int8Array,
  tone: Uint8Array,
  tint: Uint8Array,
  mask: Uint8Array,
  place: Int16Array,
  skinIndex: Uint8Array,
  skinWeight: Uint8Array,
} as const;

function geometryOf(packed: Packed, to: number, index: ArrayLike<number>): BufferGeometry {
  const geometry = new BufferGeometry();
  for (const [name, size, normalized] of LOOK_ATTRIBUTES)
    geometry.setAttribute(
      name,
      new BufferAttribute(packed[name].subarray(0, to * size), size, normalized),
    );
  const wide = to > 65535;
  geometry.setIndex(
    new BufferAttribute(wide ? Uint32Array.from(index) : Uint16Array.from(index), 1),
  );
  return geometry;
}

/** What the graphics hold of a look: shared by all who wear it. */
export interface Shapes {
  whole: BufferGeometry;
  face: BufferGeometry | null;
  moving: Moving | null;
  dispose(): void;
}

function movingOf({ moves }: Packed): Moving | null {
  if (!moves || moves.names.length === 0) return null;
  const picture = new DataTexture(moves.texels, MOVES_ROW, moves.rows * moves.names.length);
  picture.needsUpdate = true;
  return { moves, picture };
}

export function shapesOf(packed: Packed): Shapes {
  const { face: front } = packed;
  const apart = packed.morphs.length > 0 && front.indices > 0;
  const rest = apart ? packed.index.subarray(front.indices) : packed.index;
  const whole = geometryOf(packed, packed.count, rest);
  let face: BufferGeometry | null = null;
  if (apart) {
    face = geometryOf(packed, front.vertices, packed.index.subarray(0, front.indices));
    face.morphTargetsRelative = true;
    face.morphAttributes["position"] = packed.morphs.map(({ name, delta }) =>
      Object.assign(new BufferAttribute(delta, 3, true), { name }),
    );
  }
  const moving = movingOf(packed);
  const dispose = () => [whole, face, moving?.picture].forEach((one) => one?.dispose());
  return { whole, face, moving, dispose };
}

/** A look as one object, or two where it has a face that moves; `dispose` frees the shapes, too. */
export function drawn(
  packed: Packed,
  joints: string[],
  parents: number[],
  material: MeshLambertMaterial,
  shapes: Shapes = shapesOf(packed),
): Drawn {
  const root = new Group();
  const bones = joints.map((name) => Object.assign(new Bone(), { name }));
  const at = (j: number, k: number) => packed.joints[j * 3 + k]!;
  bones.forEach((bone, j) => {
    const parent = parents[j]!;
    const [x, y, z] = [0, 1, 2].map((k) => at(j, k) - (parent < 0 ? 0 : at(parent, k)));
    bone.position.set(x!, y!, z!);
    (parent < 0 ? root : bones[parent]!).add(bone);
  });
  root.updateMatrixWorld(true);
  const inverse = joints.map((_, j) => new Matrix4().fromArray(packed.inverse, j * 16));
  const sway = [new Bone(), new Bone()] as const;
  const shown = new Bone();
  const free = [...sway, shown];
  const skeleton = new Skeleton(
    [...bones, ...free],
    [...inverse, ...free.map(() => new Matrix4())],
  );
  const span = new Matrix4().makeScale(packed.span, packed.span, packed.span);
  const meshOf = (geometry: BufferGeometry) => {
    const mesh = new SkinnedMesh(geometry, material);
    mesh.frustumCulled = false;
    mesh.castShadow = mesh.receiveShadow = true;
    root.add(mesh);
    mesh.bind(skeleton, span);
    return mesh;
  };
  meshOf(shapes.whole);
  const front = shapes.face && meshOf(shapes.face);
  front?.updateMorphTargets();
  return {
    root,
    bones: new Map(joints.map((name, j) => [name, bones[j]!])),
    sway,
    face: front,
    shows: showsOf(front, shapes.moving, shown),
    dispose: () => {
      shapes.dispose();
      skeleton.dispose();
    },
  };
}

function showsOf(face: SkinnedMesh | null, moving: Moving | null, shown: Bone): Drawn["shows"] {
  if (face)
    return {
      weights: face.morphTargetInfluences ?? [],
      names: face.morphTargetDictionary ?? {},
    };
  if (!moving) return null;
  // Its matrix is none: sixteen numbers that reach the shader with the bones.
  const weights = shown.matrixWorld.elements.fill(0);
  return { weights, names: Object.fromEntries(moving.moves.names.map((name, m) => [name, m])) };
}
