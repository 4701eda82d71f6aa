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
for (const [name, value] of Object.entries({
  navigator: { languages: ["en"] },
  localStorage: { getItem: () => null, setItem: () => undefined },
  location: { href: "http://localhost/" },
  document: { addEventListener: () => undefined, documentElement: {} },
  addEventListener: () => undefined,
  WebSocket: Wire,
}))
  Object.defineProperty(globalThis, name, { value, configurable: true });

const { connect, holdChannel, onMissed, startChannel, tell } = await import(
  "../../src/live/channel.ts"
);
const { me } = await import("../../src/lib/session.ts");
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
