// The lines of one visit: what the server numbered, and what this person said but has no
// acknowledgement for yet. No line twice, none missing, whatever the connection does.
import { signal } from "@preact/signals";
import { Outbox, type OutboxPort, type Pending } from "./outbox.ts";
import type { Entered, Line } from "./protocol.ts";

const BUSY_TRIES = 8;
const BUSY_MS = 1000;
/* The server takes 5 in 2 s and 30 a minute; what is more waits here. */
const BURST = 5;
const BURST_MS = 2100;
const MINUTE = 30;
const MINUTE_MS = 61_000;
const PACE = [
  { most: BURST, span_ms: BURST_MS },
  { most: MINUTE, span_ms: MINUTE_MS },
];
const KEPT = 1000;

export interface LinesPort extends OutboxPort<unknown> {
  /** All lines after a number, in order, however many calls that takes. */
  fetchAfter(seq: number): Promise<Line[]>;
}

export class Lines {
  readonly lines = signal<Line[]>([]);
  readonly outbox: Outbox;
  /** Lines older than the first one here can be fetched. */
  readonly more = signal(false);
  /** The server has told what was said here before. */
  known = false;
  seq = 0;
  /* The first line that was ever here before somebody's were forgotten. */
  private lowest = Infinity;
  private filling: Promise<Line[]> | null = null;

  constructor(private readonly port: LinesPort) {
    this.outbox = new Outbox({ ...port, pace: PACE });
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
    this.outbox.resend();
  }

  /* Another life of the server: what it had not stored never happened. */
  private forgetAfter(seq: number): void {
    this.lines.value = this.lines.peek().filter((line) => line.seq <= seq);
    this.seq = Math.min(this.seq, seq);
    for (const one of this.outbox.pending.peek())
      if ((one.seq ?? 0) > seq) this.outbox.delivered(one.cid, undefined);
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
    const open = this.unheard();
    const same = (one: Pending) => (line.cid ? one.cid === line.cid : one.text === line.text);
    const mine =
      open.find(same) ??
      (live && !line.cid ? open.find((one) => one.state === "sending") : undefined);
    // What is not sent any more by itself has no acknowledgement to wait for.
    if (mine?.state === "failed") this.outbox.drop(mine.cid);
    else if (mine) this.outbox.delivered(mine.cid, line.seq);
  }

  private unheard(): Pending[] {
    return this.outbox.pending.peek().filter((one) => one.seq === undefined);
  }

  acked(cid: string, seq: number, id: string, me: { id: string; name: string }): void {
    const one = this.outbox.find(cid);
    this.outbox.answered(cid);
    if (!one || this.lines.peek().some((line) => line.seq === seq)) return;
    const { text, at } = one;
    this.add({ id, seq, from: me.id, name: me.name, text, at, mine: true }, false);
  }

  refused(cid: string, code: string, text: string): void {
    const tries = this.outbox.find(cid)?.tries ?? 0;
    if (code === "rooms.busy" && tries < BUSY_TRIES) this.outbox.again(cid, BUSY_MS * (tries + 1));
    else this.outbox.failed(cid, text);
  }

  /** A refusal that names no line: it was for the first one that is still on its way. */
  refusedSome(code: string, text: string): void {
    const one = this.unheard().find(({ state }) => state === "sending");
    if (one) this.refused(one.cid, code, text);
  }

  close(): void {
    this.outbox.close();
  }
}
