// What looks are made of, asked for once they may have been changed.
import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { asked, serve } from "./stand_in.ts";

const { recipeOf } = await import("../src/lib/recipe_of.ts");
const { me } = await import("../src/lib/session.ts");
const { wearLook } = await import("../src/parts/looks/send_look.ts");
type Me = NonNullable<typeof me.value>;

beforeEach(() => {
  me.value = { id: "me", look: "mine" } as Me;
});

test("one's own look is asked for as one's own, another's by its id", async () => {
  serve({
    "/api/me/look": { id: "mine", recipe: { of: "mine" } },
    "/api/looks/theirs": { id: "theirs", recipe: { of: "theirs" } },
  });
  assert.deepEqual(await recipeOf("mine"), { of: "mine" });
  assert.deepEqual(await recipeOf("theirs"), { of: "theirs" });
  assert.equal(await recipeOf("gone"), null);
  assert.deepEqual(asked, ["/api/me/look", "/api/looks/theirs", "/api/looks/gone"]);
});

test("who has changed their look elsewhere learns which it is, and asks for none that is gone", async () => {
  serve({ "/api/me/look": { id: "new", recipe: { of: "new" } } });
  assert.equal(await recipeOf("mine"), null);
  assert.equal(me.value?.look, "new");
  assert.deepEqual(await recipeOf("new"), { of: "new" });
  assert.deepEqual(asked, ["/api/me/look", "/api/me/look"]);
});

test("what is worn is one's look at once, before anybody tells it", async () => {
  serve({ "/api/me/look": { id: "new", recipe: { v: 1 } } });
  await wearLook("mine", { v: 1, wear: [] } as never);
  assert.equal(me.value?.look, "new");
});

test("what one has taken off since a face began to wait is not asked for", async () => {
  serve({ "/api/me/look": { id: "new", recipe: { v: 1 } } });
  await wearLook("mine", { v: 1, wear: [] } as never);
  me.value = { ...me.value!, look: "newer" }; // in another window
  asked.length = 0;
  assert.equal(await recipeOf("mine"), null);
  assert.equal(await recipeOf("new"), null);
  assert.deepEqual(asked, []);
});
