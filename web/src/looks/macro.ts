// From the sliders of a body to the weights of the base's shape rows. Ages begin at 18.
export interface Macro {
  male: number;
  age: number;
  weight: number;
  muscle: number;
  height: number;
  proportions: number;
  cup: number;
}

const FIRM = 0.6;
/** The age whose head is mixed in for a friendly face: only the head, on every adult body. */
const SOFT_HEAD_AGE = 0.28;
const OLDEST = 0.92;

const clamp = (x: number) => Math.max(0, Math.min(1, x));
/** A slider of -100..100 to a number of the data, `mid` at 0. */
const along = (x: number, low: number, mid: number, high: number) =>
  x < 0 ? mid + (x / 100) * (mid - low) : mid + (x / 100) * (high - mid);

export function macroOf(body: Readonly<Record<string, number>>): Macro {
  const at = (id: string) => body[id] ?? 0;
  return {
    male: (at("figure") + 100) / 200,
    age: 0.5 + clamp(at("age") / 100) * (OLDEST - 0.5),
    weight: along(at("weight"), 0.08, 0.5, 1.28),
    muscle: along(at("muscle"), 0.15, 0.5, 1),
    height: along(at("height"), 0.15, 0.5, 0.85),
    proportions: along(at("proportions"), 0.45, 0.75, 1),
    cup: along(at("chest"), 0.05, 0.28, 0.5),
  };
}

export type Factors = Record<string, number>;

function three(to: Factors, name: string, x: number): void {
  /* Beyond 0 and 1 the way goes on as it went: bodies are wider than the data's. */
  to[`min${name}`] = Math.max(0, 1 - 2 * x);
  to[`average${name}`] = 1 - Math.abs(2 * x - 1);
  to[`max${name}`] = Math.max(0, 2 * x - 1);
}

/** The factor of each word that names a row; a row's weight is the product of its words'. */
export function factorsOf(m: Macro, soft = false): Factors {
  const age = soft ? SOFT_HEAD_AGE : m.age;
  const grown = age >= 0.5;
  const young = grown ? clamp(2 - 2 * age) : clamp((age - 0.1875) * 3.2);
  const to: Factors = {
    male: m.male,
    female: 1 - m.male,
    young,
    old: clamp(2 * age - 1),
    baby: grown ? 0 : clamp(1 - age * 5.333),
    child: grown ? 0 : Math.max(0, clamp(5.333 * age) - young),
    idealproportions: clamp(2 * m.proportions - 1),
    regularproportions: 1 - Math.abs(2 * m.proportions - 1),
    uncommonproportions: clamp(1 - 2 * m.proportions),
    caucasian: 1 / 3,
    asian: 1 / 3,
    african: 1 / 3,
  };
  three(to, "weight", m.weight);
  three(to, "muscle", m.muscle);
  three(to, "height", m.height);
  three(to, "cup", m.cup);
  three(to, "firmness", FIRM);
  return to;
}

export function weightOf(words: readonly string[], factors: Factors): number {
  let weight = 1;
  for (const word of words) weight *= factors[word] ?? 1;
  return weight;
}
