// What a friend wears, on its way into the editor: nothing is worn before one says so.
import { effect, signal } from "@preact/signals";
import { send } from "../../lib/api.ts";
import { closePerson } from "../../lib/person.ts";
import { go } from "../../lib/router.ts";
import { me } from "../../lib/session.ts";
import type { Catalogue } from "../../looks/catalogue.ts";
import type { Recipe } from "../../looks/recipe.ts";
import { covered, inOrder, putOn, wornIn } from "./edit.ts";

export const copied = signal<Recipe | null>(null);

/* What one was to wear is not for whoever signs in next. */
effect(() => {
  if (!me.value) copied.value = null;
});

export async function copyFrom(look: string): Promise<void> {
  copied.value = (await send("GET /api/looks/{id}/copy", { id: look })).recipe as Recipe;
  closePerson();
  go("/avatar");
}

/**
 * The look in a friend's clothes: body and face stay one's own, and so does what one wears for one's
 * health or belief, which nothing of theirs takes the place of.
 */
export function inClothesOf(mine: Recipe, theirs: Recipe, catalogue: Catalogue): Recipe {
  const intimate = (id: string) => {
    const item = catalogue.items.get(id);
    return !!(item?.health || item?.belief);
  };
  const stays = mine.wear.filter(({ id }) => intimate(id));
  const begin: Recipe = { ...mine, wear: stays };
  const dressed = theirs.wear.reduce((look, worn) => {
    const next = putOn(look, worn.id, catalogue);
    if (!stays.every(({ id }) => next.wear.some((one) => one.id === id))) return look;
    const slot = catalogue.items.get(worn.id)?.slot;
    if (!slot || wornIn(next, slot, catalogue)?.id !== worn.id) return look;
    return { ...next, wear: next.wear.map((one) => (one.id === worn.id ? worn : one)) };
  }, begin);
  return covered(inOrder(dressed, catalogue), catalogue);
}
