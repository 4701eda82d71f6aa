// Looks on their way to the server and back.
import { send } from "../../lib/api.ts";
import type { Recipe } from "../../looks/recipe.ts";
import { padded } from "./sent.ts";

/** A look as the server tells it; without an id only for some minutes after an update. */
export interface Shown {
  id?: string;
  recipe: Recipe;
}

/** Throws: the page asks before whether it fits. */
function textOf(recipe: Recipe): string {
  const text = padded(recipe);
  if (text === null) throw new Error("looks: a recipe that is too long");
  return text;
}

export const ownLook = async (): Promise<Shown> => (await send("GET /api/me/look", {})) as Shown;

/** Wears it in the place of the look `from`; 409 looks.changed when that is worn no more. */
export async function wearLook(from: string | undefined, recipe: Recipe): Promise<Shown> {
  const wish = { ...(from ? { from } : {}), recipe: textOf(recipe) };
  return (await send("PUT /api/me/look", wish)) as Shown;
}

export const keepOutfit = (id: string, name: string, recipe: Recipe): Promise<void> =>
  send("PUT /api/me/outfits/{id}", { id, name, recipe: textOf(recipe) });
