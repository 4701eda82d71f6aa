import assert from "node:assert/strict";
import test from "node:test";
import type { Line } from "../../src/live/protocol.ts";
import { entered, HELLO, line, person, rig, texts } from "./rig.ts";

function inRoom(fetchAfter?: (seq: number) => Promise<Line[]>) {
  const it = rig(fetchAfter);
  it.wire().says(HELLO);
  it.wire().says(entered());
  return it;
}

test("hello is answered by entering the room, without a resume at first", () => {
  const { wire, visit } = rig();
  assert.deepEqual(wire().sent, []);
  wire().says(HELLO);
  assert.deepEqual(wire().sent, [{ t: "enter", room: "r" }]);
  wire().says(entered({ people: [person(0, "Me"), person(1, "Budi")] }));
  assert.equal(visit.phase.value, "in");
  assert.equal(visit.people.value.length, 2);
  assert.equal(visit.me.value?.name, "Me");
});

test("my line is shown once: on its way, delivered, acknowledged", () => {
  const { visit, wire } = inRoom();
  visit.say("hello");
  assert.deepEqual(wire().of("say"), [{ t: "say", cid: "c1", text: "hello" }]);
  assert.equal(visit.lines.outbox.pending.value[0]?.seq, undefined);
  wire().says({ t: "line", ...line(1, "me", "hello") });
  assert.deepEqual(texts(visit), ["hello"]);
  assert.equal(visit.lines.outbox.pending.value[0]?.seq, 1, "the log shows it now");
  wire().says({ t: "ack", cid: "c1", seq: 1, id: "i1" });
  assert.deepEqual(visit.lines.outbox.pending.value, []);
  assert.deepEqual(texts(visit), ["hello"]);
});

test("a lost connection resumes with the highest number seen", () => {
  const { visit, wire, wires, clock } = inRoom();
  wire().says({ t: "line", ...line(1, "budi", "one") });
  wire().says({ t: "line", ...line(2, "budi", "two") });
  wire().breaks();
  assert.equal(visit.connection.value, "lost");
  clock.pass(1000);
  assert.equal(wires.length, 2);
  wire().says(HELLO);
  assert.deepEqual(wire().of("enter"), [{ t: "enter", room: "r", seq: 2 }]);
  wire().says(
    entered({
      resumed: true,
      seq: 4,
      since: 2,
      lines: [line(3, "budi", "three"), line(4, "budi", "four")],
    }),
  );
  assert.deepEqual(texts(visit), ["one", "two", "three", "four"]);
});

test("unacknowledged lines go out again with the same cid and are not said twice", () => {
  const { visit, wire, clock } = inRoom();
  visit.say("did it arrive?");
  wire().says({ t: "line", ...line(1, "me", "did it arrive?") });
  wire().breaks();
  visit.say("and this?");
  clock.pass(1000);
  wire().says(HELLO);
  wire().says(entered({ resumed: true, seq: 1, since: 1, lines: [] }));
  assert.deepEqual(
    wire()
      .of("say")
      .map((one) => one.cid),
    ["c1", "c2"],
  );
  wire().says({ t: "ack", cid: "c1", seq: 1, id: "i1" });
  wire().says({ t: "line", ...line(2, "me", "and this?") });
  wire().says({ t: "ack", cid: "c2", seq: 2, id: "i2" });
  assert.deepEqual(texts(visit), ["did it arrive?", "and this?"]);
  assert.deepEqual(visit.lines.outbox.pending.value, []);
});

test("a restarted server takes back what it had not stored, and my line is sent again", () => {
  const { visit, wire, clock } = inRoom();
  wire().says({ t: "line", ...line(1, "budi", "stored") });
  visit.say("mine");
  wire().says({ t: "line", ...line(2, "me", "mine") });
  wire().says({ t: "line", ...line(3, "budi", "not stored") });
  wire().breaks();
  clock.pass(1000);
  wire().says(HELLO);
  assert.deepEqual(wire().of("enter"), [{ t: "enter", room: "r", seq: 3 }]);
  wire().says(entered({ seq: 1, since: 1, resumed: true }));
  assert.deepEqual(texts(visit), ["stored"]);
  assert.equal(visit.lines.outbox.pending.value[0]?.seq, undefined, "shown as on its way again");
  assert.deepEqual(wire().of("say"), [{ t: "say", cid: "c1", text: "mine" }]);
  wire().says({ t: "line", ...line(2, "me", "mine") });
  wire().says({ t: "ack", cid: "c1", seq: 2, id: "i2" });
  wire().says({ t: "line", ...line(3, "budi", "again") });
  assert.deepEqual(texts(visit), ["stored", "mine", "again"]);
});

