// What stands in a log, of a room as of a conversation.
import assert from "node:assert/strict";
import test from "node:test";
import type { Line } from "../src/live/protocol.ts";
import { entries } from "../src/kit/entries.ts";

const DAY_MS = 86_400_000;
const line = (seq: number, from: string, at: number): Line => ({
  id: `i${seq}`,
  seq,
  from,
  name: from,
  text: `t${seq}`,
  at,
  mine: from === "me",
});
const kinds = (list: { kind: string }[]) => list.map((one) => one.kind);
const plain = { mark: Infinity, together_ms: 180_000 };
const waits = (cid: string, at: number, seq?: number) => ({ cid, at, seq });

test("a new day begins with its date", () => {
  const list = entries([line(1, "a", DAY_MS), line(2, "a", DAY_MS * 2)], [], plain);
  assert.deepEqual(kinds(list), ["day", "line", "day", "line"]);
});

test("lines of one person in a row stand under one head, until a long pause", () => {
  const at = DAY_MS * 3;
  const list = entries(
    [
      line(1, "a", at),
      line(2, "a", at + 1000),
      line(3, "b", at + 2000),
      line(4, "b", at + 600_000),
    ],
    [],
    plain,
  );
  assert.deepEqual(
    list.flatMap((one) => (one.kind === "line" ? [one.head] : [])),
    [true, false, true, true],
  );
});

test("the line above what is new stands once, before the first of others that was not read", () => {
  const at = DAY_MS * 3;
  const list = entries([line(1, "a", at), line(2, "me", at), line(3, "a", at)], [], {
    ...plain,
    mark: 1,
  });
  assert.deepEqual(kinds(list), ["day", "line", "line", "new", "line"]);
});

test("where nothing was read before there is no line above what is new", () => {
  assert.ok(!kinds(entries([line(1, "a", DAY_MS)], [], plain)).includes("new"));
});

test("my line on its way stands last, and not twice once it is delivered", () => {
  const at = DAY_MS;
  assert.deepEqual(kinds(entries([line(1, "a", at)], [waits("c", at)], plain)), [
    "day",
    "line",
    "pending",
  ]);
  const list = entries([line(1, "a", at), line(2, "me", at)], [waits("c", at, 2)], plain);
  assert.deepEqual(kinds(list), ["day", "line", "line"]);
  assert.deepEqual(
    list.flatMap((one) => (one.kind === "line" ? [one.sending] : [])),
    [false, true],
  );
});

test("what happened stands between the lines where it happened", () => {
  const at = DAY_MS;
  const event = { id: 1, after: 1, at, what: "joined" as const, name: "b", mine: false };
  const both = [line(1, "a", at), line(2, "a", at)];
  assert.deepEqual(kinds(entries(both, [], { ...plain, events: [event] })), [
    "day",
    "line",
    "event",
    "line",
  ]);
});

test("what is on its way begins its own day, and belongs to what one said just before", () => {
  const at = DAY_MS * 5;
  const list = entries([line(1, "me", at)], [waits("c", at + 500), waits("d", at + DAY_MS)], plain);
  assert.deepEqual(kinds(list), ["day", "line", "pending", "day", "pending"]);
  assert.deepEqual(
    list.flatMap((one) => (one.kind === "pending" ? [one.head] : [])),
    [false, true],
  );
});
