// Who enters a room goes on with the connection that their page has already.
import assert from "node:assert/strict";
import test from "node:test";
import type { Me } from "../../src/lib/session.ts";
import { Clock, FakeWire, HELLO } from "./rig.ts";

const wires: FakeWire[] = [];
class Wire extends FakeWire {
  static OPEN = 1;
  constructor() {
    super();
    wires.push(this);
  }
}
/* As a browser has it: what is kept are its own members. */
const storage = Object.defineProperties({} as Record<string, string>, {
  getItem: { value: (key: string) => storage[key] ?? null },
  setItem: { value: (key: string, is: string) => (storage[key] = is) },
  removeItem: { value: (key: string) => delete storage[key] },
}) as unknown as Storage;
let answer: () => Response = () => Response.error();
for (const [name, value] of Object.entries({
  fetch: (): Promise<Response> => Promise.resolve(answer()),
  navigator: { languages: ["en"] },
  localStorage: storage,
  location: { href: "http://localhost/" },
  document: { addEventListener: () => undefined, documentElement: {} },
  addEventListener: (): void => undefined,
  WebSocket: Wire,
}))
  Object.defineProperty(globalThis, name, { value, configurable: true });

const { connect, holdChannel, onMissed, startChannel, tell } = await import(
  "../../src/live/channel.ts"
);
const { me } = await import("../../src/lib/session.ts");
const { draftOf, keepDraft } = await import("../../src/lib/drafts.ts");
const { Socket } = await import("../../src/live/socket.ts");

function enter(heard: string[]) {
  const clock = new Clock();
  const told = (message: { t: string }) => {
    tell(message as never);
    heard.push(message.t);
  };
  const socket = new Socket(
    connect,
    { state: () => undefined, message: told, frame: () => undefined },
    clock,
  );
  socket.start();
  return socket;
}

test("a room takes over the channel's connection with its hello, and nothing counts as missed", async () => {
  let missed = 0;
  onMissed(() => missed++);
  startChannel();
  me.value = { id: "mia" } as Me;
  assert.equal(wires.length, 1);
  wires[0]!.says(HELLO);
  assert.equal(missed, 1);

  const heard: string[] = [];
  const release = holdChannel();
  const visit = enter(heard);
  await null;
  assert.equal(wires.length, 1, "no second connection");
  assert.equal(wires[0]!.closed, null);
  assert.deepEqual(heard, ["hello"]);
  assert.ok(visit.ready);
  assert.equal(missed, 1);

  visit.end();
  assert.equal(wires[0]!.closed, 1000);
  release();
  assert.equal(wires.length, 2, "outside, the channel has one of its own again");
  wires[1]!.says(HELLO);
  assert.equal(missed, 2, "and what came in between may have been missed");
});

test("a connection that does not stand yet is taken over, one that was lost is not", async () => {
  const heard: string[] = [];
  wires.at(-1)!.breaks();
  const before = wires.length;
  let release = holdChannel();
  let visit = enter(heard);
  assert.equal(wires.length, before + 1, "a new one");
  visit.end();
  release();

  const standing = wires.at(-1)!;
  standing.readyState = 0;
  release = holdChannel();
  visit = enter(heard);
  await null;
  assert.deepEqual(heard, []);
  standing.readyState = 1;
  standing.says(HELLO);
  assert.deepEqual(heard, ["hello"]);
  visit.end();
  release();
  me.value = null;
});

const until = (is: (now: Me | null) => boolean) =>
  new Promise<void>((done) => {
    const stop = me.subscribe((now) => {
      if (is(now)) queueMicrotask(() => (stop(), done()));
    });
  });

test("a tab that was left open hears that its session is over, and keeps nothing of who it was", async () => {
  me.value = { id: "mia" } as Me;
  keepDraft("mia", "look", { recipe: { v: 1 } });
  answer = () => Response.json({ error: { code: "api.login", text: "" } }, { status: 401 });
  wires.at(-1)!.breaks(4401);
  await until((now) => now === null);
  assert.equal(draftOf("mia", "look"), null);
});

test("where another tab signed somebody else in, the one before is taken down first", async () => {
  const seen: (string | undefined)[] = [];
  me.value = { id: "mia" } as Me;
  const stop = me.subscribe((one) => seen.push(one?.id));
  keepDraft("mia", "look", { recipe: { v: 1 } });
  answer = () => Response.json({ id: "ben", language: "en" });
  wires.at(-1)!.breaks(4401);
  await until((now) => now?.id === "ben");
  stop();
  assert.deepEqual(seen, ["mia", undefined, "ben"]);
  assert.equal(draftOf("mia", "look"), null);
  me.value = null;
});
