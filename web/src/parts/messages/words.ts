// How conversations are called, and what is said of them in a line.
import { me } from "../../lib/session.ts";
import { listed, t } from "../../lib/text.ts";
import type { Conversation, Message } from "./shapes.ts";

/** Who asks one into a group. */
export const askerOf = (one: Conversation) =>
  one.people.find((person) => person.id === one.asked_by);

/** A group that asks and shows no name is called by whoever asks, and not by all who were asked. */
export function titleOf(one: Conversation): string {
  if (one.kind === "group" && one.name) return one.name;
  if (one.kind === "group" && one.state === "request") return askerOf(one)?.name ?? t("talk.group");
  if (one.people.length > 0) return listed(one.people.map((person) => person.name));
  return t(one.kind === "group" ? "talk.group" : "talk.nobody");
}

/** What a request asks, in a line below its title. */
export function askLine(one: Conversation): string {
  if (one.kind === "pair") return t("talk.asks");
  const asker = askerOf(one);
  if (!asker) return t("talk.asked_group");
  return one.name ? t("talk.asks_group_of", { who: asker.name }) : t("talk.asks_group");
}

/** The same as the heading of the request. */
export function askTitle(one: Conversation): string {
  const name = titleOf(one);
  if (one.kind === "pair") return t("talk.request_pair", { name });
  const asker = askerOf(one);
  if (!asker) return t("talk.asked_group");
  const who = asker.name;
  return one.name ? t("talk.request_group", { who, name }) : t("talk.asks_group_of", { who });
}

/** The last message in a line of the list. */
export function lastLine(one: Conversation): string {
  const { last } = one;
  if (!last) return one.kind === "group" ? t("talk.group_new") : "";
  const text = wordsOf(last);
  if (last.mine) return t("write.line", { name: t("talk.you"), text });
  return one.kind === "group" ? t("write.line", { name: last.name, text }) : text;
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
