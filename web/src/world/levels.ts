// Who is drawn in how much detail: the nearest few well, whoever is far away by a few triangles.
import type { Level as Detail } from "../looks/base";
import type { Level as Quality } from "./quality";

export interface Standing {
  me: boolean;
  distance: number;
  /** What is drawn of them now; null: nothing yet. */
  worn: Detail | null;
}

/** How many at most in the finest detail, and how many in the next. */
const MOST: Record<Quality, readonly [number, number]> = {
  low: [0, 6],
  medium: [1, 12],
  high: [6, 24],
};
/** Nobody farther than this is drawn in that detail, however few there are. */
const REACH_M: Record<Quality, readonly [number, number]> = {
  low: [0, 14],
  medium: [6, 16],
  high: [6, 20],
};
/** Who has a detail keeps it a little longer than others get it, or two at one distance would swap for ever. */
const KEEP = 0.8;

/**
 * The detail of each of them, in their order. One's own body comes before all others; who has none yet
 * comes without the finest, which takes longest to make.
 */
export function detailsOf(people: readonly Standing[], quality: Quality): Detail[] {
  const [finest, next] = MOST[quality];
  const [near, far] = REACH_M[quality];
  const out = people.map((): Detail => 2);
  const away = (one: Standing, detail: Detail) =>
    one.me ? 0 : one.distance * (one.worn !== null && one.worn <= detail ? KEEP : 1);
  const choose = (detail: Detail, most: number, reach_m: number, from: number[]) =>
    from
      .filter((i) => away(people[i]!, detail) <= reach_m)
      .sort((a, b) => away(people[a]!, detail) - away(people[b]!, detail) || a - b)
      .slice(0, most)
      .forEach((i) => (out[i] = detail));
  const all = people.map((_, i) => i);
  choose(
    0,
    finest,
    near,
    all.filter((i) => people[i]!.worn !== null),
  );
  choose(
    1,
    next,
    far,
    all.filter((i) => out[i] !== 0),
  );
  return out;
}
