// Dresses a body: garments from inner to outer, each outside of those before.
import type { Piece } from "./assemble";
import type { Person } from "./body";
import { type Cloth, makeCloth, newLayers } from "./cloth";
import { emitCloth } from "./emit";
import { fieldAt, type Panel, panelsOf } from "./field";
import type { Packer } from "./packer";
import { PLACE } from "./prepare";
import type { Rig } from "./shape";
import { sew } from "./sew";

export interface Wardrobe {
  /** Pieces that it draws. */
  drawn: ReadonlySet<Piece>;
  draw(packer: Packer): void;
}

interface Garment {
  piece: Piece;
  panels: Panel[];
  cloths: Cloth[];
  deep: Float32Array | null;
}

/** What lies at the hips under a skirt isn't seen; further down one looks into it. */
const UNDER_SKIRT_DM = 0.7;

/**
 * How deep each base vertex lies under the garments outside of this one; null if under none. Skirts
 * count only far away, where coarse cloth would come through them.
 */
function depths(person: Person, outer: Garment[]): Float32Array | null {
  const { prepared, level } = person;
  const panels = outer.flatMap((one) => one.panels).filter(({ on }) => on !== "skirt" || level > 0);
  if (!panels.length) return null;
  const out = new Float32Array(prepared.base.vertices);
  const low = prepared.marks.hip[1] - UNDER_SKIRT_DM;
  for (const panel of panels) {
    const field = fieldAt(prepared, panel);
    for (let v = 0; v < out.length; v++) {
      const counts = panel.on !== "skirt" || prepared.place[v * PLACE.size + PLACE.y]! > low;
      if (counts && field[v]! > out[v]!) out[v] = field[v]!;
    }
  }
  return out;
}

export function dress(person: Person, pieces: Piece[], rig: Rig): Wardrobe {
  void rig;
  const garments: Garment[] = pieces
    .filter(({ item }) => item.rule)
    .sort((p, q) => p.item.layer - q.item.layer)
    .map((piece) => ({ piece, panels: panelsOf(piece.item.rule!), cloths: [], deep: null }));
  const layers = newLayers(person);
  garments.forEach((garment, i) => {
    garment.deep = depths(person, garments.slice(i + 1));
    for (const panel of garment.panels) {
      const cloth = makeCloth(person, layers, panel, garment.deep);
      if (cloth) garment.cloths.push(cloth);
    }
  });
  person.layers = layers;
  for (const { bound } of pieces) if (bound) for (const v of bound.hides) person.hidden[v] = 1;
  return {
    drawn: new Set(garments.map(({ piece }) => piece)),
    draw: (packer) => {
      for (const { piece, cloths, deep } of garments) {
        packer.layer = piece.item.layer + 1;
        const pattern = piece.item.patterns ? (piece.worn.pattern ?? 0) : 0;
        for (const cloth of cloths) emitCloth(packer, person, cloth, { piece, pattern });
        sew(packer, person, piece, cloths, deep);
      }
    },
  };
}
