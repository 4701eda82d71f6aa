// A look that was changed and not worn: kept on this device, as all drafts are, until it is.
import { draftOf, keepDraft } from "../../lib/drafts.ts";
import type { Catalogue } from "../../looks/catalogue.ts";
import { isCovered, readRecipe, type Recipe } from "../../looks/recipe.ts";
import { inOrder } from "./edit.ts";

const DRAFT = "look";

export interface Unworn {
  /** The look it was begun from: of another that is worn meanwhile the server tells. */
  from?: string;
  recipe: Recipe;
}

/** What is kept may be of another version of the catalogue, or wear what is one's own no more. */
export function unworn(
  account: string,
  catalogue: Catalogue,
  may: (id: string) => boolean,
): Unworn | null {
  const kept = draftOf<Unworn>(account, DRAFT);
  const recipe = kept && readRecipe(kept.recipe, catalogue);
  if (!recipe || typeof recipe === "string") return null;
  if (!isCovered(recipe, catalogue) || !recipe.wear.every(({ id }) => may(id))) return null;
  const from = typeof kept.from === "string" ? { from: kept.from } : {};
  return { ...from, recipe: inOrder(recipe, catalogue) };
}

export const keepUnworn = (account: string, is: Unworn | null): void =>
  keepDraft(account, DRAFT, is);
