// A conversation as the server keeps it, and answers that the test gives or holds back.
import { type Refused, Unreachable } from "../../src/lib/errors.ts";
import type { Conversation, Message, Page } from "../../src/parts/messages/shapes.ts";
import { Thread, type Ask, type Unsent } from "../../src/parts/messages/thread.ts";
import { Clock } from "../live/rig.ts";

export { Clock };

export const message = (seq: number, from = "budi", more: Partial<Message> = {}): Message => ({
  seq,
  from,
  name: from,
  text: `text ${seq}`,
  at: 1_700_000_000_000 + seq * 1000,
  gone: false,
  waits: false,
  mentions: [],
  reactions: [],
  mine: from === "me",
  ...more,
});

export const conversation = (id: string, more: Partial<Conversation> = {}): Conversation => ({
  id,
  kind: "pair",
  people: [{ id: "budi", name: "Budi", avatar: "a", colours: [] }],
  state: "in",
  mine: false,
  muted: false,
  unread: 0,
  may_write: true,
  last_ms: 1,
  reads: [],
  ...more,
});

/** Lets what was promised happen. */
export const settle = () => new Promise((done) => setImmediate(done));

/** What the server would say, without a server. */
export class Kept {
  messages: Message[] = [];
  asked: Ask[] = [];
  reads: number[] = [];
  sends: Unsent[] = [];
  kept: Unsent[] = [];
  reactions: string[] = [];
  typed = 0;
  online = true;
  refuse: Refused | null = null;
  /** The message is stored, but its answer is lost on the way. */
  losesAnswers = false;
  hold: Promise<void> | null = null;
  readonly clock = new Clock();
  private ids = 0;

  constructor(count = 0) {
    for (let seq = 1; seq <= count; seq++) this.messages.push(message(seq));
  }

  private async door(): Promise<void> {
    await this.hold;
    if (!this.online) throw new Unreachable();
    if (this.refuse) throw this.refuse;
  }

  private async page({ before, after, around, limit = 50 }: Ask): Promise<Page> {
    this.asked.push({ before, after, around, limit });
    const all = [...this.messages];
    await this.door();
    const older = (seq: number, n: number) => all.filter((one) => one.seq < seq).slice(-n);
    const newer = (seq: number, n: number) => all.filter((one) => one.seq > seq).slice(0, n);
    const half = Math.floor(limit / 2);
    if (around) {
      const [a, b] = [older(around, half), newer(around - 1, limit - half)];
      return {
        items: [...a, ...b],
        before: a.length === half ? a[0]!.seq : undefined,
        after: b.length === limit - half ? b.at(-1)!.seq : undefined,
      };
    }
    const items = after ? newer(after, limit) : older(before ?? Infinity, limit);
    const full = items.length === limit;
    return after
      ? { items, before: items[0]?.seq ?? after + 1, after: full ? items.at(-1)!.seq : undefined }
      : { items, before: full ? items[0]!.seq : undefined, after: undefined };
  }

  private async send(one: Unsent): Promise<Message> {
    this.sends.push(one);
    await this.door();
    const old = this.messages.find(({ cid }) => cid === one.cid);
    const seq = (this.messages.at(-1)?.seq ?? 0) + 1;
    const made = old ?? message(seq, "me", { text: one.text, cid: one.cid, reply: one.reply });
    if (!old) this.messages.push(made);
    if (this.losesAnswers) throw new Unreachable();
    return made;
  }

  thread(): Thread {
    const act = async <T>(what: () => T): Promise<T> => {
      await this.door();
      return what();
    };
    return new Thread({
      page: (ask) => this.page(ask),
      send: (one) => this.send(one),
      edit: (seq, text) => act(() => message(seq, "me", { text, edited_ms: 5 })),
      takeBack: () => act(() => undefined),
      react: (seq, emoji, on) => act(() => this.reactions.push(`${seq} ${emoji} ${on}`)),
      read: (seq) => act(() => this.reads.push(seq)),
      typing: () => act(() => this.typed++),
      keep: (pending) => (this.kept = pending),
      now: () => this.clock.now_ms,
      id: () => `c${++this.ids}`,
      chance: this.clock,
    });
  }

  async opened(unread = 0, at?: number): Promise<Thread> {
    const thread = this.thread();
    await thread.open(unread, at);
    return thread;
  }
}
