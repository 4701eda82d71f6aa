// The client's sizes, and the time from opening the site, by registering, to a step in a room whose
// picture stands: on a phone on slow 4G (150 ms there and back, 1.6 Mbit/s down, 0.75 up: line.mjs)
// with a processor four times slower than this machine's, nothing cached, service worker and all.
// What a person takes to type is not in it: the forms are filled in at once, which leaves the client
// less time to fetch ahead than any person would.
//
//   node tests/load/client.mjs [ROUNDS]
//
// Kind: there is no graphics card to be slow, and the browser's throttle leaves its other processes alone.
// Harsh: they draw by software, on the same cores as the page, the server and the line.  What is text and
// boxes is painted by the processor: through graphics that are software themselves, each page would have
// programs compiled for it that a phone's graphics have from the first page on (a second more).
import { createRequire } from "node:module";
import { loadavg } from "node:os";
import { join } from "node:path";
import { CHROMIUM, DRAWS } from "../support/chromium.mjs";
import { demo, root, serve } from "../support/server.mjs";
import { slowLine } from "./line.mjs";

const { chromium } = createRequire(join(root, "web/package.json"))("playwright-core");
const SLOW_4G = { trip_ms: 150, down: (1.6 * 1024 * 1024) / 8, up: (0.75 * 1024 * 1024) / 8 };
const SLOWER = 4;
const ROUNDS = Number(process.argv[2] ?? 3);
const PATIENCE_MS = 120000;
const WANTED_S = 8;
const PHONE = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};
const undo = [];
const t = { after: (step) => undo.unshift(step) };

/* Runs in the page: fills in and taps as soon as there is what to, and notes when each thing stood. */
async function journey({ name, password }) {
  const stamps = [];
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const there = (find) =>
    new Promise((done) => {
      const look = () => {
        const found = find();
        if (!found) return;
        watch.disconnect();
        done(found);
      };
      const watch = new MutationObserver(look);
      watch.observe(document, { subtree: true, childList: true, attributeFilter: ["class"] });
      look();
    });
  const at = (selector) => there(() => document.querySelector(selector));
  /** What has been painted counts, not what is only in the document. */
  const stands = async (what, selector) => {
    const found = await at(selector);
    await frame();
    stamps.push([what, performance.now()]);
    return found;
  };
  const type = (selector, value) => {
    const field = document.querySelector(selector);
    field.value = value;
    for (const event of ["input", "change"])
      field.dispatchEvent(new Event(event, { bubbles: true }));
  };
  const submit = () => document.querySelector("form button[type=submit]").click();

  (await stands("the landing page", "main a[href='/register']")).click();
  await stands("the form for the age", "[name=birth_date]");
  for (const [field, value] of Object.entries({ date: "5", month: "4", year: "1990" }))
    type(`[name=birth_${field}]`, value);
  type("[name=country]", "ID");
  await frame();
  submit();
  await stands("the form for the account", "[name=avatar_name]");
  type("[name=avatar_name]", name);
  type("[name=email]", "bench@example.org");
  document.querySelector("[value=password]")?.click();
  await at("[name=password]");
  type("[name=password]", password);
  await frame();
  submit();
  const on = await stands("who one is, without a picture", ".first-look-end button");
  await stands("one's face", ".meanwhile img, .look-view.drawn");
  await stands("the picture of who one is", ".look-view.drawn");
  on.click();
  (await stands("the list of rooms", ".room-card a")).click();
  await stands("the room, without its picture", "#stage");
  const canvas = await at(".stage canvas");
  await there(() => !document.querySelector(".stage-load"));
  // Commands for a picture are no picture: the graphics must have done them.
  const gl = canvas.getContext("webgl2");
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  while (gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED) await frame();
  await frame();
  stamps.push(["the room's picture", performance.now()]);
  document.querySelector("#stage").focus();
  return stamps;
}

/** How many colours there are in what the page shows of the room, in steps of 16. */
async function colours(page, browser) {
  const box = await page.locator(".stage canvas").boundingBox();
  const png = (await page.screenshot({ clip: box })).toString("base64");
  const reader = await browser.newPage();
  const count = await reader.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const context = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, picture.width, picture.height);
    const seen = new Set();
    for (let i = 0; i < data.length; i += 4)
      seen.add(((data[i] >> 4) << 8) | ((data[i + 1] >> 4) << 4) | (data[i + 2] >> 4));
    return seen.size;
  }, png);
  await reader.close();
  return count;
}

/** What a page load fetches, by path, in bytes on the wire. */
async function weigh(session) {
  const sizes = new Map();
  const paths = new Map();
  await session.send("Network.enable");
  session.on("Network.responseReceived", ({ requestId, response }) =>
    paths.set(requestId, new URL(response.url).pathname),
  );
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const path = paths.get(requestId);
    if (path) sizes.set(path, Math.max(encodedDataLength, sizes.get(path) ?? 0));
  });
  return sizes;
}

