import assert from "node:assert/strict";
import test from "node:test";
import { Object3D, Quaternion, Vector3 } from "three";
import { calm, Spring, Springs } from "../../src/world/springs.ts";

const HAIR = { stiff: 130, damp: 9, most: 0.1 };

test("what hangs is behind while one goes, and comes to rest when one stands", () => {
  const spring = new Spring(HAIR, false);
  const at = new Vector3();
  const turned = new Quaternion();
  let most = 0;
  for (let n = 0; n < 120; n++) {
    if (n < 30) at.z += 1.4 / 60;
    spring.step(1 / 60, at, turned);
    most = Math.max(most, -spring.behind.z);
  }
  assert.ok(most > 0.03 && most <= 0.1001, `${most}`);
  assert.ok(spring.behind.length() < 0.004, `${spring.behind.length()}`);
});

test("hair stays out of the neck however fast one goes backwards, whichever way one looks", () => {
  for (const yaw of [0, 1, 3]) {
    const spring = new Spring(HAIR, true);
    const turned = new Quaternion().setFromAxisAngle(new Vector3(0, 1, 0), yaw);
    const ahead = new Vector3(0, 0, 1).applyQuaternion(turned);
    const at = new Vector3();
    for (let n = 0; n < 60; n++) {
      spring.step(1 / 60, at.addScaledVector(ahead, -3 / 60), turned);
      assert.ok(spring.behind.dot(ahead) < 0.016);
    }
  }
});

test("pictures that come late or not at all, and a leap, shake nothing", () => {
  const spring = new Spring(HAIR, false);
  const at = new Vector3();
  const turned = new Quaternion();
  for (const dt_s of [0.016, 0.25, 1, 0.001, 0.5, 1e-9, 60]) {
    at.x += 0.3;
    spring.step(dt_s, at, turned);
    assert.ok(spring.behind.length() <= 0.1001);
  }
  spring.step(0.016, at.set(50, 0, 0), turned);
  assert.equal(spring.behind.length(), 0);
});

test("25 people's hair and hems are nothing beside a frame, and calm ones are still", () => {
  const bones = new Map(["head", "hips"].map((name) => [name, new Object3D()]));
  const sway = [new Object3D(), new Object3D()];
  const all = Array.from({ length: 25 }, () => new Springs());
  const root = new Object3D();
  const frame = (n: number): void => {
    for (const bone of bones.values()) bone.matrixWorld.setPosition(Math.sin(n / 9), 1, n / 60);
    for (const one of all) one.step(1 / 60, bones, root, sway);
  };
  for (let n = 0; n < 200; n++) frame(n);
  const before = process.cpuUsage();
  for (let n = 0; n < 600; n++) frame(n);
  const { user } = process.cpuUsage(before);
  assert.ok(user / 600 < 500, `${user / 600} us a frame`);
  calm(sway);
  assert.equal(new Vector3().setFromMatrixPosition(sway[0]!.matrixWorld).length(), 0);
});
