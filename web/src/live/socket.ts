// One WebSocket that comes back: with growing, jittered pauses after a loss, after the named time
// when the server restarts, and at once when the network returns.
import type { FromServer, ToServer } from "./protocol.ts";

/** The part of a WebSocket that is used; tests bring their own. */
export interface Wire {
  binaryType: string;
  readyState: number;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(data: string | ArrayBuffer): void;
  close(code?: number): void;
}

/** A connection, and what the server said first on it, if it has. */
export interface Given {
  wire: Wire;
  hello: unknown;
}

/** Time and chance as arguments. */
export interface Chance {
  after(ms: number, run: () => void): () => void;
  random(): number;
}

export const browserChance: Chance = {
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

export type SocketState = "connecting" | "open" | "lost" | "ended";

export interface Listener {
  state(state: SocketState, code: number): void;
  message(message: FromServer): void;
  frame(frame: ArrayBuffer): void;
}

const FIRST_MS = 500;
const MOST_MS = 15_000;
const CROWDED_MS = 3000;
const PING_MS = 20_000;
const PONG_MS = 8_000;
const BACK_PONG_MS = 2_500;
const CONNECTING = 0;
const OPEN = 1;

/** After these there is no point in coming back by oneself. */
const FINAL = new Set([4401, 4403]);
const CROWDED = 1013;

export class Socket {
  private wire: Wire | null = null;
  private stop: () => void = () => undefined;
  private watch: () => void = () => undefined;
  private lost = 0;
  private pings = 0;
  private asked = false;
  private bye_ms: number | null = null;
  private hello: unknown = null;
  state: SocketState = "connecting";

  constructor(
    private readonly connect: () => Wire,
    private readonly on: Listener,
    private readonly chance: Chance = browserChance,
  ) {}

  start(): void {
    this.stop();
    this.watch();
    this.hello = null;
    this.asked = false;
    this.change("connecting", 0);
    const wire = this.connect();
    this.wire = wire;
    wire.binaryType = "arraybuffer";
    wire.onmessage = ({ data }) => this.wire === wire && this.take(data);
    wire.onclose = ({ code }) => this.wire === wire && this.gone(code);
    this.expect(PONG_MS);
  }

  /** False when there is no connection to say it on. */
  send(message: ToServer | ArrayBuffer): boolean {
    if (this.state !== "open" || this.wire?.readyState !== OPEN) return false;
    this.wire.send(message instanceof ArrayBuffer ? message : JSON.stringify(message));
    return true;
  }

  end(): void {
    this.stop();
    this.watch();
    this.close(1000);
    this.change("ended", 1000);
  }

  /** Lets go of the connection, for another to go on with it; null when there is none. */
  give(): Given | null {
    const { wire, hello } = this;
    this.stop();
    this.watch();
    this.wire = null;
    this.change("ended", 1000);
    if (!wire || wire.readyState > OPEN) return null;
    wire.onmessage = wire.onclose = null;
    return { wire, hello };
  }

  /** The network is back, or the page is seen again: no more waiting, and is it still there? */
  wake(): void {
    if (this.state === "lost") this.start();
    else if (this.state === "open") this.ping(BACK_PONG_MS);
  }

  private change(state: SocketState, code: number): void {
    if (this.state === state && state !== "connecting") return;
    this.state = state;
    this.on.state(state, code);
  }

  private take(data: unknown): void {
    this.asked = false;
    this.expect(PING_MS);
    if (data instanceof ArrayBuffer) return this.on.frame(data);
    const message = parse(data);
    if (!message) return;
    if (message.t === "hello") {
      this.hello = data;
      this.lost = 0;
      this.bye_ms = null;
      this.change("open", 0);
    } else if (message.t === "bye") this.bye_ms = message.in_ms;
    if (message.t !== "pong") this.on.message(message);
  }

  /* Silence: first a ping, then the connection counts as lost. */
  private expect(ms: number): void {
    this.watch();
    this.watch = this.chance.after(ms, () => {
      if (this.state === "open") this.ping(PONG_MS);
      else this.drop();
    });
  }

  private ping(ms: number): void {
    this.asked = true;
    if (!this.send({ t: "ping", n: ++this.pings })) return this.drop();
    this.watch();
    this.watch = this.chance.after(ms, () => this.drop());
  }

  private drop(): void {
    this.close(4000);
    this.gone(4000);
  }

  /* Browsers complain of what is closed before it stands. */
  private close(code: number): void {
    const wire = this.wire;
    this.wire = null;
    if (wire?.readyState === CONNECTING) wire.onopen = () => wire.close(code);
    else wire?.close(code);
  }

  private gone(code: number): void {
    this.wire = null;
    this.watch();
    this.stop();
    if (FINAL.has(code)) return this.change("ended", code);
    this.change("lost", code);
    this.stop = this.chance.after(this.pause(code), () => this.start());
  }

  private pause(code: number): number {
    const random = this.chance.random();
    const bye = this.bye_ms;
    this.bye_ms = null;
    if (bye !== null) return bye * (0.8 + 0.4 * random);
    if (code === CROWDED) return CROWDED_MS * (1 + random);
    const most = Math.min(MOST_MS, FIRST_MS * 2 ** this.lost++);
    return most * (0.5 + 0.5 * random);
  }

  /** Whether it was silent for so long that it was asked whether it is there, and has not answered yet. */
  get doubted(): boolean {
    return this.asked;
  }

  /** Whether the server has said hello on this connection. */
  get ready(): boolean {
    return this.hello !== null && this.state === "open";
  }
}

function parse(data: unknown): FromServer | null {
  try {
    return JSON.parse(String(data)) as FromServer;
  } catch {
    return null;
  }
}
