// The shell's own texts come first, all others with the first part that is fetched later.
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";

const { divide } = await import(pathToFileURL(join(process.cwd(), "texts.mjs")).href);

test("the shell's texts are those that its code names, whole or in part", () => {
  const code =
    't("nav.rooms"); { text: "nav.friends" }; t(`landing.mode_${mode}`); t(`${key}_title`);';
  const catalogue = {
    "nav.rooms": "1",
    "nav.friends": "2",
    "landing.mode_open": "3",
    "landing.talk_title": "4",
    "landing.other": "5",
    "room.keys": "6",
  };
  const { first, rest } = divide(catalogue, code);
  assert.deepEqual(Object.values(first), ["1", "2", "3", "4"]);
  assert.deepEqual(Object.values(rest), ["5", "6"]);
});

/* A page with a catalogue in two files, told in two languages. */
const answers: Record<string, object> = {
  "/first.en": { "a.a": "a" },
  "/rest.en": { "b.b": "b" },
  "/first.id": { "a.a": "A" },
  "/rest.id": { "b.b": "B" },
};
const asked: string[] = [];
Object.assign(globalThis, {
  fetch: async (path: string) => {
    asked.push(path);
    return { ok: path in answers, status: 404, json: async () => answers[path] };
  },
  document: { documentElement: { lang: "en" } },
});
for (const [name, value] of Object.entries({
  navigator: { languages: ["en"] },
  localStorage: { getItem: () => null, setItem: () => undefined },
}))
  Object.defineProperty(globalThis, name, { value, configurable: true });

test("the rest of the texts comes when it is asked for, once, and in every language from then on", async () => {
  const { default: names } = await import("bauta:assets");
  for (const path of Object.keys(answers)) names[`locale${path}.json`] = path;
  const { allTexts, chooseLanguage, t, speak } = await import("../src/lib/text.ts");
  await speak("en");
  assert.deepEqual(asked, ["/first.en"]);
  assert.equal(t("a.a"), "a");
  await Promise.all([allTexts(), allTexts()]);
  assert.deepEqual(asked, ["/first.en", "/rest.en"]);
  assert.equal(t("b.b"), "b");
  await chooseLanguage("id");
  assert.equal(t("a.a") + t("b.b"), "AB");
  assert.equal(asked.length, 4);
});

test("what the page asked for early is taken once, and a failure of it is a failure like any", async () => {
  const { reach } = await import("../src/lib/early.ts");
  const early = { ok: true } as Response;
  globalThis.bautaEarly = {
    "/x": Promise.resolve(early),
    "/y": Promise.reject(new TypeError("away")),
  };
  assert.equal(await reach("/x"), early);
  assert.notEqual(await reach("/x"), early);
  await assert.rejects(reach("/y"), TypeError);
  const never = new AbortController();
  globalThis.bautaEarly = { "/z": new Promise(() => undefined) };
  const waited = reach("/z", { signal: never.signal });
  never.abort(new Error("late"));
  await assert.rejects(waited, /late/);
});
