import assert from "node:assert/strict";
import test from "node:test";
import { Refused } from "../../src/lib/errors.ts";
import type { Thread } from "../../src/parts/messages/thread.ts";
import { Kept, message, settle } from "./rig.ts";

const seqs = (thread: Thread) => thread.messages.peek().map((one) => one.seq);
const at = (thread: Thread, seq: number) => thread.messages.peek().find((one) => one.seq === seq);

test("a conversation opens at its end and goes back page by page to its beginning", async () => {
  const thread = await new Kept(120).opened();
  assert.deepEqual([seqs(thread)[0], seqs(thread).at(-1)], [71, 120]);
  await thread.older();
  await thread.older();
  assert.equal(seqs(thread)[0], 1);
  assert.equal(thread.before.peek(), undefined);
  assert.equal(seqs(thread).length, 120);
});

test("messages stand in the order of their numbers, each once, however they come", async () => {
  const thread = await new Kept(2).opened();
  for (const seq of [4, 3, 4, 3]) thread.arrived(message(seq), true);
  assert.deepEqual(seqs(thread), [1, 2, 3, 4]);
});

test("what is told while a page is on its way is not overwritten by it", async () => {
  const kept = new Kept(2);
  const thread = kept.thread();
  const opening = thread.open(0);
  thread.arrived(message(3), true);
  thread.arrived(message(2, "budi", { text: "changed", edited_ms: 9 }), false);
  await opening;
  assert.deepEqual(seqs(thread), [1, 2, 3]);
  assert.equal(at(thread, 2)?.text, "changed");
});

test("a reaction leaves the words as they were, an edit brings new ones, gone has none", async () => {
  const thread = await new Kept(2).opened();
  const reactions = [{ emoji: "👍" as const, count: 1, mine: false }];
  thread.arrived(message(1, "budi", { text: undefined, reactions }), false);
  assert.equal(at(thread, 1)?.text, "text 1");
  assert.equal(at(thread, 1)?.reactions.length, 1);
  thread.arrived(message(1, "budi", { text: "new", edited_ms: 9 }), false);
  assert.equal(at(thread, 1)?.text, "new");
  thread.arrived(message(1, "budi", { text: undefined, gone: true }), false);
  assert.equal(at(thread, 1)?.text, undefined);
});

test("the line of what is new stands above the last so many messages of others", async () => {
  const kept = new Kept(3);
  kept.messages.push(message(4, "me"), message(5, "budi", { gone: true }), message(6));
  assert.equal((await kept.opened(2)).mark.peek(), 2);
  assert.equal((await kept.opened(0)).mark.peek(), Infinity);
});

test("a place far back is shown with what stands around it, and both ways lead on", async () => {
  const thread = await new Kept(500).opened();
  assert.ok(await thread.jump(200));
  assert.deepEqual([seqs(thread)[0], seqs(thread).at(-1)], [150, 249]);
  thread.arrived(message(501), true);
  assert.ok(!seqs(thread).includes(501), "no hole in what is shown");
  assert.equal(thread.below.peek(), 1);
  await thread.newer();
  assert.equal(seqs(thread).at(-1), 299);
  await thread.toEnd();
  assert.equal(seqs(thread).at(-1), 500);
  assert.equal(thread.below.peek(), 0);
  assert.equal(await thread.jump(9999), false, "what is not there leaves everything as it is");
  assert.equal(seqs(thread).at(-1), 500);
});

test("after a lost connection everything shown is true again, and what was missed is there", async () => {
  const kept = new Kept(3);
  const thread = await kept.opened();
  kept.messages[0] = message(1, "budi", { text: "edited meanwhile" });
  kept.messages.splice(1, 1);
  for (let seq = 4; seq <= 240; seq++) kept.messages.push(message(seq));
  await thread.refresh();
  assert.equal(at(thread, 1)?.text, "edited meanwhile");
  assert.equal(at(thread, 2), undefined, "what may no longer be seen is gone");
  assert.equal(seqs(thread).at(-1), 240);
  assert.equal(thread.after.peek(), undefined);
});

test("after very long away only the end is fetched", async () => {
  const kept = new Kept(3);
  const thread = await kept.opened();
  for (let seq = 4; seq <= 3000; seq++) kept.messages.push(message(seq));
  await thread.refresh();
  assert.deepEqual([seqs(thread)[0], seqs(thread).at(-1)], [2951, 3000]);
});

test("at most a thousand messages are kept, whichever way one reads", async () => {
  const thread = await new Kept(1500).opened();
  for (let i = 0; i < 25; i++) await thread.older();
  assert.equal(seqs(thread).length, 1000);
  assert.ok(thread.after.peek(), "the end can be fetched again");
  for (let i = 0; i < 25; i++) await thread.newer();
  assert.equal(seqs(thread).at(-1), 1500);
  assert.equal(seqs(thread).length, 1000);
});

test("a conversation that is gone says so, an unreachable one can be tried again", async () => {
  const kept = new Kept(1);
  kept.online = false;
  const thread = await kept.opened();
  assert.equal(thread.state.peek(), "failed");
  kept.online = true;
  await thread.open(0);
  assert.equal(thread.state.peek(), "ready");
  kept.refuse = new Refused(404, "messages.none", "none");
  await thread.refresh();
  assert.equal(thread.state.peek(), "none");
});

test("what was seen is told once, and only further than before", async () => {
  const kept = new Kept(3);
  const thread = await kept.opened(1);
  thread.seen();
  thread.arrived(message(4), true);
  thread.seen();
  kept.clock.pass(1000);
  await settle();
  thread.seen();
  kept.clock.pass(1000);
  assert.deepEqual(kept.reads, [4]);
});

test("nothing is told as read while one reads far back", async () => {
  const kept = new Kept(500);
  const thread = await kept.opened(0, 100);
  thread.seen();
  kept.clock.pass(1000);
  assert.deepEqual(kept.reads, []);
});

test("somebody who writes stops by themselves, or with their message", async () => {
  const kept = new Kept(1);
  const thread = await kept.opened();
  thread.writes({ id: "budi", name: "Budi" });
  thread.writes({ id: "sari", name: "Sari" });
  kept.clock.pass(4000);
  thread.writes({ id: "sari", name: "Sari" });
  kept.clock.pass(3000);
  assert.deepEqual([...thread.typists.now.peek().keys()], ["sari"]);
  thread.arrived(message(2, "sari"), true);
  assert.deepEqual([...thread.typists.now.peek()], []);
});

test("writing is told at most once in three seconds, sending or not", async () => {
  const kept = new Kept();
  const thread = await kept.opened();
  for (let i = 0; i < 10; i++) {
    thread.writing();
    if (i % 2 === 0) thread.say("quick", []);
    kept.clock.pass(500);
  }
  await settle();
  assert.equal(kept.typed, 2);
});

test("a reaction counts at once, and goes again when it is refused", async () => {
  const kept = new Kept(1);
  const thread = await kept.opened();
  const done = thread.react(1, "👍", true);
  assert.deepEqual(at(thread, 1)?.reactions, [{ emoji: "👍", count: 1, mine: true }]);
  await done;
  kept.refuse = new Refused(404, "messages.none", "none");
  await assert.rejects(thread.react(1, "👍", false));
  assert.deepEqual(at(thread, 1)?.reactions, [{ emoji: "👍", count: 1, mine: true }]);
});

test("taken back there are no words and no reactions", async () => {
  const thread = await new Kept(1).opened();
  await thread.takeBack(1);
  assert.equal(at(thread, 1)?.gone, true);
  assert.equal(at(thread, 1)?.text, undefined);
});
