// What the editor of looks costs: node tests/load/editor.mjs
// Bytes before its first picture that a room doesn't have; a slider's move as time of the page's thread on
// the processor, without the pictures that are drawn anyway; and how soon the finest level comes after it is
// let go, by the clock.
import { createRequire } from "node:module";
import { join } from "node:path";
import { CHROMIUM, DRAWS } from "../support/chromium.mjs";
import { demo, root, serve } from "../support/server.mjs";

const { chromium } = createRequire(join(root, "web/package.json"))("playwright-core");
const WINDOW = { viewport: { width: 900, height: 600 }, serviceWorkers: "block" };
const PATIENCE_MS = 120_000;
const MOVES = 20;
const EVERY_MS = 200;
const AFTER_MS = 3000;
const undo = [];
const t = { after: (step) => undo.unshift(step) };

/** Runs before the page does: notes what is asked of the worker of looks and when it answers. */
function listen() {
  const Real = window.Worker;
  window.assembled = [];
  window.Worker = class extends Real {
    constructor(...given) {
      super(...given);
      const levels = new Map();
      this.levels = levels;
      this.addEventListener("message", ({ data }) => {
        if (data.kind === "look") window.assembled.push([levels.get(data.id), performance.now()]);
      });
    }
    postMessage(message, ...rest) {
      if (message?.kind === "assemble") this.levels.set(message.id, message.level);
      super.postMessage(message, ...rest);
    }
  };
}

/** Pulls the first slider, and lets it go or not; returns when that was. */
async function pull({ moves, every_ms, end }) {
  const input = document.querySelector(".look-slider input[type=range]");
  for (let n = 1; n <= moves; n++) {
    input.value = String(n * 2 - moves);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((go) => setTimeout(go, every_ms));
  }
  if (end) input.dispatchEvent(new Event("change", { bubbles: true }));
  return performance.now();
}

async function open(browser, storageState) {
  const context = await browser.newContext({ ...WINDOW, storageState });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.addInitScript(listen);
  const cdp = await context.newCDPSession(page);
  // The worker's, too, which the page's own session doesn't see.
  const bytes = new Map();
  context.on("requestfinished", async (request) => {
    const sizes = await request.sizes().catch(() => null);
    if (sizes) bytes.set(new URL(request.url()).pathname, sizes.responseBodySize);
  });
  return { page, cdp, bytes };
}

async function register(browser, url) {
  const context = await browser.newContext(WINDOW);
  const { request } = context;
  const answer = await request.post(`${url}/api/accounts`, {
    headers: { "x-bauta": "1" },
    data: {
      avatar_name: "Editor",
      password: "grey tram over kelapa",
      email: "bench@example.org",
      birth_date: "1990-04-05",
      country: "ID",
      marketing: false,
      language: "en",
    },
  });
  if (!answer.ok()) throw new Error(await answer.text());
  const page = await context.newPage();
  await page.goto(`${url}/healthz`);
  await page.evaluate(() => localStorage.setItem("bauta.signed_in", "1"));
  const state = await context.storageState();
  await context.close();
  return state;
}

const data = await demo(t);
const server = await serve(data, { t, flags: ["--log-level", "error", "--limit-scale", "1000"] });
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: [...DRAWS, "--disable-background-networking"],
});
try {
  const state = await register(browser, server.url);
  const room = await open(browser, state);
  await room.page.goto(`${server.url}/rooms`);
  await room.page.locator(".room-card a").first().click();
  await room.page.locator(".stage canvas").waitFor();
  await room.page.locator(".stage-load").waitFor({ state: "detached" });
  await room.page.context().close();

  const { page, cdp, bytes } = await open(browser, state);
  await page.goto(`${server.url}/avatar`);
  await page.locator(".look-view.drawn").waitFor();
  const sum = (all) => all.reduce((sofar, [, size]) => sofar + size, 0) / 1024;
  const all = [...bytes];
  const beyond = all.filter(([path]) => !room.bytes.has(path));
  console.log(
    `  before its first picture ${sum(beyond).toFixed(0)} KB beyond a room's (wanted 450), ${sum(all).toFixed(0)} KB in all`,
  );
  await page.getByRole("tab", { name: "Body" }).click();
  await page.locator(".look-slider input[type=range]").first().waitFor();
  await page.waitForTimeout(AFTER_MS);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const spent_ms = async () =>
    (await cdp.send("Performance.getMetrics")).metrics.find(({ name }) => name === "ThreadTime")
      .value * 1000;
  const before = await spent_ms();
  await page.waitForTimeout(MOVES * EVERY_MS);
  const idle = (await spent_ms()) - before;
  const from = await spent_ms();
  await page.evaluate(pull, { moves: MOVES, every_ms: EVERY_MS, end: false });
  const moved = (await spent_ms()) - from - idle;
  const let_go = await page.evaluate(pull, { moves: 1, every_ms: 0, end: true });
  await page.waitForFunction(
    (at) => window.assembled.some(([level, ms]) => level === 0 && ms > at),
    let_go,
  );
  const fine = await page.evaluate(
    (at) => window.assembled.find(([level, ms]) => level === 0 && ms > at)[1] - at,
    let_go,
  );
  console.log(
    `  a slider's move ${(moved / MOVES).toFixed(1)} ms of JavaScript (wanted 20); the finest level ${fine.toFixed(0)} ms after it is let go (wanted 150)`,
  );
} finally {
  await browser.close();
  for (const step of undo) await step();
}
