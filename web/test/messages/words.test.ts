import assert from "node:assert/strict";
import test from "node:test";
import { complete, matching, named, parts, typedName } from "../../src/parts/messages/mentions.ts";
import type { Member } from "../../src/parts/messages/shapes.ts";

const member = (name: string): Member => ({ id: name, name, avatar: "a", colours: [] });
const PEOPLE = ["Budi", "Budi Santoso", "Ani Wé"].map(member);

test("a name is being typed after an @ at the beginning of a word", () => {
  assert.equal(typedName("hello @bu", 9), "bu");
  assert.equal(typedName("@", 1), "");
  assert.equal(typedName("mail a@bu", 9), null);
  assert.equal(typedName("hello", 5), null);
  assert.equal(typedName("@bu\nmore", 8), null);
});

test("names are found by the beginning of a word, without accents and large letters", () => {
  assert.deepEqual(
    matching(PEOPLE, "san").map((one) => one.name),
    ["Budi Santoso"],
  );
  assert.deepEqual(
    matching(PEOPLE, "ANI we").map((one) => one.name),
    ["Ani Wé"],
  );
});

test("choosing a name puts it where it was typed, and the cursor behind it", () => {
  assert.deepEqual(complete("ask @bu please", 7, "Budi"), ["ask @Budi please", 10]);
});

test("only those whose whole name stands in the text are mentioned", () => {
  assert.deepEqual(named(PEOPLE, "hi @Budi Santoso and @Anita"), ["Budi Santoso"]);
  assert.deepEqual(named(PEOPLE, "hi Budi"), []);
});

test("the longest name wins, and the rest of the text stays as it is", () => {
  assert.deepEqual(parts("hi @Budi Santoso! @Budi", ["Budi", "Budi Santoso"]), [
    { text: "hi " },
    { text: "@Budi Santoso", name: "Budi Santoso" },
    { text: "! " },
    { text: "@Budi", name: "Budi" },
  ]);
  assert.deepEqual(parts("nobody @here", ["Budi"]), [{ text: "nobody @here" }]);
});
