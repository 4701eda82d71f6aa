// How conversations are called, and what is said of them in a line.
import { me } from "../../lib/session.ts";
import { listed, t } from "../../lib/text.ts";
import type { Conversation, Message } from "./shapes.ts";

export function titleOf(one: Conversation): string {
  if (one.kind === "group" && one.name) return one.name;
  if (one.people.length > 0) return listed(one.people.map((person) => person.name));
  return t(one.kind === "group" ? "talk.group" : "talk.nobody");
}

/** The last message in a line of the list. */
export function lastLine(one: Conversation): string {
  const { last } = one;
  if (!last) return one.kind === "group" ? t("talk.group_new") : "";
  const text = wordsOf(last);
  if (last.mine) return t("talk.line", { name: t("talk.you"), text });
  return one.kind === "group" ? t("talk.line", { name: last.name, text }) : text;
}

/** What a screen reader says of it, and what a quote shows. */
export const wordsOf = (message: Message): string =>
  message.gone ? t("talk.gone") : (message.text ?? t(message.waits ? "talk.waits" : "talk.erased"));

const ADULT = 18;

/** Whoever does not say how old they are gets the clearer words. */
export function isMinor(): boolean {
  const [year, month, day] = (me.value?.birth_date ?? "").split("-").map(Number);
  if (!year || !month || !day) return true;
  return new Date(year + ADULT, month - 1, day).getTime() > Date.now();
}
