// Fetches and reads models: every file once a world, however many people wear it.
import {
  type Bone,
  BufferAttribute,
  BufferGeometry,
  Color,
  type Group,
  Mesh,
  type Object3D,
  Skeleton,
  SkinnedMesh,
  Sphere,
  Texture,
  Vector3,
} from "three";
import { GLTFLoader, type GLTF, type GLTFParser } from "three/addons/loaders/GLTFLoader.js";
import { MeshoptDecoder } from "three/addons/libs/meshopt_decoder.module.js";
import { assetJson, assetUrl, fromStock } from "../lib/assets";
import { addClips, HIPS_REF_M, readClips, type ClipFile, type Clips } from "./clips";
import { disposeModel } from "./looks";
import { alike } from "./surfaces";

export interface AvatarInfo {
  id: string;
  file: string;
  lod1: string;
  height_m: number;
  slots: { slot: number; part: string; colours: string[]; default: number }[];
  wears: string;
}

interface Expressions {
  [name: string]: { morphTargetBinds?: { index: number; weight: number }[] };
}

/** A model as it came, never shown itself. */
interface Mould {
  root: Group;
  expressions: Expressions;
}

/** One person's own copy: bones of its own, geometry shared with all who chose the same colours. */
export interface Body {
  root: Object3D;
  bones: Map<string, Object3D>;
  faces: { influences: number[]; expressions: Expressions; names: Record<string, number> }[];
  /** Height of the hips at rest. */
  hips_m: number;
  full: boolean;
  release(): void;
}

/** A packed answer does not say how long it will be: progress by the usual size of a scene. */
const TYPICAL_BYTES = 300_000;

/** All of a person, wherever the arms are. */
const AROUND = new Sphere(new Vector3(0, 1, 0), 2);

interface Tint {
  geometry: BufferGeometry;
  users: number;
}

export class Models {
  private readonly loader = new GLTFLoader().setMeshoptDecoder(MeshoptDecoder).register(straight);
  private readonly files = new Map<string, Promise<Mould>>();
  private readonly tints = new Map<BufferGeometry, Map<string, Tint>>();
  private closed = false;

  constructor(private readonly progress: (name: string, part: number) => void = () => {}) {}

  /** Standing, walking, sitting; the others come by moreClips. */
  async clips(): Promise<Clips> {
    return readClips(await assetJson<ClipFile>("animations/first.json"));
  }

  async moreClips(clips: Clips): Promise<void> {
    addClips(clips, await assetJson<ClipFile>("animations/rest.json"));
  }

  async avatars(): Promise<AvatarInfo[]> {
    return (await assetJson<{ avatars: AvatarInfo[] }>("avatars/avatars.json")).avatars;
  }

  async scene(id: string): Promise<Group> {
    return (await this.mould(`scenes/${id}.glb`)).root;
  }

  /** A body to show: unknown avatars look like the first one. */
  async body(info: AvatarInfo, colours: number[], full: boolean): Promise<Body> {
    const mould = await this.mould(`avatars/${full ? info.file : info.lod1}`);
    if (this.closed) throw new Error("closed");
    const key = info.slots.map((slot) => choice(slot, colours)).join(" ");
    const paint = info.slots.map((slot) => [slot.slot, choice(slot, colours)] as const);
    const root = copy(mould.root);
    const held: (() => void)[] = [];
    root.traverse((one) => {
      if (!(one instanceof Mesh)) return;
      held.push(this.dye(one, key, new Map(paint)));
    });
    return { ...describe(root, mould.expressions), full, release: () => held.forEach((f) => f()) };
  }

  dispose(): void {
    this.closed = true;
    for (const tints of this.tints.values()) {
      for (const tint of tints.values()) freeTint(tint.geometry);
    }
    for (const file of this.files.values()) {
      file.then(
        (mould) => disposeModel(mould.root),
        () => {},
      );
    }
    this.files.clear();
    this.tints.clear();
  }

  private mould(name: string): Promise<Mould> {
    let known = this.files.get(name);
    if (!known) {
      known = this.read(name);
      // Who asks again after a failure gets a new try.
      known.catch(() => this.files.delete(name));
      this.files.set(name, known);
    }
    return known;
  }

  private async read(name: string): Promise<Mould> {
    const gltf = await this.loader.parseAsync(await this.bytes(name), "");
    if (this.closed) {
      disposeModel(gltf.scene);
      throw new Error("closed");
    }
    alike(gltf.scene);
    return { root: gltf.scene, expressions: expressionsOf(gltf) };
  }

  private async bytes(name: string): Promise<ArrayBuffer> {
    const early = await fromStock(name)?.catch(() => undefined);
    if (early) {
      this.progress(name, 1);
      return early;
    }
    const answer = await fetch(assetUrl(name));
    if (!answer.ok || !answer.body) throw new Error(`${name}: ${answer.status}`);
    const packed = answer.headers.has("Content-Encoding");
    const total = packed ? 0 : Number(answer.headers.get("Content-Length") ?? 0);
    const reader = answer.body.getReader();
    const parts: BlobPart[] = [];
    let size = 0;
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      parts.push(next.value as BlobPart);
      size += next.value.byteLength;
      const guessed = 1 - Math.exp(-size / TYPICAL_BYTES);
      this.progress(name, total > 0 ? Math.min(1, size / total) : guessed);
    }
    this.progress(name, 1);
    return new Blob(parts).arrayBuffer();
  }

  /** Gives the mesh a geometry in the chosen colours; returns what gives it back. */
  private dye(mesh: Mesh, key: string, paint: Map<number, string>): () => void {
    const plain = mesh.geometry as BufferGeometry;
    if (!plain.getAttribute("_slot")) return () => {};
    let tints = this.tints.get(plain);
    if (!tints) this.tints.set(plain, (tints = new Map<string, Tint>()));
    let tint = tints.get(key);
    if (!tint) tints.set(key, (tint = { geometry: tinted(plain, paint), users: 0 }));
    tint.users++;
    mesh.geometry = tint.geometry;
    const [own, all] = [tint, tints];
    return () => {
      if (--own.users > 0 || all.get(key) !== own) return;
      all.delete(key);
      freeTint(own.geometry);
    };
  }
}

