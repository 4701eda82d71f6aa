// Bodies from looks: what is asked for, what is kept, what comes where there is no look.
import assert from "node:assert/strict";
import test from "node:test";
import { type SkinnedMesh, Texture, Vector3 } from "three";
import type { Port } from "../../src/looks/looks.ts";
import { assemble } from "../../src/looks/assemble.ts";
import type { Answer, Opening, Request } from "../../src/looks/worker.ts";
import { Bodies } from "../../src/world/bodies.ts";
import { Face } from "../../src/world/face.ts";
import type { Body } from "../../src/world/models.ts";
import { isReady, type Ready, readyRecipe } from "../../src/looks/ready.ts";
import { base, catalogue, library, prepared, preset } from "../looks/open.ts";

type Told = Port & { onerror?: unknown };

/** A worker that answers at once, unless it is told what is wrong. */
function stand(recipes: Record<string, unknown> = {}) {
  const seen = {
    workers: 0,
    ended: 0,
    asked: [] as string[],
    made: [] as Request[],
    wrong: null as "recipe" | "covered" | "parts" | null,
    last: null as Told | null,
    silent: false,
  };
  const open = (): Told => {
    seen.workers++;
    const say = (data: Answer) => port.onmessage?.({ data } as MessageEvent<Answer>);
    const answer = (message: Opening | Request) => {
      if (message.kind === "open")
        return say({ kind: "open", joints: base.joints, parents: base.parents });
      const { id, level, recipe: given } = message;
      seen.made.push(message);
      if (seen.wrong) return say({ kind: "none", id, why: seen.wrong });
      const recipe = isReady(given) ? readyRecipe(given, catalogue) : (given as typeof siti);
      const look = assemble(prepared, library, recipe, { level });
      say({ kind: "look", id, look, marks: recipe.marks ?? {} });
    };
    const port: Told = {
      onmessage: null,
      postMessage: (message) => {
        if (!seen.silent) queueMicrotask(() => answer(message));
      },
      terminate: () => void seen.ended++,
    };
    return (seen.last = port);
  };
  const bodies = new Bodies({ open, catalogue: () => "/c.json", patterns: () => new Texture() });
  bodies.ask = (id) => {
    seen.asked.push(id);
    return Promise.resolve(recipes[id] ?? null);
  };
  return { bodies, seen };
}
const siti = preset("siti");

function meshes(body: Body): SkinnedMesh[] {
  const out: SkinnedMesh[] = [];
  body.root.traverse((each) => (each as SkinnedMesh).isSkinnedMesh && out.push(each as never));
  return out;
}

test("a look that two wear is asked for once, assembled once a detail, and forgotten when both left", async () => {
  const { bodies, seen } = stand({ a: siti });
  const who = { look: "a", avatar: "mia" };
  const [one, two] = await Promise.all([bodies.body(who, 1), bodies.body(who, 1)]);
  assert.deepEqual(seen.asked, ["a"]);
  assert.equal(seen.made.length, 1);
  assert.notEqual(one!.bones.get("hips"), two!.bones.get("hips"), "each moves by itself");
  const fine = await bodies.body(who, 0);
  assert.equal(seen.made.length, 2);
  assert.deepEqual(seen.asked, ["a"]);
  assert.equal(bodies.held, 2);
  for (const body of [one!, two!, fine]) {
    body.release();
    body.release();
  }
  assert.equal(bodies.held, 0);
  assert.equal(seen.workers, 1);
});

test("the faces of the two nearest details blink with both eyes and have the expressions that people make", async () => {
  const { bodies } = stand({ a: siti });
  const who = { look: "a", avatar: "mia" };
  for (const detail of [0, 1] as const) {
    const [face] = (await bodies.body(who, detail)).faces;
    assert.ok(face);
    const blink = face.expressions["blink"]!.morphTargetBinds!.map(({ index }) => index).sort();
    assert.deepEqual(blink, [face.names["blink_left"], face.names["blink_right"]].sort());
    for (const name of ["happy", "aa"]) assert.ok(name in face.names, name);
  }
  assert.deepEqual((await bodies.body(who, 2)).faces, []);
});

