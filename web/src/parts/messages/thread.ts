// The messages of one conversation: a stretch of what the server numbered, and what this person
// wrote but has no answer for yet. No message twice, none lost, whatever the connection does.
import { signal } from "@preact/signals";
import { Cancelled, Refused, Unreachable } from "../../lib/errors.ts";
import type { Chance } from "../../live/socket.ts";
import { Outbox, type Pending } from "../../live/outbox.ts";
import { Typists } from "../../live/typists.ts";
import type { Emoji, Message, Page } from "./shapes.ts";

/** What goes with the words of a message. */
export interface With {
  reply?: number;
  mentions: string[];
}
export type Unsent = Pending<With>;

export interface Ask {
  before?: number;
  after?: number;
  around?: number;
  limit?: number;
}

export interface ThreadPort {
  page(ask: Ask): Promise<Page>;
  send(one: Unsent): Promise<Message>;
  edit(seq: number, text: string): Promise<Message>;
  takeBack(seq: number): Promise<unknown>;
  react(seq: number, emoji: Emoji, on: boolean): Promise<unknown>;
  read(seq: number): Promise<unknown>;
  typing(): Promise<unknown>;
  /** Keeps what has no answer yet, for another life of this page. */
  keep(pending: Unsent[]): void;
  now(): number;
  id(): string;
  chance: Chance;
}

const PAGE = 50;
const PAGE_MOST = 100;
const KEPT = 1000;
const READ_MS = 400;
const TYPING_EVERY_MS = 3000;
const LIMITED = 429;
const LIMITED_MS = 2500;

/** The newer of the two; what comes without words left them as they were. */
function merged(old: Message | undefined, fresh: Message): Message {
  if (!old || fresh.gone || fresh.text !== undefined) return fresh;
  return old.gone ? old : { ...fresh, text: old.text };
}

export class Thread {
  readonly messages = signal<Message[]>([]);
  readonly state = signal<"new" | "ready" | "failed" | "none">("new");
  /** Names, by the ids of who they are. */
  readonly typists: Typists<string, string>;
  /** Up to here it was read when it was opened: a line is drawn below. Infinity: no line. */
  readonly mark = signal(Infinity);
  /** Where to go on, each way; undefined: nothing more there. */
  readonly before = signal<number | undefined>(undefined);
  readonly after = signal<number | undefined>(undefined);
  /** Messages of others that came in below a stretch that does not reach the end. */
  readonly below = signal(0);
  readonly outbox: Outbox<With>;
  private readSeq = 0;
  private stopRead: () => void = () => undefined;
  private typed_ms = -Infinity;
  /* What is told while pages are on their way is applied once more after them. */
  private flights = 0;
  private told: Message[] = [];

  constructor(private readonly port: ThreadPort) {
    this.typists = new Typists(port.chance);
    const carry = (one: Unsent) => {
      port.send(one).then(
        (message) => {
          this.outbox.drop(one.cid);
          this.put(message);
          this.outbox.answered(one.cid);
        },
        (error: unknown) => this.refused(one.cid, error),
      );
      return true;
    };
    this.outbox = new Outbox({ ...port, carry, atOnce: 1 });
  }

  private refused(cid: string, error: unknown): void {
    if (error instanceof Refused && error.status === LIMITED)
      return this.outbox.again(cid, LIMITED_MS);
    if (error instanceof Refused || error instanceof Cancelled)
      return this.outbox.failed(cid, error.message);
    this.outbox.away(cid);
    if (!(error instanceof Unreachable)) throw error;
  }

  /** The end of the conversation, or the place of a message; `unread` says how much of it is new. */
  async open(unread: number, at?: number): Promise<void> {
    if (this.state.peek() === "failed") this.state.value = "new";
    const end = { limit: unread < PAGE ? PAGE : PAGE_MOST };
    const ask = at ? { around: at, limit: PAGE_MOST } : end;
    try {
      this.replace(await this.fetch(ask));
      this.state.value = "ready";
      this.markUnread(unread);
    } catch (error) {
      this.failed(error);
    }
  }