/** Reads pictures where they lie; by itself the parser fetches each from an address that it makes for it. */
function straight(parser: GLTFParser): { name: string } {
  parser.loadImageSource = async (n) => {
    const { bufferView, mimeType } = parser.json.images[n];
    const bytes: ArrayBuffer = await parser.getDependency("bufferView", bufferView);
    const texture = new Texture(
      await createImageBitmap(new Blob([bytes], { type: mimeType }), {
        premultiplyAlpha: "none",
        colorSpaceConversion: "none",
      }),
    );
    texture.needsUpdate = true;
    return texture;
  };
  return { name: "straight" };
}

function choice(slot: AvatarInfo["slots"][number], colours: number[]): string {
  return slot.colours[colours[slot.slot - 1] ?? slot.default] ?? slot.colours[slot.default]!;
}

/** The same buffers, but for the colours. */
function tinted(plain: BufferGeometry, paint: Map<number, string>): BufferGeometry {
  const slots = plain.getAttribute("_slot");
  const before = plain.getAttribute("color");
  const shade = plain.getAttribute("_shade");
  const rgb = new Map([...paint].map(([slot, hex]) => [slot, new Color(hex)]));
  const colours = new BufferAttribute(new Uint16Array(slots.count * 4), 4, true);
  for (let i = 0; i < slots.count; i++) {
    const own = rgb.get(slots.getX(i));
    const k = shade ? shade.getX(i) / (shade.normalized ? 1 : 255) : 1;
    if (own) colours.setXYZW(i, own.r * k, own.g * k, own.b * k, 1);
    else if (before) colours.setXYZW(i, before.getX(i), before.getY(i), before.getZ(i), 1);
    else colours.setXYZW(i, 1, 1, 1, 1);
  }
  const geometry = new BufferGeometry();
  for (const [name, attribute] of Object.entries(plain.attributes)) {
    if (!name.startsWith("_")) geometry.setAttribute(name, attribute);
  }
  geometry.setAttribute("color", colours);
  geometry.setIndex(plain.index);
  geometry.morphAttributes = plain.morphAttributes;
  geometry.morphTargetsRelative = plain.morphTargetsRelative;
  geometry.boundingSphere = plain.boundingSphere;
  return geometry;
}

/** Freeing a geometry frees its buffers, so those that others share are taken out first. */
function freeTint(geometry: BufferGeometry): void {
  const colours = geometry.getAttribute("color");
  geometry.attributes = { color: colours };
  geometry.index = null;
  geometry.morphAttributes = {};
  geometry.dispose();
}

/** A copy with bones of its own; meshes that shared a skeleton share the new one too. */
function copy(source: Group): Object3D {
  const root = source.clone(true);
  const twin = new Map<Object3D, Object3D>();
  const pair = (a: Object3D, b: Object3D): void => {
    twin.set(a, b);
    a.children.forEach((child, i) => pair(child, b.children[i]!));
  };
  pair(source, root);
  const skeletons = new Map<Skeleton, Skeleton>();
  for (const [old, one] of twin) {
    if (!(old instanceof SkinnedMesh) || !(one instanceof SkinnedMesh)) continue;
    let skeleton = skeletons.get(old.skeleton);
    if (!skeleton) {
      const bones = old.skeleton.bones.map((bone) => twin.get(bone) as Bone);
      skeletons.set(old.skeleton, (skeleton = new Skeleton(bones, old.skeleton.boneInverses)));
    }
    one.bind(skeleton, old.bindMatrix);
  }
  return root;
}

function describe(root: Object3D, expressions: Expressions): Omit<Body, "full" | "release"> {
  const bones = new Map<string, Object3D>();
  const faces: Body["faces"] = [];
  root.updateMatrixWorld(true);
  root.traverse((one) => {
    if (!(one instanceof Mesh)) {
      if (one.name && !bones.has(one.name)) bones.set(one.name, one);
      return;
    }
    // Their bounds are those of the T-pose; who is seen is decided a person at a time.
    one.frustumCulled = false;
    // Who is drawn first is decided by it, too, and finding it out takes a walk over all points and bones.
    if (one instanceof SkinnedMesh) one.boundingSphere = AROUND;
    const influences = one.morphTargetInfluences;
    if (!influences?.length) return;
    influences.fill(0);
    faces.push({ influences, expressions, names: one.morphTargetDictionary ?? {} });
  });
  const hips_m = bones.get("hips")?.matrixWorld.elements[13] || HIPS_REF_M;
  return { root, bones, faces, hips_m };
}

function expressionsOf(gltf: GLTF): Expressions {
  const extensions = gltf.userData["gltfExtensions"] as
    | { VRMC_vrm?: { expressions?: { preset?: Expressions } } }
    | undefined;
  return extensions?.VRMC_vrm?.expressions?.preset ?? {};
}

export function freeSkeletons(root: Object3D): void {
  root.traverse((one) => {
    if (one instanceof SkinnedMesh) one.skeleton.dispose();
  });
}
