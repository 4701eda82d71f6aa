// Who spoke or stood near in the last minute: whom somebody who gets out at once may mean.
import type { ReadonlySignal } from "@preact/signals";
import type { Line, Person } from "./protocol.ts";

/** Somebody of the last minute. */
export interface Met {
  id: string;
  name: string;
  /** The number of their last line that is known here: in that minute, or before it if they said none. */
  seq?: number;
  /** How many lines they said in it. */
  said: number;
}

const MINUTE_MS = 60_000;
const NEAR_M = 3;
/* More than come near one person in a minute. */
const KEPT = 300;

/* Nobody: a script moves them, in a demo. */
const isScript = (one: Person | undefined) => one?.role === "resident";

export class Around {
  /* Who was near, and when last; the latest at the end. */
  private readonly near = new Map<string, { name: string; at: number }>();
  /* The server's clock and this one need not agree: lines carry the server's time. */
  private heard_ms: number | null = null;

  constructor(
    private readonly people: ReadonlySignal<Person[]>,
    private readonly spots: ReadonlyMap<number, { x: number; z: number }>,
    private readonly mySlot: ReadonlySignal<number>,
    private readonly ahead_ms: () => number = () => 0,
  ) {}

  /** A line that was said just now. */
  heard(line: Line, now: number): void {
    this.heard_ms = now - line.at;
  }

  /** Somebody is about to move or to go: where they are by now counts. */
  moves(slot: number, now: number): void {
    const mine = this.mySlot.peek();
    for (const one of slot === mine ? this.spots.keys() : [slot])
      if (one !== mine) this.meets(one, now);
  }

  private meets(slot: number, now: number): void {
    const [me, there] = [this.spots.get(this.mySlot.peek()), this.spots.get(slot)];
    if (!me || !there || Math.hypot(there.x - me.x, there.z - me.z) > NEAR_M) return;
    const person = this.people.peek().find((one) => one.slot === slot);
    if (!person || isScript(person)) return;
    this.near.delete(person.id);
    this.near.set(person.id, { name: person.name, at: now });
    for (const oldest of this.near.keys()) {
      if (this.near.size <= KEPT) break;
      this.near.delete(oldest);
    }
  }

  /** They were blocked: nobody is there any more. */
  forget(id: string): void {
    this.near.delete(id);
  }

  /** Who spoke, the last first; then who was near, the last first. */
  met(lines: Line[], now: number): Met[] {
    this.moves(this.mySlot.peek(), now);
    const since = now - MINUTE_MS;
    // No line was said later than now, whatever the clocks say.
    const ahead = lines.reduce(
      (least, { at }) => Math.min(least, now - at),
      this.heard_ms ?? this.ahead_ms(),
    );
    const scripts = new Set(
      this.people
        .peek()
        .filter(isScript)
        .map(({ id }) => id),
    );
    const found = new Map<string, Met>();
    const last = new Map<string, number>();
    for (const { from, name, seq, mine, at } of [...lines].reverse()) {
      if (mine || scripts.has(from)) continue;
      if (!last.has(from)) last.set(from, seq);
      if (at + ahead < since) continue;
      const known = found.get(from);
      if (known) known.said++;
      else found.set(from, { id: from, name, seq, said: 1 });
    }
    for (const [id, { name, at }] of [...this.near].reverse())
      if (at >= since && !found.has(id)) found.set(id, { id, name, seq: last.get(id), said: 0 });
    return [...found.values()];
  }
}
