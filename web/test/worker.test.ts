// The service worker from the page's side.
import assert from "node:assert/strict";
import test from "node:test";
import "./stand_in.ts";

class Coming extends EventTarget {
  state = "installing";
  becomes(state: string): void {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

/** A browser in which the first worker is being made. */
function browser(ready: Promise<unknown>): Coming {
  const installing = new Coming();
  const serviceWorker = { register: () => Promise.resolve({ installing }), ready };
  Object.defineProperty(globalThis, "navigator", { value: { serviceWorker }, configurable: true });
  return installing;
}

test("a worker that could not fetch what it keeps is no worker that is waited for for ever", async () => {
  const { worker } = await import("../src/lib/worker.ts");
  const installing = browser(new Promise(() => {}));
  const coming = worker();
  await Promise.resolve();
  installing.becomes("redundant");
  await assert.rejects(coming, /did not come/);

  const early = browser(new Promise(() => {}));
  early.becomes("redundant");
  await assert.rejects(worker(), /did not come/);
});

test("one that is made is there, whatever comes after it", async () => {
  const { worker } = await import("../src/lib/worker.ts");
  const made = { active: true };
  const installing = browser(Promise.resolve(made));
  assert.equal(await worker(), made);
  installing.becomes("redundant");
});
