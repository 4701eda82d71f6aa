import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { inside, standable } from "../../src/world/grid.ts";
import { freeSeats, nearestPlace, seatOf, type SceneData } from "../../src/world/scene.ts";

const FOLDER = process.env["BAUTA_ASSETS"] ?? join(process.cwd(), "../assets");
const read = (name: string): unknown =>
  JSON.parse(readFileSync(join(FOLDER, "scenes", name), "utf8"));
const labels = read("labels.json") as Record<string, { en: string; id: string }>;

for (const id of ["lounge", "cafe", "garden"]) {
  const scene = read(`${id}.json`) as SceneData;

  test(`${id} keeps the limits that client and server rely on`, () => {
    assert.equal(scene.id, id);
    assert.ok(scene.blocked.length <= 64);
    assert.ok(scene.seats.length >= 8 && scene.seats.length <= 32);
    assert.ok(scene.spawn.length >= 8 && scene.spawn.length <= 16);
    assert.ok(scene.places.length >= 4 && scene.places.length <= 8);
    assert.ok(scene.lamps.length <= 3);
    assert.deepEqual(
      scene.seats.map((s) => s.n),
      scene.seats.map((_, i) => i + 1),
    );
    const [minx, minz, maxx, maxz] = scene.walk;
    assert.ok(Math.max(-minx, maxx) <= scene.size[0] / 2);
    assert.ok(Math.max(-minz, maxz) <= scene.size[1] / 2);
  });

  test(`in ${id} one can stand where one appears, gets up and is sent to`, () => {
    for (const [x, z] of scene.spawn) assert.ok(standable(scene, x, z), `spawn ${x},${z}`);
    for (const seat of scene.seats) assert.ok(standable(scene, ...seat.stand), seat.name);
    for (const place of scene.places) assert.ok(standable(scene, place.x, place.z), place.name);
    for (const seat of scene.seats) {
      const far = Math.hypot(seat.stand[0] - seat.x, seat.stand[1] - seat.z);
      assert.ok(far <= 1.2, `${seat.name} stands ${far} m off`);
    }
  });

  test(`in ${id} every seat and place has a label in both languages`, () => {
    for (const { name } of [...scene.seats, ...scene.places]) {
      assert.match(name, /^[a-z0-9_]+$/);
      assert.ok(labels[name]?.en && labels[name]?.id, name);
    }
  });

  test(`the sun of ${id} shines from above and the camera looks into the room`, () => {
    assert.ok(scene.sun.position[1] > 0);
    assert.ok(scene.camera.position[1] > 0);
    assert.ok(inside(scene.walk, scene.camera.target[0], scene.camera.target[2]));
  });
}

test("seats are found by number, taken ones are not free", () => {
  const scene = read("lounge.json") as SceneData;
  assert.equal(seatOf(scene, 1)?.n, 1);
  assert.equal(seatOf(scene, 0), undefined);
  const free = freeSeats(scene, [1, 3]);
  assert.equal(free.length, scene.seats.length - 2);
  assert.ok(!free.some((s) => s.n === 1 || s.n === 3));
});

test("somebody is at the nearest place", () => {
  const scene = read("lounge.json") as SceneData;
  for (const place of scene.places) {
    assert.equal(nearestPlace(scene, place.x + 0.01, place.z)?.name, place.name);
  }
  assert.equal(nearestPlace({ ...scene, places: [] }, 0, 0), null);
});