test("a line stored before the connection died is acknowledged with its first number", () => {
  const { visit, wire, clock } = inRoom();
  visit.say("lost ack");
  wire().breaks();
  clock.pass(1000);
  wire().says(HELLO);
  wire().says(entered({ seq: 1, resumed: true, lines: [line(1, "me", "lost ack")] }));
  assert.equal(visit.lines.outbox.pending.value[0]?.seq, 1);
  assert.deepEqual(
    wire()
      .of("say")
      .map((one) => one.cid),
    ["c1"],
  );
  wire().says({ t: "ack", cid: "c1", seq: 1, id: "i1" });
  assert.deepEqual(texts(visit), ["lost ack"]);
});

test("an acknowledgement without its line shows the line", () => {
  const { visit, wire } = inRoom();
  visit.say("hi");
  wire().says({ t: "ack", cid: "c1", seq: 5, id: "i5" });
  assert.deepEqual(texts(visit), ["hi"]);
  wire().says({ t: "line", ...line(5, "me", "hi") });
  assert.deepEqual(texts(visit), ["hi"]);
});

test("when more was missed than comes with entering, the hole is fetched", async () => {
  const asked: number[] = [];
  const { visit, wire, clock } = inRoom(async (seq) => {
    asked.push(seq);
    return [line(2, "budi", "b"), line(3, "budi", "c"), line(4, "budi", "d")];
  });
  wire().says({ t: "line", ...line(1, "budi", "a") });
  wire().breaks();
  clock.pass(1000);
  wire().says(HELLO);
  wire().says(
    entered({
      seq: 4,
      since: 1,
      resumed: false,
      more: true,
      lines: [line(4, "budi", "d")],
    }),
  );
  await visit.lines.fill();
  assert.deepEqual(asked, [1]);
  assert.deepEqual(texts(visit), ["a", "b", "c", "d"]);
});

test("busy is tried again by itself, another refusal waits for the person", () => {
  const { visit, wire, clock } = inRoom();
  visit.say("one");
  wire().says({ t: "nack", cid: "c1", code: "rooms.busy", text: "busy" });
  assert.equal(visit.lines.outbox.pending.value[0]?.state, "sending");
  clock.pass(1000);
  assert.equal(wire().of("say").length, 2);
  wire().says({ t: "nack", cid: "c1", code: "rooms.removed", text: "You are out." });
  assert.equal(visit.lines.outbox.pending.value[0]?.state, "failed");
  assert.equal(visit.lines.outbox.pending.value[0]?.why, "You are out.");
  clock.pass(10_000);
  assert.equal(wire().of("say").length, 2);
  visit.lines.outbox.retry("c1");
  assert.deepEqual(wire().of("say").at(-1), { t: "say", cid: "c1", text: "one" });
});

test("a burst keeps to the server's five lines in two seconds", () => {
  const { visit, wire, clock } = inRoom();
  for (let i = 0; i < 8; i++) visit.say(`line ${i}`);
  assert.equal(wire().of("say").length, 5);
  clock.pass(2200);
  assert.deepEqual(
    wire()
      .of("say")
      .map((one) => one.text),
    [0, 1, 2, 3, 4, 5, 6, 7].map((i) => `line ${i}`),
  );
});

test("a hidden page takes in no lines and catches up in one fetch", async () => {
  const asked: number[] = [];
  const { visit, wire } = inRoom(async (seq) => {
    asked.push(seq);
    return [line(2, "budi", "b"), line(3, "budi", "c")];
  });
  wire().says({ t: "line", ...line(1, "budi", "a") });
  visit.hide(true);
  wire().says({ t: "line", ...line(2, "budi", "b") });
  wire().says({ t: "line", ...line(3, "budi", "c") });
  assert.deepEqual(texts(visit), ["a"]);
  assert.equal(visit.missed.value, 2);
  visit.hide(false);
  await visit.lines.fill();
  assert.deepEqual(asked, [1]);
  assert.deepEqual(texts(visit), ["a", "b", "c"]);
  assert.equal(visit.missed.value, 0);
});

test("a full room shows the place in the queue and lets in", () => {
  const { visit, wire } = rig();
  wire().says(HELLO);
  wire().says({ t: "queued", room: "r", place: 3 });
  assert.equal(visit.phase.value, "queued");
  wire().says({ t: "queued", room: "r", place: 1 });
  assert.equal(visit.queue.value, 1);
  wire().says(entered());
  assert.equal(visit.phase.value, "in");
});

