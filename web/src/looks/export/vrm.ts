// A look as a VRM 1.0 file: bones, face, what it wears, and whose work that is.
import type { Packed } from "../packer";
import { Glb } from "./glb";
import { type Rest, restOf } from "./rest";
import { type Flat, unwrap } from "./unwrap";

/** What stands in the file beside the shape, in words. */
export interface About {
  name: string;
  version: string;
  /** Who made the look first; then whose work it wears. */
  authors: string[];
  copyright: string;
  licences: string;
  /** Where the text of the body's licence is; empty: nowhere. */
  licenceUrl: string;
}

export interface Bones {
  joints: string[];
  parents: number[];
}

/** A look that is ready to be painted. */
export interface Laid {
  packed: Packed;
  rest: Rest;
  flat: Flat;
}

/** Pixels of the picture's side. */
export const PICTURE = 2048;

export function lay(packed: Packed): Laid {
  const rest = restOf(packed);
  return { packed, rest, flat: unwrap(packed, rest, PICTURE) };
}

/* How far eyes turn, degrees, for a target that stands this far aside. */
const ASIDE = 90;
const TURN = { inner: 8, outer: 10, down: 8, up: 8 };
const SHADE = [0.86, 0.74, 0.74];
const NARROW = 65535;

/** Our moves of the face by the names that VRM has for them; what it has no name for keeps ours. */
const PRESETS: Record<string, string[]> = {
  happy: ["happy"],
  angry: ["angry"],
  sad: ["sad"],
  relaxed: ["relaxed"],
  surprised: ["surprised"],
  aa: ["aa"],
  ih: ["ih"],
  ou: ["ou"],
  ee: ["ee"],
  oh: ["oh"],
  blink: ["blink_left", "blink_right"],
  blinkLeft: ["blink_left"],
  blinkRight: ["blink_right"],
};

/** The file. `picture`: a PNG of what unwrap() laid flat. */
export function vrmOf(laid: Laid, bones: Bones, picture: Uint8Array, about: About): Uint8Array {
  const { packed } = laid;
  const glb = new Glb();
  const nodes = nodesOf(packed, bones);
  const faceNode = nodes.length;
  nodes.push({ name: "Face", mesh: 0, skin: 0 }, { name: "Body", mesh: 1, skin: 0 });
  const edge = packed.face.indices;
  const all = laid.flat.index;
  const names = packed.morphs.map(({ name }) => name);
  const meshes = [
    { ...meshOf(glb, "Face", laid, all.subarray(0, edge), true), extras: { targetNames: names } },
    meshOf(glb, "Body", laid, all.subarray(edge), false),
  ];
  const image = glb.file(picture);
  return glb.write({
    asset: { version: "2.0", generator: "Bauta" },
    extensionsUsed: ["VRMC_vrm", "VRMC_materials_mtoon"],
    extensions: { VRMC_vrm: vrm(packed, bones, names, faceNode, about) },
    scene: 0,
    scenes: [{ nodes: [bones.parents.indexOf(-1), faceNode, faceNode + 1] }],
    nodes,
    meshes,
    skins: [skinOf(glb, packed, bones)],
    materials: [material()],
    textures: [{ source: 0, sampler: 0 }],
    samplers: [{ magFilter: 9729, minFilter: 9987, wrapS: 33071, wrapT: 33071 }],
    images: [{ bufferView: image, mimeType: "image/png", name: "look" }],
  });
}

function nodesOf({ joints }: Packed, { joints: names, parents }: Bones): object[] {
  return names.map((name, j) => {
    const parent = parents[j]!;
    const children = parents.flatMap((p, child) => (p === j ? [child] : []));
    const translation = [0, 1, 2].map(
      (k) => joints[j * 3 + k]! - (parent < 0 ? 0 : joints[parent * 3 + k]!),
    );
    return { name, translation, ...(children.length > 0 ? { children } : {}) };
  });
}

function skinOf(glb: Glb, { joints }: Packed, { joints: names, parents }: Bones) {
  const inverse = new Float32Array(names.length * 16);
  names.forEach((_, j) => {
    for (let k = 0; k < 4; k++) inverse[j * 16 + k * 5] = 1;
    for (let k = 0; k < 3; k++) inverse[j * 16 + 12 + k] = -joints[j * 3 + k]!;
  });
  return {
    inverseBindMatrices: glb.numbers(inverse, 16, { is: "other" }),
    joints: names.map((_, j) => j),
    skeleton: parents.indexOf(-1),
  };
}

