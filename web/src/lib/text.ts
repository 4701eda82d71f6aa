import { computed, signal } from "@preact/signals";
import { chosenLanguage, remember, type Language } from "./choices.ts";
import { assetUrl } from "./assets.ts";
import { reach } from "./early.ts";

type Catalogue = Record<string, string | string[]>;
type Values = Record<string, string | number>;

export const language = signal<Language>(chosenLanguage());
/* What the shell says, and the rest, which comes with the first part that is fetched later. */
const PARTS = ["first", "rest"];
let parts = 1;
const loaded = signal<Record<string, Catalogue>>({});
const wantedOf = (of: Language) => PARTS.slice(0, parts).map((part) => `locale/${part}.${of}.json`);
const catalogue = computed<Catalogue>(() =>
  Object.assign({}, ...PARTS.map((part) => loaded.value[`locale/${part}.${language.value}.json`])),
);
let plural = new Intl.PluralRules(language.value);

/**
 * The text for a key in the active language; `{name}` is filled in from `values`, and `n` chooses
 * the plural form. A missing key shows as itself: a test finds it before anybody else does.
 */
export function t(key: string, values: Values = {}): string {
  const entry = catalogue.value[key];
  const text = Array.isArray(entry) ? form(entry, Number(values.n)) : entry;
  if (text === undefined) return key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? number(value) : value;
  });
}

function form(forms: string[], n: number): string | undefined {
  return forms.length > 1 && plural.select(n) !== "one" ? forms[1] : forms[0];
}

export const number = (value: number): string =>
  new Intl.NumberFormat(language.value).format(value);

export const percent = (share: number): string =>
  new Intl.NumberFormat(language.value, { style: "percent" }).format(share);

export const hasText = (key: string): boolean => key in catalogue.value;

export async function speak(wanted: Language): Promise<void> {
  await load(wanted);
  plural = new Intl.PluralRules(wanted);
  document.documentElement.lang = wanted;
  language.value = wanted;
}

/** Whatever says more than the shell waits for this. */
export function allTexts(): Promise<void> {
  parts = PARTS.length;
  return load(language.peek());
}

async function load(wanted: Language): Promise<void> {
  const missing = () => wantedOf(wanted).filter((name) => !loaded.peek()[name]);
  // While one part came, the other may have been asked for.
  for (let names = missing(); names.length > 0; names = missing())
    await Promise.all(names.map(fetchPart));
}

const coming = new Map<string, Promise<void>>();

function fetchPart(name: string): Promise<void> {
  const known = coming.get(name);
  if (known) return known;
  const task = reach(assetUrl(name))
    .then((answer) => {
      if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
      return answer.json() as Promise<Catalogue>;
    })
    .then((texts) => void (loaded.value = { ...loaded.peek(), [name]: texts }))
    .finally(() => coming.delete(name));
  coming.set(name, task);
  return task;
}

/** The person's own choice, kept on this device. */
export async function chooseLanguage(wanted: Language): Promise<void> {
  remember("language", wanted);
  await speak(wanted);
}

const day = () => new Intl.DateTimeFormat(language.value, { dateStyle: "long" });
const clock = () => new Intl.DateTimeFormat(language.value, { timeStyle: "short" });
const moment = () =>
  new Intl.DateTimeFormat(language.value, { dateStyle: "medium", timeStyle: "short" });
const near = () => new Intl.DateTimeFormat(language.value, { day: "numeric", month: "short" });

export const showDay = (ms: number): string => day().format(ms);
export const showTime = (ms: number): string => clock().format(ms);
/** As short as it can be told apart: the time of today, the day of this year, else the date. */
export function showNear(ms: number): string {
  const [then, now] = [new Date(ms), new Date()];
  if (then.toDateString() === now.toDateString()) return showTime(ms);
  if (then.getFullYear() === now.getFullYear()) return near().format(ms);
  return new Intl.DateTimeFormat(language.value, { dateStyle: "short" }).format(ms);
}
/** Today and yesterday by these words. */
export function showDayNear(ms: number): string {
  const days = new Intl.RelativeTimeFormat(language.value, { numeric: "auto" });
  for (const ago of [0, 1]) {
    const then = new Date();
    then.setDate(then.getDate() - ago);
    if (then.toDateString() === new Date(ms).toDateString()) return days.format(-ago, "day");
  }
  return showDay(ms);
}
/** A month as the server gives it: 2027-01. */
export const showMonth = (month: string): string =>
  new Intl.DateTimeFormat(language.value, {
    year: "numeric",
    month: "long",
    timeZone: "UTC",
  }).format(new Date(`${month}-01T00:00:00Z`));
export const listed = (words: string[]): string =>
  new Intl.ListFormat(language.value, { style: "long", type: "conjunction" }).format(words);
export const showMoment = (ms: number): string => moment().format(ms);

/** A language by its own name; languages without an entry by the browser's name for them. */
export function languageName(code: string): string {
  if (hasText(`language.${code}`)) return t(`language.${code}`);
  try {
    return new Intl.DisplayNames(code, { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
