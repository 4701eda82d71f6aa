// The page's side of looks: one worker, one assembly a recipe, memory given back.
import assert from "node:assert/strict";
import test from "node:test";
import { Looks, NoLook, type Port } from "../../src/looks/looks.ts";
import type { Packed } from "../../src/looks/packer.ts";
import type { Answer, Opening, Request } from "../../src/looks/worker.ts";

function stand() {
  const asked: Request[] = [];
  const port: Port & { say(answer: Answer): void; ended: boolean } = {
    onmessage: null,
    ended: false,
    postMessage: (message: Opening | Request) => {
      if (message.kind === "assemble") asked.push(message);
    },
    terminate: () => void (port.ended = true),
    say: (answer) => port.onmessage?.({ data: answer } as MessageEvent<Answer>),
  };
  return { port, asked, looks: new Looks(port, { catalogue: "/c.json", parts: "/p-" }) };
}
const packed = (count: number) => ({ count }) as Packed;

test("two who wear the same look ask for it once, and it is forgotten when both have left", async () => {
  const { port, asked, looks } = stand();
  const both = [looks.hold({ v: 1 }, 1), looks.hold({ v: 1 }, 1)];
  assert.equal(asked.length, 1);
  port.say({ kind: "look", id: asked[0]!.id, look: packed(7), marks: {} });
  const [first, second] = await Promise.all(both);
  assert.equal(first!.look, second!.look);
  first!.release();
  first!.release();
  void looks.hold({ v: 1 }, 1);
  assert.equal(asked.length, 1, "somebody still wears it");
  const { asked: again, looks: other, port: its } = stand();
  const held = other.hold({ v: 1 }, 1);
  its.say({ kind: "look", id: again[0]!.id, look: packed(7), marks: {} });
  (await held).release();
  void other.hold({ v: 1 }, 1);
  assert.equal(again.length, 2, "nobody wore it any more");
});

test("a look that is none says why, and one whose parts failed is asked for again", async () => {
  const { port, asked, looks } = stand();
  for (const why of ["covered", "parts"] as const) {
    const held = looks.hold({ v: 1 }, 0);
    port.say({ kind: "none", id: asked.at(-1)!.id, why });
    await assert.rejects(held, (error: unknown) => error instanceof NoLook && error.why === why);
  }
  assert.equal(asked.length, 2);
});

test("who leaves ends the worker, and what was asked is told off", async () => {
  const { port, looks } = stand();
  const held = looks.hold({ v: 1 }, 2);
  looks.close();
  assert.ok(port.ended);
  await assert.rejects(held, NoLook);
  await assert.rejects(looks.hold({ v: 1 }, 2), NoLook);
});
