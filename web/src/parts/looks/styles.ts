// Clothes by chance that go together: a style says from what, one pair of colours says how.
import type { Catalogue } from "../../looks/catalogue.ts";
import type { Recipe, Worn } from "../../looks/recipe.ts";
import { covered } from "./edit.ts";

type Style = Partial<Record<string, string[]>>;

/** By slot; a style with dresses wears one as often as a top. */
export const STYLES: Record<string, Style> = {
  everyday: {
    top: ["tee", "v_tee", "long_tee", "raglan", "henley", "sweater", "short_shirt", "boxy_tee"],
    legs: ["jeans", "chinos", "cropped", "knee_skirt", "wide_trousers", "midi_skirt"],
    over: ["", "", "cardigan"],
    outer: ["", "", "denim_jacket"],
    feet: ["sneakers", "slip_ons", "flats", "high_tops"],
  },
  smart: {
    top: ["shirt", "mandarin_shirt", "turtleneck", "round_collar_blouse", "lace_blouse"],
    legs: ["chinos", "slim_trousers", "pencil_skirt", "wide_trousers", "midi_skirt"],
    over: ["", "waistcoat"],
    outer: ["", "blazer", "suit_jacket"],
    feet: ["brogues", "loafers", "flats", "chelsea_boots"],
  },
  festive: {
    dress: ["evening_gown", "ball_gown", "wrap_dress", "swing_dress", "kaftan", "long_sleeve_gown"],
    top: ["shirt", "ruffle_blouse", "bell_blouse", "mandarin_shirt"],
    legs: ["slim_trousers", "maxi_flare", "circle_skirt", "sarong"],
    outer: ["", "suit_jacket", "kimono_jacket"],
    feet: ["loafers", "flats", "brogues", "ankle_boots"],
  },
  sporty: {
    top: ["sports_top", "hoodie", "rash_top", "polo", "muscle_top"],
    legs: ["joggers", "leggings", "shorts", "long_shorts"],
    outer: ["", "", "hooded_zip", "bomber"],
    feet: ["sneakers", "high_tops"],
  },
  modest: {
    dress: ["abaya", "kaftan", "long_sleeve_gown"],
    top: ["long_tunic_shirt", "tunic", "turtleneck", "long_tee"],
    legs: ["long_skirt", "maxi_flare", "wide_trousers", "sarong"],
    over: ["", "long_cardigan"],
    feet: ["flats", "loafers", "slip_ons"],
  },
  warm: {
    top: ["chunky_knit", "turtleneck", "sweater", "v_sweater"],
    legs: ["jeans", "cargo", "long_skirt", "wide_trousers"],
    outer: ["parka", "overcoat", "puffer", "raincoat", "poncho"],
    feet: ["snow_boots", "hiking_boots", "tall_boots", "wellingtons"],
  },
};

const CLOTHES = ["base", "legs", "top", "dress", "over", "outer", "feet"];
const PATTERNED = 0.3;
const DRESSED = 0.5;
/* Colours that go with any: of the cloth palette, from white to sand and from grey to black. */
const QUIET = [0, 1, 2, 19, 20, 27, 29, 30, 31];

/** Other clothes in that style; all else stays. `may` says what one may wear, `chance` gives 0..1. */
export function shuffled(
  recipe: Recipe,
  style: string,
  catalogue: Catalogue,
  may: (id: string) => boolean,
  chance: () => number = Math.random,
): Recipe {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(chance() * list.length)];
  const of = STYLES[style] ?? {};
  const shades = catalogue.colours("cloth").length;
  const loud = Math.floor(chance() * shades);
  const quiet = pick(QUIET) ?? 0;
  const dressed = of["dress"] !== undefined && chance() < DRESSED;
  const wear: Worn[] = recipe.wear.filter(
    ({ id }) => !CLOTHES.includes(catalogue.items.get(id)?.slot ?? ""),
  );
  for (const slot of CLOTHES) {
    if (dressed ? slot === "top" || slot === "legs" : slot === "dress") continue;
    const id = pick((of[slot] ?? []).filter((one) => one === "" || may(one)));
    const item = id ? catalogue.items.get(id) : undefined;
    if (!item) continue;
    const first = slot === "top" || slot === "dress" ? loud : quiet;
    const colours = item.zones.map((_, zone) => (zone ? quiet : first)).map((c) => c % shades);
    const patterned = item.patterns && first === loud && chance() < PATTERNED;
    wear.push({
      id: item.id,
      colours,
      ...(patterned
        ? {
            pattern: 1 + Math.floor(chance() * (catalogue.patterns.length - 1)),
            pattern_colour: quiet,
          }
        : {}),
    });
  }
  return covered({ ...recipe, wear }, catalogue);
}