/** One mesh of the triangles given, with vertices of its own. */
function meshOf(glb: Glb, name: string, laid: Laid, triangles: Uint32Array, moves: boolean) {
  const { rest, flat } = laid;
  const own = new Map<number, number>();
  const index: number[] = [];
  for (let i = 0; i < triangles.length; i += 3) {
    const corners = [triangles[i]!, triangles[i + 1]!, triangles[i + 2]!];
    if (new Set(corners.map((n) => flat.from[n])).size < 3) continue;
    for (const n of corners) {
      if (!own.has(n)) own.set(n, own.size);
      index.push(own.get(n)!);
    }
  }
  const of = [...own.keys()].map((n) => flat.from[n]!);
  const gather = <T extends Float32Array | Uint8Array>(
    from: T,
    size: number,
    kind: new (n: number) => T,
  ) => {
    const out = new kind(of.length * size);
    of.forEach((v, i) => {
      for (let k = 0; k < size; k++) out[i * size + k] = from[v * size + k]!;
    });
    return out;
  };
  const uv = new Float32Array(of.length * 2);
  [...own.keys()].forEach((n, i) => uv.set(flat.uv.subarray(n * 2, n * 2 + 2), i * 2));
  const attributes = {
    POSITION: glb.numbers(gather(rest.position, 3, Float32Array), 3, { bounds: true }),
    NORMAL: glb.numbers(gather(rest.normal, 3, Float32Array), 3),
    TEXCOORD_0: glb.numbers(uv, 2),
    JOINTS_0: glb.numbers(gather(rest.joints, 4, Uint8Array), 4),
    WEIGHTS_0: glb.numbers(gather(rest.weights, 4, Uint8Array), 4, { normalized: true }),
  };
  const targets = (moves ? rest.morphs : []).map(({ delta }) => ({
    POSITION: glb.numbers(gather(delta, 3, Float32Array), 3, { bounds: true }),
  }));
  const list = of.length > NARROW ? Uint32Array.from(index) : Uint16Array.from(index);
  return {
    name,
    primitives: [
      {
        attributes,
        indices: glb.numbers(list, 1, { is: "triangles" }),
        material: 0,
        ...(moves ? { targets } : {}),
      },
    ],
  };
}

const material = () => ({
  name: "Look",
  doubleSided: true,
  pbrMetallicRoughness: { baseColorTexture: { index: 0 }, metallicFactor: 0, roughnessFactor: 0.9 },
  extensions: {
    VRMC_materials_mtoon: {
      specVersion: "1.0",
      shadeColorFactor: SHADE,
      shadeMultiplyTexture: { index: 0 },
      shadingShiftFactor: 0,
      shadingToonyFactor: 0.3,
      giEqualizationFactor: 0.9,
    },
  },
});

function vrm(packed: Packed, { joints }: Bones, moves: string[], face: number, about: About) {
  const bind = (name: string) => ({ node: face, index: moves.indexOf(name), weight: 1 });
  const expression = (names: string[]) => ({ morphTargetBinds: names.map(bind) });
  const known = new Set(Object.values(PRESETS).flat());
  const presets = Object.entries(PRESETS).filter(([, of]) =>
    of.every((one) => moves.includes(one)),
  );
  const custom = moves.filter((name) => !known.has(name));
  const at = (name: string, k: number) => packed.joints[joints.indexOf(name) * 3 + k]!;
  const map = (outputScale: number) => ({ inputMaxValue: ASIDE, outputScale });
  return {
    specVersion: "1.0",
    meta: metaOf(about),
    humanoid: { humanBones: Object.fromEntries(joints.map((name, node) => [name, { node }])) },
    firstPerson: { meshAnnotations: [face, face + 1].map((node) => ({ node, type: "auto" })) },
    lookAt: {
      type: "bone",
      offsetFromHeadBone: [0, 1, 2].map(
        (k) => (at("leftEye", k) + at("rightEye", k)) / 2 - at("head", k),
      ),
      rangeMapHorizontalInner: map(TURN.inner),
      rangeMapHorizontalOuter: map(TURN.outer),
      rangeMapVerticalDown: map(TURN.down),
      rangeMapVerticalUp: map(TURN.up),
    },
    expressions: {
      preset: Object.fromEntries(presets.map(([name, of]) => [name, expression(of)])),
      ...(custom.length > 0
        ? { custom: Object.fromEntries(custom.map((name) => [name, expression([name])])) }
        : {}),
    },
  };
}

/* Whose look it is may be it; what it is made of may be passed on as its licences say. */
const metaOf = ({ name, version, authors, copyright, licences, licenceUrl }: About) => ({
  name,
  version,
  authors,
  copyrightInformation: copyright,
  thirdPartyLicenses: licences,
  licenseUrl: "https://vrm.dev/licenses/1.0/",
  ...(licenceUrl ? { otherLicenseUrl: licenceUrl } : {}),
  avatarPermission: "onlyAuthor",
  commercialUsage: "personalProfit",
  creditNotation: "required",
  allowRedistribution: true,
  modification: "allowModificationRedistribution",
  allowExcessivelyViolentUsage: false,
  allowExcessivelySexualUsage: false,
  allowPoliticalOrReligiousUsage: true,
  allowAntisocialOrHateUsage: false,
});
