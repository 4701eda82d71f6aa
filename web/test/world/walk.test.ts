import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { BODY_RADIUS_M, Grid, clearance, standable } from "../../src/world/grid.ts";
import type { SceneData } from "../../src/world/scene.ts";
import {
  RUNNING,
  RUN_M_S,
  WALKING,
  WALK_M_S,
  Walker,
  towards,
  turned,
} from "../../src/world/walk.ts";

const SCENES = ["lounge", "cafe", "garden"];
const FOLDER = process.env["BAUTA_ASSETS"] ?? join(process.cwd(), "../assets");

function sceneOf(id: string): SceneData {
  return JSON.parse(readFileSync(join(FOLDER, "scenes", `${id}.json`), "utf8")) as SceneData;
}

function bare(blocked: SceneData["blocked"]): SceneData {
  return {
    id: "bare",
    size: [10, 10],
    walk: [-5, -5, 5, 5],
    blocked,
    spawn: [[0, 0, 0]],
    seats: [],
    places: [],
    camera: { position: [0, 5, 8], target: [0, 0, 0] },
    background: "#ffffff",
    ambient: { sky: "#ffffff", ground: "#ffffff", intensity: 1 },
    sun: { colour: "#ffffff", intensity: 1, position: [1, 2, 1] },
    lamps: [],
    cutaway: true,
  };
}

type Report = [x: number, z: number, yaw: number, flags: number];

function walker(scene: SceneData): { walker: Walker; sent: Report[]; moved: Report[] } {
  const sent: Report[] = [];
  const moved: Report[] = [];
  const made = new Walker(
    scene,
    (...r) => sent.push(r),
    (...r) => moved.push(r),
  );
  const [x, z, yaw] = scene.spawn[0]!;
  made.place(x, z, yaw);
  moved.length = 0;
  return { walker: made, sent, moved };
}

/** Ticks like a screen until the walker rests; returns the seconds it took. */
function walkOut(w: Walker, limit_s = 60): number {
  for (let n = 0; n < limit_s * 60; n++) {
    w.tick(1 / 60);
    if (w.at.flags === 0 && n > 0) return n / 60;
  }
  throw new Error("still walking");
}

function targets(scene: SceneData): { what: string; x: number; z: number }[] {
  return [
    ...scene.seats.map((s) => ({ what: `seat ${s.name}`, x: s.stand[0], z: s.stand[1] })),
    ...scene.places.map((p) => ({ what: `place ${p.name}`, x: p.x, z: p.z })),
    ...scene.spawn.map(([x, z], i) => ({ what: `spawn ${i}`, x, z })),
  ];
}

for (const id of SCENES) {
  test(`in ${id} every seat, place and spawn is reached from every spawn`, () => {
    const scene = sceneOf(id);
    const grid = new Grid(scene);
    for (const [x, z] of scene.spawn) {
      for (const to of targets(scene)) {
        if (to.x === x && to.z === z) continue;
        const end = grid.path({ x, z }, to).at(-1);
        assert.ok(end, `${to.what} from ${x},${z}`);
        assert.ok(Math.hypot(end.x - to.x, end.z - to.z) < 1e-9, `${to.what} from ${x},${z}`);
      }
    }
  });

  test(`in ${id} nobody walks through furniture or out of the room`, () => {
    const scene = sceneOf(id);
    const { walker: w, moved } = walker(scene);
    for (const to of targets(scene)) {
      assert.ok(w.goTo(to.x, to.z), to.what);
      if (Math.hypot(w.at.x - to.x, w.at.z - to.z) > 0.05) walkOut(w);
      assert.ok(Math.hypot(w.at.x - to.x, w.at.z - to.z) < 0.05, to.what);
    }
    for (const [x, z] of moved) assert.ok(standable(scene, x, z), `${x},${z}`);
  });

  test(`in ${id} one gets up from every seat and walks to the door side`, () => {
    const scene = sceneOf(id);
    const [x, z] = scene.spawn[0]!;
    for (const seat of scene.seats) {
      const { walker: w } = walker(scene);
      w.place(seat.x, seat.z, seat.yaw);
      assert.ok(w.goTo(x, z), seat.name);
      walkOut(w);
      assert.ok(Math.hypot(w.at.x - x, w.at.z - z) < 0.05, seat.name);
    }
  });

  test(`in ${id} keys in any direction never lead into furniture`, () => {
    const scene = sceneOf(id);
    const { walker: w, moved } = walker(scene);
    let seed = 42;
    const chance = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
    for (let n = 0; n < 3000; n++) {
      if (n % 25 === 0) {
        const a = chance() * 2 * Math.PI;
        w.steer(Math.sin(a), Math.cos(a), chance() > 0.5);
      }
      w.tick(1 / 30);
    }
    assert.ok(new Set(moved.map(([x, z]) => `${Math.round(x)},${Math.round(z)}`)).size > 15);
    for (const [x, z] of moved) assert.ok(standable(scene, x, z), `${x},${z}`);
  });
}

