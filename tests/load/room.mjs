// What a full room costs the page: node tests/load/room.mjs [--profile FILE]
// 25 different people in the lounge on the low level, drawn without a graphics card. JavaScript is the
// page's own thread's time on the processor, which other work beside it does not lengthen; the room's part
// is in it, and what people cost beyond the room stands in calls and triangles.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const WEB = join(dirname(fileURLToPath(import.meta.url)), "../../web");
const { build } = createRequire(join(WEB, "package.json"))("esbuild");
const OUT = join(WEB, ".bench-build");
const PEOPLE = 25;
const AT_ONCE = 10;
const ROUNDS = 20;
/** Before that much is still being made. */
const WARM_FRAMES = 40;

/** The page with nothing but the world on it, that the client's tests stand people on. */
async function stand(width, height) {
  process.chdir(WEB);
  const outfile = join(OUT, "stand.mjs");
  await build({
    absWorkingDir: WEB,
    entryPoints: ["test/world/stand.ts"],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "warning",
  });
  const kit = await import(pathToFileURL(outfile).href);
  return { it: await kit.stand(width, height), scene: kit.sceneText("lounge") };
}

const full = (scene) => `(async () => {
  const { kit } = window;
  const { presets } = await (await fetch("/assets/looks/catalogue.json")).json();
  const recipes = Object.fromEntries(presets.map(({ recipe }, n) => ["look" + n, recipe]));
  const nothing = () => {};
  const world = await kit.createWorld(document.getElementById("host"), ${scene},
    { walkTo: nothing, sit: nothing, person: nothing, ready: nothing, lost: nothing },
    { quality: "low", reducedMotion: false, t: (key) => key, look: (id) => Promise.resolve(recipes[id] ?? null) });
  await world.frame(2);
  const empty = world.stats();
  for (let n = 0; n < ${PEOPLE}; n++)
    world.put({ slot: n + 1, id: "p" + n, name: "Person " + n, avatar: "mia", colours: [], look: "look" + n,
      x: (n % 5) * 1.1 - 2.2, z: Math.floor(n / 5) * 0.9 - 1.5, yaw: n, seat: n % 5 === 4 ? n : 0,
      away: false, role: "member" }, n === 0);
  world.parts.crowd.impostors.able = false;
  await world.frame(1);
  Object.assign(window, { world, empty });
})()`;

const DRAW = `for (let n = 0; n < ${AT_ONCE}; n++) world.draw(1 / 30);`;
/** What the graphics do is no JavaScript, but who is far ahead of them would wait for them. */
const CATCH_UP = "world.parts.stage.caughtUp()";

async function measure({ page, cdp }, name, bare, profile) {
  const spent = async () =>
    (await cdp.send("Performance.getMetrics")).metrics.find((one) => one.name === "ThreadTime")
      .value;
  await page.evaluate(`(async () => {
    world.parts.crowd.impostors.able = ${!bare};
    await world.frame(${WARM_FRAMES});
  })()`);
  if (profile) {
    await cdp.send("Profiler.enable");
    await cdp.send("Profiler.setSamplingInterval", { interval: 100 });
    await cdp.send("Profiler.start");
  }
  const took = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = await spent();
    await page.evaluate(DRAW);
    took.push((((await spent()) - before) * 1000) / AT_ONCE);
    await page.evaluate(CATCH_UP);
  }
  if (profile) writeFileSync(profile, JSON.stringify((await cdp.send("Profiler.stop")).profile));
  const { calls, triangles, pictured, empty } = await page.evaluate(
    "({ ...world.stats(), empty: window.empty })",
  );
  took.sort((a, b) => a - b);
  const [quick, median] = [0.1, 0.5].map((part) => took[Math.floor(took.length * part)].toFixed(2));
  const more = Math.round((triangles - empty.triangles) / 1000);
  console.log(
    `  ${name.padEnd(22)} ${median} ms of JavaScript a frame (quickest tenth ${quick}), ` +
      `${calls - empty.calls} draw calls and ${more},000 triangles beyond the room's, ${pictured} from pictures`,
  );
}

const at = process.argv.indexOf("--profile");
const { it, scene } = await stand(844, 390);
try {
  const { page } = it;
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  await page.evaluate(full(scene));
  console.log(`${PEOPLE} different people on the low level`);
  await measure({ page, cdp }, "all themselves", true, at > 0 ? process.argv[at + 1] : null);
  await measure({ page, cdp }, "far ones from pictures", false, null);
} finally {
  await it.close();
}
