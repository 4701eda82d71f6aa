// The lines of one visit: what the server numbered, and what this person said but has no
// acknowledgement for yet. No line twice, none missing, whatever the connection does.
import { signal } from "@preact/signals";
import type { Chance } from "./socket.ts";
import type { Entered, Line } from "./protocol.ts";

/** Something I said that the server has not stored for good. */
export interface Pending {
  cid: string;
  text: string;
  at: number;
  /** Number it was delivered under; the line itself is in the log then. */
  seq?: number;
  state: "sending" | "failed";
  why?: string;
  tries: number;
}

const BUSY_TRIES = 8;
const BUSY_MS = 1000;
/* The server takes 5 in 2 s and 30 a minute; what is more waits here. */
const BURST = 5;
const BURST_MS = 2100;
const MINUTE = 30;
const MINUTE_MS = 61_000;
const KEPT = 1000;

export interface LinesPort {
  say(cid: string, text: string): boolean;
  now(): number;
  id(): string;
  chance: Chance;
  /** All lines after a number, in order, however many calls that takes. */
  fetchAfter(seq: number): Promise<Line[]>;
}

export class Lines {
  readonly lines = signal<Line[]>([]);
  readonly pending = signal<Pending[]>([]);
  /** Lines older than the first one here can be fetched. */
  readonly more = signal(false);
  /** The server has told what was said here before. */
  known = false;
  seq = 0;
  /* The first line that was ever here before somebody's were forgotten. */
  private lowest = Infinity;
  private waiting: Pending[] = [];
  private sent_ms: number[] = [];
  private stopTimer: () => void = () => undefined;
  private filling: Promise<Line[]> | null = null;

  constructor(private readonly port: LinesPort) {}

  /** Unacknowledged lines of an earlier life of this page. */
  restore(kept: Pending[]): void {
    this.pending.value = kept.map((one) => ({ ...one, seq: undefined, tries: 0 }));
  }

  entered({ seq, since, resumed, lines, more }: Entered): void {
    const first = !this.known;
    if (first) this.more.value = more;
    else this.forgetAfter(since);
    this.known = true;
    const hole = !first && !resumed && lines.length > 0 && lines[0]!.seq > since;
    for (const line of lines) this.add(line, false);
    this.seq = Math.max(seq, this.seq);
    if (hole) void this.fill(since).catch(() => undefined);
    this.resend();
  }

  /* Another life of the server: what it had not stored never happened. */
  private forgetAfter(seq: number): void {
    this.lines.value = this.lines.peek().filter((line) => line.seq <= seq);
    this.seq = Math.min(this.seq, seq);
    this.change((one) => ((one.seq ?? 0) > seq ? { ...one, seq: undefined } : one));
  }

  arrived(line: Line): void {
    this.add(line, true);
    this.seq = Math.max(this.seq, line.seq);
  }

  /** Something was dropped, or the page was hidden: one fetch brings what is missing. */
  fill(after = this.seq): Promise<Line[]> {
    this.filling ??= this.port
      .fetchAfter(after)
      .then((lines) => {
        for (const line of lines) this.add(line, false);
        this.seq = lines.reduce((most, line) => Math.max(most, line.seq), this.seq);
        return lines;
      })
      .finally(() => {
        this.filling = null;
      });
    return this.filling;
  }

  /** Somebody was blocked: what they said is gone from here. */
  forget(from: string): void {
    this.lowest = Math.min(this.lowest, this.lines.peek()[0]?.seq ?? Infinity);
    this.lines.value = this.lines.peek().filter((line) => line.from !== from);
  }

  /** Somebody is no longer blocked: what they said among the lines here comes back. */
  refill(): Promise<Line[]> {
    return this.fill(this.first() - 1);
  }

  /** Somebody was blocked by a name: whose lines those are, the server knows alone. */
  async forgetSomebody(): Promise<void> {
    const [first, upTo] = [this.first(), this.seq];
    await this.filling?.catch(() => undefined);
    const heard = new Set((await this.fill(first - 1)).map((line) => line.from));
    this.lowest = first;
    this.lines.value = this.lines
      .peek()
      .filter((line) => line.mine || line.seq > upTo || heard.has(line.from));
  }

  private first(): number {
    const first = Math.min(this.lowest, this.lines.peek()[0]?.seq ?? Infinity);
    return first === Infinity ? 1 : first;
  }

  /** Older lines, put before the ones here. */
  older(lines: Line[], more: boolean): void {
    for (const line of lines) this.add(line, false);
    this.more.value = more;
  }

