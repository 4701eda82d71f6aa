// Where those go who come in.
import assert from "node:assert/strict";
import test from "node:test";
import { device } from "./stand_in.ts";

const { firstLook, isAwaited, signedInTo, takeNew } = await import("../src/lib/ahead.ts");
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
  assert.equal(Object.keys(device).length, 0);
});

test("who administers sees who they are before the administration", () => {
  assert.equal(firstLook("/admin"), "/avatar/first?to=%2Fadmin");
  assert.equal(takeNew(), true);
});
