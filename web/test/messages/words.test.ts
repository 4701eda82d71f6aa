import assert from "node:assert/strict";
import test from "node:test";
import { entries } from "../../src/parts/messages/log.ts";
import { complete, matching, named, parts, typedName } from "../../src/parts/messages/mentions.ts";
import type { Member } from "../../src/parts/messages/shapes.ts";
import { message } from "./rig.ts";

const DAY_MS = 86_400_000;
const member = (name: string): Member => ({ id: name, name, avatar: "a", colours: [] });
const PEOPLE = ["Budi", "Budi Santoso", "Ani Wé"].map(member);
const kinds = (list: ReturnType<typeof entries>) => list.map((one) => one.kind);

test("messages of one person in a row are a group, a new day and a long pause begin another", () => {
  const at = DAY_MS * 5;
  const list = entries(
    [
      message(1, "a", { at }),
      message(2, "a", { at: at + 1000 }),
      message(3, "me", { at: at + 2000 }),
      message(4, "me", { at: at + 600_000 }),
      message(5, "me", { at: at + DAY_MS * 2 }),
    ],
    [],
    Infinity,
  );
  const heads = list.flatMap((one) => (one.kind === "message" ? [one.head] : []));
  assert.deepEqual(heads, [true, false, true, true, true]);
  assert.deepEqual(kinds(list).filter((kind) => kind === "day").length, 2);
});

test("the line of what is new stands once, above the first of others", () => {
  const at = DAY_MS * 5;
  const list = entries(
    [
      message(1, "a", { at }),
      message(2, "me", { at }),
      message(3, "a", { at }),
      message(4, "a", { at }),
    ],
    [],
    1,
  );
  assert.deepEqual(kinds(list), ["day", "message", "message", "new", "message", "message"]);
});

test("what is on its way stands last and belongs to the own group", () => {
  const at = DAY_MS * 5;
  const pending = { cid: "c", text: "t", at: at + 500, mentions: [], state: "sending" as const };
  const list = entries([message(1, "me", { at })], [pending], Infinity);
  assert.deepEqual(kinds(list), ["day", "message", "pending"]);
  assert.equal((list[2] as { head: boolean }).head, false);
});

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
