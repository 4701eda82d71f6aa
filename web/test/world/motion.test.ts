import assert from "node:assert/strict";
import test from "node:test";
import { Glide } from "../../src/world/glide.ts";
import { bubbleSeconds } from "../../src/world/labels.ts";
import { Governor } from "../../src/world/quality.ts";

/** Reports every `every_s` of somebody walking along x at `speed`; frames of 1/60 s. */
function walk(glide: Glide, speed: number, every_s: number, seconds: number): number[] {
  const seen: number[] = [];
  let [told, time] = [0, 0];
  for (let n = 0; n < seconds * 60; n++) {
    time += 1 / 60;
    if (time - told >= every_s - 1e-9) {
      told = time;
      glide.tell(speed * time, 0, 0);
    }
    glide.step(1 / 60);
    seen.push(glide.x);
  }
  return seen;
}

for (const [every, what] of [
  [0.1, "ten"],
  [0.5, "two"],
  [1 / 60, "sixty"],
] as const) {
  test(`${what} reports a second look like one even walk`, () => {
    const glide = new Glide();
    const seen = walk(glide, 1.5, every, 5).slice(120);
    for (let i = 1; i < seen.length; i++) {
      const speed = (seen[i]! - seen[i - 1]!) * 60;
      assert.ok(speed > 0.9 && speed < 2.2, `${speed} m/s at ${i}`);
    }
    assert.ok(Math.abs(glide.speed - 1.5) < 0.3);
    assert.ok(5 * 1.5 - seen.at(-1)! < 1.5 * (every + 0.15), "not far behind");
  });
}

test("who is told to stand somewhere gets there and stays", () => {
  const glide = new Glide();
  walk(glide, 1.5, 0.1, 2);
  glide.tell(3.2, 0.5, 1);
  for (let n = 0; n < 30; n++) glide.step(1 / 60);
  assert.deepEqual([glide.x, glide.z, glide.yaw], [3.2, 0.5, 1]);
  assert.ok(glide.speed < 0.05);
});

test("a far leap is no walk through the furniture", () => {
  const glide = new Glide();
  glide.place(0, 0, 0);
  glide.tell(6, 0, 0);
  assert.equal(glide.x, 6);
  assert.equal(glide.speed, 0);
});

test("a hidden page that wakes up sees people where they are", () => {
  const glide = new Glide();
  walk(glide, 1.5, 0.1, 1);
  glide.tell(1, 1, 2);
  glide.step(30);
  assert.deepEqual([glide.x, glide.z, glide.yaw], [1, 1, 2]);
});

test("turning takes the shorter way round", () => {
  const glide = new Glide();
  glide.place(0, 0, 3);
  glide.tell(0, 0, -3, 0.2);
  glide.step(0.1);
  assert.ok(glide.yaw > 3 && glide.yaw < 3.3);
});

test("a bubble lives four to nine seconds, by its length", () => {
  assert.equal(bubbleSeconds(""), 4);
  assert.ok(bubbleSeconds("x".repeat(40)) > 5);
  assert.equal(bubbleSeconds("x".repeat(1000)), 9);
});

/** Runs frames of that length until something changes; the number of frames, or null. */
function until(governor: Governor, interval: number, work: number, frames = 6000): number | null {
  for (let n = 1; n <= frames; n++) if (governor.frame(interval, work)) return n;
  return null;
}

test("a machine that keeps up is left alone at its level's top", () => {
  const governor = new Governor("high", true);
  assert.equal(until(governor, 16.7, 4), null);
  assert.deepEqual([governor.level, governor.scale], ["high", 1]);
});

test("slow frames cost resolution first, then the level", () => {
  const governor = new Governor("high", true);
  const story: string[] = [];
  for (let n = 0; n < 12; n++) {
    if (until(governor, 60, 10, 400) === null) break;
    story.push(`${governor.level} ${governor.scale.toFixed(1)}`);
  }
  assert.deepEqual(story.slice(0, 3), ["high 0.9", "high 0.8", "medium 1.0"]);
  assert.deepEqual(story.at(-1), "low 0.6");
});

test("a very slow machine is helped within seconds", () => {
  const governor = new Governor("high", true);
  let ms = 0;
  while (governor.level !== "low" && ms < 60_000) {
    governor.frame(500, 300);
    ms += 500;
  }
  assert.ok(ms <= 30_000, `${ms} ms`);
});

test("a chosen level stays chosen however slow it is", () => {
  const governor = new Governor("medium", true);
  governor.choose("high", "medium");
  for (let n = 0; n < 3000; n++) governor.frame(80, 20);
  assert.equal(governor.level, "high");
  assert.equal(governor.scale, 0.8);
});

test("a fast machine climbs from low to high", () => {
  const governor = new Governor("low", true);
  for (let n = 0; n < 3000; n++) governor.frame(governor.level === "low" ? 33.3 : 16.7, 3);
  assert.equal(governor.level, "high");
});

test("a machine in between does not flicker between two levels", () => {
  const governor = new Governor("medium", true);
  let changes = 0;
  let last = governor.level;
  for (let n = 0; n < 60 * 60 * 10; n++) {
    const slow = governor.level === "high";
    governor.frame(slow ? 40 : 16.7, 4);
    if (governor.level !== last) changes++;
    last = governor.level;
  }
  assert.ok(changes <= 14, `${changes} changes in ten minutes`);
});

test("one long pause is not taken for a slow machine", () => {
  const governor = new Governor("medium", true);
  for (let n = 0; n < 500; n++) {
    assert.equal(governor.frame(n % 50 === 0 ? 3000 : 16.7, 12), false);
  }
});