  private failed(error: unknown): void {
    if (error instanceof Refused && error.status === 404) this.state.value = "none";
    else if (this.state.peek() === "new") this.state.value = "failed";
    if (!(error instanceof Refused || error instanceof Unreachable)) throw error;
  }

  private async fetch(ask: Ask): Promise<Page> {
    this.flights++;
    try {
      return await this.port.page(ask);
    } finally {
      this.flights--;
    }
  }

  private replay(): void {
    for (const message of this.told) this.put(message);
    if (this.flights === 0) this.told = [];
  }

  private replace(page: Page): void {
    this.messages.value = page.items;
    this.before.value = page.before;
    this.after.value = page.after;
    this.below.value = 0;
    this.settle(page.items);
    this.replay();
  }

  /* The line stands above the last so many messages of others. */
  private markUnread(unread: number): void {
    if (unread === 0 || this.after.peek() !== undefined) return;
    const theirs = this.messages.peek().filter((one) => !one.mine && !one.gone);
    const first = theirs[Math.max(0, theirs.length - unread)];
    if (first) this.mark.value = first.seq - 1;
  }

  /** The page is not looked at: what comes from now on is new. */
  lookAway(): void {
    const last = this.messages.peek().at(-1)?.seq;
    if (last !== undefined) this.mark.value = last;
  }

  async older(): Promise<void> {
    const before = this.before.peek();
    if (before === undefined) return;
    const page = await this.fetch({ before, limit: PAGE });
    if (this.before.peek() !== before) return;
    const rest = this.messages.peek();
    const all = [...page.items, ...rest];
    if (all.length > KEPT) this.after.value = all[KEPT - 1]!.seq;
    this.messages.value = all.slice(0, KEPT);
    this.before.value = page.before;
    this.replay();
  }

  async newer(): Promise<void> {
    const after = this.after.peek();
    if (after === undefined) return;
    const page = await this.fetch({ after, limit: PAGE });
    if (this.after.peek() !== after) return;
    const all = [...this.messages.peek(), ...page.items];
    if (all.length > KEPT) this.before.value = all[all.length - KEPT]!.seq;
    this.messages.value = all.slice(-KEPT);
    this.after.value = page.after;
    if (page.after === undefined) this.below.value = 0;
    this.settle(page.items);
    this.replay();
  }

  /** Brings a message here, from wherever it stands; false when it is not to be seen. */
  async jump(seq: number): Promise<boolean> {
    const has = () => this.messages.peek().some((one) => one.seq === seq);
    if (!has()) {
      const page = await this.fetch({ around: seq, limit: PAGE_MOST });
      if (!page.items.some((one) => one.seq === seq)) return false;
      this.replace(page);
    }
    return has();
  }

  async toEnd(): Promise<void> {
    if (this.after.peek() !== undefined) this.replace(await this.fetch({ limit: PAGE }));
  }

  /** Something may have been missed: asks for all of this stretch again, and what follows it. */
  async refresh(): Promise<void> {
    if (this.state.peek() !== "ready") return this.open(0);
    const old = this.messages.peek();
    const atEnd = this.after.peek() === undefined;
    const last = old.at(-1)?.seq ?? 0;
    let from = (old[0]?.seq ?? 1) - 1;
    const all: Message[] = [];
    let next: number | undefined;
    try {
      do {
        const ask = from > 0 ? { after: from } : { around: 1 };
        const page = await this.fetch({ ...ask, limit: PAGE_MOST });
        all.push(...page.items);
        next = page.after;
        from = next ?? from;
      } while (next !== undefined && (atEnd || next < last) && all.length < KEPT);
    } catch (error) {
      return this.failed(error);
    }
    if (this.messages.peek()[0]?.seq !== old[0]?.seq) return;
    if (atEnd && next !== undefined) return this.replace(await this.fetch({ limit: PAGE }));
    this.replace({ items: all, before: this.before.peek(), after: next });
  }

