import assert from "node:assert/strict";
import test from "node:test";
import { Socket, type SocketState } from "../../src/live/socket.ts";
import { Clock, FakeWire, HELLO } from "./rig.ts";

function open() {
  const clock = new Clock();
  const wires: FakeWire[] = [];
  const states: SocketState[] = [];
  const socket = new Socket(
    () => {
      wires.push(new FakeWire());
      return wires.at(-1)!;
    },
    { state: (state) => states.push(state), message: () => undefined, frame: () => undefined },
    clock,
  );
  socket.start();
  return { clock, wires, states, socket, wire: () => wires.at(-1)! };
}

/** How long until the next connection is tried. */
function pause(it: ReturnType<typeof open>, most: number): number {
  const before = it.wires.length;
  let passed = 0;
  while (it.wires.length === before && passed <= most) {
    it.clock.pass(25);
    passed += 25;
  }
  return passed;
}

test("each failed try waits longer, up to fifteen seconds, and a hello starts anew", () => {
  const it = open();
  const waits: number[] = [];
  for (let i = 0; i < 7; i++) {
    it.wire().breaks();
    waits.push(pause(it, 20_000));
  }
  assert.deepEqual(waits, [375, 750, 1500, 3000, 6000, 11_250, 11_250]);
  it.wire().says(HELLO);
  it.wire().breaks();
  assert.equal(pause(it, 20_000), 375);
});

test("a server that restarts says when to come back", () => {
  const it = open();
  it.wire().says(HELLO);
  it.wire().says({ t: "bye", code: "live.restart", in_ms: 2000 });
  it.wire().breaks(1001);
  assert.equal(pause(it, 20_000), 2000);
});

test("signed out or ended accounts do not come back", () => {
  for (const code of [4401, 4403]) {
    const it = open();
    it.wire().says(HELLO);
    it.wire().breaks(code);
    it.clock.pass(120_000);
    assert.equal(it.wires.length, 1);
    assert.equal(it.states.at(-1), "ended");
  }
});

test("silence is asked about, and silence after that is a loss", () => {
  const it = open();
  it.wire().says(HELLO);
  it.clock.pass(20_000);
  assert.deepEqual(it.wire().of("ping"), [{ t: "ping", n: 1 }]);
  it.wire().says({ t: "pong", n: 1 });
  it.clock.pass(20_000);
  assert.equal(it.wire().of("ping").length, 2);
  it.clock.pass(8000);
  assert.equal(it.states.at(-1), "lost");
  assert.equal(it.wires[0]!.closed, 4000);
});

test("a connection that never says hello is given up", () => {
  const it = open();
  it.clock.pass(8000);
  assert.equal(it.states.at(-1), "lost");
});

test("when the network is back, waiting ends at once", () => {
  const it = open();
  for (let i = 0; i < 5; i++) {
    it.wire().breaks();
    it.socket.wake();
  }
  assert.equal(it.wires.length, 6);
});

test("nothing is said on a connection that is gone", () => {
  const it = open();
  assert.equal(it.socket.send({ t: "stand" }), false, "not before hello");
  it.wire().says(HELLO);
  assert.equal(it.socket.send({ t: "stand" }), true);
  it.wire().breaks();
  assert.equal(it.socket.send({ t: "stand" }), false);
});

test("after the end nothing happens any more", () => {
  const it = open();
  it.wire().says(HELLO);
  const { wires } = it;
  it.socket.end();
  wires[0]!.breaks();
  it.clock.pass(120_000);
  assert.equal(wires.length, 1);
  assert.equal(wires[0]!.closed, 1000);
});

test("a connection that is ended while it opens is closed when it stands: browsers complain else", () => {
  const it = open();
  const [wire] = it.wires;
  wire!.readyState = 0;
  it.socket.end();
  assert.equal(wire!.closed, null);
  wire!.readyState = 1;
  wire!.onopen!();
  assert.equal(wire!.closed, 1000);
});

test("a connection that does not stand after eight seconds is closed when it does, and another one tried", () => {
  const it = open();
  const [wire] = it.wires;
  wire!.readyState = 0;
  it.clock.pass(8000);
  assert.equal(wire!.closed, null);
  assert.equal(pause(it, 20_000), 375);
  wire!.readyState = 1;
  wire!.onopen!();
  assert.equal(wire!.closed, 4000);
});
