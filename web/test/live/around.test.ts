// Whom somebody who gets out at once may mean: who spoke or stood near in the last minute.
import assert from "node:assert/strict";
import test from "node:test";
import type { Person } from "../../src/live/protocol.ts";
import { entered, HELLO, line, person, rig } from "./rig.ts";

const FAR = 20;
const ME = person(0, "Me");

/** In a room with these, by a server whose clock is an hour ahead. */
function among(...people: Person[]) {
  const it = rig(undefined, () => -3_600_000);
  it.wire().says(HELLO);
  it.wire().says(entered({ people: [ME, ...people] }));
  let seq = 0;
  const says = (who: string) => {
    const said = line(++seq, who, "x", who === "me");
    it.wire().says({ t: "line", ...said, at: it.clock.now_ms + 3_600_000 });
  };
  const pass = (s: number) => {
    for (let i = 0; i < s; i++) {
      it.clock.pass(1000);
      it.wire().says({ t: "pong", n: 0 });
    }
  };
  const met = () => it.visit.met().map(({ id, seq: last, said }) => [id, last, said]);
  return { ...it, says, pass, met };
}

test("who spoke in the last minute, the last first, with their last line, by the server's time", () => {
  const { says, pass, met } = among(
    person(1, "Budi", { x: FAR }),
    person(2, "Sari", { x: FAR }),
    person(3, "Adi", { x: FAR }),
  );
  says("adi");
  pass(50);
  says("budi");
  says("sari");
  says("budi");
  says("me");
  pass(11);
  assert.deepEqual(met(), [
    ["budi", 4, 2],
    ["sari", 3, 1],
  ]);
  pass(60);
  assert.deepEqual(met(), []);
});

test("what was said before one came is as old as the server's clock has it", () => {
  const { wire, clock, met } = among(person(1, "Budi", { x: FAR }), person(2, "Sari", { x: FAR }));
  const at = clock.now_ms + 3_600_000;
  const lines = [
    { ...line(1, "budi", "x"), at: at - 600_000 },
    { ...line(2, "sari", "x"), at: at - 30_000 },
  ];
  wire().says(entered({ people: [ME], lines, seq: 2 }));
  assert.deepEqual(met(), [["sari", 2, 1]]);
});

test("who stood near comes after who spoke, also when they have gone since", () => {
  const { wire, visit, says, pass, met } = among(
    person(1, "Budi", { x: 1 }),
    person(2, "Sari", { x: FAR }),
    person(3, "Adi", { x: 2 }),
  );
  says("sari");
  wire().says({ t: "left", slot: 1 });
  assert.deepEqual(met(), [
    ["sari", 1, 1],
    ["adi", undefined, 0],
    ["budi", undefined, 0],
  ]);
  pass(61);
  assert.deepEqual(met(), [["adi", undefined, 0]], "still there");
  says("adi");
  pass(61);
  assert.deepEqual(met(), [["adi", 2, 0]], "their last line can be reported");
  wire().says({ t: "blocked", on: true, id: "adi" });
  wire().says({ t: "left", slot: 3 });
  assert.equal(visit.people.value.length, 2);
});

test("somebody whom I have blocked is nobody", () => {
  const { wire, says, met } = among(person(1, "Budi", { x: 1 }));
  says("budi");
  wire().says({ t: "left", slot: 1 });
  wire().says({ t: "blocked", on: true, id: "budi" });
  assert.deepEqual(met(), []);
});

test("residents of a demo are nobody: a script has their words and steps", () => {
  const { says, met } = among(
    person(1, "Rani", { x: 1, role: "resident" }),
    person(2, "Budi", { x: FAR }),
  );
  says("budi");
  says("rani");
  assert.deepEqual(met(), [["budi", 1, 1]]);
});

test("what was written and not said yet is not said by coming back", () => {
  const { wire, visit, clock } = among(person(1, "Budi"));
  wire().breaks();
  visit.say("leave me alone");
  visit.lines.outbox.hold();
  const kept = visit.lines.outbox.pending.value.map(({ text, state }) => [text, state]);
  assert.deepEqual(kept, [["leave me alone", "failed"]]);
  clock.pass(1000);
  wire().says(HELLO);
  wire().says(entered({ resumed: true }));
  assert.deepEqual(wire().of("say"), []);
  visit.lines.outbox.retry(visit.lines.outbox.pending.value[0]!.cid);
  assert.equal(wire().of("say").length, 1, "but by one's wish");
});

test("after getting out nothing is said but that one leaves, and nothing comes in any more", () => {
  const { wire, wires, visit, says, clock } = among(person(1, "Budi"));
  assert.equal(visit.close(), true);
  assert.deepEqual(wire().sent.at(-1), { t: "leave" });
  assert.equal(wire().closed, 1000);
  says("budi");
  assert.equal(visit.lines.lines.value.length, 0);
  visit.close();
  clock.pass(600_000);
  assert.equal(wires.length, 1);
});

test("whoever leaves while the connection is lost or silent knows that the room may not have heard it", () => {
  const lost = among();
  lost.wire().breaks();
  assert.equal(lost.visit.close(), false);
  const silent = among();
  silent.visit.wake();
  assert.equal(silent.visit.close(), false);
  const there = among();
  there.visit.wake();
  there.wire().says({ t: "pong", n: 1 });
  assert.equal(there.visit.close(), true);
});
