// One's conversations: the list, the request box, and how many of them have something new.
import { computed, signal } from "@preact/signals";
import { Refused, Unreachable } from "../../lib/errors.ts";
import type { Chance } from "../../live/socket.ts";
import type { Conversation, Message } from "./shapes.ts";

export type Box = "in" | "requests";
interface List {
  items: Conversation[];
  next: string | null;
  requests: number;
}

export interface InboxPort {
  list(box: Box, after?: string): Promise<List>;
  one(id: string): Promise<Conversation>;
  chance: Chance;
}

const AGAIN_MS = 250;

const boxOf = (one: Conversation): Box => (one.state === "request" ? "requests" : "in");

export class Inbox {
  readonly all = signal<Conversation[]>([]);
  readonly state = signal<"new" | "ready" | "failed">("new");
  readonly next = { in: signal<string | null>(null), requests: signal<string | null>(null) };
  /** Taken out of the list, but it can still be taken back. */
  readonly hidden = signal<ReadonlySet<string>>(new Set());
  private readonly asked = signal(0);
  /** How many wait in the request box. */
  readonly waiting = computed(() => {
    const out = (one: Conversation) => this.hidden.value.has(one.id) && one.state === "request";
    return Math.max(0, this.asked.value - this.all.value.filter(out).length);
  });
  /** Conversations with something new, and those that ask to be let in. */
  readonly news = computed(() => {
    const fresh = this.list("in").filter((one) => one.unread > 0 && !one.muted).length;
    return fresh + this.waiting.value;
  });
  /** Which one is on the page: it is asked for by itself. */
  shown: string | null = null;
  private readonly stops = new Map<string, () => void>();
  /* An answer that another person waited for, or an older one, is dropped. */
  private turn = 0;

  constructor(private readonly port: InboxPort) {}

  list(box: Box): Conversation[] {
    const hidden = this.hidden.value;
    return this.all.value.filter(
      (one) => boxOf(one) === box && one.last_ms > 0 && !hidden.has(one.id),
    );
  }

  find(id: string): Conversation | undefined {
    return this.all.value.find((one) => one.id === id);
  }

  /** The newest of a box, anew; older ones are fetched again when somebody wants to see them. */
  async load(box: Box = "in"): Promise<void> {
    const turn = this.turn;
    try {
      const page = await this.port.list(box);
      if (turn !== this.turn) return;
      const ids = new Set(page.items.map((one) => one.id));
      /* One that was opened and has no message yet is in no list. */
      const stays = (one: Conversation) =>
        boxOf(one) !== box || one.last_ms === 0 || one.id === this.shown;
      const rest = this.all.peek().filter((one) => !ids.has(one.id) && stays(one));
      this.set([...page.items, ...rest]);
      this.asked.value = page.requests;
      this.next[box].value = page.next;
      this.state.value = "ready";
    } catch (error) {
      if (turn !== this.turn) return;
      if (this.state.peek() === "new") this.state.value = "failed";
      if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
    }
  }

  async more(box: Box): Promise<void> {
    const after = this.next[box].peek();
    if (after === null) return;
    const page = await this.port.list(box, after);
    if (this.next[box].peek() !== after) return;
    const ids = new Set(page.items.map((one) => one.id));
    this.set([...this.all.peek().filter((one) => !ids.has(one.id)), ...page.items]);
    this.next[box].value = page.next;
  }

  /** One conversation, anew; null when it is not there (any more). */
  async fetch(id: string): Promise<Conversation | null> {
    const turn = this.turn;
    try {
      const one = await this.port.one(id);
      if (turn === this.turn) this.put(one);
      return one;
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 404) throw error;
      if (turn === this.turn) this.drop(id);
      return null;
    }
  }

  /** As soon as nothing more is told of it for a moment. */
  again(id: string): void {
    this.stops.get(id)?.();
    const run = () => {
      this.stops.delete(id);
      this.fetch(id).catch(() => undefined);
    };
    this.stops.set(id, this.port.chance.after(AGAIN_MS, run));
  }

  put(one: Conversation): void {
    const old = this.find(one.id);
    this.set([one, ...this.all.peek().filter((other) => other.id !== one.id)]);
    if (one.state === "request" || old?.state === "request") this.count();
  }

  drop(id: string): void {
    const old = this.find(id);
    this.all.value = this.all.peek().filter((one) => one.id !== id);
    if (old?.state === "request") this.count();
  }

  private count(): void {
    void this.load("requests");
  }

  private set(all: Conversation[]): void {
    this.all.value = all.sort((a, b) => b.last_ms - a.last_ms);
  }

  hide(id: string, on: boolean): void {
    const hidden = new Set(this.hidden.peek());
    if (on) hidden.add(id);
    else hidden.delete(id);
    this.hidden.value = hidden;
  }

  /** From the member's own channel. */
  arrived(id: string, message: Message): void {
    const old = this.all.peek().find((one) => one.id === id);
    if (!old || old.state === "request") return this.again(id);
    if (message.seq <= (old.last?.seq ?? 0)) return;
    const unread = message.mine ? old.unread : old.unread + 1;
    if (old.kind === "pair") this.hide(id, false);
    this.set([
      { ...old, last: message, last_ms: message.at, unread },
      ...this.all.peek().filter((one) => one !== old),
    ]);
  }

  changed(id: string, message: Message): void {
    const old = this.all.peek().find((one) => one.id === id);
    if (!old) return;
    if (message.gone) this.again(id);
    if (old.last?.seq !== message.seq || message.text === undefined) return;
    this.change(id, { last: message });
  }

  reading(id: string, person: string, seq: number): void {
    const old = this.all.peek().find((one) => one.id === id);
    if (!old) return;
    this.change(id, {
      reads: [...old.reads.filter((one) => one.id !== person), { id: person, seq }],
    });
  }

  change(id: string, to: Partial<Conversation>): void {
    this.all.value = this.all.peek().map((one) => (one.id === id ? { ...one, ...to } : one));
  }

  /** Somebody else sits here now. */
  clear(): void {
    this.turn++;
    for (const stop of this.stops.values()) stop();
    this.stops.clear();
    this.all.value = [];
    this.hidden.value = new Set();
    this.asked.value = 0;
    this.state.value = "new";
    for (const next of Object.values(this.next)) next.value = null;
  }
}
