// Who is writing just now. The server says so again while it lasts; without that it ends by itself.
import { signal } from "@preact/signals";
import type { Chance } from "./socket.ts";

const TYPING_MS = 6000;

/** `Who` is known by a `Key`: a place in a room, a member of a conversation. */
export class Typists<Key, Who> {
  readonly now = signal<ReadonlyMap<Key, Who>>(new Map());
  private readonly stops = new Map<Key, () => void>();

  constructor(
    private readonly chance: Chance,
    private readonly changed: (key: Key, on: boolean) => void = () => undefined,
  ) {}

  begins(key: Key, who: Who): void {
    this.stops.get(key)?.();
    this.stops.set(
      key,
      this.chance.after(TYPING_MS, () => this.ends(key)),
    );
    if (this.now.peek().has(key)) return;
    this.now.value = new Map([...this.now.peek(), [key, who]]);
    this.changed(key, true);
  }

  ends(key: Key): void {
    this.stops.get(key)?.();
    this.stops.delete(key);
    if (!this.now.peek().has(key)) return;
    this.now.value = new Map([...this.now.peek()].filter(([one]) => one !== key));
    this.changed(key, false);
  }

  clear(): void {
    for (const stop of this.stops.values()) stop();
    this.stops.clear();
    this.now.value = new Map();
  }
}