  /** From the member's own channel: a new message, or a change of one. */
  arrived(message: Message, fresh: boolean): void {
    if (this.flights > 0) this.told.push(message);
    this.typists.ends(message.from);
    if (message.mine) this.settle([message]);
    if (fresh && this.after.peek() !== undefined && !message.mine) this.below.value++;
    this.put(message);
  }

  private put(message: Message): void {
    const all = this.messages.peek();
    let at = all.length;
    while (at > 0 && all[at - 1]!.seq > message.seq) at--;
    const old = all[at - 1]?.seq === message.seq ? all[at - 1] : undefined;
    if (old) {
      const next = [...all];
      next[at - 1] = merged(old, message);
      this.messages.value = next;
      return;
    }
    const past = at === all.length && this.after.peek() !== undefined;
    const early = at === 0 && all.length > 0;
    /* A change of something that is not here brings no words with it. */
    if (past || early || (message.text === undefined && !message.gone)) return;
    const next = [...all.slice(0, at), message, ...all.slice(at)];
    if (next.length > KEPT) this.before.value = next[next.length - KEPT]!.seq;
    this.messages.value = next.slice(-KEPT);
  }

  private settle(messages: Message[]): void {
    for (const one of messages) if (one.mine && one.cid) this.outbox.drop(one.cid);
  }

  say(text: string, mentions: string[], reply?: number): void {
    this.mark.value = Infinity;
    this.outbox.add(text, reply ? { mentions, reply } : { mentions });
  }

  async edit(seq: number, text: string): Promise<void> {
    this.put(await this.port.edit(seq, text));
  }

  async takeBack(seq: number): Promise<void> {
    await this.port.takeBack(seq);
    const old = this.messages.peek().find((one) => one.seq === seq);
    if (old) this.put({ ...old, text: undefined, gone: true, mentions: [], reactions: [] });
  }

  /** Shown at once; taken away again when the server does not take it. */
  async react(seq: number, emoji: Emoji, on: boolean): Promise<void> {
    this.reacted(seq, emoji, on);
    try {
      await this.port.react(seq, emoji, on);
    } catch (error) {
      this.reacted(seq, emoji, !on);
      throw error;
    }
  }

  private reacted(seq: number, emoji: Emoji, on: boolean): void {
    const one = this.messages.peek().find((message) => message.seq === seq);
    const old = one?.reactions.find((reaction) => reaction.emoji === emoji);
    if (!one || (old?.mine ?? false) === on) return;
    const count = (old?.count ?? 0) + (on ? 1 : -1);
    const changed = { emoji, count, mine: on };
    const reactions = old
      ? one.reactions.map((reaction) => (reaction === old ? changed : reaction))
      : [...one.reactions, changed];
    this.put({ ...one, reactions: reactions.filter((reaction) => reaction.count > 0) });
  }

  /** What stands here was seen. Told once in a while, and only what is more than before. */
  seen(): void {
    const last = this.messages.peek().at(-1);
    if (!last || this.after.peek() !== undefined || last.seq <= this.readSeq) return;
    this.readSeq = last.seq;
    this.stopRead();
    this.stopRead = this.port.chance.after(READ_MS, () => {
      const seq = this.readSeq;
      this.port.read(seq).catch((error: unknown) => {
        /* Without a connection the next thing that is seen says it again. */
        if (error instanceof Unreachable && this.readSeq === seq) this.readSeq = 0;
      });
    });
  }

  /** This person is writing: told to the others, not more often than it has to be. */
  writing(): void {
    if (this.port.now() - this.typed_ms < TYPING_EVERY_MS) return;
    this.typed_ms = this.port.now();
    this.port.typing().catch(() => undefined);
  }

  writes({ id, name }: { id: string; name: string }): void {
    this.typists.begins(id, name);
  }

  close(): void {
    this.stopRead();
    this.typists.clear();
    this.outbox.close();
  }
}