test("who was shown out does not come back by himself, even after a lost connection", () => {
  const { visit, wire, clock } = inRoom();
  wire().says({ t: "out", code: "rooms.removed", text: "You were removed." });
  assert.equal(visit.phase.value, "out");
  wire().breaks();
  clock.pass(1000);
  wire().says(HELLO);
  assert.deepEqual(wire().of("enter"), []);
});

test("somebody on another device took my place: I may take it back", () => {
  const { visit, wire } = inRoom();
  wire().says({ t: "out", code: "rooms.elsewhere", text: "Elsewhere." });
  visit.again();
  assert.equal(wire().of("enter").length, 2);
  wire().says(entered());
  assert.equal(visit.phase.value, "in");
});

test("typing of others ends by itself, and with their line", () => {
  const { visit, wire, clock } = inRoom();
  wire().says({ t: "joined", p: person(1, "Budi") });
  wire().says({ t: "typing", slot: 1, on: true });
  assert.deepEqual([...visit.typists.now.value.keys()], [1]);
  clock.pass(6000);
  assert.deepEqual([...visit.typists.now.value.keys()], []);
  wire().says({ t: "typing", slot: 1, on: true });
  wire().says({ t: "line", ...line(1, "budi", "hi") });
  assert.deepEqual([...visit.typists.now.value.keys()], []);
});

test("a seat is kept in the list of people, and standing up frees it", () => {
  const { visit, wire } = inRoom();
  wire().says({ t: "joined", p: person(1, "Budi") });
  wire().says({ t: "seat", slot: 1, seat: 4, x: 1, z: 2, yaw: 0 });
  assert.equal(visit.people.value[1]?.seat, 4);
  wire().says({ t: "seat", slot: 1, seat: 0, x: 1, z: 1, yaw: 0 });
  assert.equal(visit.people.value[1]?.seat, 0);
  assert.deepEqual(
    visit.events.list.value.map((one) => one.what),
    ["joined", "sat", "stood"],
  );
});

test("what somebody said is gone when I block them, from any device, and back when I unblock", async () => {
  const all = [line(1, "budi", "one"), line(2, "sari", "two"), line(3, "budi", "three")];
  const asked: number[] = [];
  const { visit, wire } = inRoom((seq) => {
    asked.push(seq);
    return Promise.resolve(all.filter((one) => one.seq > seq));
  });
  for (const one of all) wire().says({ t: "line", ...one });
  wire().says({ t: "blocked", id: all[0]!.from, on: true });
  assert.deepEqual(texts(visit), ["two"]);
  wire().says({ t: "blocked", id: all[0]!.from, on: false });
  await visit.lines.refill();
  assert.deepEqual(asked, [0]);
  assert.deepEqual(texts(visit), ["one", "two", "three"]);
});

test("whom I block by a name is gone with their words, without the server saying who it is", async () => {
  const all = [line(1, "budi", "one"), line(2, "sari", "two"), line(3, "budi", "three")];
  let hidden = "budi";
  const { visit, wire } = inRoom((seq) =>
    Promise.resolve(all.filter((one) => one.seq > seq && one.name !== hidden)),
  );
  for (const one of all) wire().says({ t: "line", ...one });
  wire().says({ t: "blocked", on: true });
  wire().says({ t: "line", ...line(4, "sari", "four") });
  await visit.lines.forgetSomebody();
  assert.deepEqual(texts(visit), ["two", "four"]);
  hidden = "";
  wire().says({ t: "blocked", on: false });
  await visit.lines.refill();
  assert.deepEqual(texts(visit), ["one", "two", "three", "four"]);
});

test("quick gestures are paced, and a mood is told again to a server that has forgotten it", () => {
  const { visit, wire, clock } = rig();
  wire().says(HELLO);
  wire().says(entered());
  for (const name of ["wave", "bow", "clap"] as const) visit.acts.emote(name);
  visit.acts.feel("happy");
  clock.pass(600);
  assert.deepEqual(
    wire()
      .of("emote")
      .map(({ name }) => name),
    ["wave", "clap"],
  );
  wire().says({ t: "mood", slot: 0, mood: "happy" });
  assert.equal(visit.me.value?.mood, "happy");
  assert.equal(visit.events.list.value.at(-1)?.what, "mood_happy");
  wire().breaks();
  clock.pass(5000);
  wire().says(HELLO);
  wire().says(entered({ people: [person(0, "Me", { mood: "happy" })] }));
  assert.equal(wire().of("mood").length, 0, "kept");
  wire().breaks();
  clock.pass(5000);
  wire().says(HELLO);
  wire().says(entered());
  assert.deepEqual(wire().of("mood"), [{ t: "mood", mood: "happy" }]);
});
