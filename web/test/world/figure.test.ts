import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { Object3D, Vector3 } from "three";
import { addClips, readClips, type ClipFile } from "../../src/world/clips.ts";
import { Figure } from "../../src/world/figure.ts";
import type { Body } from "../../src/world/models.ts";
import { Orbit } from "../../src/world/orbit.ts";
import type { SceneData, Seat } from "../../src/world/scene.ts";

const FOLDER = process.env["BAUTA_ASSETS"] ?? join(process.cwd(), "../assets");
const json = (name: string): unknown => JSON.parse(readFileSync(join(FOLDER, name), "utf8"));
const clips = readClips(json("animations/clips.json") as ClipFile);
const { divideClips } = await import(pathToFileURL(join(process.cwd(), "clips.mjs")).href);
const lounge = json("scenes/lounge.json") as SceneData;

/** A body of bones alone: hips at `hips_m`, ankles 8 cm above the floor. */
function bodyOf(hips_m: number): Body {
  const bones = new Map<string, Object3D>();
  const bone = (name: string, parent: Object3D, x: number, y: number): Object3D => {
    const made = new Object3D();
    made.name = name;
    made.position.set(x, y, 0);
    parent.add(made);
    bones.set(name, made);
    return made;
  };
  const root = new Object3D();
  const hips = bone("hips", root, 0, hips_m);
  let up = hips;
  for (const name of ["spine", "chest", "upperChest", "neck", "head"]) up = bone(name, up, 0, 0.13);
  const leg = (hips_m - 0.05 - 0.08) / 2;
  for (const [side, x] of [
    ["left", 0.09],
    ["right", -0.09],
  ] as const) {
    const upper = bone(`${side}UpperLeg`, hips, x, -0.05);
    const lower = bone(`${side}LowerLeg`, upper, 0, -leg);
    bone(`${side}Foot`, lower, 0, -leg);
  }
  return { root, bones, faces: [], hips_m, full: true, release() {} };
}

function figureOf(hips_m: number, still = false): { figure: Figure; body: Body } {
  const body = bodyOf(hips_m);
  const figure = new Figure(clips, hips_m * 1.9, still, () => 0.3);
  figure.wear(body);
  return { figure, body };
}

function live(figure: Figure, seconds: number, watch: Vector3 | null = null): void {
  for (let n = 0; n < seconds * 60; n++) {
    figure.step(1 / 60);
    figure.animate(1 / 60, watch);
  }
  figure.root.updateMatrixWorld(true);
}

const at = (body: Body, bone: string): Vector3 =>
  body.bones.get(bone)!.getWorldPosition(new Vector3());

for (const hips_m of [0.8, 0.93, 1]) {
  test(`someone with hips at ${hips_m} m sits on the seat, feet on the floor`, () => {
    const seat: Seat = { n: 1, name: "x", x: 1, y: 0.45, z: 2, yaw: 1, stand: [1, 2.7] };
    const { figure, body } = figureOf(hips_m);
    figure.sit(seat, true);
    figure.place(seat.x, seat.z, seat.yaw);
    live(figure, 1);
    const hips = at(body, "hips");
    assert.ok(Math.abs(hips.y - 0.55) < 0.03, `hips at ${hips.y}`);
    assert.ok(Math.hypot(hips.x - 1, hips.z - 2) < 0.05);
    for (const foot of ["leftFoot", "rightFoot"]) {
      assert.ok(Math.abs(at(body, foot).y - 0.08) < 0.05, `${foot} at ${at(body, foot).y}`);
    }
    const ahead = at(body, "leftFoot").sub(hips);
    assert.ok(ahead.x * Math.sin(1) + ahead.z * Math.cos(1) > 0.15, "feet are before the seat");
  });
}

test("in a wheelchair one sits at its height, standing about, on the way and at a table", () => {
  const { figure, body } = figureOf(0.93);
  figure.wear({ ...body, chair_m: 0.5, height_m: 1.7 });
  const rolls = (what: string): void => {
    assert.ok(Math.abs(at(body, "hips").y - 0.5) < 0.05, `${what}: hips at ${at(body, "hips").y}`);
    assert.ok(at(body, "leftLowerLeg").z - at(body, "hips").z > 0.2, `${what}: knees ahead`);
  };
  live(figure, 1);
  rolls("waiting");
  const crown = figure.crown(new Vector3()).y;
  assert.ok(crown > 1.2 && crown < 1.6, `the name is at ${crown}`);
  figure.glide.tell(0, 2, 0, 1);
  live(figure, 0.5);
  rolls("going");
  figure.sit({ n: 1, name: "x", x: 0, y: 0.7, z: 0, yaw: 0, stand: [0, 1] });
  figure.place(0, 0, 0);
  live(figure, 1);
  rolls("seated");
});

test("on a bar stool the feet hang", () => {
  const { figure, body } = figureOf(0.9);
  figure.sit({ n: 1, name: "x", x: 0, y: 0.75, z: 0, yaw: 0, stand: [0, 1] }, true);
  live(figure, 1);
  assert.ok(at(body, "leftFoot").y > 0.3);
});

