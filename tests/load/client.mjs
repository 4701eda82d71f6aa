// The client's sizes, and the time from the landing page, by registering, to walking in a room whose
// picture stands: on a phone on slow 4G (150 ms there and back, 1.6 Mbit/s down, 0.75 up) with a
// processor four times slower than this machine's; nothing cached. What a person takes to type is not in it.
import { createRequire } from "node:module";
import { join } from "node:path";
import { CHROMIUM, DRAWS } from "../support/chromium.mjs";
import { Client, demo, root, serve } from "../support/server.mjs";

const { chromium } = createRequire(join(root, "web/package.json"))("playwright-core");
const undo = [];
const t = { after: (step) => undo.unshift(step) };

/** What a page load fetches, by name, in bytes on the wire. */
async function weigh(page, action) {
  const sizes = new Map();
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const urls = new Map();
  session.on("Network.responseReceived", ({ requestId, response }) => urls.set(requestId, new URL(response.url).pathname));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (urls.has(requestId)) sizes.set(urls.get(requestId), encodedDataLength);
  });
  await action(session, sizes);
  return sizes;
}

const sum = (sizes, fits) => [...sizes].filter(([path]) => fits.test(path)).reduce((all, [, size]) => all + size, 0);
const code = /\.(js|css|html)$|^\/$|^\/rooms/;
const kb = (bytes) => `${(bytes / 1024).toFixed(0)} KB`;

const PASSWORD = "grey tram over kelapa";
const SLOWER = 4;
const PATIENCE_MS = 120000;

/** Registers by the pages, from the landing page on; `stage` is told what stands. */
async function registers(page, name, stage) {
  await page.locator("main a[href='/register']").first().click();
  await page.fill("[name=birth_date]", "5");
  await stage("the form for the age");
  await page.selectOption("[name=birth_month]", "4");
  await page.fill("[name=birth_year]", "1990");
  await page.selectOption("[name=country]", "ID");
  await page.click("form button[type=submit]");
  await page.fill("[name=avatar_name]", name);
  await stage("the form for the account");
  await page.fill("[name=email]", "bench@example.org");
  await page.locator(".choice", { has: page.locator("[value=password]") }).click();
  await page.fill("[name=password]", PASSWORD);
  await page.click("form button[type=submit]");
  await page.waitForURL("**/rooms");
  await page.locator(".room-card a").first().waitFor();
  await stage("the list of rooms");
}

const data = await demo(t);
const server = await serve(data, { t, flags: ["--log-level", "error"] });
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: [...DRAWS, "--disable-background-networking"],
});
try {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, serviceWorkers: "block" };
  const rooms = await (async () => {
    const client = await Client.register(server.port, "Looker");
    return (await client.send("GET", "/api/rooms")).json.items;
  })();
  const page = await (await browser.newContext(phone)).newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  let walked = 0;
  let shell = 0;
  const sizes = await weigh(page, async (session, weighed) => {
    await session.send("Network.emulateNetworkConditions", {
      offline: false, latency: 150, downloadThroughput: (1.6 * 1024 * 1024) / 8, uploadThroughput: (0.75 * 1024 * 1024) / 8,
    });
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
    // The first binary frame that goes out is the first step.
    const stepped = new Promise((done) => session.on("Network.webSocketFrameSent", ({ response }) => {
      if (response.opcode === 2) done();
    }));
    const begun = Date.now();
    const stage = (what) => console.log(`     ${((Date.now() - begun) / 1000).toFixed(1).padStart(5)} s  ${what}`);
    await page.goto(server.url);
    await page.locator("main a[href='/register']").first().waitFor();
    stage("the landing page");
    await registers(page, "Walker", stage);
    shell = sum(weighed, code);
    await page.locator(".room-card a").first().click();
    await page.locator("#stage").focus();
    stage("the room, without its picture");
    await page.locator(".stage canvas").waitFor();
    await page.locator(".stage-load").waitFor({ state: "detached" });
    stage("the room's picture");
    const step = setInterval(() => page.keyboard.press("ArrowRight", { delay: 200 }).catch(() => {}), 300);
    await Promise.race([stepped, new Promise((_, fail) => setTimeout(fail, PATIENCE_MS, new Error("never walked")))]);
    walked = Date.now() - begun;
    clearInterval(step);
  });
  console.log(`  -> ${(walked / 1000).toFixed(1)} s from opening the site, by registering, to the first step in a room that is drawn (wanted 8), software rendering`);
  const models = sum(sizes, /\.(glb|webp|json)$/);
  console.log(`  -> ${kb(sum(sizes, code))} of code with 3D (wanted 280), ${kb(models)} of models and pictures for ${rooms[0].name} (wanted 3,072)`);
  console.log(`  -> ${kb(shell)} of it is the shell: what the list of rooms needs (wanted 60)`);
} finally {
  await browser.close();
  for (const step of undo) await step();
}
