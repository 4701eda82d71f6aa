import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { SceneData } from "../../src/world/scene.ts";
import { sceneText, stand, type Stand } from "./stand.ts";

const WIDTH = 320;
const HEIGHT = 180;
const ROUNDS = 9;
const WARM_ROUNDS = 3;
const CROWD = 25;
const CALLS_MAX = 30;
const TRIANGLES_MAX = 150_000;
/** Of them six are drawn well, the others from pictures. */
const FAR_CALLS_MAX = 15;
const FAR_TRIANGLES_MAX = 90_000;
/** So many pictures are taken in one. */
const A_FRAME = 2;
/** Points of a small picture where seams fall otherwise. */
const OTHER_MAX = 10;
/** What programs that were learnt are kept by. */
const KEPT_MAX = 8;
/** So many pictures in 3D at once does the browser bear here before it complains; else 16. */
const PICTURES_MAX = 4;
const HEAP_GROWTH_MAX = 3 << 19;
const scene = JSON.parse(sceneText("lounge")) as SceneData;

let it: Stand;
before(async () => {
  it = await stand(WIDTH, HEIGHT, [`--max-active-webgl-contexts=${PICTURES_MAX}`]);
});
after(() => it.close());

/** Runs in the page with `kit`, `host`, `scene` and what earlier scripts left in `window.now`. */
function run<T>(script: string): Promise<T> {
  return it.page.evaluate(`(async () => {
    const { kit } = window;
    const host = document.getElementById("host");
    const scene = ${JSON.stringify(scene)};
    const now = (window.now ??= {});
    ${script}
  })()`) as Promise<T>;
}

const OPEN = `
  now.told = [];
  const tell = (what) => (...rest) => now.told.push([what, ...rest]);
  const names = ["walkTo", "sit", "person", "ready", "lost"];
  const ev = Object.fromEntries(names.map((n) => [n, tell(n)]));
  ev.lost = () => now.lost();
  now.open = (quality = "low", reducedMotion = false) => kit.createWorld(host, scene, ev, {
    quality, reducedMotion, t: (key) => key, progress: (part) => (now.part = part),
    look: (id) => Promise.resolve(now.recipes?.[id] ?? null) });
  now.person = (slot, avatar, x, z, more) => ({
    slot, id: "p" + slot, name: "Person " + slot, avatar, colours: [],
    x, z, yaw: 0, seat: 0, away: false, role: "member", ...more });
  now.three = (world) => {
    world.put(now.person(1, "mia", 0, 2), true);
    world.put(now.person(2, "budi", -1.5, 2, { colours: [1, 2, 3] }), false);
    world.put(now.person(3, "amara", 0, 0, { seat: 1 }), false);
  };`;

test("a world with three people is drawn without a word on the console", async () => {
  const seen = await run<{ triangles: number; labels: number; told: unknown[][]; part: number }>(`
    ${OPEN}
    now.world = await now.open();
    now.three(now.world);
    await now.world.frame(3);
    return { triangles: now.world.stats().triangles, told: now.told, part: now.part,
      labels: host.querySelectorAll(".world-label:not([hidden])").length };`);
  assert.ok(seen.triangles > 10_000, `${seen.triangles} triangles`);
  assert.equal(seen.labels, 3);
  assert.deepEqual(seen.told, [["ready"]]);
  assert.equal(seen.part, 1);
  assert.deepEqual(it.wrong, []);
});

test("words float above who said them and are hidden from screen readers", async () => {
  const seen = await run<{ text: string; hidden: string; dots: number; after: string }>(`
    now.world.typing(2, true);
    await now.world.frame(1);
    const dots = host.querySelectorAll(".world-dots").length;
    now.world.say(2, "<b>Hai");
    await now.world.frame(1);
    const text = host.querySelector(".world-bubble span").textContent;
    await now.world.frame(140);
    const left = [...host.querySelectorAll(".world-bubble")];
    return { text, dots, after: left.map((b) => b.textContent).join(""),
      hidden: host.querySelector(".world-labels").getAttribute("aria-hidden") };`);
  assert.deepEqual(seen, { text: "<b>Hai", dots: 1, hidden: "true", after: "" });
});

