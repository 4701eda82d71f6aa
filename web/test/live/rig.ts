// A scripted server end and a clock that the test turns: nothing here waits.
import type { FromServer, Line, Person, RoomInfo, ToServer } from "../../src/live/protocol.ts";
import type { Chance, Wire } from "../../src/live/socket.ts";
import { Visit } from "../../src/live/visit.ts";

export class Clock implements Chance {
  now_ms = 1_000_000;
  private timers: { at: number; run: () => void }[] = [];

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.now_ms + ms, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((one) => one !== timer);
    };
  }

  random(): number {
    return 0.5;
  }

  pass(ms: number): void {
    const end = this.now_ms + ms;
    for (;;) {
      const next = this.timers.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.timers = this.timers.filter((one) => one !== next);
      this.now_ms = next.at;
      next.run();
    }
    this.now_ms = end;
  }
}

export class FakeWire implements Wire {
  binaryType = "";
  readyState = 1;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  sent: ToServer[] = [];
  frames: ArrayBuffer[] = [];
  closed: number | null = null;

  send(data: string | ArrayBuffer): void {
    if (data instanceof ArrayBuffer) this.frames.push(data);
    else this.sent.push(JSON.parse(data) as ToServer);
  }

  close(code = 1005): void {
    this.closed = code;
    this.readyState = 3;
  }

  says(message: FromServer): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  breaks(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  of<T extends ToServer["t"]>(t: T): Extract<ToServer, { t: T }>[] {
    return this.sent.filter((one): one is Extract<ToServer, { t: T }> => one.t === t);
  }
}

export const ROOM: RoomInfo = {
  id: "r",
  name: "Lounge",
  scene: "lounge",
  language: "en",
  capacity: 25,
  visibility: "public",
  here: 1,
  mine: false,
  moderate: false,
  topic: "",
};

export const person = (slot: number, name: string, more: Partial<Person> = {}): Person => ({
  slot,
  id: name.toLowerCase(),
  name,
  avatar: "mia",
  colours: [],
  x: 0,
  z: 0,
  yaw: 0,
  seat: 0,
  away: false,
  role: "member",
  ...more,
});

export const line = (seq: number, from: string, text: string, mine = from === "me"): Line => ({
  id: `i${seq}`,
  seq,
  from,
  name: from,
  text,
  at: seq * 1000,
  mine,
});

export const HELLO: FromServer = {
  t: "hello",
  me: { id: "me", name: "Me", role: "member" },
  hold_ms: 60000,
};

export function entered(more: Partial<Extract<FromServer, { t: "entered" }>> = {}): FromServer {
  return {
    t: "entered",
    room: ROOM,
    seq: 0,
    you: 0,
    resumed: false,
    since: 0,
    people: [person(0, "Me")],
    lines: [],
    more: false,
    ...more,
  };
}

/** A visit with its wires in the order they were opened. */
export function rig(
  fetchAfter: (seq: number) => Promise<Line[]> = async () => [],
  ahead_ms?: () => number,
) {
  const clock = new Clock();
  const wires: FakeWire[] = [];
  const complaints: string[] = [];
  let ids = 0;
  const visit = new Visit("r", {
    connect: () => {
      wires.push(new FakeWire());
      return wires.at(-1)!;
    },
    fetchAfter,
    id: () => `c${++ids}`,
    now: () => clock.now_ms,
    ahead_ms,
    chance: clock,
    complain: (text) => complaints.push(text),
  });
  visit.start();
  const wire = () => wires.at(-1)!;
  return { visit, clock, wires, wire, complaints };
}

export const texts = (visit: Visit): string[] => visit.lines.lines.value.map((one) => one.text);
