import assert from "node:assert/strict";
import test from "node:test";
import type { Line } from "../src/live/protocol.ts";
import { entries } from "../src/room/log.ts";

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
const kinds = (list: ReturnType<typeof entries>) => list.map((one) => one.kind);

test("a new day begins with its date", () => {
  const list = entries([line(1, "a", DAY_MS), line(2, "a", DAY_MS * 2)], [], [], 0);
  assert.deepEqual(kinds(list), ["day", "line", "day", "line"]);
});

test("lines of one person in a row stand under one name", () => {
  const at = DAY_MS * 3;
  const list = entries(
    [line(1, "a", at), line(2, "a", at + 1000), line(3, "b", at + 2000)],
    [],
    [],
    0,
  );
  assert.deepEqual(
    list.flatMap((one) => (one.kind === "line" ? [one.head] : [])),
    [true, false, true],
  );
});

test("the unread mark stands before the first line of others that was not read", () => {
  const at = DAY_MS * 3;
  const list = entries([line(1, "a", at), line(2, "me", at), line(3, "a", at)], [], [], 1);
  assert.deepEqual(kinds(list), ["day", "line", "line", "unread", "line"]);
});

test("a first visit has no unread mark", () => {
  assert.ok(!kinds(entries([line(1, "a", DAY_MS)], [], [], 0)).includes("unread"));
});

test("my line on its way stands last, and not twice once it is delivered", () => {
  const at = DAY_MS;
  const pending = { cid: "c", text: "t2", at, state: "sending" as const, tries: 0 };
  assert.deepEqual(kinds(entries([line(1, "a", at)], [], [pending], 0)), [
    "day",
    "line",
    "pending",
  ]);
  const list = entries([line(1, "a", at), line(2, "me", at)], [], [{ ...pending, seq: 2 }], 0);
  assert.deepEqual(kinds(list), ["day", "line", "line"]);
  assert.deepEqual(
    list.flatMap((one) => (one.kind === "line" ? [one.sending] : [])),
    [false, true],
  );
});

test("what happened stands between the lines where it happened", () => {
  const at = DAY_MS;
  const event = { id: 1, after: 1, at, what: "joined" as const, name: "b", mine: false };
  assert.deepEqual(kinds(entries([line(1, "a", at), line(2, "a", at)], [event], [], 0)), [
    "day",
    "line",
    "event",
    "line",
  ]);
});
