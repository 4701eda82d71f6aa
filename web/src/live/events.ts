// What happens in a room beside the talk: who comes, goes, sits down, waves.
import { signal } from "@preact/signals";

export type Happening = "joined" | "left" | "sat" | "stood" | Emote | Mood;
type Emote = `emote_${string}`;
type Mood = `mood_${string}`;

/** Shown after the line `after`. */
export interface Event {
  id: number;
  after: number;
  at: number;
  what: Happening;
  name: string;
  mine: boolean;
}

const KEPT = 100;

export class Events {
  readonly list = signal<Event[]>([]);
  private serial = 0;

  add(what: Happening, name: string, mine: boolean, after: number, at: number): void {
    const event = { id: ++this.serial, after, at, what, name, mine };
    this.list.value = [...this.list.peek(), event].slice(-KEPT);
  }
}
