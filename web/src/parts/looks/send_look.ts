// Looks on their way to the server and back.
import { send } from "../../lib/api.ts";
import { assetJson } from "../../lib/assets.ts";
import { lookIs } from "../../lib/recipe_of.ts";
import { type Catalogue, type CatalogueFile, readCatalogue } from "../../looks/catalogue.ts";
import type { Recipe } from "../../looks/recipe.ts";
import { padded } from "./sent.ts";

/** A look as the server tells it; without an id only for some minutes after an update. */
export interface Shown {
  id?: string;
  recipe: Recipe;
  /** What its owner says of it; null where nothing is said, or not to the one who asks. */
  words?: string | null;
}

/** Throws: the page asks before whether it fits. */
function textOf(recipe: Recipe): string {
  const text = padded(recipe);
  if (text === null) throw new Error("looks: a recipe that is too long");
  return text;
}

export const ownLook = async (): Promise<Shown> => (await send("GET /api/me/look", {})) as Shown;

export const lookOf = async (id: string): Promise<Shown> =>
  (await send("GET /api/looks/{id}", { id })) as Shown;

export const loadCatalogue = async (): Promise<Catalogue> =>
  readCatalogue(await assetJson<CatalogueFile>("looks/catalogue.json"));

/** Blanks behind it, so that nothing can be told by its length. */
const WORDS_PADDED = 500;

/**
 * Wears it in the place of the look `from`; 409 looks.changed when that is worn no more. Words belong to
 * the look that they were written for: without any, they are made of the recipe again.
 */
export async function wearLook(
  from: string | undefined,
  recipe: Recipe,
  words = "",
): Promise<Shown> {
  const wish = {
    ...(from ? { from } : {}),
    recipe: textOf(recipe),
    words: words.padEnd(WORDS_PADDED),
  };
  const worn = (await send("PUT /api/me/look", wish)) as Shown;
  lookIs(worn.id);
  return worn;
}

export const keepOutfit = (id: string, name: string, recipe: Recipe): Promise<void> =>
  send("PUT /api/me/outfits/{id}", { id, name, recipe: textOf(recipe) });