test("everything the room tells is taken without an error", async () => {
  await run(`
    const { world } = now;
    const emotes = ["wave", "dance", "cheer", "laugh", "clap", "bow", "shrug", "think", "unknown"];
    for (const name of emotes) {
      world.emote(2, name);
      world.emote(3, name);
      await world.frame(1);
    }
    world.move(2, -1, 2, 1, 1);
    world.seat(2, 2, 0, 0, 0);
    await world.frame(2);
    world.seat(2, 0, -1, 2, 0);
    world.look(2, "nia", [0, 1, 2]);
    world.look(3, "nobody-wears-this", []);
    world.away(3, true);
    world.labels(false);
    world.labels(true);
    await world.frame(2);
    for (const quality of ["medium", "high", "low"]) {
      world.quality(quality);
      await world.frame(1);
    }
    world.drop(3);
    const before = world.stats().geometries;
    const { presets } = await (await fetch("/assets/looks/catalogue.json")).json();
    now.recipes = {};
    for (let n = 0; n < 10; n++) {
      now.recipes["look" + n] = { ...presets[n].recipe, skin: n };
      world.look(2, "mia", [], "look" + n);
      await world.frame(1);
    }
    now.grown = world.stats().geometries - before;
    now.recipes.bare = { v: 1, wear: [] };
    world.look(2, "mia", [], "bare");
    await world.frame(1);
    world.look(2, "mia", [], "gone");
    await world.frame(1);
    for (const slot of [3, 99]) {
      world.move(slot, 0, 0, 0, 0); world.seat(slot, 1, 0, 0, 0); world.emote(slot, "wave");
      world.say(slot, "x"); world.typing(slot, true); world.away(slot, true);
      world.look(slot, "mia", []); world.drop(slot);
    }
    await world.frame(1);
    world.close();`);
  assert.deepEqual(it.wrong, []);
  assert.ok((await run<number>("return now.grown;")) <= 3, "ten looks later the first are freed");
});

/** Where a point of the empty room is on the screen. */
function onScreen(x: number, y: number, z: number): Promise<[number, number]> {
  return run(`
    const orbit = new kit.Orbit(scene, false);
    orbit.resize(${WIDTH}, ${HEIGHT});
    orbit.step(0);
    const p = new kit.Vector3(${x}, ${y}, ${z}).project(orbit.camera);
    return [(p.x + 1) / 2 * ${WIDTH}, (1 - p.y) / 2 * ${HEIGHT}];`);
}

const told = (): Promise<unknown[][]> => run("return now.told.splice(0);");

test("a click on the floor walks, two run; on a seat sits; on a person looks", async () => {
  await run(`${OPEN}
    now.world = await now.open("low", true);
    now.world.put(now.person(2, "budi", -2.4, 2.4), false);
    await now.world.frame(2);
    now.told.length = 0;`);
  const place = scene.places.find((one) => one.name === "open_floor")!;
  const [x, y] = await onScreen(place.x, 0, place.z);
  await it.page.mouse.dblclick(x, y);
  const walks = await told();
  assert.deepEqual(
    walks.map((one) => [one[0], one[3]]),
    [
      ["walkTo", false],
      ["walkTo", true],
    ],
  );
  const [, wx, wz] = walks[0] as [string, number, number];
  assert.ok(Math.hypot(wx - place.x, wz - place.z) < 0.15, `${wx},${wz}`);

  const seat = scene.seats.find((one) => one.name === "sofa_middle")!;
  const [sx, sy] = await onScreen(seat.x, seat.y + 0.1, seat.z);
  await it.page.mouse.move(sx, sy);
  assert.equal(await run("return host.querySelector('canvas').style.cursor;"), "pointer");
  await it.page.mouse.click(sx, sy);
  assert.deepEqual(await told(), [["sit", seat.n]]);

  const [px, py] = await onScreen(-2.4, 1, 2.4);
  await it.page.mouse.click(px, py);
  assert.deepEqual(await told(), [["person", 2]]);
});

test("a drag turns the camera and walks nowhere; the wheel goes nearer", async () => {
  const heading = (): Promise<number> =>
    run(`
    await now.world.frame(1);
    return now.world.heading();`);
  const before = await heading();
  await it.page.mouse.move(200, 150);
  await it.page.mouse.down();
  await it.page.mouse.move(260, 150, { steps: 4 });
  await it.page.mouse.up();
  const turned = await heading();
  assert.ok(Math.abs(turned - before) > 0.2, `${before} to ${turned}`);
  assert.deepEqual(await told(), []);
  await it.page.mouse.wheel(0, 300);
  await run("await now.world.frame(1);");
  assert.deepEqual(it.wrong, []);
});

