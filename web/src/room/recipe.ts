import { Refused, send } from "../lib/api.ts";

/** What a look is made of; null when nobody looks like that (any more). */
export async function recipeOf(id: string): Promise<unknown> {
  try {
    return (await send("GET /api/looks/{id}", { id })).recipe;
  } catch (error) {
    if (error instanceof Refused && error.status === 404) return null;
    throw error;
  }
}
