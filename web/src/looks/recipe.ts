// A look as it is kept and sent, and the check that whoever draws one makes for itself.
import type { Catalogue, Item } from "./catalogue";

export interface Worn {
  id: string;
  colours?: number[];
  pattern?: number;
  pattern_colour?: number;
}

export interface Recipe {
  v: 1;
  body?: Record<string, number>;
  face?: Record<string, number>;
  skin?: number;
  eyes?: number;
  marks?: Record<string, number>;
  wear: Worn[];
}

export const RECIPE_BYTES = 2048;
export const WORN_MAX = 20;
/** What has to be under cloth on everybody. */
export const TRUNK = ["chest", "hip", "thigh"] as const;

const MEMBERS = new Set(["v", "body", "face", "skin", "eyes", "marks", "wear"]);
const WORN_MEMBERS = new Set(["id", "colours", "pattern", "pattern_colour"]);

const isWhole = (x: unknown, low: number, high: number): x is number =>
  typeof x === "number" && Number.isInteger(x) && x >= low && x <= high;
const isRecord = (x: unknown): x is Record<string, unknown> =>
  typeof x === "object" && x !== null && !Array.isArray(x);
const only = (x: Record<string, unknown>, names: Set<string>) =>
  Object.keys(x).every((name) => names.has(name));

/**
 * The recipe in what somebody sent, or why it is none: a word for logs and tests. Whatever arrives is
 * looked at member by member; nothing of it is used before.
 */
export function readRecipe(given: unknown, catalogue: Catalogue): Recipe | string {
  if (!isRecord(given) || !only(given, MEMBERS)) return "members";
  if (given["v"] !== 1) return "version";
  const { body = {}, face = {}, marks = {}, wear, skin = 0, eyes = 0 } = given;
  if (!sliders(body, catalogue, (part) => part !== "face")) return "body";
  if (!sliders(face, catalogue, (part) => part === "face")) return "face";
  if (!isRecord(marks)) return "marks";
  for (const [id, value] of Object.entries(marks)) {
    const mark = catalogue.marks.get(id);
    if (!mark || !isWhole(value, 0, mark.max)) return "marks";
  }
  if (!isWhole(skin, 0, catalogue.colours("skin").length - 1)) return "skin";
  if (!isWhole(eyes, 0, catalogue.colours("eyes").length - 1)) return "eyes";
  if (!Array.isArray(wear) || wear.length > WORN_MAX) return "wear";
  const why = wornWrong(wear, catalogue);
  if (why) return why;
  return {
    v: 1,
    body,
    face,
    skin,
    eyes,
    marks: marks as Record<string, number>,
    wear: wear as Worn[],
  };
}

function sliders(
  given: unknown,
  catalogue: Catalogue,
  fits: (part: string) => boolean,
): given is Record<string, number> {
  if (!isRecord(given)) return false;
  return Object.entries(given).every(([id, value]) => {
    const slider = catalogue.sliders.get(id);
    return slider && fits(slider.part) && isWhole(value, slider.min, slider.max);
  });
}

function wornWrong(wear: unknown[], catalogue: Catalogue): string | null {
  const slots = new Set<string>();
  for (const one of wear) {
    if (!isRecord(one) || !only(one, WORN_MEMBERS)) return "worn";
    const item = typeof one["id"] === "string" ? catalogue.items.get(one["id"]) : undefined;
    if (!item) return "item";
    if (slots.has(item.slot)) return "slot";
    slots.add(item.slot);
    if (!coloursFit(one, item, catalogue)) return "colours";
  }
  for (const one of wear as Worn[])
    for (const other of catalogue.items.get(one.id)!.excludes ?? [])
      if (slots.has(other)) return "excludes";
  return null;
}

function coloursFit(one: Record<string, unknown>, item: Item, catalogue: Catalogue): boolean {
  const { colours = [], pattern, pattern_colour } = one;
  const shades = catalogue.colours(item.palette).length;
  if (!Array.isArray(colours) || colours.length > item.zones.length) return false;
  if (!colours.every((c) => isWhole(c, 0, shades - 1))) return false;
  if (pattern === undefined && pattern_colour === undefined) return true;
  if (!item.patterns) return false;
  const known = catalogue.patterns.length - 1;
  return (
    (pattern === undefined || isWhole(pattern, 0, known)) &&
    (pattern_colour === undefined || isWhole(pattern_colour, 0, shades - 1))
  );
}

/** Is the trunk under cloth, by what the catalogue says of the items worn? */
export function isCovered(recipe: Recipe, catalogue: Catalogue): boolean {
  const covered = new Set(recipe.wear.flatMap(({ id }) => catalogue.items.get(id)?.cover ?? []));
  return TRUNK.every((part) => covered.has(part));
}
