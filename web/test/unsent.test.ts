// What one member could not send is nobody else's, also in the same tab.
import assert from "node:assert/strict";
import test from "node:test";
import { keepList, keptList } from "../src/lib/kept.ts";

const unsent = (account: string, room: string) => keptList("unsent_line", account, room);
const keepUnsent = (account: string, room: string, lines: unknown[]) =>
  keepList("unsent_line", account, room, lines);

test("the next member of a tab does not say what the one before could not send", () => {
  const kept = new Map<string, string>();
  Object.defineProperty(globalThis, "sessionStorage", {
    configurable: true,
    value: {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
      removeItem: (key: string) => kept.delete(key),
    },
  });
  const line = { cid: "c", text: "for my eyes" };
  keepUnsent("mia", "room", [line]);
  assert.deepEqual(unsent("budi", "room"), []);
  assert.deepEqual(unsent("mia", "room"), [line]);
  keepUnsent("mia", "room", []);
  assert.equal(kept.size, 0);
});

test("signing out leaves nothing unsent in the tab", async (t) => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
    clear: () => kept.clear(),
  };
  for (const [name, value] of Object.entries({
    navigator: { languages: ["en"] },
    localStorage: { ...storage, getItem: () => null },
    sessionStorage: storage,
  }))
    Object.defineProperty(globalThis, name, { value, configurable: true });
  t.mock.method(globalThis, "fetch", async () => new Response(null, { status: 204 }));
  const { signOut } = await import("../src/lib/session.ts");
  keepUnsent("mia", "room", [{ cid: "c", text: "for my eyes" }]);
  await signOut();
  assert.deepEqual(unsent("mia", "room"), []);
});
