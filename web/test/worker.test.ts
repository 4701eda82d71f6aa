import assert from "node:assert/strict";
import test from "node:test";

test("no worker is asked of a server that does not answer, and it comes when it does", async (t) => {
  const asked: string[] = [];
  const timers: (() => void)[] = [];
  const serviceWorker = {
    controller: null,
    addEventListener: () => undefined,
    register: async (path: string) => void asked.push(path),
    ready: Promise.resolve({}),
  };
  for (const [name, value] of Object.entries({
    navigator: { serviceWorker },
    isSecureContext: true,
    location: { pathname: "/", search: "", hash: "" },
  }))
    Object.defineProperty(globalThis, name, { value, configurable: true });
  t.mock.method(globalThis, "setTimeout", (run: () => void) => timers.push(run));
  let up = false;
  t.mock.method(globalThis, "fetch", async () => {
    if (!up) throw new TypeError("nobody there");
    return new Response();
  });
  const { startWorker } = await import("../src/lib/worker.ts");
  const turn = () => new Promise(setImmediate);
  startWorker();
  timers.shift()!();
  await turn();
  assert.deepEqual([asked, timers.length], [[], 1]);
  up = true;
  timers.shift()!();
  await turn();
  assert.deepEqual([asked, timers.length], [["/sw.js"], 0]);
});