test("two who look the same at the second detail speak and blink each by themselves, in one draw call", async () => {
  const { bodies } = stand({ a: siti });
  const who = { look: "a", avatar: "mia" };
  const [one, two] = await Promise.all([bodies.body(who, 1), bodies.body(who, 1)]);
  assert.equal(meshes(one).length, 1);
  const face = new Face(false, () => 0.5);
  face.mood = "sad";
  face.speak("aaaaaa");
  for (let n = 0; n < 20; n++) face.step(1 / 60, one.faces, null);
  one.bend!();
  /** What the shader has of the expressions: the last matrix beside the bones. */
  const shown = (body: typeof one) => {
    const { skeleton } = meshes(body)[0]!;
    skeleton.update();
    return skeleton.boneMatrices!.slice(-16);
  };
  const { names } = one.faces[0]!;
  assert.ok(shown(one)[names["aa"]!]! > 0.5 && shown(one)[names["sad"]!]! > 0.1);
  assert.ok(shown(two).every((x) => x === 0));
});

test("who only goes somewhere has the bones of before, and bones are no part of what is drawn", async () => {
  const { bodies } = stand({ a: siti });
  const body = await bodies.body({ look: "a", avatar: "mia" }, 1);
  const [mesh] = meshes(body);
  const bones = () => {
    mesh!.skeleton.update();
    return [...mesh!.skeleton.boneMatrices!];
  };
  const seen = () => mesh!.localToWorld(mesh!.getVertexPosition(0, new Vector3()));
  const [before, at] = [bones(), seen()];
  body.root.position.x = 3;
  body.root.updateMatrixWorld(true);
  body.bones.get("head")!.rotateZ(0.5);
  assert.deepEqual(bones(), before);
  assert.ok(Math.abs(seen().x - at.x - 3) < 1e-4, "all of it goes along");
  body.bend!();
  assert.notDeepEqual(bones(), before);
  assert.ok(seen().distanceTo(at.setX(at.x + 3)) > 0.02, "the head leans");
  let parts = 0;
  body.root.traverse(() => parts++);
  assert.equal(parts, 2);
});

test("who has no look, or one that is gone, is drawn as their ready avatar", async () => {
  const { bodies, seen } = stand();
  await bodies.body({ avatar: "budi" }, 1);
  await bodies.body({ look: "gone", avatar: "nia" }, 1);
  assert.deepEqual(seen.asked, ["gone"]);
  assert.deepEqual(
    seen.made.map(({ recipe }) => (recipe as Ready).ready),
    ["budi", "nia"],
  );
});

test("a look that must not be drawn is a silhouette, and a person nevertheless", async () => {
  const { bodies, seen } = stand({ a: siti });
  for (const why of ["covered", "recipe"] as const) {
    seen.wrong = why;
    const body = await bodies.body({ look: "a", avatar: "mia" }, 1);
    assert.equal(body.bones.size, 0);
    assert.ok(body.height_m! > 1);
    assert.equal(bodies.held, 0, "what was refused is not kept");
  }
});

test("what did not come is asked for again by whoever asks next", async () => {
  const { bodies, seen } = stand({ a: siti });
  const who = { look: "a", avatar: "mia" };
  seen.wrong = "parts";
  await assert.rejects(bodies.body(who, 1));
  seen.wrong = null;
  assert.ok((await bodies.body(who, 1)).bones.size > 0);
  const { ask } = bodies;
  bodies.ask = () => Promise.reject(new TypeError("offline"));
  await assert.rejects(bodies.body({ look: "b", avatar: "mia" }, 1));
  bodies.ask = ask;
  assert.ok(await bodies.body({ look: "b", avatar: "mia" }, 1));
});

test("a worker that cannot be loaded is tried again, and nobody waits for it for ever", async () => {
  const { bodies, seen } = stand();
  seen.silent = true;
  const waits = bodies.body({ avatar: "mia" }, 1);
  await Promise.resolve();
  (seen.last!.onerror as () => void)();
  await assert.rejects(waits);
  seen.silent = false;
  assert.ok(await bodies.body({ avatar: "mia" }, 1));
  assert.equal(seen.workers, 2);
});

test("who sits in a wheelchair has their hips at its height", async () => {
  const rolls = structuredClone(siti);
  rolls.wear.push({ id: "wheelchair" });
  const { bodies } = stand({ a: rolls });
  const body = await bodies.body({ look: "a", avatar: "mia" }, 1);
  assert.ok(body.chair_m! > 0.4 && body.chair_m! < 0.65, `${body.chair_m} m`);
});

test("leaving ends the worker and gives everything back; what is on its way comes to nothing", async () => {
  const { bodies, seen } = stand({ a: siti });
  const body = await bodies.body({ look: "a", avatar: "mia" }, 1);
  const late = bodies.body({ avatar: "mia" }, 2);
  bodies.close();
  await assert.rejects(late);
  body.release();
  assert.equal(bodies.held, 0);
  assert.equal(seen.ended, 1);
  await assert.rejects(bodies.body({ avatar: "mia" }, 1));
  assert.equal(seen.workers, 1);
});
