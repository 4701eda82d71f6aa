// What this person wrote in one place and nobody has answered for yet: a room's lines, messages of a
// conversation. Each has an id of its own, so that sending it again cannot make it two.
import { signal } from "@preact/signals";
import type { Chance } from "./socket.ts";

/** `More` is what a place keeps with the words. */
export type Pending<More = unknown> = {
  cid: string;
  text: string;
  at: number;
  /** away: no connection; goes out by itself when there is one again. */
  state: "sending" | "away" | "failed";
  why?: string;
  /** Number under which it was delivered, before it was stored for good. */
  seq?: number;
  /** How often the server had no time for it. */
  tries?: number;
} & More;

export interface OutboxPort<More> {
  /** Puts it on its way; its end is told by `answered`, `failed`, `again` or `away`. False: not now. */
  carry(one: Pending<More>): boolean;
  now(): number;
  id(): string;
  chance: Chance;
  /** Keeps what has no answer yet, for another life of this page. */
  keep?(pending: Pending<More>[]): void;
  /** How many may be on their way at a time: one, where they are to stand in their order. */
  atOnce?: number;
  /** How many the server takes within how long; what is more waits here. */
  pace?: { most: number; span_ms: number }[];
}

/* Somebody else may notice sooner that the connection is back. */
const AWAY_MS = 15_000;
const CID_LENGTH = 32;

export class Outbox<More = unknown> {
  readonly pending = signal<Pending<More>[]>([]);
  /* On their way, or held back for a while. */
  private readonly flying = new Set<string>();
  private sent_ms: number[] = [];
  private stopPace: () => void = () => undefined;
  private stopAway: () => void = () => undefined;
  private readonly stops = new Map<string, () => void>();
  /* Its owner has gone: what is answered late goes neither out nor into anybody's storage. */
  private over = false;

  constructor(private readonly port: OutboxPort<More>) {}

  /** Of an earlier life of this page. */
  restore(kept: Pending<More>[]): void {
    this.set(
      kept.map((one) => {
        const state = one.state === "failed" ? "failed" : "sending";
        return { ...one, state, seq: undefined, tries: 0 };
      }),
    );
    this.pump();
  }

  /** The words are pending at once, and go out behind what was written before them. */
  add(text: string, more: More): void {
    const cid = this.port.id().slice(0, CID_LENGTH);
    const one = { ...more, cid, text, at: this.port.now(), state: "sending" } as Pending<More>;
    this.set([...this.pending.peek(), one]);
    this.back();
  }

  /** Once more by the person's wish; the same cid, so it cannot be said twice. */
  retry(cid: string): void {
    this.change(cid, { state: "sending", why: undefined, tries: 0 });
    this.pump();
  }

  /** It stands where it was written, whatever became of the answer; or the person gives it up. */
  drop(cid: string): void {
    if (this.find(cid)) this.set(this.pending.peek().filter((one) => one.cid !== cid));
  }

  find(cid: string): Pending<More> | undefined {
    return this.pending.peek().find((one) => one.cid === cid);
  }

  /** It is stored: the next one may go. */
  answered(cid: string): void {
    this.drop(cid);
    this.landed(cid);
  }

  /** It was delivered under this number, or (undefined) never was. */
  delivered(cid: string, seq: number | undefined): void {
    this.change(cid, { seq });
  }

  /** The server does not take it; only the person sends it again. */
  failed(cid: string, why: string): void {
    this.change(cid, { state: "failed", why });
    this.landed(cid);
  }

  /** The server had no time for it: it goes out again by itself, after a while. */
  again(cid: string, after_ms: number): void {
    this.change(cid, { tries: (this.find(cid)?.tries ?? 0) + 1 });
    this.stops.get(cid)?.();
    this.stops.set(
      cid,
      this.port.chance.after(after_ms, () => this.landed(cid)),
    );
  }

  /** There is no connection: all wait for it. */
  away(cid: string): void {
    for (const one of this.pending.peek())
      if (one.state === "sending") this.change(one.cid, { state: "away" });
    this.stopAway();
    this.stopAway = this.port.chance.after(AWAY_MS, () => this.back());
    this.landed(cid);
  }

  /** The connection is back: what waited for it goes out. */
  back(): void {
    for (const one of this.pending.peek())
      if (one.state === "away") this.change(one.cid, { state: "sending", why: undefined });
    this.pump();
  }

  /** Another connection: everything without an answer goes out again, in its order. */
  resend(): void {
    this.stopAll();
    this.flying.clear();
    this.pump();
  }

  /** What nobody has heard yet is not said any more but by the person's wish. */
  hold(): void {
    this.stopAll();
    this.flying.clear();
    const unheard = this.pending.peek().filter((one) => one.seq === undefined);
    this.set(unheard.map((one) => ({ ...one, state: "failed" })));
  }

  private landed(cid: string): void {
    this.stops.get(cid)?.();
    this.stops.delete(cid);
    this.flying.delete(cid);
    this.pump();
  }

  private pump(): void {
    this.stopPace();
    if (this.over) return;
    while (this.flying.size < (this.port.atOnce ?? Infinity)) {
      const one = this.pending
        .peek()
        .find(({ cid, state }) => state === "sending" && !this.flying.has(cid));
      if (!one) return;
      const pause_ms = this.pause();
      if (pause_ms > 0) {
        this.stopPace = this.port.chance.after(pause_ms, () => this.pump());
        return;
      }
      this.flying.add(one.cid);
      if (!this.port.carry(one)) {
        this.flying.delete(one.cid);
        return;
      }
      this.sent_ms.push(this.port.now());
    }
  }

  private pause(): number {
    const now = this.port.now();
    const pace = this.port.pace ?? [];
    const longest = Math.max(0, ...pace.map((one) => one.span_ms));
    this.sent_ms = this.sent_ms.filter((at) => now - at < longest);
    const waits = pace.map(({ most, span_ms }) => {
      const nth = this.sent_ms[this.sent_ms.length - most];
      return nth === undefined ? 0 : nth + span_ms - now;
    });
    return Math.max(0, ...waits);
  }

  private change(cid: string, to: Partial<Pending>): void {
    this.set(this.pending.peek().map((one) => (one.cid === cid ? { ...one, ...to } : one)));
  }

  private set(pending: Pending<More>[]): void {
    this.pending.value = pending;
    if (!this.over) this.port.keep?.(pending);
  }

  private stopAll(): void {
    this.stopPace();
    for (const stop of this.stops.values()) stop();
    this.stops.clear();
  }

  /** For good. What has no answer stays where it was kept. */
  close(): void {
    this.over = true;
    this.stopAll();
    this.stopAway();
  }
}
