// What this person wrote in one conversation and the server has not answered for. Each has an id of
// its own, so that sending it again cannot make it two.
import { signal } from "@preact/signals";
import { Cancelled, Refused, Unreachable } from "../../lib/errors.ts";
import type { Chance } from "../../live/socket.ts";
import type { Message } from "./shapes.ts";

export interface Pending {
  cid: string;
  text: string;
  at: number;
  reply?: number;
  mentions: string[];
  /** away: no connection; goes out by itself when there is one again. */
  state: "sending" | "away" | "failed";
  why?: string;
}

interface Port {
  send(one: Pending): Promise<Message>;
  sent(message: Message): void;
  keep(pending: Pending[]): void;
  now(): number;
  id(): string;
  chance: Chance;
}

/* Somebody else may notice sooner that the connection is back. */
const AWAY_MS = 15_000;
const LIMITED = 429;
const LIMITED_MS = 2500;
const CID_LENGTH = 32;

export class Outbox {
  readonly pending = signal<Pending[]>([]);
  private busy = false;
  private stop: () => void = () => undefined;

  constructor(private readonly port: Port) {}

  /** Of an earlier life of this page. */
  restore(kept: Pending[]): void {
    this.set(kept.map((one) => (one.state === "failed" ? one : { ...one, state: "sending" })));
    this.pump();
  }

  say(text: string, mentions: string[], reply?: number): void {
    const cid = this.port.id().slice(0, CID_LENGTH);
    const one: Pending = { cid, text, at: this.port.now(), mentions, state: "sending" };
    this.set([...this.pending.peek(), reply ? { ...one, reply } : one]);
    // What waits was written before it, and goes first.
    this.back();
  }

  /** Once more by the person's wish. */
  retry(cid: string): void {
    this.change((one) => one.cid === cid, { state: "sending", why: undefined });
    this.pump();
  }

  drop(cid: string): void {
    this.set(this.pending.peek().filter((one) => one.cid !== cid));
  }

  /** The connection is back. */
  back(): void {
    this.change((one) => one.state === "away", { state: "sending", why: undefined });
    this.pump();
  }

  /** It is in the conversation, whatever became of the answer. */
  arrived(cid: string): void {
    if (this.pending.peek().some((one) => one.cid === cid)) this.drop(cid);
  }

  /* One after the other, so that they stand in the order in which they were written. */
  private pump(): void {
    if (this.busy) return;
    const one = this.pending.peek().find((pending) => pending.state === "sending");
    if (!one) return;
    this.busy = true;
    this.port.send(one).then(
      (message) => {
        this.arrived(one.cid);
        this.port.sent(message);
        this.next();
      },
      (error: unknown) => this.refused(one, error),
    );
  }

  private next(): void {
    this.busy = false;
    this.pump();
  }

  private refused(one: Pending, error: unknown): void {
    if (error instanceof Refused && error.status === LIMITED) {
      this.stop = this.port.chance.after(LIMITED_MS, () => this.next());
      return;
    }
    if (error instanceof Refused || error instanceof Cancelled) {
      this.change((old) => old.cid === one.cid, { state: "failed", why: error.message });
      return this.next();
    }
    this.change((old) => old.state === "sending", { state: "away" });
    this.stop();
    this.stop = this.port.chance.after(AWAY_MS, () => this.back());
    this.next();
    if (!(error instanceof Unreachable)) throw error;
  }

  private change(which: (one: Pending) => boolean, to: Partial<Pending>): void {
    this.set(this.pending.peek().map((one) => (which(one) ? { ...one, ...to } : one)));
  }

  private set(pending: Pending[]): void {
    this.pending.value = pending;
    this.port.keep(pending);
  }

  close(): void {
    this.stop();
  }
}
