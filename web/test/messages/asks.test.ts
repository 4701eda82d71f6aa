// How a request is called: without a catalogue a text is its own name.
import assert from "node:assert/strict";
import test from "node:test";
import type { Conversation } from "../../src/parts/messages/shapes.ts";
import { conversation } from "./rig.ts";

for (const [name, value] of Object.entries({
  navigator: { languages: ["en"] },
  localStorage: { getItem: () => null },
}))
  Object.defineProperty(globalThis, name, { value, configurable: true });

const PEOPLE = ["Ani", "Budi"].map((name) => ({ id: name, name, avatar: "a", colours: [] }));
const asks = (more: Partial<Conversation>) =>
  conversation("g", { kind: "group", state: "request", people: PEOPLE, ...more });

test("a group that asks is called by whoever asks, and says so", async () => {
  const { askLine, askTitle, titleOf } = await import("../../src/parts/messages/words.ts");
  const called = (one: Conversation) => [titleOf(one), askLine(one), askTitle(one)];
  const by = { asked_by: "Budi" };
  assert.deepEqual(called(asks(by)), ["Budi", "talk.asks_group", "talk.asks_group_of"]);
  const named = asks({ ...by, name: "Tea" });
  assert.deepEqual(called(named), ["Tea", "talk.asks_group_of", "talk.request_group"]);
  const pair = conversation("p", { state: "request" });
  assert.deepEqual(called(pair), ["Budi", "talk.asks", "talk.request_pair"]);
});

test("where whoever asked is not seen, nobody else is named in their place", async () => {
  const { askLine, askTitle, titleOf } = await import("../../src/parts/messages/words.ts");
  const one = asks({});
  assert.equal(titleOf(one), "talk.group");
  assert.equal(askLine(one), "talk.asked_group");
  assert.equal(askTitle(one), "talk.asked_group");
});