test("a way in the open is a straight line", () => {
  const path = new Grid(bare([])).path({ x: -4, z: -3 }, { x: 3.3, z: 4.1 });
  assert.deepEqual(path, [{ x: 3.3, z: 4.1 }]);
});

test("a way around a table keeps a body's distance and has few corners", () => {
  const scene = bare([[-1, -1, 1, 1]]);
  const path = new Grid(scene).path({ x: 0, z: -3 }, { x: 0.1, z: 3 });
  assert.ok(path.length >= 2 && path.length <= 4, JSON.stringify(path));
  for (const p of path) assert.ok(clearance(scene, p.x, p.z) >= BODY_RADIUS_M - 1e-6);
  const { walker: w, moved } = walker({ ...scene, spawn: [[0, -3, 0]] });
  w.goTo(0.1, 3);
  const seconds = walkOut(w);
  for (const [x, z] of moved) assert.ok(clearance(scene, x, z) >= BODY_RADIUS_M - 0.01);
  assert.ok(seconds < 7.5 / WALK_M_S, `${seconds} s is no natural way`);
});

test("a click into furniture leads beside it, a click outside to the edge", () => {
  const scene = bare([[-1, -1, 1, 1]]);
  const grid = new Grid(scene);
  const beside = grid.path({ x: 0, z: -3 }, { x: 0, z: -0.8 }).at(-1)!;
  assert.ok(standable(scene, beside.x, beside.z) && Math.abs(beside.z + 1) < 0.5);
  const edge = grid.path({ x: 0, z: -3 }, { x: 99, z: -3 }).at(-1)!;
  assert.deepEqual(edge, { x: 5, z: -3 });
});

test("what is walled in is answered with the nearest reachable point", () => {
  const scene = bare([
    [-2, -2, 2, -1.5],
    [-2, 1.5, 2, 2],
    [-2, -2, -1.5, 2],
    [1.5, -2, 2, 2],
  ]);
  const end = new Grid(scene).path({ x: 0, z: -4 }, { x: 0, z: 0 }).at(-1)!;
  assert.ok(standable(scene, end.x, end.z));
  assert.ok(Math.hypot(end.x, end.z) >= 2);
});

test("a scene larger than the limit is refused", () => {
  assert.throws(() => new Grid({ walk: [-100, -100, 100, 100], blocked: [] }), RangeError);
});

test("walking keeps 1.5 m/s and running 3 m/s, told by the flags", () => {
  const ways = [
    [false, WALK_M_S, WALKING],
    [true, RUN_M_S, RUNNING],
  ] as const;
  for (const [run, speed, flag] of ways) {
    const { walker: w, moved } = walker({ ...bare([]), spawn: [[-4, 0, 0]] });
    w.goTo(4, 0, run);
    const seconds = walkOut(w);
    assert.ok(Math.abs(8 / seconds - speed) < 0.05, `${8 / seconds} m/s`);
    assert.ok(moved.slice(0, -1).every((r) => r[3] === flag));
    assert.equal(moved.at(-1)![3], 0);
  }
});

