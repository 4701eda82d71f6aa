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
import { smooth } from "./vec";

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
const UNDER_SKIRT_DM = 1.6;

/**
 * How deep each base vertex lies under the garments outside of this one; null if under none. Skirts
 * count at the hips; for what is worn on the trunk all the way down: its end would look like something
 * else between seated thighs.
 */
function depths(person: Person, own: Garment, outer: Garment[]): Float32Array | null {
  const { prepared } = person;
  const trunk = own.panels.every(({ on }) => on === "torso");
  const panels = outer.flatMap((one) => one.panels);
  if (!panels.length) return null;
  const out = new Float32Array(prepared.base.vertices);
  const low = trunk ? Number.NEGATIVE_INFINITY : prepared.marks.hip[1] - UNDER_SKIRT_DM;
  for (const panel of panels) {
    const field = fieldAt(prepared, panel);
    for (let v = 0; v < out.length; v++) {
      const counts = panel.on !== "skirt" || prepared.place[v * PLACE.size + PLACE.y]! > low;
      if (counts && field[v]! > out[v]!) out[v] = field[v]!;
    }
  }
  return out;
}

/** Most of the light that what is under a skirt loses, and how far (dm) above the hem it has lost it. */
const SHADE = 0.9;
const SHADED_DM = 1.3;

/** Seated, one looks into a skirt: the further in, the darker. Of two the inner one counts. */
function shadeOf({ prepared }: Person, garments: Garment[]): Person["shade"] {
  for (const { panels, piece } of garments)
    for (const panel of panels)
      if (panel.on === "skirt") {
        const share = fieldAt(prepared, panel).map((f) => SHADE * smooth(0, SHADED_DM, f));
        return { share, layer: piece.item.layer };
      }
  return null;
}

export function dress(person: Person, pieces: Piece[], rig: Rig): Wardrobe {
  void rig;
  const garments: Garment[] = pieces
    .filter(({ item }) => item.rule)
    .sort((p, q) => p.item.layer - q.item.layer)
    .map((piece) => ({ piece, panels: panelsOf(piece.item.rule!), cloths: [], deep: null }));
  const layers = newLayers(person);
  garments.forEach((garment, i) => {
    garment.deep = depths(person, garment, garments.slice(i + 1));
    for (const panel of garment.panels) {
      const cloth = makeCloth(person, layers, panel, garment.deep);
      if (cloth) garment.cloths.push(cloth);
    }
  });
  person.layers = layers;
  person.shade = shadeOf(person, garments);
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
