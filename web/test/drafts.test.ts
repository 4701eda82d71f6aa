// What somebody began and has not saved is for their eyes.
import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import { device, serve } from "./stand_in.ts";

const { draftOf, keepDraft } = await import("../src/lib/drafts.ts");
const { me, signedIn, startSession } = await import("../src/lib/session.ts");
const SITE = { "/api/site": { name: "Harbour" } };
const left = (): string[] => Object.keys(device).filter((key) => key.includes("draft"));

/** Somebody was here, and closed all pages. */
beforeEach(() => {
  device.clear();
  me.value = null;
  device.setItem("bauta.signed_in", "1");
  keepDraft("kartika", "look", { skin: 3 });
});

test("a draft is gone when the session ended while no page was open", async () => {
  serve(SITE, 401);
  await startSession();
  assert.deepEqual(left(), []);
});

test("a draft is gone when nobody is known to be signed in", async () => {
  device.removeItem("bauta.signed_in");
  serve(SITE, 401);
  await startSession();
  assert.deepEqual(left(), []);
});

test("a draft is gone when somebody else is signed in by now, theirs is not", async () => {
  keepDraft("budi", "look", { skin: 4 });
  keepDraft("kartika2", "look", { skin: 5 });
  serve({ ...SITE, "/api/me": { id: "kartika", language: "" } });
  await startSession();
  assert.deepEqual(draftOf("kartika", "look"), { skin: 3 });
  assert.equal(left().length, 1);
  me.value = null;
  await signedIn({ id: "budi", language: "" } as NonNullable<typeof me.value>);
  assert.deepEqual(left(), []);
});
