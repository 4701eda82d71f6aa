// What goes to the server, as long as any other of its kind: nothing can be told by its length.
import { RECIPE_BYTES, type Recipe } from "../../looks/recipe.ts";

/** The recipe as text, with blanks behind it; null when it says more than can be kept. Ids are plain ASCII. */
export function padded(recipe: Recipe): string | null {
  const text = JSON.stringify(recipe);
  return text.length > RECIPE_BYTES ? null : text.padEnd(RECIPE_BYTES);
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
const ID_LETTERS = 26;

/** An id that a client chooses: 128 bits of chance and two of nothing, five a letter. */
export function chosenId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(ID_LETTERS));
  return [...bytes]
    .map((byte, i) => LETTERS[i === ID_LETTERS - 1 ? byte & 28 : byte & 31])
    .join("");
}