test("getting up takes a moment and ends on the floor", () => {
  const { figure, body } = figureOf(0.93);
  figure.sit(lounge.seats[0]!, true);
  live(figure, 0.5);
  figure.sit(null);
  live(figure, 0.1);
  assert.ok(at(body, "hips").y < 0.9);
  live(figure, 1.5);
  assert.equal(figure.root.position.y, 0);
  assert.ok(Math.abs(at(body, "hips").y - 0.93) < 0.06);
});

test("the name floats above the head, lower over somebody who sits", () => {
  const { figure } = figureOf(0.93);
  const standing = figure.crown(new Vector3()).y;
  figure.sit(lounge.seats[0]!, true);
  figure.step(0.1);
  const sitting = figure.crown(new Vector3()).y;
  assert.ok(standing > 1.8 && standing < 2.1);
  assert.ok(sitting < standing - 0.25);
});

test("a body changed on the way goes on where the old one was", () => {
  const { figure } = figureOf(0.93);
  figure.glide.tell(1, 0, 0, 1);
  live(figure, 0.5);
  const x = figure.root.position.x;
  figure.wear(bodyOf(0.85));
  live(figure, 1 / 60);
  assert.ok(figure.root.position.x > x && figure.root.position.x < x + 0.1);
});

test("steps fit the ground: a standing foot hardly slides", () => {
  const { figure, body } = figureOf(0.93);
  let x = 0;
  const slides: number[] = [];
  let before: Record<string, Vector3> = {};
  for (let n = 0; n < 240; n++) {
    x += 1.5 / 60;
    figure.glide.tell(0, x, 0);
    live(figure, 1 / 60);
    const feet = { leftFoot: at(body, "leftFoot"), rightFoot: at(body, "rightFoot") };
    const low = feet.leftFoot.y < feet.rightFoot.y ? "leftFoot" : "rightFoot";
    if (n > 60) slides.push(Math.abs(feet[low].z - before[low]!.z) * 60);
    before = feet;
  }
  slides.sort((a, b) => a - b);
  assert.ok(slides[slides.length >> 1]! < 0.35, `${slides[slides.length >> 1]} m/s`);
});

test("listeners turn the head to who speaks, but not to what is behind them", () => {
  const yaw = (watch: Vector3): number => {
    const { figure, body } = figureOf(0.93);
    live(figure, 1, watch);
    const ahead = new Vector3(0, 0, 1).transformDirection(body.bones.get("head")!.matrixWorld);
    return Math.atan2(ahead.x, ahead.z);
  };
  assert.ok(yaw(new Vector3(3, 1.6, 3)) > 0.5);
  assert.ok(yaw(new Vector3(-3, 1.6, 3)) < -0.5);
  assert.ok(Math.abs(yaw(new Vector3(0, 1.6, -3))) < 0.2);
});

function orbitOf(cuts = false): Orbit {
  const orbit = new Orbit(lounge, cuts);
  orbit.resize(1280, 720);
  return orbit;
}

test("the camera stays above the floor, in front of the walls and within its distances", () => {
  const orbit = orbitOf();
  let seed = 7;
  const chance = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let n = 0; n < 4000; n++) {
    if (n % 30 === 0) {
      orbit.turn((chance() - 0.5) * 3, (chance() - 0.5) * 2);
      orbit.zoom(0.5 + chance());
      orbit.follow((chance() - 0.5) * 9, 0, (chance() - 0.5) * 7);
    }
    orbit.step(1 / 60);
    const { x, y, z } = orbit.at;
    assert.ok(y > 0.3 && Number.isFinite(y), `${y} m high`);
    assert.ok(x > -5 - 2.6 && z > -4 - 2.6, `${x},${z} is far behind a wall`);
  }
});

test("forward is where the camera looks", () => {
  const orbit = orbitOf();
  const ahead = new Vector3(0, 0, -1).transformDirection(orbit.camera.matrixWorld);
  const heading = Math.atan2(ahead.x, ahead.z);
  assert.ok(Math.abs(heading - orbit.heading) < 1e-6);
});

test("with reduced motion the camera cuts instead of gliding", () => {
  const orbit = orbitOf(true);
  orbit.follow(0, 0, 0);
  orbit.step(1 / 60);
  const before = orbit.at.clone();
  orbit.turn(1, 0);
  orbit.step(1 / 60);
  const after = orbit.at.clone();
  orbit.step(1 / 60);
  assert.ok(before.distanceTo(after) > 1);
  assert.ok(orbit.at.distanceTo(after) < 1e-9);
});

test("with the movements that come first alone one stands, walks and sits, and waves when the rest is there", () => {
  const { first, rest } = divideClips(json("animations/clips.json")) as Record<
    "first" | "rest",
    ClipFile
  >;
  const few = readClips(first);
  const figure = new Figure(few, 1.7, false, () => 0.1); // always tries the other way of standing
  figure.wear(bodyOf(0.93));
  live(figure, 10);
  figure.sit({ n: 1, name: "a", x: 0, y: 0.45, z: 0, yaw: 0, stand: [0, 1] });
  figure.emote("wave");
  live(figure, 10);
  figure.sit(null);
  figure.glide.tell(3, 0, 0, 1);
  live(figure, 2);
  addClips(few, rest);
  figure.emote("wave");
  live(figure, 30);
  assert.ok(figure.body);
});
