import assert from "node:assert/strict";
import test from "node:test";
import { fit, type Box } from "../../src/world/labels.ts";

const WIDTH = 390;
const HIGH = 100;
const TAG_HIGH = 24;

function put(at: { x: number; y: number }, wide: number, high: number, placed: Box[]): Box | null {
  const found = fit(at, wide, high, WIDTH, placed);
  if (!found) return null;
  const { box, up } = found;
  const stands = { ...box, top: box.top - up, bottom: box.bottom - up };
  placed.push(stands);
  return stands;
}

const over = (a: Box, b: Box): boolean =>
  a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;

test("in a low picture no two who talk cover each other: whom there is no room for keeps a name", () => {
  const placed: Box[] = [];
  const heads = [120, 130, 140, 150].map((x) => ({ x, y: 230 }));
  const words = heads.map((at) => put(at, 240, HIGH, placed));
  assert.deepEqual(
    words.map((box) => box !== null),
    [true, true, false, false],
  );
  const name = put({ x: 320, y: 230 }, 120, TAG_HIGH, placed);
  assert.ok(name, "a name fits beside them");
  for (const [i, a] of placed.entries())
    for (const b of placed.slice(i + 1)) assert.ok(!over(a, b), `${JSON.stringify([a, b])}`);
  for (const box of placed) assert.ok(box.top >= 0 && box.left >= 0 && box.right <= WIDTH);
});

test("what would look out at the top of the picture comes down, as far as it is free there", () => {
  const placed: Box[] = [];
  const first = put({ x: 200, y: 40 }, 240, HIGH, placed);
  assert.ok(first && first.top >= 0 && first.bottom > 40);
  assert.equal(put({ x: 210, y: 40 }, 240, HIGH, placed), null);
});
