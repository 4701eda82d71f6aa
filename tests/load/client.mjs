// The client's sizes, and the time from the landing page to walking on a phone on slow 4G
// (150 ms there and back, 1.6 Mbit/s down, 0.75 up; nothing cached).
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

async function signedIn(browser, server, name, options) {
  const client = new Client(server.port);
  const made = await client.send("POST", "/api/accounts", {
    avatar_name: name, password: "grey tram over kelapa", email: "bench@example.org",
    birth_date: "1990-01-01", country: "ID", marketing: false,
  });
  if (made.status !== 201) throw new Error(JSON.stringify(made.json));
  const page = await (await browser.newContext(options)).newPage();
  await page.goto(`${server.url}/sign-in`);
  await page.fill("[name=name]", name);
  await page.fill("[name=password]", "grey tram over kelapa");
  await page.click("form button[type=submit]");
  await page.waitForURL("**/rooms");
  await page.goto("about:blank");
  return page;
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
  const page = await signedIn(browser, server, "Walker", phone);
  let walked = 0;
  let shell = 0;
  const sizes = await weigh(page, async (session, weighed) => {
    await session.send("Network.clearBrowserCache");
    await session.send("Network.emulateNetworkConditions", {
      offline: false, latency: 150, downloadThroughput: (1.6 * 1024 * 1024) / 8, uploadThroughput: (0.75 * 1024 * 1024) / 8,
    });
    // The first binary frame that goes out is the first step.
    const stepped = new Promise((done) => session.on("Network.webSocketFrameSent", ({ response }) => {
      if (response.opcode === 2) done();
    }));
    const begun = Date.now();
    await page.goto(`${server.url}/rooms`);
    await page.locator(".room-card a").first().waitFor();
    shell = sum(weighed, code);
    await page.locator(".room-card a").first().click();
    await page.locator(".room").waitFor();
    await page.locator("#stage").focus();
    const step = setInterval(() => page.keyboard.press("ArrowRight", { delay: 200 }).catch(() => {}), 300);
    await Promise.race([stepped, new Promise((_, fail) => setTimeout(fail, 90000, new Error("never walked")))]);
    walked = Date.now() - begun;
    await page.locator(".stage-load").waitFor({ state: "detached", timeout: 90000 });
    console.log(`  -> ${((Date.now() - begun) / 1000).toFixed(1)} s until the room's picture stands`);
    clearInterval(step);
  });
  console.log(`  -> ${(walked / 1000).toFixed(1)} s from opening the site to the first step (wanted 8), software rendering`);
  const models = sum(sizes, /\.(glb|webp|json)$/);
  console.log(`  -> ${kb(sum(sizes, code))} of code with 3D (wanted 280), ${kb(models)} of models and pictures for ${rooms[0].name} (wanted 3,072)`);
  console.log(`  -> ${kb(shell)} of it is the shell: what the list of rooms needs (wanted 60)`);
} finally {
  await browser.close();
  for (const step of undo) await step();
}
