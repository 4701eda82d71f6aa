import assert from "node:assert/strict";
import test from "node:test";
import { Refused, Unreachable } from "../../src/lib/errors.ts";
import { Search } from "../../src/parts/messages/search.ts";
import { Clock, message, settle } from "./rig.ts";

type Slice = Awaited<ReturnType<ConstructorParameters<typeof Search>[0]["slice"]>>;

function rig(slices: (Slice | Error)[]) {
  const clock = new Clock();
  const cursors: (string | undefined)[] = [];
  const search = new Search({
    slice: async (_q, cursor) => {
      cursors.push(cursor);
      const slice = slices.shift()!;
      if (slice instanceof Error) throw slice;
      return slice;
    },
    chance: clock,
  });
  const pass = async (ms = 200) => {
    await settle();
    clock.pass(ms);
    await settle();
  };
  return { search, cursors, pass };
}

const slice = (count: number, next: string | null, searched_ms = 0): Slice => ({
  items: Array.from({ length: count }, (_, i) => ({ conversation: "c", message: message(i + 1) })),
  next,
  searched_ms,
});

test("a search goes on by itself until everything is looked through", async () => {
  const { search, cursors, pass } = rig([slice(1, "a", 50), slice(0, "b", 20), slice(2, null)]);
  search.begin("tea");
  await settle();
  assert.equal(search.searched_ms.peek(), 50);
  await pass();
  await pass();
  assert.deepEqual(cursors, [undefined, "a", "b"]);
  assert.equal(search.found.peek().length, 3);
  assert.equal(search.state.peek(), "done");
});

test("the person stops it, and it goes on where it stopped", async () => {
  const { search, cursors, pass } = rig([slice(1, "a"), slice(1, null)]);
  search.begin("tea");
  await settle();
  search.stop();
  await pass();
  assert.equal(cursors.length, 1);
  search.goOn();
  await settle();
  assert.deepEqual(cursors, [undefined, "a"]);
  assert.equal(search.state.peek(), "done");
});

test("it rests while the page is left, and a stopped one stays stopped", async () => {
  const { search, cursors, pass } = rig([slice(1, "a"), slice(1, "b"), slice(1, null)]);
  search.begin("tea");
  await settle();
  search.rest();
  await pass();
  assert.equal(cursors.length, 1);
  search.wake();
  await settle();
  assert.equal(cursors.length, 2);
  search.stop();
  search.rest();
  search.wake();
  await pass();
  assert.equal(cursors.length, 2);
});

test("a word that is everywhere stops at plenty", async () => {
  const { search, pass } = rig([slice(30, "a"), slice(30, "b"), slice(30, null)]);
  search.begin("the");
  await pass();
  await pass();
  assert.equal(search.state.peek(), "plenty");
  search.goOn();
  await settle();
  assert.equal(search.found.peek().length, 90);
});

test("an answer to what is no longer asked is dropped", async () => {
  const { search } = rig([slice(5, null), slice(1, null)]);
  search.begin("te");
  search.begin("tea");
  await settle();
  assert.equal(search.found.peek().length, 1);
});

test("too often waits, no connection says so, a refusal says why", async () => {
  const often = new Refused(429, "limits.often", "slower");
  const { search, pass } = rig([
    often,
    new Unreachable(),
    new Refused(400, "x", "why"),
    slice(0, null),
  ]);
  search.begin("tea");
  await pass(100);
  assert.equal(search.state.peek(), "looking");
  await pass(5000);
  assert.equal(search.state.peek(), "away");
  search.goOn();
  await settle();
  assert.equal(search.state.peek(), "refused");
  assert.equal(search.why.peek(), "why");
});
