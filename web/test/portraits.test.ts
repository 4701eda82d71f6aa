// Portraits on the page: asked for once, given back, forgotten.
import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import "./stand_in.ts";
import type { PortraitPort } from "../src/kit/portraits.ts";

const {
  drawnPortrait,
  forgetPortraits,
  holdPortrait,
  keyOf,
  outside,
  portraitsFrom,
  portraitsKept,
} = await import("../src/kit/portraits.ts");

const asked: string[] = [];
const drawnOf: unknown[] = [];
const gone: string[] = [];
let answers: ((why?: "no" | "parts") => void)[] = [];
let recipe = (id: string): Promise<unknown> => Promise.resolve({ of: id });
const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

let made = 0;
URL.createObjectURL = () => `blob:${++made}`;
URL.revokeObjectURL = (url) => void gone.push(url);
outside.decoded = () => Promise.resolve();
outside.idle = (call) => queueMicrotask(call);
outside.recipe = (id) => {
  asked.push(id);
  return recipe(id);
};
outside.open = () => {
  const port: PortraitPort = {
    onmessage: null,
    onerror: null,
    terminate: () => undefined,
    postMessage(message) {
      if (message.kind !== "draw") return;
      drawnOf.push(message.recipe);
      const picture = new Blob(["x"]);
      answers.push((why) =>
        port.onmessage!({
          data: why ? { id: message.id, picture: null, why } : { id: message.id, picture },
        } as MessageEvent),
      );
    },
  };
  return port;
};

beforeEach(() => {
  forgetPortraits();
  for (const list of [asked, drawnOf, gone]) list.length = 0;
  answers = [];
  recipe = (id) => Promise.resolve({ of: id });
});

test("a look that stands in many places is asked for and drawn once", async () => {
  const told: string[] = [];
  for (let i = 0; i < 5; i++) holdPortrait("look-a", (url) => told.push(url));
  await turns();
  assert.deepEqual(asked, ["look-a"]);
  answers[0]!();
  await turns();
  assert.equal(new Set(told).size, 1);
  assert.equal(told.length, 5);
  assert.equal(drawnPortrait("look-a"), told[0]);
  holdPortrait("look-a", (url) => told.push(url));
  assert.equal(told.length, 6, "what is there is told at once");
  assert.equal(drawnOf.length, 1);
});

test("who comes while a picture is on the way waits for the same one", async () => {
  const told: string[] = [];
  holdPortrait("look-a", (url) => told.push(url));
  await turns();
  holdPortrait("look-a", (url) => told.push(url));
  await turns();
  assert.deepEqual(asked, ["look-a"]);
  for (const answer of answers) answer();
  await turns();
  assert.equal(new Set(told).size, 1);
  assert.equal(told.length, 2);
});

test("four at most are asked for at once, and who scrolled past is not", async () => {
  const releases = Array.from({ length: 9 }, (_, i) => holdPortrait(`look-${i}`, () => undefined));
  releases[8]!();
  await turns();
  assert.equal(asked.length, 4);
  while (answers.length > 0) {
    answers.shift()!();
    await turns();
  }
  assert.deepEqual(
    asked,
    Array.from({ length: 8 }, (_, i) => `look-${i}`),
  );
});

test("a look that is gone, or is not to be drawn, stays a letter; parts that did not come are asked for again", async () => {
  const told: string[] = [];
  recipe = () => Promise.resolve(null);
  holdPortrait("look-gone", (url) => told.push(url));
  await turns();
  assert.deepEqual(told, [""]);
  recipe = (id) => Promise.resolve({ of: id });
  holdPortrait("look-bare", (url) => told.push(url));
  await turns();
  answers.shift()!("no");
  await turns();
  assert.deepEqual(told, ["", ""]);
  holdPortrait("look-later", (url) => told.push(url))();
  holdPortrait("look-later", (url) => told.push(url));
  await turns();
  answers.shift()!("parts");
  await turns();
  assert.equal(drawnPortrait("look-later"), undefined);
  holdPortrait("look-later", (url) => told.push(url));
  await turns();
  assert.deepEqual(asked, ["look-gone", "look-bare", "look-later", "look-later"]);
});

test("pictures that nobody shows are given back beyond 300, those that are shown are not", async () => {
  const draw = async (key: string, keep: boolean) => {
    const release = holdPortrait(key, () => undefined);
    await turns();
    answers.shift()!();
    await turns();
    if (!keep) release();
  };
  await draw("look-kept", true);
  for (let i = 0; i < 320; i++) await draw(`look-${i}`, false);
  assert.equal(portraitsKept(), 300);
  assert.equal(gone.length, 21);
  assert.ok(drawnPortrait("look-kept"));
});

test("with the session all are forgotten, those that are on the way, too", async () => {
  const told: string[] = [];
  holdPortrait("look-a", (url) => told.push(url));
  holdPortrait("look-b", (url) => told.push(url));
  await turns();
  answers[0]!();
  await turns();
  let late = (_: unknown): void => undefined;
  recipe = () => new Promise((done) => (late = done));
  holdPortrait("look-c", (url) => told.push(url));
  await turns();
  forgetPortraits();
  late({});
  await turns();
  assert.equal(portraitsKept(), 0);
  assert.equal(told.length, 1);
  assert.deepEqual(gone, told);
});

test("who has no look yet is drawn as their ready avatar, who has neither not at all", async () => {
  holdPortrait(keyOf({ avatar: "mia" }), () => undefined);
  await turns();
  assert.deepEqual(drawnOf, [{ ready: "mia" }]);
  assert.deepEqual(asked, []);
  assert.equal(drawnPortrait(keyOf({ avatar: "" })), "");
});

/** Draws those from the body who are named, and says whom it was asked for. */
function world(...here: string[]) {
  const sat: string[] = [];
  const close = portraitsFrom((look) => {
    sat.push(look);
    return Promise.resolve(here.includes(look) ? new Blob(["whole"]) : null);
  });
  return { sat, close };
}

test("where a world is, faces that are shown are drawn from the body, each once, in the place of the others", async () => {
  const told: string[] = [];
  holdPortrait("look-a", (url) => told.push(url));
  holdPortrait("look-b", () => undefined);
  await turns();
  for (const answer of answers.splice(0)) answer();
  await turns();
  const { sat, close } = world("look-a", "look-c");
  await turns();
  assert.deepEqual(sat, ["look-a", "look-b"]);
  assert.equal(told.length, 2);
  assert.equal(drawnPortrait("look-a"), told[1]);
  assert.deepEqual(gone, [told[0]], "the one before is given back");
  holdPortrait("look-a", () => undefined);
  holdPortrait("look-c", (url) => told.push(url));
  await turns();
  answers.shift()!();
  await turns();
  assert.deepEqual(sat, ["look-a", "look-b", "look-c"]);
  assert.equal(told.length, 4, "who comes later has a face at once, and then that one");
  close();
  holdPortrait("look-b", () => undefined);
  await turns();
  assert.equal(sat.length, 3, "the world is closed");
});

test("a face that is drawn from the body when the session ends is nobody's", async () => {
  holdPortrait("look-a", () => undefined);
  await turns();
  answers[0]!();
  await turns();
  let late = (_: Blob): void => undefined;
  const close = portraitsFrom(() => new Promise((done) => (late = done)));
  await turns();
  forgetPortraits();
  late(new Blob(["whole"]));
  await turns();
  assert.equal(portraitsKept(), 0);
  assert.equal(gone.length, 2);
  close();
});