test("two fingers zoom and turn, and are no tap", async () => {
  const distance = (): Promise<number> =>
    run(`
    await now.world.frame(1);
    return now.world.orbit.camera.position.length();`);
  const cdp = await it.page.context().newCDPSession(it.page);
  const touch = (type: string, ...points: [number, number][]): Promise<unknown> =>
    cdp.send(
      "Input.dispatchTouchEvent" as never,
      {
        type,
        touchPoints: points.map(([x, y], id) => ({ x, y, id })),
      } as never,
    );
  const before = await distance();
  await touch("touchStart", [120, 90]);
  await touch("touchStart", [120, 90], [180, 90]);
  for (let n = 1; n <= 5; n++) await touch("touchMove", [120 - n * 10, 90], [180 + n * 10, 90]);
  await touch("touchEnd");
  const after = await distance();
  assert.ok(after < before * 0.75, `${before} to ${after} m`);
  assert.deepEqual(await told(), []);
  await touch("touchStart", [160, 120]);
  await touch("touchEnd");
  assert.equal((await told()).length, 1, "one finger taps");
  await run("now.world.close();");
  assert.deepEqual(it.wrong, []);
});

/** A room full of different people on the low level; `now.settled` waits until nothing changes any more. */
const FULL = `
  ${OPEN}
  const { presets } = await (await fetch("/assets/looks/catalogue.json")).json();
  now.recipes = Object.fromEntries(presets.map(({ recipe }, n) => ["look" + n, recipe]));
  now.fill = (world, many) => {
    for (let n = 0; n < many; n++) {
      const [x, z] = [(n % 5) * 1.1 - 2.2, Math.floor(n / 5) * 0.9 - 1.5];
      const seat = n % 5 === 4 ? n : 0;
      world.put(now.person(n + 1, "mia", x, z, { look: "look" + n, yaw: n, seat }), n === 0);
    }
  };
  now.until = async (world, is) => {
    for (let n = 0; n < 200 && !is(); n++) await world.frame(1);
    if (!is()) throw new Error("never came");
  };
  /** As the room is drawn now; other() says how many points are another colour later. */
  now.shots = (world, draw = () => world.parts.stage.render(world.orbit)) => {
    const points = () => {
      draw();
      const sheet = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      const { width, height } = Object.assign(sheet.canvas, { width: ${WIDTH}, height: ${HEIGHT} });
      sheet.drawImage(world.parts.stage.renderer.domElement, 0, 0, width, height);
      return sheet.getImageData(0, 0, width, height).data;
    };
    const by = points();
    return { other: () => {
      const now = points();
      let other = 0;
      for (let i = 0; i < by.length; i += 4)
        if ([0, 1, 2].some((c) => Math.abs(by[i + c] - now[i + c]) > 6)) other++;
      return other;
    } };
  };
  /** How many points are another colour where nobody is drawn from a picture. */
  now.other = async (world) => {
    const { impostors } = world.parts.crowd;
    const { other } = now.shots(world, () => world.draw(0));
    impostors.able = false;
    const differ = other();
    if (world.stats().pictured > 0) throw new Error("still from pictures");
    impostors.able = true;
    return differ;
  };`;

test(`a room of ${CROWD} different looks is few draw calls and triangles on the low level`, async () => {
  type Drawn = { calls: number; triangles: number };
  const seen = await run<{ room: Drawn; bare: Drawn; far: Drawn; pictured: number }>(`${FULL}
    const world = await now.open("low", true);
    await world.frame(1);
    const room = world.stats();
    const { impostors } = world.parts.crowd;
    impostors.able = false;
    now.fill(world, ${CROWD});
    await world.frame(2);
    const bare = world.stats();
    impostors.able = true;
    await now.until(world, () => world.stats().pictured === ${CROWD} - 6);
    await world.frame(1);
    const far = world.stats();
    world.close();
    return { room, bare, far, pictured: far.pictured };`);
  for (const [drawn, calls, triangles] of [
    [seen.bare, CALLS_MAX, TRIANGLES_MAX],
    [seen.far, FAR_CALLS_MAX, FAR_TRIANGLES_MAX],
  ] as const) {
    assert.ok(drawn.calls - seen.room.calls <= calls, `${drawn.calls} calls`);
    assert.ok(drawn.triangles - seen.room.triangles <= triangles, `${drawn.triangles} triangles`);
  }
  assert.deepEqual(it.wrong, []);
});

