// Fetches and reads models and movements, every file once a world.
import { type Group, type Object3D, SkinnedMesh, Texture } from "three";
import { GLTFLoader, type GLTFParser } from "three/addons/loaders/GLTFLoader.js";
import { MeshoptDecoder } from "three/addons/libs/meshopt_decoder.module.js";
import { assetJson, assetUrl, fromStock } from "../lib/assets";
import { addClips, readClips, type ClipFile, type Clips } from "./clips";
import { disposeModel } from "./looks";
import type { Level } from "./quality";
import { alike } from "./surfaces";

export interface Expressions {
  [name: string]: { morphTargetBinds?: { index: number; weight: number }[] };
}

/** One person's own copy: bones of its own, geometry shared with all who look the same. */
export interface Body {
  root: Object3D;
  bones: Map<string, Object3D>;
  faces: { influences: number[]; expressions: Expressions; names: Record<string, number> }[];
  /** Height of the hips at rest. */
  hips_m: number;
  /** From sole to crown, where the body knows. */
  height_m?: number;
  /** Of who sits in a wheelchair: height of the hips there. */
  chair_m?: number;
  full: boolean;
  /** Bones beside the body that say how far hair and hem are behind, where they sway. */
  sway?: readonly Object3D[];
  /** To be called when bones, expressions or what sways were changed, where a body has bones of that kind. */
  bend?(): void;
  /** Gives it the materials of a level, where it has its own. */
  paint?(level: Level, away: boolean): void;
  release(): void;
}

/** A packed answer does not say how long it will be: progress by the usual size of a scene. */
const TYPICAL_BYTES = 300_000;

export class Models {
  private readonly loader = new GLTFLoader().setMeshoptDecoder(MeshoptDecoder).register(straight);
  private readonly files = new Map<string, Promise<Group>>();
  private closed = false;

  constructor(private readonly progress: (name: string, part: number) => void = () => {}) {}

  /** Standing, walking, sitting; the others come by moreClips. */
  async clips(): Promise<Clips> {
    return readClips(await assetJson<ClipFile>("animations/first.json"));
  }

  async moreClips(clips: Clips): Promise<void> {
    addClips(clips, await assetJson<ClipFile>("animations/rest.json"));
  }

  async scene(id: string): Promise<Group> {
    return this.mould(`scenes/${id}.glb`);
  }

  dispose(): void {
    this.closed = true;
    for (const file of this.files.values()) {
      file.then(
        (root) => disposeModel(root),
        () => {},
      );
    }
    this.files.clear();
  }

  private mould(name: string): Promise<Group> {
    let known = this.files.get(name);
    if (!known) {
      known = this.read(name);
      // Who asks again after a failure gets a new try.
      known.catch(() => this.files.delete(name));
      this.files.set(name, known);
    }
    return known;
  }

  private async read(name: string): Promise<Group> {
    const gltf = await this.loader.parseAsync(await this.bytes(name), "");
    if (this.closed) {
      disposeModel(gltf.scene);
      throw new Error("closed");
    }
    alike(gltf.scene);
    return gltf.scene;
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

export function freeSkeletons(root: Object3D): void {
  root.traverse((one) => {
    if (one instanceof SkinnedMesh) one.skeleton.dispose();
  });
}
