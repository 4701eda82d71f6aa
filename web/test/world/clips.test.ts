import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { addClips, readClips, type ClipFile } from "../../src/world/clips.ts";
import { EMOTES } from "../../src/live/protocol.ts";
import { Mixer } from "../../src/world/pose.ts";

const FOLDER = process.env["BAUTA_ASSETS"] ?? join(process.cwd(), "../assets");
const file = JSON.parse(readFileSync(join(FOLDER, "animations/clips.json"), "utf8")) as ClipFile;
const clips = readClips(file);

/** One bone that turns about y from 0 to `end` (sine of the half angle) in one second. */
function small(end: number): ClipFile {
  const q = (s: number): number[] =>
    [0, s, 0, Math.sqrt(1 - s * s)].map((v) => Math.round(v * 32767));
  const frames = [0, 1, 2].map((f) => q((end * f) / 2));
  const up = [0, 1, 2].map((f) => [0, f * 100, 0]);
  const rest = [q(0), q(0), q(0)];
  return {
    fps: 2,
    clips: {
      idle: { loop: true, seconds: 1, tracks: { hips: { q: rest }, head: { q: rest } } },
      idle2: { loop: true, seconds: 1, tracks: { hips: { q: rest, p: up }, head: { q: frames } } },
      walk: {
        loop: true,
        seconds: 1,
        speed: 1,
        tracks: { hips: { q: frames }, head: { q: rest } },
      },
      wave: {
        loop: false,
        seconds: 1,
        tracks: { hips: { q: frames, p: up }, head: { q: frames } },
      },
    },
  };
}

test("all clips of the list are there and the loops close", () => {
  assert.ok(clips.byName.size >= 36);
  const calm = "idle idle2 idle3 idle4 walk run sit sit2 sit3 talk talk2".split(" ");
  for (const name of [...calm, ...EMOTES]) {
    const clip = clips.byName.get(name);
    assert.ok(clip, name);
    if (!clip.loop) continue;
    const row = clips.bones.length * 4;
    for (let i = 0; i < row; i++) {
      const gap = Math.abs(clip.rotations[i]! - clip.rotations[(clip.frames - 1) * row + i]!);
      assert.ok(gap < 1e-3, `${name} jumps at its seam`);
    }
  }
});

test("every rotation of every clip is one", () => {
  for (const clip of clips.byName.values()) {
    for (let i = 0; i < clip.rotations.length; i += 4) {
      assert.ok(Math.abs(Math.hypot(...clip.rotations.subarray(i, i + 4)) - 1) < 1e-5);
    }
  }
});

test("walking is slower than running, and both say how fast they are", () => {
  const [walk, run] = [clips.byName.get("walk")!, clips.byName.get("run")!];
  assert.ok(walk.speed > 0.5 && run.speed > walk.speed);
});

test("a clip with gaps, a wrong length or no rotation is refused", () => {
  const gap = small(0.5);
  gap.clips["idle"]!.tracks["head"]!.q.pop();
  assert.throws(() => readClips(gap), /gaps/);
  const long = small(0.5);
  long.clips["idle"]!.seconds = 1e6;
  assert.throws(() => readClips(long), /length/);
  const none = small(0.5);
  none.clips["idle"]!.tracks["head"]!.q[0] = [0, 0, 0, 0];
  assert.throws(() => readClips(none), /rotation/);
});

test("a pose lies between two frames, in rotation and height", () => {
  const made = readClips(small(0.5));
  const mixer = new Mixer(made, "idle2", false);
  mixer.update(0.25);
  const head = made.bones.indexOf("head") * 4;
  assert.ok(Math.abs(mixer.pose.rotations[head + 1]! - 0.125) < 0.01);
  assert.ok(Math.abs(mixer.pose.hips[1]! - 0.05) < 1e-3);
});

