import assert from "node:assert/strict";
import test from "node:test";

/* A network that took the question and says nothing any more: phones meet it every day. */
test("a call that gets no answer is repeated with the same key, and ends as unreachable", async (t) => {
  const keys: string[] = [];
  let taken = 0;
  t.mock.method(globalThis, "setTimeout", (run: () => void) => {
    queueMicrotask(run); // time does not matter here
    return 0;
  });
  t.mock.method(globalThis, "fetch", (_: string, { headers, signal }: RequestInit) => {
    taken++;
    keys.push((headers as Record<string, string>)["Idempotency-Key"]!);
    return new Promise((_done, failed) => {
      signal?.addEventListener("abort", () => failed(signal.reason));
    });
  });
  // What a page has and Node.js has not: the language is chosen by these.
  for (const [name, value] of Object.entries({
    navigator: { languages: ["en"] },
    localStorage: { getItem: () => null },
  }))
    Object.defineProperty(globalThis, name, { value, configurable: true });
  const { send, Unreachable } = await import("../src/lib/api.ts");
  await assert.rejects(send("DELETE /api/blocks/{id}", { id: "a" }), Unreachable);
  assert.equal(taken, 3);
  assert.equal(new Set(keys).size, 1);
});

test("what was asked ahead for the next page is not asked again, but by whoever asks after that", async (t) => {
  const asked: string[] = [];
  t.mock.method(globalThis, "fetch", (path: string) => {
    asked.push(path);
    return Promise.resolve(new Response('{"items":[]}'));
  });
  const { askAhead, send } = await import("../src/lib/api.ts");
  askAhead("/api/rooms");
  assert.deepEqual(await send("GET /api/rooms", { search: "" }), { items: [] });
  assert.deepEqual(asked, ["/api/rooms"]);
  await send("GET /api/rooms", { search: "" });
  assert.deepEqual(asked, ["/api/rooms", "/api/rooms"]);
});
