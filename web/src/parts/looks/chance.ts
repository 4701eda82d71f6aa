// Somebody drawn by chance, from faces and styles that are there: the same of the same seed.
import type { Catalogue } from "../../looks/catalogue.ts";
import type { Recipe } from "../../looks/recipe.ts";
import { covered } from "./edit.ts";
import { shuffled } from "./styles.ts";

/** 0..1, again and again, by what `seed` says. */
export function seeded(seed: string): () => number {
  let state = 0x9e3779b9;
  for (let i = 0; i < seed.length; i++)
    state = Math.imul(state ^ seed.charCodeAt(i), 0x85ebca6b) ^ (state >>> 13);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

const STYLES_DRAWN = ["everyday", "smart", "sporty", "festive", "warm"];
/* The palette's shades that hair grows in. */
const GROWN = 10;
const OF_HAIR = ["hair", "brows", "beard"];

/** Faces that one may begin with: all of what they wear is one's own. */
export const faces = (catalogue: Catalogue, may: (id: string) => boolean) =>
  (catalogue.file.presets as { id: string; recipe: Recipe }[]).filter(({ recipe }) =>
    recipe.wear.every(({ id }) => may(id)),
  );

/* The palette's shades that skin has; what comes behind is of fairy tales. */
const SKIN = 16;

/** What says something of health or belief is chosen, never drawn. */
export function somebody(
  catalogue: Catalogue,
  may: (id: string) => boolean,
  chance: () => number,
): Recipe {
  const tells = (id: string) => {
    const item = catalogue.items.get(id);
    return item?.health || item?.belief;
  };
  const plain = faces(catalogue, may).filter(
    ({ recipe }) =>
      !recipe.wear.some(({ id }) => tells(id)) &&
      !recipe.marks?.["vitiligo"] &&
      (recipe.skin ?? 0) < SKIN,
  );
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(chance() * list.length)];
  const face = pick(plain)?.recipe ?? { v: 1, wear: [] };
  const shade = Math.floor(chance() * GROWN);
  const grown = (face.skin ?? 0) > 6 ? shade % 5 : shade;
  const wear = face.wear.map((one) =>
    OF_HAIR.includes(catalogue.items.get(one.id)?.slot ?? "")
      ? { ...one, colours: (one.colours ?? [0]).map((_, zone) => Math.max(0, grown - zone)) }
      : one,
  );
  const style = pick(STYLES_DRAWN) ?? "everyday";
  return covered(shuffled({ ...face, wear }, style, catalogue, may, chance), catalogue);
}
