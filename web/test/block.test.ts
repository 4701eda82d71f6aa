// A press on Block is one call: nothing is asked before it that a closed window could lose.
import assert from "node:assert/strict";
import test from "node:test";
import type { TestContext } from "node:test";

const BUDI = { id: "budi", name: "Budi" };
const DONE = { ...BUDI, since_ms: 1, typed: false };

/** What the page sends, and what a server answers to whom is a friend. */
async function served(t: TestContext, friend: boolean) {
  const sent: string[] = [];
  t.mock.method(globalThis, "fetch", (path: string, { method, body }: RequestInit) => {
    sent.push(`${method} ${path} ${body ?? ""}`);
    const asks = String(body).includes('"unless_friend":true');
    return Promise.resolve(
      friend && asks
        ? Response.json(
            { error: { code: "blocks.friend", text: "You are friends." } },
            { status: 409 },
          )
        : Response.json(DONE, { status: 201 }),
    );
  });
  for (const [name, value] of Object.entries({
    navigator: { languages: ["en"] },
    localStorage: { getItem: () => null },
  }))
    Object.defineProperty(globalThis, name, { value, configurable: true });
  return { sent, ...(await import("../src/parts/blocks/block.ts")) };
}

const UNLESS = 'POST /api/blocks {"id":"budi","unless_friend":true}';

test("a block is sent at once, by the first call", async (t) => {
  const { sent, block } = await served(t, false);
  const done = block(BUDI);
  assert.deepEqual(sent, [UNLESS], "before anything is answered");
  assert.equal(await done, true);
  assert.deepEqual(sent, [UNLESS]);
});

test("a friend is blocked once it was asked, and by nobody who thinks better of it", async (t) => {
  const { sent, block, blocking, decideBlock } = await served(t, true);
  for (const sure of [false, true]) {
    sent.length = 0;
    const done = block(BUDI);
    while (!blocking.value) await new Promise(setImmediate);
    assert.equal(blocking.value.name, "Budi");
    decideBlock(sure);
    assert.equal(await done, sure);
    assert.deepEqual(sent, sure ? [UNLESS, 'POST /api/blocks {"id":"budi"}'] : [UNLESS]);
    assert.equal(blocking.value, null);
  }
});
