/*
 * A trip to a sign-in provider leaves this page. What it was for is remembered by the tab, for as
 * long as the tab lives; what proves it is a cookie that no script can read.
 */
export type Purpose = "sign-in" | "link" | "prove";

export interface Trip {
  provider: string;
  name: string;
  purpose: Purpose;
  to: string;
  remember: boolean;
}

/** Came back as somebody whom nobody here knows: good for registering, for a quarter of an hour. */
export interface Newcomer {
  ticket: string;
  provider: string;
  name: string;
  ends: number;
}

const TRIP = "bauta.trip";
const SECOND = "bauta.second";
const NEWCOMER = "bauta.newcomer";
const NEWCOMER_MS = 15 * 60_000;

function read<T>(key: string): T | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null") as T | null;
  } catch {
    return null;
  }
}

export const setOut = (trip: Trip): void => sessionStorage.setItem(TRIP, JSON.stringify(trip));
export const tripOf = (): Trip | null => read<Trip>(TRIP);

export function arriveNew(ticket: string, provider: string, name: string): void {
  const one: Newcomer = { ticket, provider, name, ends: Date.now() + NEWCOMER_MS };
  sessionStorage.setItem(NEWCOMER, JSON.stringify(one));
}

export function newcomer(): Newcomer | null {
  const one = read<Newcomer>(NEWCOMER);
  return one && one.ends > Date.now() ? one : null;
}

export const forgetNewcomer = (): void => sessionStorage.removeItem(NEWCOMER);

/** A second factor is wanted: the sign-in page takes over from here. */
export const goSecond = (ticket: string, ways: string): void =>
  sessionStorage.setItem(SECOND, JSON.stringify({ ticket, ways }));
export function takeSecond(): { ticket: string; ways: string } | null {
  const second = read<{ ticket: string; ways: string }>(SECOND);
  sessionStorage.removeItem(SECOND);
  return second;
}

/**
 * A path of ours, nothing that leads elsewhere. Browsers drop tabs and line ends out of an address
 * before they read it, so "/\t/else.where" would be another host: no character below "!" may stand in it.
 */
export const ownPath = (to: string | null | undefined, otherwise: string): string =>
  to && /^\/[^/\\]/.test(to) && !/[^!-~]/.test(to) ? to : otherwise;
