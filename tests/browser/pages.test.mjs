// A room in all its shapes: axe finds nothing, nothing is wider than the window; and what the pages
// promise about themselves. everywhere.test.mjs walks all other pages.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { journey, settled } from "./support.mjs";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = [
  [1440, 900],
  [390, 844],
];

async function faults(page) {
  const found = await page.evaluate((tags) => window.axe.run(document, { runOnly: tags }), RULES);
  return found.violations.map(
    (one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`,
  );
}

/** Looks at what stands on the page now, in all four shapes. */
async function inspect(one, what) {
  const { page } = one;
  await page.evaluate(AXE);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const [width, height] of WIDTHS) {
      // As high as the page, so that nothing lies half under the bar at the bottom by chance.
      await page.setViewportSize({ width, height });
      const full = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize({ width, height: Math.max(height, full) });
      await settled(page);
      assert.deepEqual(await faults(page), [], `${what}, ${colorScheme}, ${width} px`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${what} is ${wide} px wide in ${width}`);
    }
  }
}

for (const language of ["en", "id"]) {
  journey(`axe finds nothing in a room, drawn or as text (${language})`, async (world) => {
    const one = await world.someone({ language, bypassCSP: true });
    await one.registers("Rumah Uji");
    await one.page.locator(".page-head .button").click();
    await one.page.locator("dialog").waitFor();
    await inspect(one, "the window for a new room");
    await one.page.keyboard.press("Escape");
    await one.enters();
    await one.sees3d();
    await one.says("hello");
    await one.reads("hello");
    for (const tab of ["chat", "people", "places"]) {
      await one.tab(tab);
      await inspect(one, `the room's ${tab}`);
    }
    await one.page.locator(".toolbar .menu button").first().click();
    await inspect(one, "the gestures");
    await one.page.evaluate(() => localStorage.setItem("bauta.room_view", "text"));
    await one.page.reload();
    await one.inRoom();
    await inspect(one, "the text-only room");
  });
}

/* proves: SOC-6 */
journey("the place of writing says who reads it and how long it is kept", async (world) => {
  const one = await world.someone({ text: true });
  await one.registers("Baca Dulu");
  await one.enters();
  const field = one.page.locator("#say");
  const said = /Everyone in this room sees what you write\. It is kept for \d+ days\./;
  await one.page.locator("#say-public", { hasText: said }).waitFor();
  assert.match(await field.getAttribute("aria-describedby"), /say-public/);
  await one.page.getByRole("button", { name: "Leave the room" }).first().click();
  await one.page.waitForURL("**/rooms");
});

journey("the shell opens without a connection, and nothing of the API is kept", async (world) => {
  const one = await world.someone();
  one.expects(/Failed to load resource|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION/);
  await one.goto("/");
  await one.page.evaluate(() => navigator.serviceWorker.ready.then(() => 0));
  await one.page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await one.page.context().setOffline(true);
  await one.page.goto(`${world.url}/rooms`);
  await one.page.getByText("The server cannot be reached").waitFor();
  const kept = await one.page.evaluate(async () => {
    const urls = [];
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys())
        urls.push(new URL(request.url).pathname);
    return urls;
  });
  assert.ok(kept.includes("/"));
  assert.deepEqual(
    kept.filter((path) => path.startsWith("/api/")),
    [],
  );
  await one.page.context().setOffline(false);
  await one.page.getByRole("button", { name: "Try again" }).click();
  await one.page.waitForURL("**/sign-in?to=*");
});

/* proves: TRK-2 */
journey("no page asks another host, and only signing in sets cookies", async (world) => {
  const one = await world.someone();
  const hosts = new Set();
  one.page.on("request", (request) => hosts.add(new URL(request.url()).host));
  await one.goto("/");
  assert.deepEqual(await one.page.context().cookies(), [], "a visitor gets no cookie");
  await one.registers("Tanpa Jejak");
  await one.enters();
  await one.sees3d();
  hosts.delete("");
  assert.deepEqual([...hosts], [new URL(world.url).host]);
  const names = (await one.page.context().cookies()).map((cookie) => cookie.name).sort();
  assert.deepEqual(names, ["bauta_device", "bauta_session"], "what signing in needs");
});

journey("a hidden page catches up with what was said meanwhile", async (world) => {
  const [mia, budi] = [await world.someone({ text: true }), await world.someone({ text: true })];
  await mia.registers("Mia Tester");
  await budi.registers("Budi Tester");
  await mia.enters();
  await budi.goto(new URL(mia.page.url()).pathname);
  await budi.inRoom();
  const before = await budi.lines();
  const fetched = [];
  budi.page.on(
    "request",
    (request) => request.url().includes("/messages?") && fetched.push(request.url()),
  );
  const show = (state) =>
    budi.page.evaluate((value) => {
      Object.defineProperty(document, "visibilityState", { value, configurable: true });
      Object.defineProperty(document, "hidden", { value: value === "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await show("hidden");
  for (let i = 1; i <= 3; i++) {
    await mia.says(`meanwhile ${i}`);
    await mia.reads(`meanwhile ${i}`);
  }
  assert.deepEqual(await budi.lines(), before);
  await show("visible");
  for (let i = 1; i <= 3; i++) await budi.reads(`meanwhile ${i}`);
  assert.equal(fetched.length, 1, "one fetch brings all");
  assert.match(fetched[0], /after=\d+/);
});