test("at most ten moves a second are sent, and the last one says where I rest", () => {
  const { walker: w, sent } = walker({ ...bare([]), spawn: [[-4, 0, 0]] });
  w.goTo(2, 1);
  const seconds = walkOut(w);
  for (let n = 0; n < 30; n++) w.tick(1 / 60);
  assert.ok(sent.length <= seconds * 10 + 2, `${sent.length} in ${seconds} s`);
  assert.ok(sent.length >= seconds * 8);
  const [x, z, , flags] = sent.at(-1)!;
  assert.deepEqual([x, z, flags], [2, 1, 0]);
  const quiet = sent.length;
  for (let n = 0; n < 60; n++) w.tick(1 / 60);
  assert.equal(sent.length, quiet, "who stands still sends nothing");
});

test("arriving is told once, after the server knows the place", () => {
  const { walker: w, sent } = walker({ ...bare([]), spawn: [[0, 0, 0]] });
  const told: Report[] = [];
  w.goTo(1, 1, false, () => told.push(sent.at(-1)!));
  walkOut(w);
  for (let n = 0; n < 30; n++) w.tick(1 / 60);
  assert.equal(told.length, 1);
  assert.deepEqual(told[0]!.slice(0, 2), [1, 1]);
});

test("another wish in between drops the first one's arrival", () => {
  const { walker: w } = walker({ ...bare([]), spawn: [[0, 0, 0]] });
  let told = 0;
  w.goTo(1, 1, false, () => told++);
  w.tick(0.1);
  w.goTo(-1, -1);
  walkOut(w);
  assert.equal(told, 0);
});

test("a slow timer walks as far as a fast one", () => {
  const { walker: w } = walker({ ...bare([]), spawn: [[-4, 0, 0]] });
  w.goTo(4, 0);
  for (let n = 0; n < 4; n++) w.tick(0.5);
  assert.ok(Math.abs(w.at.x - -1) < 1e-6);
});

test("a tab that slept does not leap", () => {
  const { walker: w } = walker({ ...bare([]), spawn: [[-4, 0, 0]] });
  w.goTo(4, 0);
  w.tick(3600);
  assert.ok(w.at.x <= -4 + WALK_M_S + 1e-6);
});

test("keys slide along a wall instead of sticking to it", () => {
  const scene = { ...bare([[-5, 1, 5, 2]]), spawn: [[-3, 0, 0]] as SceneData["spawn"] };
  const { walker: w } = walker(scene);
  w.steer(0.7, 0.7, false);
  for (let n = 0; n < 60; n++) w.tick(1 / 30);
  assert.ok(w.at.x > -2, `${w.at.x}`);
  assert.ok(Math.abs(w.at.z - (1 - BODY_RADIUS_M)) < 0.06, `${w.at.z}`);
});

test("half a joystick is half the speed", () => {
  const { walker: w } = walker({ ...bare([]), spawn: [[0, 0, 0]] });
  w.steer(0.5, 0, false);
  for (let n = 0; n < 60; n++) w.tick(1 / 60);
  assert.ok(Math.abs(w.at.x - WALK_M_S / 2) < 0.02);
});

test("letting go of the keys ends the walk and tells so", () => {
  const { walker: w, sent } = walker({ ...bare([]), spawn: [[0, 0, 0]] });
  w.steer(0, 1, true);
  w.tick(0.1);
  w.steer(0, 0, false);
  w.tick(0.1);
  assert.equal(sent.at(-1)![3], 0);
});

test("keys follow the camera: forward is away from it, right is to its right", () => {
  const near = ([x, z]: [number, number], ex: number, ez: number): void => {
    assert.ok(Math.hypot(x - ex, z - ez) < 1e-9, `${x},${z}`);
  };
  near(towards(Math.PI, 0, 1), 0, -1);
  near(towards(Math.PI, 1, 0), 1, 0);
  near(towards(0, 1, 0), -1, 0);
  near(towards(Math.PI / 2, 0, 1), 1, 0);
});

test("turning takes the shorter way round", () => {
  assert.ok(turned(3, -3, 0.1) > 3);
  assert.equal(turned(0.05, 0, 0.1), 0);
});
