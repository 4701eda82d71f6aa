// Who is drawn in how much detail.
import assert from "node:assert/strict";
import test from "node:test";
import { detailsOf, type Standing } from "../../src/world/levels.ts";

const at = (distance: number, worn: Standing["worn"] = 1, me = false): Standing => ({
  me,
  distance,
  worn,
});
const many = (n: number, worn: Standing["worn"] = 1) =>
  Array.from({ length: n }, (_, i) => at(1 + i * 0.1, worn));
const count = (list: readonly number[], detail: number) => list.filter((d) => d === detail).length;

test("whoever has no body yet comes without the finest detail, whatever the quality", () => {
  for (const quality of ["low", "medium", "high"] as const)
    assert.equal(count(detailsOf(many(25, null), quality), 0), 0);
  assert.deepEqual(detailsOf([at(3, null, true)], "high"), [1]);
});

test("at most six are drawn finely, and they are the nearest", () => {
  const details = detailsOf(many(25), "high");
  assert.deepEqual(details.slice(0, 6), [0, 0, 0, 0, 0, 0]);
  assert.equal(count(details, 0), 6);
});

test("on a weak machine six of 25 are drawn with more than a few triangles, and none finely", () => {
  const details = detailsOf(many(25), "low");
  assert.equal(count(details, 0), 0);
  assert.equal(count(details, 1), 6);
  assert.equal(count(details, 2), 19);
});

test("I am always among those drawn best, however far the camera is", () => {
  const people = [...many(25), at(30, 1, true)];
  assert.equal(detailsOf(people, "low").at(-1), 1);
  assert.equal(detailsOf(people, "medium").at(-1), 0);
  assert.equal(detailsOf(people, "high").at(-1), 0);
});

test("who is far away is drawn by few triangles, alone in the room, too", () => {
  for (const quality of ["low", "medium", "high"] as const)
    assert.deepEqual(detailsOf([at(30)], quality), [2]);
});

test("two at nearly one distance do not swap their details for ever", () => {
  const others = Array.from({ length: 5 }, () => at(1, 0));
  const sway = (a: number, b: number, worn: [0 | 1, 0 | 1]) =>
    detailsOf([...others, at(a, worn[0]), at(b, worn[1])], "high").slice(5);
  assert.deepEqual(sway(3, 3.1, [1, 1]), [0, 1]);
  assert.deepEqual(sway(3.2, 3.1, [0, 1]), [0, 1], "who has it keeps it");
  assert.deepEqual(sway(5, 3.1, [0, 1]), [1, 0], "who has gone away does not");
});
