// A recipe and the parts it names become buffers to draw. Pure sums: runs in a worker and in node.
import type { Level } from "./base";
import { type Person, drawEyes, drawLashes, drawMouth, drawSkin } from "./body";
import { type Bound, drawBound } from "./bound";
import type { Catalogue, Item } from "./catalogue";
import { type Wardrobe, dress } from "./dress";
import { movesOf } from "./moves";
import { bindOf, type Colour, lightOf, type Packed, Packer } from "./packer";
import { type Prepared, skinNormals } from "./prepare";
import { isCovered, type Recipe, type Worn } from "./recipe";
import { scalpOf, whiskersOf } from "./scalp";
import { rigOf, shapeOf } from "./shape";

/** What is at hand: the catalogue and the files of items that have come. */
export interface Library {
  catalogue: Catalogue;
  bound: ReadonlyMap<string, Bound>;
}

export interface Options {
  level: Level;
  /** Expressions for the face; the last level has none. */
  morphs?: boolean;
  /** Tells the layer of every vertex. */
  layers?: boolean;
}

/** Thrown for a look that must not be drawn. */
export class Uncovered extends Error {}

const scratch = new Packer();
const LASH: Colour = [0.012, 0.008, 0.007];
const LASH_LENGTH = { none: 0.22, usual: 0.6 };
const FLOOR_M = 0.004;

/** One item of a recipe with its colours as light. */
export interface Piece {
  item: Item;
  worn: Worn;
  colours: Colour[];
  second: Colour;
  bound: Bound | null;
}

function pieceOf(library: Library, worn: Worn): Piece | null {
  const item = library.catalogue.items.get(worn.id);
  if (!item) return null;
  const palette = library.catalogue.colours(item.palette);
  const colour = (i: number) => lightOf(palette[i] ?? palette[0]!);
  return {
    item,
    worn,
    colours: item.zones.map((_, z) => colour(worn.colours?.[z] ?? 0)),
    second: colour(worn.pattern_colour ?? 0),
    bound: library.bound.get(worn.id) ?? null,
  };
}

/**
 * The look as packed buffers. Throws Uncovered when the recipe leaves the trunk bare: whoever sends
 * such a thing, it isn't drawn here.
 */
export function assemble(
  prepared: Prepared,
  library: Library,
  recipe: Recipe,
  options: Options,
): Packed {
  if (!isCovered(recipe, library.catalogue)) throw new Uncovered("looks: the trunk is not covered");
  const { base } = prepared;
  const { level } = options;
  const pieces = recipe.wear.flatMap((worn) => pieceOf(library, worn) ?? []);
  const inSlot = (slot: string) => pieces.find(({ item }) => item.slot === slot);
  const shape = shapeOf(base, recipe.body ?? {}, recipe.face ?? {});
  const rig = rigOf(base, shape.pos);
  const colour = (palette: string, i = 0) =>
    lightOf(library.catalogue.colours(palette)[i] ?? "8b8f98");
  const hair = inSlot("hair");
  const beard = inSlot("beard");
  scratch.reset();
  const person: Person = {
    prepared,
    shape,
    normals: skinNormals(prepared, shape.pos),
    level,
    hidden: new Float32Array(base.vertices),
    skin: colour("skin", recipe.skin),
    eyes: colour("eyes", recipe.eyes),
    hair: hair?.colours[0] ?? LASH,
    scalp: hair?.bound?.meta.scalp ? scalpOf(prepared) : null,
    whiskers: beard?.bound
      ? { share: whiskersOf(prepared, beard.bound), colour: beard.colours[0]! }
      : null,
    hat: inSlot("head")?.bound?.meta.hat ?? null,
    layers: null,
    shade: null,
    follow: new Int32Array(scratch.pos.length / 3).fill(-1),
  };
  const wardrobe: Wardrobe = dress(person, pieces, rig);
  drawSkin(scratch, person, "head");
  drawMouth(scratch, person);
  drawLashes(scratch, person, inSlot("lashes") ? LASH_LENGTH.usual : LASH_LENGTH.none, LASH);
  const brows = inSlot("brows");
  const brow = brows ? drawBound(scratch, person, brows) : null;
  const whiskers = beard ? drawBound(scratch, person, beard) : null;
  scratch.endFace();
  drawEyes(scratch, person);
  drawSkin(scratch, person, "limbs");
  let wheels: number | null = null;
  for (const piece of pieces) {
    if (!piece.bound || /^(brows|beard)$/.test(piece.item.slot) || wardrobe.drawn.has(piece))
      continue;
    const before = scratch.count;
    drawBound(scratch, person, piece);
    if (piece.item.id === "wheelchair") wheels = lowest(scratch, before);
  }
  wardrobe.draw(scratch);

  let crown = -9e9;
  for (let v = 0; v < base.skin; v++) crown = Math.max(crown, shape.pos[v * 3 + 1]!);
  const low = lowest(scratch, 0);
  const scale = shape.height / (crown - low);
  const lift = low - FLOOR_M / scale;
  const wanted = level < 2 && options.morphs !== false;
  const { vertices } = scratch.face;
  const moved = wanted ? expressions(person, vertices, [brow, whiskers]) : [];
  return {
    ...scratch.finish(scale, lift, level === 0 ? moved : []),
    ...(level > 0 && wanted ? { moves: movesOf(moved, vertices, scale) } : {}),
    ...bindOf(rig.turns, rig.joints, scale, lift),
    height: shape.height,
    ...(wheels === null
      ? {}
      : { chair: (rig.joints[base.joints.indexOf("hips")]![1] - wheels) * scale }),
    ...(options.layers ? { layers: scratch.layers.slice(0, scratch.count) } : {}),
  };
}

const lowest = ({ pos, count }: Packer, from: number): number => {
  let low = 9e9;
  for (let v = from; v < count; v++) low = Math.min(low, pos[v * 3 + 1]!);
  return low;
};

/** What each expression moves of the face, in decimetres. */
function expressions(person: Person, count: number, bound: (BoundRange | null)[]) {
  const { prepared, shape, follow } = person;
  const { base } = prepared;
  const out: { name: string; delta: Float32Array }[] = [];
  const moved = new Float32Array(base.count * 3);
  for (const [id, { scale, at, by }] of base.moves) {
    if (!id.startsWith("x:")) continue;
    moved.fill(0);
    for (let i = 0; i < at.length; i++) {
      const v = at[i]!;
      const k = scale * (1 + (shape.head - 1) * base.head[v]!);
      for (let c = 0; c < 3; c++) moved[v * 3 + c] = by[i * 3 + c]! * k;
    }
    const delta = new Float32Array(count * 3);
    for (let v = 0; v < count; v++) {
      const from = follow[v]!;
      if (from >= 0) for (let c = 0; c < 3; c++) delta[v * 3 + c] = moved[from * 3 + c]!;
    }
    for (const range of bound) if (range) range.follow(moved, delta);
    out.push({ name: id.slice(2), delta });
  }
  return out;
}

/** Part of the packed vertices that goes with three others each. */
export interface BoundRange {
  follow(moved: Float32Array, delta: Float32Array): void;
}
