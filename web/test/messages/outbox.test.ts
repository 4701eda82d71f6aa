import assert from "node:assert/strict";
import test from "node:test";
import { Refused } from "../../src/lib/errors.ts";
import type { Thread } from "../../src/parts/messages/thread.ts";
import { Kept, message, settle } from "./rig.ts";

const states = (thread: Thread) => thread.outbox.pending.peek().map((one) => one.state);
const texts = (kept: Kept) => kept.messages.map((one) => one.text);

test("what is written is there at once, and stands once when the answer comes", async () => {
  const kept = new Kept(1);
  const thread = await kept.opened();
  thread.say("hello", []);
  assert.deepEqual(states(thread), ["sending"]);
  await settle();
  assert.deepEqual(states(thread), []);
  assert.deepEqual(
    thread.messages.peek().map((one) => one.text),
    ["text 1", "hello"],
  );
});

test("the own message may come by the socket before its answer: it stands once", async () => {
  const kept = new Kept();
  const thread = await kept.opened();
  let open = () => undefined as void;
  kept.hold = new Promise((done) => (open = done));
  thread.say("hello", []);
  thread.arrived(message(1, "me", { cid: "c1", text: "hello" }), true);
  assert.deepEqual(states(thread), []);
  open();
  await settle();
  assert.equal(thread.messages.peek().length, 1);
});

test("messages go out one after the other, in the order they were written", async () => {
  const kept = new Kept();
  const thread = await kept.opened();
  for (const text of ["one", "two", "three"]) thread.say(text, []);
  assert.equal(kept.sends.length, 1);
  await settle();
  assert.deepEqual(texts(kept), ["one", "two", "three"]);
});

test("without a connection they wait, and go out by themselves in their order", async () => {
  const kept = new Kept();
  const thread = await kept.opened();
  kept.online = false;
  thread.say("one", []);
  thread.say("two", []);
  await settle();
  assert.deepEqual(states(thread), ["away", "away"]);
  kept.online = true;
  thread.outbox.back();
  await settle();
  assert.deepEqual(texts(kept), ["one", "two"]);
  assert.deepEqual(states(thread), []);
});

test("what is written before anybody noticed that the connection is back overtakes nothing", async () => {
  const kept = new Kept();
  const thread = await kept.opened();
  kept.online = false;
  thread.say("one", []);
  await settle();
  kept.online = true;
  thread.say("two", []);
  await settle();
  assert.deepEqual(texts(kept), ["one", "two"]);
  assert.deepEqual(states(thread), []);
});

test("nobody has to say that the connection is back", async () => {
  const kept = new Kept();
  const thread = await kept.opened();
  kept.online = false;
  thread.say("one", []);
  await settle();
  kept.clock.pass(20_000);
  await settle();
  assert.deepEqual(states(thread), ["away"]);
  kept.online = true;
  kept.clock.pass(20_000);
  await settle();
  assert.deepEqual(texts(kept), ["one"]);
});

test("a message whose answer was lost is sent again with the same id and stands once", async () => {
  const kept = new Kept();
  const thread = await kept.opened();
  kept.losesAnswers = true;
  thread.say("once", []);
  await settle();
  assert.deepEqual(states(thread), ["away"]);
  kept.losesAnswers = false;
  thread.outbox.back();
  await settle();
  assert.deepEqual(
    kept.sends.map((one) => one.cid),
    ["c1", "c1"],
  );
  assert.deepEqual(texts(kept), ["once"]);
  assert.equal(thread.messages.peek().length, 1);
});

test("what the server refuses says why, can be sent again, and does not hold up what follows", async () => {
  const kept = new Kept();
  const thread = await kept.opened();
  kept.refuse = new Refused(403, "messages.not_now", "not now");
  thread.say("one", []);
  await settle();
  kept.refuse = null;
  thread.say("two", []);
  await settle();
  assert.deepEqual(
    thread.outbox.pending.peek().map((one) => one.why),
    ["not now"],
  );
  assert.deepEqual(texts(kept), ["two"]);
  thread.outbox.retry("c1");
  await settle();
  assert.deepEqual(texts(kept), ["two", "one"]);
});

test("too fast for the server waits a moment instead of failing", async () => {
  const kept = new Kept();
  const thread = await kept.opened();
  kept.refuse = new Refused(429, "limits.often", "slower");
  thread.say("one", []);
  await settle();
  assert.deepEqual(states(thread), ["sending"]);
  kept.refuse = null;
  kept.clock.pass(3000);
  await settle();
  assert.deepEqual(texts(kept), ["one"]);
});

test("another life of the page sends what had no answer, with the same id", async () => {
  const kept = new Kept();
  const first = await kept.opened();
  kept.losesAnswers = true;
  first.say("once", ["sari"], undefined);
  await settle();
  assert.equal(kept.kept.length, 1);
  kept.losesAnswers = false;
  const second = kept.thread();
  second.outbox.restore(JSON.parse(JSON.stringify(kept.kept)));
  await second.open(0);
  await settle();
  assert.deepEqual(texts(kept), ["once"]);
  assert.deepEqual(kept.kept, []);
});

test("an answer that comes after signing out sends nothing more, and leaves what was kept alone", async () => {
  for (const online of [true, false]) {
    const kept = new Kept();
    const thread = await kept.opened();
    let open = () => undefined as void;
    kept.hold = new Promise((done) => (open = done));
    for (const text of ["one", "two"]) thread.say(text, []);
    const before = kept.kept;
    kept.online = online;
    thread.close();
    open();
    await settle();
    kept.online = true;
    kept.clock.pass(20_000);
    await settle();
    assert.equal(kept.sends.length, 1);
    assert.equal(kept.kept, before);
  }
});
