// Where somebody is going who has to sign in or register first: it stands in the address, and nowhere else.
import { remember, remembered } from "./choices.ts";
import { place } from "./router.ts";
import { me } from "./session.ts";
import { ownPath } from "./trip.ts";

/** Where somebody was going before they came to sign in or to register. */
export const wanted = (otherwise = "/rooms"): string =>
  ownPath(new URLSearchParams(place.value.search).get("to"), otherwise);

/** The invitation that the link had, if one was given with it. */
export function invitation(): string {
  const here = new URLSearchParams(place.value.search);
  const there = new URLSearchParams(wanted("").split("#")[0]!.split("?")[1] ?? "");
  return here.get("invite") ?? there.get("invite") ?? "";
}

/** The way to another page of those who are not in yet, with what they want and were given. */
export function onTheWay(path: string): string {
  const kept = new URLSearchParams();
  if (wanted("")) kept.set("to", wanted(""));
  if (invitation()) kept.set("invite", invitation());
  return kept.toString() ? `${path}?${kept}` : path;
}

/* This page only: by a link nobody is new, and nobody's look is drawn anew. */
let isNew = false;

/** Where whoever has just registered goes, before where they wanted to go. */
export function firstLook(to = wanted("")): string {
  isNew = true;
  return bound("/avatar/first", to);
}

const AWAITED = "awaited";

/** Somebody has registered here whom an administrator lets in later. */
export const isAwaited = (id: string): void => remember(AWAITED, id);

/**
 * Where whoever has signed in goes: to `to`, but who was let in since they registered here sees first
 * what they look like. It is what they wear, since they may have chosen it elsewhere.
 */
export function signedInTo(to: string): string {
  const id = remembered(AWAITED);
  if (!id || me.peek()?.id !== id) return to;
  remember(AWAITED, null);
  return bound("/avatar/first", to);
}

/** A page on the way to what they want. */
export function bound(path: string, to = wanted("")): string {
  return to ? `${path}?${new URLSearchParams({ to })}` : path;
}

/** Has somebody registered on this page just now? Said once. */
export function takeNew(): boolean {
  const was = isNew;
  isNew = false;
  return was;
}

/** The room that somebody is on the way to. */
export const roomAhead = (): string | undefined =>
  /^\/rooms\/([A-Za-z0-9_-]{1,32})(?=[?#]|$)/.exec(wanted(""))?.[1];
