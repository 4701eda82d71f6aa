// Changing a recipe: whatever is done to one gives another that the server would take, written in its order.
import type { Catalogue, Item } from "../../looks/catalogue.ts";
import { isCovered, type Recipe, type Worn } from "../../looks/recipe.ts";

export type Numbers = "body" | "face" | "marks";

const slotOf = (worn: Worn, catalogue: Catalogue) => catalogue.items.get(worn.id)?.slot;

/** What is worn in a slot. */
export const wornIn = (recipe: Recipe, slot: string, catalogue: Catalogue): Worn | undefined =>
  recipe.wear.find((one) => slotOf(one, catalogue) === slot);

const bars = (one: Item, other: Item) =>
  one.excludes?.some((name) => name === other.slot || name === other.id) ?? false;

/** Members, numbers and slots in the order of recipes; what says nothing is left out. */
export function inOrder(recipe: Recipe, catalogue: Catalogue): Recipe {
  const { file } = catalogue;
  const numbers = (of: Record<string, number> | undefined, ids: { id: string }[]) => {
    const said = ids.flatMap(({ id }) => (of?.[id] ? [[id, of[id]] as const] : []));
    return said.length ? Object.fromEntries(said) : undefined;
  };
  const place = (one: Worn) => file.slots.findIndex(({ id }) => id === slotOf(one, catalogue));
  const members = {
    v: 1,
    body: numbers(recipe.body, file.sliders),
    face: numbers(recipe.face, file.sliders),
    skin: recipe.skin || undefined,
    eyes: recipe.eyes || undefined,
    marks: numbers(recipe.marks, file.marks),
    wear: recipe.wear.map(wornInOrder).sort((a, b) => place(a) - place(b)),
  };
  return Object.fromEntries(Object.entries(members).filter(([, is]) => is !== undefined)) as never;
}

function wornInOrder({ id, colours = [], pattern, pattern_colour }: Worn): Worn {
  let length = colours.length;
  while (length > 0 && !colours[length - 1]) length--;
  return {
    id,
    ...(length ? { colours: colours.slice(0, length) } : {}),
    ...(pattern ? { pattern, ...(pattern_colour ? { pattern_colour } : {}) } : {}),
  };
}

/** Puts it on, in the colours of what it replaces where it comes in them; what doesn't go with it comes off. */
export function putOn(recipe: Recipe, id: string, catalogue: Catalogue): Recipe {
  const item = catalogue.items.get(id);
  if (!item) return recipe;
  const before = wornIn(recipe, item.slot, catalogue);
  const old = before && catalogue.items.get(before.id);
  const alike = before && old?.palette === item.palette;
  const worn: Worn = {
    id,
    ...(alike && before.colours ? { colours: before.colours.slice(0, item.zones.length) } : {}),
    ...(alike && item.patterns && before.pattern
      ? { pattern: before.pattern, pattern_colour: before.pattern_colour ?? 0 }
      : {}),
  };
  const stays = recipe.wear.filter((one) => {
    const other = catalogue.items.get(one.id);
    return other && other.slot !== item.slot && !bars(item, other) && !bars(other, item);
  });
  return covered({ ...recipe, wear: [...stays, worn] }, catalogue);
}

export function takeOff(recipe: Recipe, slot: string, catalogue: Catalogue): Recipe {
  const wear = recipe.wear.filter((one) => slotOf(one, catalogue) !== slot);
  return covered({ ...recipe, wear }, catalogue);
}

/** As the server does: where the trunk isn't covered, the usual clothes go into the free places. */
export function covered(recipe: Recipe, catalogue: Catalogue): Recipe {
  let wear = recipe.wear;
  for (const item of catalogue.file.items) {
    if (!item.default || isCovered({ ...recipe, wear }, catalogue)) continue;
    const before = wornIn({ ...recipe, wear }, item.slot, catalogue);
    const covers = before && catalogue.items.get(before.id)?.cover?.length;
    if (covers) continue;
    wear = wear.filter((one) => {
      const other = catalogue.items.get(one.id);
      return other && other.slot !== item.slot && !bars(other, item) && !bars(item, other);
    });
    wear = [...wear, { id: item.id }];
  }
  return inOrder({ ...recipe, wear }, catalogue);
}

/** Another colour or pattern of what is worn in a slot. */
export function tint(
  recipe: Recipe,
  slot: string,
  change: (worn: Worn) => Worn,
  catalogue: Catalogue,
): Recipe {
  const wear = recipe.wear.map((one) => (slotOf(one, catalogue) === slot ? change(one) : one));
  return inOrder({ ...recipe, wear }, catalogue);
}

export function inColour(worn: Worn, zone: number, colour: number): Worn {
  const colours = [...(worn.colours ?? [])];
  while (colours.length < zone) colours.push(0);
  colours[zone] = colour;
  return { ...worn, colours };
}

/** A number within its limits. */
export function setNumber(
  recipe: Recipe,
  of: Numbers,
  id: string,
  value: number,
  catalogue: Catalogue,
): Recipe {
  const limits =
    of === "marks"
      ? { min: 0, max: catalogue.marks.get(id)?.max ?? 0 }
      : (catalogue.sliders.get(id) ?? { min: 0, max: 0 });
  const within = Math.min(limits.max, Math.max(limits.min, Math.round(value) || 0));
  return inOrder({ ...recipe, [of]: { ...recipe[of], [id]: within } }, catalogue);
}

/* ---- what was before ---- */

export interface History {
  past: Recipe[];
  now: Recipe;
  next: Recipe[];
  /** What the last step was about: more of the same is the same step. */
  about: string | null;
}

const STEPS_MAX = 100;
export const begin = (now: Recipe): History => ({ past: [], now, next: [], about: null });
const same = (a: Recipe, b: Recipe) => JSON.stringify(a) === JSON.stringify(b);

/** `about`: a slider, say, whose moves are one step until `rest`. */
export function step(history: History, now: Recipe, about: string | null = null): History {
  if (same(history.now, now)) return history;
  const goes = about !== null && about === history.about;
  const past = goes ? history.past : [...history.past, history.now].slice(-STEPS_MAX);
  return { past, now, next: [], about };
}

export const rest = (history: History): History =>
  history.about === null ? history : { ...history, about: null };

export function undo({ past, now, next, ...all }: History): History {
  const last = past.at(-1);
  if (!last) return { past, now, next, ...all };
  return { past: past.slice(0, -1), now: last, next: [now, ...next], about: null };
}

export function redo({ past, now, next, ...all }: History): History {
  const [first, ...others] = next;
  if (!first) return { past, now, next, ...all };
  return { past: [...past, now], now: first, next: others, about: null };
}

export const isSame = same;
