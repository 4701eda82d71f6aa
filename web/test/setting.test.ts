import assert from "node:assert/strict";
import test from "node:test";
import { Draft, inTurn, waysBack, type Setting } from "../src/parts/site/setting.ts";

const setting = (more: Partial<Setting>): Setting => ({
  name: "site_name",
  group: "site",
  group_title: "Site",
  title: "Name",
  about: "",
  kind: "text",
  unit: null,
  min: 1,
  max: 60,
  choices: [],
  value: "Bauta",
  standard: "Bauta",
  fixed: null,
  stored: false,
  unfit: false,
  undo: false,
  former: null,
  version: 0,
  changed_ms: 0,
  by: null,
  ...more,
});

test("a change is one of what was seen at the first key, whatever is read meanwhile", () => {
  const draft = new Draft();
  assert.equal(draft.version(4), 4);
  draft.type("H", 4);
  draft.type("Ha", 5);
  assert.equal(draft.version(5), 4);
  draft.told(5); // refused, and told why
  assert.equal(draft.version(6), 5);
});

test("what was saved is no draft any more; what was typed on meanwhile is one, of the new", () => {
  const draft = new Draft();
  draft.type("Harbour ", 1);
  draft.told(2);
  draft.saved("Harbour");
  assert.equal(draft.typed.value, null);
  draft.type("Port", 2);
  draft.type("Port A", 2);
  draft.told(3);
  draft.saved("Port");
  assert.equal(draft.typed.value, "Port A");
  assert.equal(draft.version(9), 3);
});

test("a way back keeps what is typed in the field", () => {
  const draft = new Draft();
  draft.type("Port", 1);
  draft.told(2);
  draft.saved(null);
  assert.equal(draft.typed.value, "Port");
  assert.equal(draft.version(2), 2);
});

test("from all that is set here a way leads back, to the standard at least and never twice", () => {
  const ways = (more: Partial<Setting>) => waysBack(setting(more));
  assert.deepEqual(ways({}), { undo: false, standard: false });
  const set = { stored: true, version: 3 };
  assert.deepEqual(ways({ ...set, undo: true }), { undo: true, standard: false });
  assert.deepEqual(ways({ ...set, undo: true, former: "A" }), { undo: true, standard: true });
  assert.deepEqual(ways(set), { undo: false, standard: true }); // the former fits no more
  assert.deepEqual(ways({ unfit: true, version: 3 }), { undo: false, standard: true });
  const byHand = { stored: true, undo: true, version: 0 };
  assert.deepEqual(ways(byHand), { undo: false, standard: true });
  assert.deepEqual(ways({ version: 3, undo: true, former: "A" }), { undo: true, standard: false });
});

test("an answer to an earlier question does not follow one to a later", async () => {
  const answers: ((n: number) => void)[] = [];
  const taken: number[] = [];
  const read = inTurn(
    () => new Promise<number>((done) => answers.push(done)),
    (n) => taken.push(n),
  );
  const both = [read(), read()];
  answers[1]!(2);
  assert.equal(await both[1], 2);
  answers[0]!(1);
  assert.equal(await both[0], 1); // the asker hears it, the page does not
  assert.deepEqual(taken, [2]);
  const failing = inTurn(
    () => (taken.length++ === 1 ? Promise.reject(new Error("away")) : Promise.resolve(3)),
    (n) => taken.push(n),
  );
  await assert.rejects(failing());
  assert.equal(await failing(), 3);
});
