import { effect } from "@preact/signals";
import { Refused } from "./errors.ts";
import { send } from "./api.ts";
import { me } from "./session.ts";

/* What I wore on this page and wear no more: a face that waited to be drawn needn't ask for it. */
const takenOff = new Set<string>();
let worn: string | undefined;
effect(() => {
  const now = me.value?.look;
  if (worn && now && worn !== now) takenOff.add(worn);
  if (now) takenOff.delete(now);
  worn = now;
});

/**
 * What a look is made of; null when nobody looks like that (any more). One's own is asked for as one's
 * own: by an id, whoever has just changed it would ask for one that is gone.
 */
export async function recipeOf(id: string): Promise<unknown> {
  if (id === me.peek()?.look) return await ownRecipe(id);
  if (takenOff.has(id)) return null;
  try {
    return (await send("GET /api/looks/{id}", { id })).recipe;
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null;
    throw error;
  }
}

async function ownRecipe(id: string): Promise<unknown> {
  const worn = await send("GET /api/me/look", {});
  if (!worn.id || worn.id === id) return worn.recipe;
  if (me.peek()?.look === id) lookIs(worn.id);
  return null;
}

/** One's own look is this from now on, wherever it stands. */
export function lookIs(id: string | undefined): void {
  const now = me.peek();
  if (now && id && now.look !== id) me.value = { ...now, look: id };
}
