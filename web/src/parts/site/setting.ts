// One setting while it is being changed: what is typed, and what it is a change of.
import { signal } from "@preact/signals";
import type { Item } from "../../lib/api.ts";

export type Setting = Item<"GET /api/admin/settings">;

/** Which ways back there are; "standard" only where "back" would not lead there. */
export function waysBack(one: Setting): { undo: boolean; standard: boolean } {
  const set = one.stored || one.unfit;
  const undo = one.undo && one.version > 0 && (one.former !== null || set);
  return { undo, standard: set && !(undo && one.former === null) };
}

/** What is typed stays until it is what holds; what it changes is what was seen at the first key. */
export class Draft {
  readonly typed = signal<string | null>(null);
  private seen = 0;

  type(value: string, shown: number): void {
    if (this.typed.peek() === null) this.seen = shown;
    this.typed.value = value;
  }

  /** What a change is made of; without a draft that is what stands there. */
  version(shown: number): number {
    return this.typed.peek() === null ? shown : this.seen;
  }

  /** The reader was told how it stands, by their own change or because another was before them. */
  told(version: number): void {
    this.seen = version;
  }

  /** Stored; what was typed since then is kept, and so is a draft beside a way back. */
  saved(wanted: string | null): void {
    if (this.typed.peek()?.trim() === wanted) this.typed.value = null;
  }
}

/** Asks anew as often as it is called; an answer to an earlier question never follows a later one. */
export function inTurn<T>(ask: () => Promise<T>, take: (fresh: T) => void): () => Promise<T> {
  let asked = 0;
  let taken = 0;
  return async () => {
    const turn = ++asked;
    const fresh = await ask();
    if (turn > taken) {
      taken = turn;
      take(fresh);
    }
    return fresh;
  };
}
