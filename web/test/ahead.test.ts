// Where those go who come in.
import assert from "node:assert/strict";
import test from "node:test";

const kept = new Map<string, string>();
const store = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void kept.set(key, value),
  removeItem: (key: string) => void kept.delete(key),
};
const page = {
  localStorage: store,
  sessionStorage: store,
  navigator: { languages: ["en"] },
  document: { documentElement: { lang: "en" }, addEventListener: () => undefined },
  location: { href: "http://localhost/", pathname: "/sign-in", search: "", hash: "" },
  matchMedia: () => ({ matches: false, addEventListener: () => undefined }),
  addEventListener: () => undefined,
};
for (const [name, value] of Object.entries(page))
  Object.defineProperty(globalThis, name, { value, configurable: true });
const { isAwaited, signedInTo, takeNew } = await import("../src/lib/ahead.ts");
const { me } = await import("../src/lib/session.ts");
const is = (id: string): void => void (me.value = { id } as NonNullable<typeof me.value>);

test("who was let in after registering here is shown what they look like, once, in what they wear", () => {
  isAwaited("kartika");
  is("budi");
  assert.equal(signedInTo("/rooms"), "/rooms", "nobody else is");
  is("kartika");
  assert.equal(signedInTo("/rooms/abc"), "/avatar/first?to=%2Frooms%2Fabc");
  assert.equal(takeNew(), false, "what they chose elsewhere since then stays");
  assert.equal(signedInTo("/rooms"), "/rooms");
  assert.equal(kept.size, 0);
});
