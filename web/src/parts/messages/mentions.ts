// People of a group named with @ in what is written, and in what is read.
import { MENTIONS_MOST, type Member } from "./shapes.ts";

/** The name that is being typed at the cursor, without its @; null when none is. */
export function typedName(text: string, cursor: number): string | null {
  const before = text.slice(0, cursor);
  const at = before.lastIndexOf("@");
  if (at < 0 || (at > 0 && !/[\s(]/.test(before[at - 1]!))) return null;
  const typed = before.slice(at + 1);
  return /\n/.test(typed) || typed.length > 32 ? null : typed;
}

const folded = (text: string): string =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Whom the typed beginning may mean: by the beginning of a name or of a word in it. */
export function matching(people: Member[], typed: string): Member[] {
  const wanted = folded(typed);
  return people.filter(({ name }) => {
    const whole = folded(name);
    return whole.startsWith(wanted) || whole.includes(` ${wanted}`);
  });
}

/** The text with the name in the place of what was typed, and where the cursor stands then. */
export function complete(text: string, cursor: number, name: string): [string, number] {
  const at = text.slice(0, cursor).lastIndexOf("@");
  const before = `${text.slice(0, at)}@${name} `;
  return [before + text.slice(cursor).replace(/^ /, ""), before.length];
}

/** Ids of those whose @name stands in the text. */
export function named(people: Member[], text: string): string[] {
  const all = people.map(({ name }) => name);
  const names = new Set(parts(text, all).map((part) => part.name));
  return people
    .filter(({ name }) => names.has(name))
    .map(({ id }) => id)
    .slice(0, MENTIONS_MOST);
}

export interface Part {
  text: string;
  /** The name it is, when it is one. */
  name?: string;
}

/** A text cut where one of the names stands behind an @. */
export function parts(text: string, names: string[]): Part[] {
  const longest = [...names].sort((a, b) => b.length - a.length);
  const list: Part[] = [];
  let from = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const name = longest.find((one) => {
      const after = text[at + 1 + one.length] ?? "";
      return text.startsWith(one, at + 1) && !/[\p{L}\p{N}]/u.test(after);
    });
    if (!name) continue;
    if (at > from) list.push({ text: text.slice(from, at) });
    from = at + 1 + name.length;
    list.push({ text: text.slice(at, from), name });
  }
  if (from < text.length) list.push({ text: text.slice(from) });
  return list;
}