test("who is small is drawn from a picture of their own, and nothing is seen of it", async () => {
  const seen = await run<Record<string, number>>(`${FULL}
    const world = await now.open("low", true);
    const { crowd, stage } = world.parts;
    const { impostors } = crowd;
    stage.fit("low", ${WIDTH}, ${HEIGHT}, 4);
    now.fill(world, 12);
    await now.until(world, () => world.stats().pictured >= 5);
    const { pictured } = world.stats();
    const other = await now.other(world);
    await now.until(world, () => world.stats().pictured >= 5);
    const [slot, member] = [...crowd.members].find(([, one]) => impostors.stands(one.figure));
    const before = impostors.shots.get(member.figure).body;
    world.look(slot, "mia", [], "look20");
    await now.until(world, () => impostors.shots.get(member.figure)?.body !== before);
    const changed = impostors.shots.get(member.figure)?.body === member.figure.body ? 1 : 0;
    world.emote(slot, "wave");
    await world.frame(2);
    const waves = impostors.stands(member.figure) ? 1 : 0;
    world.quality("medium");
    await world.frame(1);
    const fine = world.stats().pictured;
    world.close();
    return { pictured, other, changed, waves, fine };`);
  assert.ok(seen["pictured"]! >= 5, `${seen["pictured"]}`);
  assert.ok(seen["other"]! <= OTHER_MAX, `${seen["other"]} points differ`);
  const { changed, waves, fine } = seen;
  assert.deepEqual({ changed, waves, fine }, { changed: 1, waves: 0, fine: 0 });
  assert.deepEqual(it.wrong, []);
});

test("a mood and a word are seen in the face of who is drawn at the second level", async () => {
  const seen = await run<Record<string, number>>(`${FULL}
    const world = await now.open("low", true);
    const { crowd, stage } = world.parts;
    stage.fit("low", ${WIDTH}, ${HEIGHT}, 4);
    world.put(now.person(1, "mia", 0, 2, { yaw: world.heading() + Math.PI, look: "look0" }), true);
    world.zoom(0.1);
    await world.frame(2);
    const member = crowd.members.get(1);
    const [face] = member.figure.body.faces;
    const { other } = now.shots(world, () => {
      member.figure.body.bend();
      stage.render(world.orbit);
    });
    world.mood(1, "surprised");
    await world.frame(1);
    const mood = other();
    face.influences.fill(0);
    face.influences[face.names.aa] = 1;
    const mouth = other();
    face.influences.fill(0);
    const back = other();
    world.close();
    return { worn: member.worn, mood, mouth, back };`);
  assert.deepEqual([seen["worn"], seen["back"]], [1, 0]);
  assert.ok(seen["mood"]! > 20 && seen["mouth"]! > 20, JSON.stringify(seen));
  assert.deepEqual(it.wrong, []);
});

test("whoever leaves leaves nothing on the graphics, and with the room the worker goes", async () => {
  const held = await run<Record<string, unknown>>(`${FULL}
    const world = await now.open("low", true);
    const what = () => {
      const { geometries, textures } = world.stats();
      return { geometries, textures };
    };
    now.fill(world, 1);
    await world.frame(2);
    const alone = what();
    now.fill(world, 9);
    await now.until(world, () => world.stats().pictured > 0);
    const { info } = world.parts.stage.renderer;
    for (let slot = 2; slot <= 9; slot++) world.drop(slot);
    world.parts.crowd.impostors.free();
    await world.frame(2);
    const after = what();
    world.close();
    return { alone, after, closed: info.memory.geometries, kept: info.memory.textures };`);
  assert.deepEqual(held["after"], held["alone"]);
  assert.ok((held["closed"] as number) <= KEPT_MAX, `${held["closed"]} geometries`);
  assert.ok((held["kept"] as number) <= KEPT_MAX, `${held["kept"]} textures`);
  // The browser says a little later that one has ended.
  await Promise.all(it.page.workers().map((worker) => worker.waitForEvent("close")));
  assert.deepEqual(it.wrong, []);
});

