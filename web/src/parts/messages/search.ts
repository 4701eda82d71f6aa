// Searching one's messages. What is sealed has no index: the server looks through a slice at a
// time, the newest first, and this goes on until it is through, has plenty, or is told to stop.
import { signal } from "@preact/signals";
import { Refused, Unreachable } from "../../lib/errors.ts";
import type { Chance } from "../../live/socket.ts";
import type { Found } from "./shapes.ts";

interface Slice {
  items: Found[];
  next: string | null;
  searched_ms: number;
}

export interface SearchPort {
  slice(q: string, cursor?: string): Promise<Slice>;
  chance: Chance;
}

/** stopped: by the person; plenty: by itself; away: no connection; done: nothing is left. */
export type SearchState = "idle" | "looking" | "stopped" | "plenty" | "away" | "done" | "refused";

export const QUERY_LEAST = 2;
export const QUERY_MOST = 64;
const PLENTY = 60;
const KEPT = 600;
const PAUSE_MS = 100;
const LIMITED = 429;
const LIMITED_MS = 3000;

export class Search {
  readonly query = signal("");
  readonly found = signal<Found[]>([]);
  readonly state = signal<SearchState>("idle");
  /** How far back it has looked. */
  readonly searched_ms = signal<number | null>(null);
  readonly why = signal("");
  private cursor: string | undefined;
  private enough = PLENTY;
  private turn = 0;
  private stopTimer: () => void = () => undefined;
  private held = false;

  constructor(private readonly port: SearchPort) {}

  begin(query: string): void {
    this.clear();
    this.query.value = query;
    this.state.value = "looking";
    this.look();
  }

  clear(): void {
    this.halt();
    this.query.value = "";
    this.found.value = [];
    this.state.value = "idle";
    this.searched_ms.value = null;
    this.cursor = undefined;
    this.enough = PLENTY;
  }

  private halt(): void {
    this.turn++;
    this.stopTimer();
  }

  stop(): void {
    if (this.state.peek() !== "looking") return;
    this.halt();
    this.state.value = "stopped";
  }

  goOn(): void {
    this.enough = this.found.peek().length + PLENTY;
    this.state.value = "looking";
    this.look();
  }

  /** The page is left: it rests, and goes on when the page is there again. */
  rest(): void {
    this.held = true;
    this.halt();
  }

  wake(): void {
    const held = this.held;
    this.held = false;
    if (held && this.state.peek() === "looking") this.look();
  }

  private look(): void {
    this.halt();
    const turn = this.turn;
    this.port.slice(this.query.peek(), this.cursor).then(
      (slice) => turn === this.turn && this.took(slice),
      (error: unknown) => turn === this.turn && this.failed(error),
    );
  }

  private took({ items, next, searched_ms }: Slice): void {
    this.found.value = [...this.found.peek(), ...items].slice(0, KEPT);
    this.searched_ms.value = searched_ms;
    this.cursor = next ?? undefined;
    const count = this.found.peek().length;
    if (next === null || count >= KEPT) this.state.value = "done";
    else if (count >= this.enough) this.state.value = "plenty";
    else this.later(PAUSE_MS);
  }

  private later(ms: number): void {
    this.stopTimer = this.port.chance.after(ms, () => this.look());
  }

  private failed(error: unknown): void {
    if (error instanceof Refused && error.status === LIMITED) return this.later(LIMITED_MS);
    if (error instanceof Refused) {
      this.why.value = error.message;
      this.state.value = "refused";
    } else {
      this.state.value = "away";
      if (!(error instanceof Unreachable)) throw error;
    }
  }
}