  private add(line: Line, live: boolean): void {
    const all = this.lines.peek();
    let at = all.length;
    while (at > 0 && all[at - 1]!.seq > line.seq) at--;
    if (at > 0 && all[at - 1]!.seq === line.seq) return;
    this.lines.value = [...all.slice(0, at), line, ...all.slice(at)].slice(-KEPT);
    if (line.mine) this.link(line, live);
  }

  /* My own line comes back before its acknowledgement: from now on the log shows it. */
  private link(line: Line, live: boolean): void {
    const open = this.pending.peek().filter((one) => one.seq === undefined);
    const same = (one: Pending) => (line.cid ? one.cid === line.cid : one.text === line.text);
    const mine =
      open.find(same) ??
      (live && !line.cid ? open.find((one) => one.state === "sending") : undefined);
    // What is not sent any more by itself has no acknowledgement to wait for.
    if (mine?.state === "failed") this.drop(mine.cid);
    else if (mine) this.change((one) => (one.cid === mine.cid ? { ...one, seq: line.seq } : one));
  }

  say(text: string): void {
    const at = this.port.now();
    const one: Pending = { cid: this.port.id(), text, at, state: "sending", tries: 0 };
    this.pending.value = [...this.pending.peek(), one];
    this.queue(one);
  }

  /** Once more by the person's wish; the same cid, so it cannot be said twice. */
  retry(cid: string): void {
    const one = this.pending.peek().find((pending) => pending.cid === cid);
    if (!one) return;
    this.change((old) => (old.cid === cid ? { ...old, state: "sending", tries: 0 } : old));
    this.queue(one);
  }

  drop(cid: string): void {
    this.pending.value = this.pending.peek().filter((one) => one.cid !== cid);
  }

  /** What nobody has heard yet is not said any more but by my wish, here or when I come back. */
  holdUnsaid(): void {
    this.waiting = [];
    this.pending.value = this.pending
      .peek()
      .filter((one) => one.seq === undefined)
      .map((one) => ({ ...one, state: "failed" }));
  }

  acked(cid: string, seq: number, id: string, me: { id: string; name: string }): void {
    const one = this.pending.peek().find((pending) => pending.cid === cid);
    if (!one) return;
    this.drop(cid);
    const { text, at } = one;
    if (!this.lines.peek().some((line) => line.seq === seq))
      this.add({ id, seq, from: me.id, name: me.name, text, at, mine: true }, false);
  }

  refused(cid: string, code: string, text: string): void {
    const one = this.pending.peek().find((pending) => pending.cid === cid);
    if (!one) return;
    if (code === "rooms.busy" && one.tries < BUSY_TRIES) {
      const tries = one.tries + 1;
      this.change((old) => (old.cid === cid ? { ...old, tries } : old));
      this.port.chance.after(BUSY_MS * tries, () => this.queue(one));
    } else {
      this.change((old) => (old.cid === cid ? { ...old, state: "failed", why: text } : old));
    }
  }

  /** A refusal that names no line: it was for the first one that is still on its way. */
  refusedSome(code: string, text: string): void {
    const one = this.pending.peek().find((p) => p.state === "sending" && p.seq === undefined);
    if (one) this.refused(one.cid, code, text);
  }

  /* After coming back: everything without an acknowledgement goes out again, in its order. */
  private resend(): void {
    this.waiting = [];
    for (const one of this.pending.peek()) if (one.state === "sending") this.queue(one);
  }

  private queue(one: Pending): void {
    if (!this.waiting.some((old) => old.cid === one.cid)) this.waiting.push(one);
    this.pump();
  }

  private pump(): void {
    this.stopTimer();
    while (this.waiting.length > 0) {
      const pause = this.pause();
      if (pause > 0) {
        this.stopTimer = this.port.chance.after(pause, () => this.pump());
        return;
      }
      const one = this.waiting[0]!;
      const known = this.pending.peek().some((old) => old.cid === one.cid);
      if (known && !this.port.say(one.cid, one.text)) {
        this.waiting = [];
        return;
      }
      this.waiting.shift();
      if (known) this.sent_ms.push(this.port.now());
    }
  }

  private pause(): number {
    const now = this.port.now();
    this.sent_ms = this.sent_ms.filter((at) => now - at < MINUTE_MS);
    const wait = (count: number, span: number) => {
      const nth = this.sent_ms[this.sent_ms.length - count];
      return nth === undefined ? 0 : nth + span - now;
    };
    return Math.max(wait(BURST, BURST_MS), wait(MINUTE, MINUTE_MS));
  }

  private change(with_: (one: Pending) => Pending): void {
    this.pending.value = this.pending.peek().map(with_);
  }

  close(): void {
    this.stopTimer();
  }
}
