// Who is writing just now. The server says so again while it lasts; without that it ends by itself.
import { signal } from "@preact/signals";
import type { Chance } from "./socket.ts";

const TYPING_MS = 6000;

export class Typists {
  readonly slots = signal<ReadonlySet<number>>(new Set());
  private readonly stops = new Map<number, () => void>();

  constructor(
    private readonly chance: Chance,
    private readonly changed: (slot: number, on: boolean) => void,
  ) {}

  set(slot: number, on: boolean): void {
    this.stops.get(slot)?.();
    this.stops.delete(slot);
    if (on)
      this.stops.set(
        slot,
        this.chance.after(TYPING_MS, () => this.set(slot, false)),
      );
    if (this.slots.peek().has(slot) === on) return;
    const next = new Set(this.slots.peek());
    if (on) next.add(slot);
    else next.delete(slot);
    this.slots.value = next;
    this.changed(slot, on);
  }

  clear(): void {
    for (const stop of this.stops.values()) stop();
    this.stops.clear();
    this.slots.value = new Set();
  }
}
