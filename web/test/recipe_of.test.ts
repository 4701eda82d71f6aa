// What looks are made of, asked for once they may have been changed.
import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";

const page = {
  localStorage: { getItem: () => null, setItem: () => undefined, removeItem: () => undefined },
  sessionStorage: { getItem: () => null, setItem: () => undefined, removeItem: () => undefined },
  navigator: { languages: ["en"] },
  document: { documentElement: { lang: "en" }, addEventListener: () => undefined },
  location: { href: "http://localhost/" },
  matchMedia: () => ({ matches: false, addEventListener: () => undefined }),
  addEventListener: () => undefined,
};
for (const [name, value] of Object.entries(page))
  Object.defineProperty(globalThis, name, { value, configurable: true });
const asked: string[] = [];
let answers: Record<string, unknown> = {};
globalThis.fetch = ((path: string) => {
  asked.push(path);
  const known = answers[path];
  const [text, status] = known ? [known, 200] : [{ code: "looks.none", text: "" }, 404];
  return Promise.resolve(
    new Response(JSON.stringify(text), {
      status,
      headers: { "content-type": "application/json" },
    }),
  );
}) as typeof fetch;
const { recipeOf } = await import("../src/lib/recipe_of.ts");
const { me } = await import("../src/lib/session.ts");
const { wearLook } = await import("../src/parts/looks/send_look.ts");
type Me = NonNullable<typeof me.value>;

beforeEach(() => {
  asked.length = 0;
  me.value = { id: "me", look: "mine" } as Me;
});

test("one's own look is asked for as one's own, another's by its id", async () => {
  answers = {
    "/api/me/look": { id: "mine", recipe: { of: "mine" } },
    "/api/looks/theirs": { id: "theirs", recipe: { of: "theirs" } },
  };
  assert.deepEqual(await recipeOf("mine"), { of: "mine" });
  assert.deepEqual(await recipeOf("theirs"), { of: "theirs" });
  assert.equal(await recipeOf("gone"), null);
  assert.deepEqual(asked, ["/api/me/look", "/api/looks/theirs", "/api/looks/gone"]);
});

test("who has changed their look elsewhere learns which it is, and asks for none that is gone", async () => {
  answers = { "/api/me/look": { id: "new", recipe: { of: "new" } } };
  assert.equal(await recipeOf("mine"), null);
  assert.equal(me.value?.look, "new");
  assert.deepEqual(await recipeOf("new"), { of: "new" });
  assert.deepEqual(asked, ["/api/me/look", "/api/me/look"]);
});

test("what is worn is one's look at once, before anybody tells it", async () => {
  answers = { "/api/me/look": { id: "new", recipe: { v: 1 } } };
  await wearLook("mine", { v: 1, wear: [] } as never);
  assert.equal(me.value?.look, "new");
});

test("what one has taken off since a face began to wait is not asked for", async () => {
  answers = { "/api/me/look": { id: "new", recipe: { v: 1 } } };
  await wearLook("mine", { v: 1, wear: [] } as never);
  me.value = { ...me.value!, look: "newer" }; // in another window
  asked.length = 0;
  assert.equal(await recipeOf("mine"), null);
  assert.equal(await recipeOf("new"), null);
  assert.deepEqual(asked, []);
});
