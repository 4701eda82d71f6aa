// Somebody's card: opened from wherever a person is met, one at a time.
import { signal } from "@preact/signals";
import type { Out } from "./api.ts";

export type Person = Out<"GET /api/people/{id}">;
export type Fields = Person["fields"];

export const openedPerson = signal<string | null>(null);
/** The card shows what to report of them. */
export const reporting = signal(false);

/** `from` has the focus again when the card closes; without it, whatever has it now. */
export function openPerson(id: string, from?: HTMLElement): void {
  from?.focus();
  reporting.value = false;
  openedPerson.value = id;
}

export function reportPerson(id: string): void {
  reporting.value = true;
  openedPerson.value = id;
}

export function closePerson(): void {
  openedPerson.value = null;
}

export const pageOf = (id: string): string => `/people/${encodeURIComponent(id)}`;
