import assert from "node:assert/strict";
import test, { beforeEach } from "node:test";
import names from "bauta:assets";

/* A phone that draws, a line that never answers, and what is asked of it. */
const asked: string[] = [];
let connection: { saveData?: boolean; effectiveType?: string } = {};
let draws = true;
const lost = { n: 0 };
const context = {
  isContextLost: () => false,
  fenceSync: () => null,
  flush: () => undefined,
  getExtension: () => ({ loseContext: () => void lost.n++ }),
};
const canvas = () => ({ getContext: () => (draws ? context : null) });
const put = (name: string, value: unknown): void => {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
};
put("navigator", {
  languages: ["en"],
  hardwareConcurrency: 8,
  get connection() {
    return connection;
  },
});
put("document", {
  createElement: canvas,
  documentElement: {
    dataset: {},
    style: {},
    classList: { contains: () => false, toggle: () => undefined },
  },
  addEventListener: () => undefined,
});
put("requestIdleCallback", (run: () => void) => void setImmediate(run));
put("window", {
  requestIdleCallback,
  matchMedia: () => ({ matches: true, addEventListener: () => undefined }),
  addEventListener: () => undefined,
});
put("getComputedStyle", () => ({ fontSize: "16px" }));
put("innerHeight", 800);
put("innerWidth", 400);
put("matchMedia", () => ({ matches: true, addEventListener: () => undefined }));
put("location", { pathname: "/", search: "", hash: "", origin: "http://x", href: "http://x/" });
const SCENES = { items: [{ id: "attic" }, { id: "loft" }] };
put("fetch", (path: string) => {
  asked.push(path);
  if (path === "/api/scenes") return Promise.resolve(new Response(JSON.stringify(SCENES)));
  return new Promise(() => undefined);
});
/* What every look is made from, and by what. */
const BODY = ["looks.js", "looks/base.bin", "looks/catalogue.json"];
for (const name of [
  ...["cafe", "lounge", "garden", "attic", "loft"].flatMap((id) => [
    `scenes/${id}.json`,
    `scenes/${id}.glb`,
  ]),
  ...["first", "rest"].flatMap((part) => [`locale/${part}.en.json`, `animations/${part}.json`]),
  "scenes/labels.json",
  ...BODY,
])
  names[name] = name;

const { comeIn, HEAD_START_MS } = await import("../src/room/way_in.ts");
const { emptyStock, fromStock, stockUp } = await import("../src/lib/assets.ts");
const { lost: gone, wantsText } = await import("../src/room/mode.ts");
const { place } = await import("../src/lib/router.ts");
const { canDraw, takeCanvas } = await import("../src/world/canvas.ts");

/* The program's head start is over at once; all other spans are as long as they are. */
const { setTimeout: later } = globalThis;
put("setTimeout", (run: () => void, ms: number) =>
  ms === HEAD_START_MS ? setImmediate(run) : later(run, ms),
);

/* Nothing here waits for a clock or a line: so many turns are enough for all that follows. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
}
const models = () => asked.filter((path) => path.endsWith(".glb") || BODY.includes(path)).sort();

beforeEach(() => {
  emptyStock();
  asked.length = 0;
  connection = {};
  wantsText.value = false;
});

test("while somebody registers, the scene that the operator named comes behind the program, and what bodies are made from", async () => {
  const leave = comeIn("cafe", () => "leo");
  await settled();
  leave();
  assert.deepEqual(models(), [...BODY, "scenes/cafe.glb"]);
  assert.ok(asked.includes("animations/first.json"));
  assert.ok(!asked.includes("animations/rest.json"));
});

test("where no scene is named, none comes before the list of rooms is there", async () => {
  const leave = comeIn(null, () => "");
  await settled();
  leave();
  assert.deepEqual(models(), BODY);
  const plans = asked.filter((path) => /^scenes\/(?!labels)/.test(path));
  assert.deepEqual(plans, ["scenes/attic.json", "scenes/loft.json"], "of all that the server has");
});

for (const line of [{ saveData: true }, { effectiveType: "2g" }, { effectiveType: "slow-2g" }])
  test(`nothing comes early to ${JSON.stringify(line)}`, async () => {
    connection = line;
    const leave = comeIn("cafe", () => "leo");
    await settled();
    leave();
    assert.deepEqual(asked, []);
  });

test("who reads rooms as text is brought no models and no graphics", async () => {
  wantsText.value = true;
  const leave = comeIn("cafe", () => "leo");
  await settled();
  leave();
  assert.deepEqual(models(), []);
  assert.ok(!asked.some((path) => path.startsWith("animations/")));
});

test("nor is who can't draw", async () => {
  gone.value = true;
  const leave = comeIn("cafe", () => "leo");
  await settled();
  leave();
  gone.value = false;
  assert.deepEqual(models(), []);
});

test("who leaves at once is brought no models", async () => {
  comeIn("cafe", () => "leo")();
  await settled();
  assert.deepEqual(models(), []);
});

test("who registers is shown who they are before a room: the room's model comes behind what bodies are made from", async () => {
  const was = place.value;
  place.value = { ...was, path: "/register" };
  const leave = comeIn("cafe", () => "");
  await settled();
  leave();
  place.value = was;
  assert.deepEqual(models(), BODY);
});

test("from one page of the way to the next, what was begun goes on", async () => {
  const leave = comeIn("cafe", () => "leo");
  place.value = { ...place.value, path: "/rooms" };
  leave();
  await settled();
  place.value = { ...place.value, path: "/" };
  assert.deepEqual(models(), [...BODY, "scenes/cafe.glb"]);
});

test("what was taken from the stock is not fetched again until the stock is emptied", async () => {
  void stockUp("scenes/lounge.glb");
  assert.ok(fromStock("scenes/lounge.glb"));
  await stockUp("scenes/lounge.glb");
  assert.equal(fromStock("scenes/lounge.glb"), undefined);
  assert.deepEqual(models(), ["scenes/lounge.glb"]);
  emptyStock();
  void stockUp("scenes/lounge.glb");
  assert.equal(models().length, 2);
});

test("the first room draws on the canvas on which drawing was tried", () => {
  const smooth = true; // a phone with eight cores
  takeCanvas(smooth);
  assert.equal(canDraw("auto"), true);
  const before = lost.n;
  const first = takeCanvas(smooth);
  assert.notEqual(takeCanvas(smooth), first);
  assert.equal(lost.n, before);
  assert.equal(canDraw("auto"), true);
  takeCanvas(!smooth); // of another kind: the graphics are given back
  assert.equal(lost.n, before + 1);
  draws = false;
  assert.equal(canDraw("auto"), false);
  draws = true;
});