/** The way in, once: when what stood, in ms. */
async function walkIn(browser, url, name, { slow, context: more = {} }) {
  const context = await browser.newContext({ ...PHONE, ...more });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const session = await context.newCDPSession(page);
  const sizes = slow ? null : await weigh(session);
  await page.addInitScript(() => {
    const { send } = WebSocket.prototype;
    WebSocket.prototype.send = function (data) {
      if (data instanceof ArrayBuffer) window.stepped_ms ??= performance.now();
      return send.call(this, data);
    };
  });
  if (slow) await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await page.goto(url, { waitUntil: "commit" });
  const stamps = await page.evaluate(journey, { name, password: "grey tram over kelapa" });
  await page.keyboard.down("ArrowRight");
  await page.waitForFunction(() => window.stepped_ms, null, { polling: 20 });
  stamps.push(["the first step", await page.evaluate(() => window.stepped_ms)]);
  await page.keyboard.up("ArrowRight");
  if (slow) await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  const seen = await colours(page, browser);
  if (seen < 32) throw new Error(`the room's picture has ${seen} colours: it is none`);
  await context.close();
  return { stamps, sizes };
}

/** Work of the same size each time: how long it takes now tells how busy the machine is. */
function busy() {
  const begun = performance.now();
  let sum = 0;
  for (let i = 0; i < 2e8; i++) sum = (sum + i) | 0;
  return performance.now() - begun + (sum === 1 ? 1 : 0);
}

const sum = (sizes, fits) =>
  [...sizes].filter(([path]) => fits.test(path)).reduce((all, [, size]) => all + size, 0);
const kb = (bytes) => `${(bytes / 1024).toFixed(0)} KB`;
const s = (ms) => (ms / 1000).toFixed(1).padStart(6);
const middle = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

const data = await demo(t);
const server = await serve(data, { t, flags: ["--log-level", "error", "--limit-scale", "1000"] });
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: [...DRAWS, "--disable-background-networking", "--disable-gpu-rasterization"],
});
try {
  const landing = await (async () => {
    const context = await browser.newContext({ ...PHONE, serviceWorkers: "block" });
    const page = await context.newPage();
    const sizes = await weigh(await context.newCDPSession(page));
    await page.goto(server.url, { waitUntil: "networkidle" });
    await context.close();
    return sizes;
  })();
  const { sizes } = await walkIn(browser, server.url, "Weigher", {
    slow: false,
    context: { serviceWorkers: "block" },
  });
  const line = await slowLine(server.port, SLOW_4G);
  t.after(line.close);
  const url = `http://localhost:${line.port}`;
  const rounds = [];
  const loops = [];
  for (let round = 1; round <= ROUNDS; round++) {
    loops.push(busy());
    rounds.push(
      (await walkIn(browser, url, `Walker ${"abcdefghijk"[round]}`, { slow: true })).stamps,
    );
  }
  console.log(
    `     ${"seconds".padEnd(32)}${rounds.map((_, i) => `   #${i + 1}  `.slice(-7)).join("")}`,
  );
  for (const [i, [what]] of rounds[0].entries())
    console.log(`     ${what.padEnd(32)}${rounds.map((stamps) => ` ${s(stamps[i][1])}`).join("")}`);
  const walked = rounds.map((stamps) => stamps.at(-1)[1]);
  const noise = Math.max(...loops) / Math.min(...loops);
  console.log(
    `     the machine: the same loop took ${Math.min(...loops).toFixed(0)} to ${Math.max(...loops).toFixed(0)} ms before the rounds (x ${noise.toFixed(2)}); load ${loadavg()[0].toFixed(1)}`,
  );
  console.log(
    `  -> ${(middle(walked) / 1000).toFixed(1)} s from opening the site, by registering, to the first step in a room that is drawn (wanted ${WANTED_S}), software rendering${middle(walked) > WANTED_S * 1000 ? "  BELOW" : ""}`,
  );
  const code = /\.(js|css|html)$|^\/$|^\/rooms/;
  console.log(
    `  -> ${kb(sum(sizes, code))} of code with 3D (wanted 280), ${kb(sum(sizes, /\.(avif|glb|webp|json)$/))} of models, pictures and texts (wanted 3,072)`,
  );
  console.log(
    `  -> ${kb(sum(landing, /\.(js|css|html)$|^\/$|locale-/))} of it is the shell with its texts: the first page, registering, the list of rooms (wanted 60)`,
  );
} finally {
  await browser.close();
  for (const step of undo) await step();
}
