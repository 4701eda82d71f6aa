// Materials in the variants that quality and presence ask for, made once each.
import {
  FrontSide,
  type Material,
  Mesh,
  MeshLambertMaterial,
  MeshStandardMaterial,
  type Object3D,
  type Texture,
} from "three";

export const AWAY_OPACITY = 0.45;

/** Remembers for every mesh which material it came with and gives it the fitting variant. */
export class Looks {
  private readonly made = new Map<Material, Map<string, Material>>();
  private readonly original = new WeakMap<Mesh, Material>();

  /** `cheap`: lit simply, for the low level. `away`: half there. */
  apply(root: Object3D, cheap: boolean, away: boolean): void {
    root.traverse((one) => {
      // Looks of people bring materials of their own, in variants of their own.
      if (!(one instanceof Mesh) || one.userData["painted"]) return;
      let base = this.original.get(one);
      if (!base) {
        base = one.material as Material;
        this.original.set(one, base);
      }
      one.material = this.variant(base, cheap, away);
    });
  }

  dispose(): void {
    for (const variants of this.made.values()) {
      for (const material of variants.values()) material.dispose();
    }
    this.made.clear();
  }

  private variant(base: Material, cheap: boolean, away: boolean): Material {
    let variants = this.made.get(base);
    if (!variants) this.made.set(base, (variants = new Map<string, Material>()));
    const name = `${cheap}${away}`;
    let material = variants.get(name);
    if (!material) variants.set(name, (material = this.make(base, cheap, away)));
    return material;
  }

  private make(base: Material, cheap: boolean, away: boolean): Material {
    const standard = base instanceof MeshStandardMaterial;
    const material = cheap && standard ? lambert(base) : base.clone();
    if (away) {
      material.transparent = true;
      material.opacity *= AWAY_OPACITY;
      material.side = FrontSide;
      material.depthWrite = true;
    }
    return material;
  }
}

function lambert(base: MeshStandardMaterial): MeshLambertMaterial {
  const { color, map, alphaMap, emissive, emissiveMap, emissiveIntensity, vertexColors } = base;
  const { alphaTest, transparent, opacity, side, depthWrite } = base;
  return new MeshLambertMaterial({
    color,
    map,
    alphaMap,
    emissive,
    emissiveMap,
    emissiveIntensity,
    vertexColors,
    alphaTest,
    transparent,
    opacity,
    side,
    depthWrite,
  });
}

/** Frees everything a loaded model holds on the GPU and its decoded pictures. */
export function disposeModel(root: Object3D): void {
  root.traverse((one) => {
    if (!(one instanceof Mesh)) return;
    one.geometry.dispose();
    disposeMaterial(one.material as Material);
  });
}

function disposeMaterial(material: Material): void {
  for (const value of Object.values(material)) {
    if (!(value as Texture | null)?.isTexture) continue;
    const texture = value as Texture;
    (texture.source.data as ImageBitmap | null)?.close?.();
    texture.dispose();
  }
  material.dispose();
}
