// What of a look may leave this world in a file, and whose work that is: the catalogue's rows say it.
import type { Catalogue, Credit } from "../catalogue";
import type { Recipe, Worn } from "../recipe";

export interface Leaving {
  recipe: Recipe;
  /** What stays here: ids of items, and whether patterns do. */
  left: string[];
  plain: boolean;
  /** They sit in a wheelchair here, which stays: in a file of this form everybody stands. */
  seated: boolean;
  /** Whose work goes along, and which items of it. */
  credits: { credit: Credit; base: boolean; items: string[] }[];
}

/** Whoever stands in the middle of it looks wrong, and no viewer of such files seats anybody. */
const SEAT = "wheelchair";

/** Null when not even the body may go. What is left may leave the trunk bare: the caller covers it. */
export function leaving(recipe: Recipe, { file, items }: Catalogue): Leaving | null {
  const row = (id: string | undefined) => file.credits.find((one) => one.id === id);
  const goes = (id: string | undefined) => row(id)?.export === true;
  if (!goes(file.credit_of.base)) return null;
  const patterns = goes(file.credit_of.patterns);
  const stands = recipe.wear.filter(({ id }) => id !== SEAT);
  const kept = stands.filter(({ id }) => goes(items.get(id)?.credit));
  const wear = patterns
    ? kept
    : kept.map(({ pattern: _, pattern_colour: __, ...worn }): Worn => worn);
  const drawn = wear.some(({ pattern }) => pattern);
  const credits = file.credits.flatMap((credit) => {
    const base = credit.id === file.credit_of.base;
    const of = wear.filter(({ id }) => items.get(id)?.credit === credit.id).map(({ id }) => id);
    const used = base || of.length > 0 || (drawn && credit.id === file.credit_of.patterns);
    return used ? [{ credit, base, items: of }] : [];
  });
  return {
    recipe: { ...recipe, wear },
    left: stands.filter((worn) => !kept.includes(worn)).map(({ id }) => id),
    seated: stands.length < recipe.wear.length,
    plain: !patterns && kept.some(({ pattern }) => pattern),
    credits,
  };
}
