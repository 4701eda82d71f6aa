// A look in words, for whoever hears it: made of the recipe, in the language of the page.
import { colourWords } from "./colour_name.ts";
import { listed, t } from "../../lib/text.ts";
import type { Catalogue } from "../../looks/catalogue.ts";
import type { Recipe, Worn } from "../../looks/recipe.ts";

/** "dark blue" of "26344f". */
export function colourName(hex: string): string {
  const { colour, shade } = colourWords(hex.startsWith("#") ? hex : `#${hex}`);
  const name = t(`colour.${colour}`);
  return shade ? t(`colour.${shade}`, { colour: name }) : name;
}

export const itemName = (id: string): string => t(`look_item.${id}`);

function tellWorn({ id, colours = [], pattern = 0 }: Worn, catalogue: Catalogue): string {
  const item = catalogue.items.get(id);
  if (!item) return "";
  const shades = catalogue.colours(item.palette);
  const names = item.zones.map((_, zone) => colourName(shades[colours[zone] ?? 0] ?? "888888"));
  const said = { item: itemName(id), colours: listed([...new Set(names)]) };
  const word = catalogue.patterns[pattern];
  return pattern && word
    ? t("look.tell_pattern", { ...said, pattern: t(`look_pattern.${word}`) })
    : t("look.tell_item", said);
}

/** What somebody sees of a look, a part a line. */
export function tell(recipe: Recipe, catalogue: Catalogue): string[] {
  const colour = (palette: string, i = 0) => colourName(catalogue.colours(palette)[i] ?? "888888");
  const skin = t("look.tell_skin", {
    colour: colour("skin", recipe.skin),
    eyes: colour("eyes", recipe.eyes),
  });
  /* An ink without a tattoo is nothing that is seen. */
  const marks = Object.entries(recipe.marks ?? {}).flatMap(([id, value]) =>
    value > 0 && id !== "tattoo_ink" ? [t(`look_mark.${id}`)] : [],
  );
  const worn = (slots: (slot: string) => boolean) =>
    recipe.wear
      .filter(({ id }) => slots(catalogue.items.get(id)?.slot ?? ""))
      .map((one) => tellWorn(one, catalogue));
  const hair = worn((slot) => slot === "hair");
  const head = recipe.wear.some(({ id }) => catalogue.items.get(id)?.belief);
  return [
    skin,
    ...marks,
    ...(hair.length || head ? hair : [t("look.tell_bare")]),
    ...worn((slot) => !["hair", "brows", "lashes"].includes(slot)),
  ];
}