test("a cross-fade starts where the pose was and ends in the new clip", () => {
  const made = readClips(small(0.5));
  const mixer = new Mixer(made, "idle2", false);
  mixer.update(0.5);
  const head = made.bones.indexOf("head") * 4 + 1;
  const before = mixer.pose.rotations[head]!;
  mixer.play("idle");
  mixer.update(0.001);
  assert.ok(Math.abs(mixer.pose.rotations[head]! - before) < 0.01, "no jump");
  for (let n = 0; n < 30; n++) mixer.update(0.02);
  assert.ok(Math.abs(mixer.pose.rotations[head]!) < 1e-3);
});

test("no clip change of a lively person makes a bone jump", () => {
  const mixer = new Mixer(clips, "idle", false);
  const last = mixer.pose.rotations.slice();
  const names = ["walk", "run", "idle", "sit", "idle2"];
  for (let n = 0; n < 900; n++) {
    if (n % 40 === 0) mixer.play(names[(n / 40) % names.length]!);
    if (n % 130 === 7) mixer.emote(EMOTES[n % 8]!, n % 3 === 0);
    mixer.update(1 / 60);
    for (let i = 0; i < last.length; i += 4) {
      let dot = 0;
      for (let k = 0; k < 4; k++) dot += last[i + k]! * mixer.pose.rotations[i + k]!;
      const degrees = (2 * Math.acos(Math.min(1, Math.abs(dot))) * 180) / Math.PI;
      assert.ok(degrees < 30, `${clips.bones[i / 4]} turned ${degrees}° in a frame at ${n}`);
    }
    last.set(mixer.pose.rotations);
  }
});

test("an emote of the upper body leaves hips and height alone, and ends", () => {
  const made = readClips(small(0.5));
  const [head, hips] = ["head", "hips"].map((name) => made.bones.indexOf(name) * 4 + 1);
  const mixer = new Mixer(made, "idle", false);
  mixer.emote("wave", true);
  mixer.update(0.5);
  assert.ok(mixer.pose.rotations[head!]! > 0.1);
  assert.ok(Math.abs(mixer.pose.rotations[hips!]!) < 1e-6);
  assert.equal(mixer.pose.hips[1], 0);
  mixer.update(0.6);
  assert.equal(mixer.emoting, null);
});

test("an emote of the whole body moves the hips too", () => {
  const made = readClips(small(0.5));
  const mixer = new Mixer(made, "idle", false);
  mixer.emote("wave", false);
  mixer.update(0.5);
  assert.ok(mixer.pose.hips[1]! > 0.05);
});

test("a dance goes on for some rounds and then ends by itself", () => {
  const mixer = new Mixer(clips, "idle", false);
  mixer.emote("dance", false);
  for (let n = 0; n < 10; n++) mixer.update(1);
  assert.equal(mixer.emoting, "dance");
  for (let n = 0; n < 3; n++) mixer.update(1);
  assert.equal(mixer.emoting, null);
});

test("with reduced motion an emote is a still picture and idling does not sway", () => {
  const mixer = new Mixer(clips, "idle", true);
  const first = mixer.pose.rotations.slice();
  mixer.update(1.3);
  assert.deepEqual(mixer.pose.rotations, first);
  mixer.emote("wave", false);
  mixer.update(0.1);
  const still = mixer.pose.rotations.slice();
  assert.notDeepEqual(still, first);
  mixer.update(1);
  assert.deepEqual(mixer.pose.rotations, still);
  mixer.update(3);
  mixer.update(0.1);
  assert.deepEqual(mixer.pose.rotations, first);
});

test("an unknown clip is a mistake of the program", () => {
  assert.throws(() => new Mixer(clips, "fly", false));
});

const { divideClips } = await import(pathToFileURL(join(process.cwd(), "clips.mjs")).href);

test("the movements that come first and the rest are together what they were in one file", () => {
  const { first, rest } = divideClips(file) as Record<"first" | "rest", ClipFile>;
  const made = readClips(first);
  assert.deepEqual([...made.byName.keys()].sort(), ["idle", "run", "sit", "walk"]);
  addClips(made, rest);
  assert.deepEqual(made.bones, clips.bones);
  for (const [name, clip] of clips.byName) assert.deepEqual(made.byName.get(name), clip);
  assert.equal(made.byName.size, clips.byName.size);
});