test("a lost context comes back and draws again, people with it; one lost for good says so", async () => {
  const seen = await run<{ lost: number; back: number; other: number }>(`${FULL}
    now.world = await now.open("low", true);
    now.fill(now.world, 12);
    await now.until(now.world, () => now.world.stats().pictured >= 5);
    const { triangles } = now.world.stats();
    const canvas = host.querySelector("canvas");
    now.gl = canvas.getContext("webgl2").getExtension("WEBGL_lose_context");
    const seen = (kind) => new Promise((done) => {
      canvas.addEventListener(kind, done, { once: true });
    });
    const gone = seen("webglcontextlost");
    now.gl.loseContext();
    await gone;
    // Who comes meanwhile is there, too.
    now.world.put(now.person(13, "mia", 2, 3, { look: "look13" }), false);
    const back = seen("webglcontextrestored");
    setTimeout(() => now.gl.restoreContext());
    await back;
    const lost = now.world.stats().pictured;
    await now.until(now.world, () => now.world.stats().pictured >= 5);
    const back_to = now.world.stats().triangles / triangles;
    return { lost, back: back_to, other: await now.other(now.world) };`);
  assert.ok(seen.lost <= A_FRAME, "pictures of before are gone");
  assert.ok(seen.other <= OTHER_MAX, `${seen.other} points differ`);
  assert.ok(seen.back > 0.9, `${seen.back} of what was drawn`);
  await run(`
    const gone = new Promise((done) => (now.lost = done));
    now.gl.loseContext();
    await gone;
    now.world.close();`);
  assert.deepEqual(it.wrong, []);
});

test(`${ROUNDS} times in and out leave nothing behind`, async () => {
  const cdp = await it.page.context().newCDPSession(it.page);
  const held = async (): Promise<{ heap: number; nodes: number; listeners: number }> => {
    await cdp.send("HeapProfiler.collectGarbage");
    const { usedSize } = await cdp.send("Runtime.getHeapUsage");
    const { nodes, jsEventListeners } = await cdp.send("Memory.getDOMCounters");
    return { heap: usedSize, nodes, listeners: jsEventListeners };
  };
  let early = await held();
  for (let round = 1; round <= ROUNDS; round++) {
    await run(`${OPEN}
      const world = await now.open();
      now.three(world);
      await world.frame(1);
      world.close();`);
    if (round === WARM_ROUNDS) early = await held();
  }
  const late = await held();
  assert.equal(await run("return host.childElementCount;"), 0);
  const styles = await run<number>("return document.adoptedStyleSheets.length;");
  assert.equal(styles, 1);
  assert.ok(late.heap - early.heap < HEAP_GROWTH_MAX, `heap grew by ${late.heap - early.heap}`);
  assert.ok(late.nodes - early.nodes < ROUNDS - WARM_ROUNDS, `${late.nodes - early.nodes} nodes`);
  const listeners = late.listeners - early.listeners;
  assert.ok(listeners < ROUNDS - WARM_ROUNDS, `${listeners} listeners`);
  assert.deepEqual(it.wrong, []);
});

test("a room that was furnished ahead is entered without fetching anything again", async () => {
  const seen = await run<{ fetched: number; triangles: number }>(`${OPEN}
    await kit.prepare(scene, "low", () => "mia");
    const fetched = () => performance.getEntriesByType("resource").length;
    const before = fetched();
    const world = await now.open();
    world.put(now.person(1, "mia", 0, 2), true);
    await world.frame(1);
    const { triangles } = world.stats();
    world.close();
    return { fetched: fetched() - before, triangles };`);
  assert.equal(seen.fetched, 0);
  assert.ok(seen.triangles > 10_000, `${seen.triangles} triangles`);
  assert.deepEqual(it.wrong, []);
});

test("rooms furnished ahead that nobody enters are given back", async () => {
  const said: string[] = [];
  const hear = (message: { text(): string }): void => void said.push(message.text());
  it.page.on("console", hear);
  await run(`${OPEN}
    for (let round = 0; round < ${PICTURES_MAX + 2}; round++) {
      const done = kit.prepare(scene, "low", () => "mia");
      if (round % 2) await done;
      kit.dismiss();
      await done.catch(() => {});
    }
    await kit.prepare(scene, "medium", () => "mia");
    const world = await now.open("low");
    await world.frame(1);
    world.close();`);
  it.page.off("console", hear);
  assert.deepEqual(said, [], "browsers complain of too many pictures at once");
});

test("a world that cannot be loaded says so and leaves nothing behind", async () => {
  const left = await run<[string, number]>(`
    const failure = await kit.createWorld(host, { ...scene, id: "nowhere" }, {},
      { quality: "low", reducedMotion: false, t: (key) => key }).catch(String);
    return [String(failure), host.childElementCount];`);
  assert.match(left[0], /nowhere/);
  assert.equal(left[1], 0);
});
