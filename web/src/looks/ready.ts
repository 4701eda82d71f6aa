// The look of a ready avatar, in colours that somebody chose for it: what the server makes of it, too.
import type { Catalogue } from "./catalogue";
import type { Recipe } from "./recipe";

/** A ready avatar by its id; colours ("#rrggbb") by the part of it that has them. */
export interface Ready {
  ready: string;
  colours?: Record<string, string>;
}

/** Where a part's colour goes: the first of these slots in which the recipe wears something. */
const SLOTS_OF: Record<string, readonly string[]> = {
  top: ["top", "base", "dress"],
  bottom: ["legs", "dress"],
  shoes: ["feet"],
  hair: ["hair"],
  dress: ["dress", "top"],
  jacket: ["outer", "over", "top"],
};

export const isReady = (given: unknown): given is Ready =>
  typeof given === "object" && given !== null && typeof (given as Ready).ready === "string";

const rgb = (hex: string) => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));

function nearest(palette: readonly string[], colour: string): number {
  const wanted = rgb(colour.replace("#", ""));
  let [best, least] = [0, Infinity];
  palette.forEach((hex, i) => {
    const away = rgb(hex).reduce((sum, c, k) => sum + (c - wanted[k]!) ** 2, 0);
    if (away < least) [best, least] = [i, away];
  });
  return best;
}

/** Its recipe; of an avatar that is not known it is the first one's. */
export function readyRecipe({ ready, colours = {} }: Ready, catalogue: Catalogue): Recipe {
  const { presets } = catalogue.file;
  const found = presets.find(({ id }) => id === ready) ?? presets[0];
  const recipe = structuredClone(found?.recipe ?? { v: 1, wear: [] }) as Recipe;
  for (const [part, colour] of Object.entries(colours)) {
    const worn = (SLOTS_OF[part] ?? [])
      .map((slot) => recipe.wear.find(({ id }) => catalogue.items.get(id)?.slot === slot))
      .find((one) => one !== undefined);
    const item = worn && catalogue.items.get(worn.id);
    if (!worn || !item?.zones.length) continue;
    worn.colours = [
      nearest(catalogue.colours(item.palette), colour),
      ...(worn.colours ?? []).slice(1),
    ];
  }
  return recipe;
}
