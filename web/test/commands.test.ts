import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { EMOTES, MOODS } from "../src/live/protocol.ts";
import { askedOf, type WordsOf } from "../src/room/commands.ts";

function wordsIn(language: string): WordsOf {
  const file = join(process.cwd(), `src/parts/rooms/room.${language}.po`);
  const pairs = readFileSync(file, "utf8").matchAll(/msgid "(.*)"\nmsgstr "(.*)"/g);
  const texts = new Map([...pairs].map(([, id, text]) => [id!, text!]));
  return (key) => texts.get(key) ?? "";
}
const [english, indonesian] = [wordsIn("en"), wordsIn("id")];

test("a command is a gesture or a mood, in one's own language or by its id, and what follows is said", () => {
  assert.deepEqual(askedOf("/wave", false, english), { emote: "wave", text: "" });
  assert.deepEqual(askedOf("/Lambai  halo semua", false, indonesian), {
    emote: "wave",
    text: "halo semua",
  });
  assert.deepEqual(askedOf("/wave", false, indonesian), { emote: "wave", text: "" });
  assert.deepEqual(askedOf("/happy", false, english), { mood: "happy", text: "" });
  assert.deepEqual(askedOf("/senang", false, indonesian), { mood: "happy", text: "" });
});

test("an unknown command is named and nothing is said; two slashes and what is no command are said", () => {
  assert.deepEqual(askedOf("/wvae hello", false, english), { text: "", unknown: "/wvae" });
  assert.deepEqual(askedOf("//wave is a command", false, english), { text: "/wave is a command" });
  for (const line of ["/etc/passwd", "/ no", "/8", "and/or", "3/4"])
    assert.deepEqual(askedOf(line, true, english), { text: line });
  for (const line of ["/__proto__", "/constructor"])
    assert.equal(askedOf(line, false, english).unknown ?? line, line);
});

test("a first word makes a gesture only where that is wanted", () => {
  assert.deepEqual(askedOf("Hello, all", false, english), { text: "Hello, all" });
  assert.deepEqual(askedOf("Hello, all", true, english), { text: "Hello, all", emote: "wave" });
  assert.deepEqual(askedOf("I say hello", true, english), { text: "I say hello" });
  assert.deepEqual(askedOf("wkwkwk lucu", true, indonesian), {
    text: "wkwkwk lucu",
    emote: "laugh",
  });
});

test("in both languages each gesture and mood has a command of its own", () => {
  for (const wordsOf of [english, indonesian]) {
    const all = [
      ...EMOTES.map((name) => wordsOf(`emote_words.${name}`)),
      ...MOODS.map((name) => wordsOf(`mood_words.${name}`)),
    ].flatMap((words) => words.split(" "));
    assert.ok(
      all.every((word) => /^\p{Ll}+$/u.test(word)),
      all.join(),
    );
    assert.deepEqual(
      all.filter((word, i) => all.indexOf(word) !== i),
      [],
    );
  }
});
