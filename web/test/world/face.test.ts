import assert from "node:assert/strict";
import test from "node:test";
import { Face, mouthsOf } from "../../src/world/face.ts";
import type { Body } from "../../src/world/models.ts";

const NAMES = "blink happy sad angry surprised relaxed doubt aa ih ou ee oh".split(" ");

function faceOf(still = false) {
  const one: Body["faces"][number] = {
    influences: NAMES.map(() => 0),
    names: Object.fromEntries(NAMES.map((name, i) => [name, i])),
    expressions: {},
  };
  const face = new Face(still, () => 0.5);
  const weight = (name: string) => one.influences[NAMES.indexOf(name)]!;
  const live = (seconds: number, act: string | null = null, seen = () => {}) => {
    for (let n = 0; n < seconds * 60; n++) {
      face.step(1 / 60, [one], act);
      seen();
    }
  };
  const mouth = () => ["aa", "ih", "ou", "ee", "oh"].reduce((sum, name) => sum + weight(name), 0);
  return { face, weight, live, mouth };
}

test("a mouth takes the shapes of what is said, with marks or without, and of any script something", () => {
  assert.deepEqual(mouthsOf("Hallo, é"), [null, "aa", null, null, "oh", null, null, "ee"]);
  assert.ok(mouthsOf("こんにちは世界").some((shape) => shape !== null));
  assert.ok(mouthsOf("x".repeat(5000)).length < 100, "nobody speaks for a minute");
});

test("a long line is spoken longer than a short one, and then the mouth is shut", () => {
  const spoken = (text: string): number => {
    const { face, live, mouth } = faceOf();
    face.speak(text);
    let frames = 0;
    let last = 0;
    live(12, null, () => {
      frames++;
      if (mouth() > 0.05) last = frames;
    });
    assert.ok(mouth() < 0.01, "shut in the end");
    return last;
  };
  const [short, long] = [spoken("Halo"), spoken("Selamat pagi, apa kabar semuanya?")];
  assert.ok(short > 5 && long > short * 2, `${short}, ${long}`);
  assert.ok(spoken("!!!") > 0, "a sign is said, too");
});

test("a mood stays, gives way to what a gesture shows, and comes back", () => {
  const { face, weight, live } = faceOf();
  face.mood = "sad";
  live(2);
  assert.ok(weight("sad") > 0.6 && weight("happy") < 0.01);
  live(2, "wave");
  assert.ok(weight("happy") > 0.9 && weight("sad") < 0.01);
  live(2);
  assert.ok(weight("sad") > 0.6 && weight("happy") < 0.01);
  face.mood = null;
  live(2);
  assert.ok(weight("sad") < 0.01);
});

test("eyes blink now and then; with reduced motion neither lids nor mouth move, and moods are there at once", () => {
  const { weight, live } = faceOf();
  let blinks = 0;
  let shut = false;
  live(20, null, () => {
    const now = weight("blink") > 0.5;
    if (now && !shut) blinks++;
    shut = now;
  });
  assert.ok(blinks >= 3 && blinks <= 8, `${blinks}`);
  const still = faceOf(true);
  still.face.mood = "happy";
  still.face.speak("aaaaaaaa");
  still.live(1 / 60);
  assert.ok(still.weight("happy") > 0.7);
  still.live(20, null, () => assert.ok(still.weight("blink") + still.mouth() < 0.001));
});
