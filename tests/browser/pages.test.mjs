// A room in all its shapes: axe finds nothing, nothing is wider than the window; and what the pages
// promise about themselves. everywhere.test.mjs walks all other pages.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { looksWellIn } from "./looks.mjs";
import { journey, until, PHONE } from "./support.mjs";

for (const language of ["en", "id"]) {
  journey(`axe finds nothing in a room, drawn or as text (${language})`, async (world) => {
    const one = await world.someone({ language, webgl: true });
    await one.registers("Rumah Uji");
    await one.page.locator(".page-head .button").click();
    await one.page.locator("dialog").waitFor();
    await looksWellIn(language, one.page, "the window for a new room");
    await one.page.keyboard.press("Escape");
    await one.enters();
    await one.sees3d();
    await one.says("hello");
    await one.reads("hello");
    for (const tab of ["chat", "people", "places"]) {
      await one.tab(tab);
      await looksWellIn(language, one.page, `the room's ${tab}`);
    }
    await one.page.locator(".toolbar .menu button").first().click();
    await looksWellIn(language, one.page, "the gestures");
    await one.page.evaluate(() => localStorage.setItem("bauta.room_view", "text"));
    await one.page.reload();
    await one.inRoom();
    await looksWellIn(language, one.page, "the text-only room");
  });
}

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
  await until(one.page, () => navigator.serviceWorker.controller !== null);
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
  await one.page.getByRole("button", { name: "Try again" }).click();
  await one.page.getByText("The server cannot be reached").waitFor();
  await one.page.context().setOffline(false);
  await one.page.waitForURL("**/sign-in?to=*"); // by itself
});

journey("muat ulang saat server mati: tetap tampak masuk, dan pulih sendiri", async (world) => {
  const one = await world.someone({ ...PHONE, language: "id", dark: true });
  one.expects(/Failed to load resource|ERR_CONNECTION/);
  await one.registers("Siti Luring");
  const { page } = one;
  await until(page, () => navigator.serviceWorker.controller !== null);
  await world.server.kill();
  await page.reload();
  await page.getByText("Server tidak dapat dihubungi").waitFor();
  await page.getByRole("navigation").getByRole("link", { name: "Ruang" }).waitFor();
  assert.equal(await page.getByRole("link", { name: "Masuk", exact: true }).count(), 0);
  assert.equal(await page.getByRole("link", { name: "Daftar", exact: true }).count(), 0);
  await world.server.start();
  await page.locator(".room-card").first().waitFor();
  await page.locator(".who").waitFor();
  assert.equal(new URL(page.url()).pathname, "/rooms");
});

/* Long enough for whatever a page does while nothing else is wanted. */
const atRest = (page) =>
  page.evaluate(async () => {
    const most = { timeout: 2000 }; // on a busy machine a page may have no idle moment
    for (let i = 0; i < 5; i++) await new Promise((done) => requestIdleCallback(done, most));
  });

journey(
  "what a room needs comes while one registers, and on no other page of a visitor",
  async (world) => {
    const drawn = /\.(glb|bin)$|\/a\/world\./;
    const visits = async (options) => {
      const one = await world.someone(options);
      one.fetched = [];
      one.page.on("request", (request) => one.fetched.push(new URL(request.url()).pathname));
      return one;
    };
    const heavy = (one) => one.fetched.filter((path) => drawn.test(path));
    const one = await visits({ webgl: true });
    for (const path of ["/", "/privacy", "/promises", "/sign-in"]) {
      await one.goto(path);
      await atRest(one.page);
    }
    assert.deepEqual(heavy(one), []);
    const comes = (path) => one.page.waitForRequest((request) => path.test(request.url()));
    const all = Promise.all([/world\./, /looks-base.*bin$/].map(comes));
    await one.page.locator(".top a[href='/register']").click();
    await all;

    const saves = await visits({ webgl: true });
    await saves.page.addInitScript(() =>
      Object.defineProperty(navigator, "connection", { value: { saveData: true } }),
    );
    const reads = await visits({ webgl: true, text: true });
    for (const each of [saves, reads]) {
      await each.goto("/register");
      await atRest(each.page);
      await each.answersAge();
      await each.page.locator("[name=avatar_name]").waitFor();
      await atRest(each.page);
      assert.deepEqual(heavy(each), []);
    }
  },
);

for (const language of ["en", "id"])
  journey(
    `what the server promises stands behind the footer, with its tests (${language})`,
    async (world) => {
      const one = await world.someone({ language });
      const { page } = one;
      await one.goto("/");
      await page.locator(".foot a[href='/promises']").click();
      const proved = page.locator("#REG-1a");
      await proved.locator("summary").click();
      await proved
        .getByText("registering requires name, password, e-mail, birth date, no more")
        .waitFor();
      await page
        .locator("#AVA-3a")
        .getByText(language === "id" ? "Belum" : "Not yet")
        .waitFor();
      const list = readFileSync(new URL("../../privacy/claims.tsv", import.meta.url), "utf8");
      const rows = list.split("\n").filter((line) => /^[A-Z]{3}-/.test(line));
      assert.equal(await page.locator(".table > li").count(), rows.length);
      for (const row of [rows[0], rows.at(-1)])
        await page.getByText(row.split("\t")[language === "id" ? 2 : 1], { exact: true }).waitFor();
      await looksWellIn(language, page, "promises");
      await page.locator(".foot a[href='/privacy']").click();
      await page.locator("#about details").first().waitFor();
      await looksWellIn(language, page, "privacy");
    },
  );

/* proves: TRK-2a */
journey("no page asks another host, and only signing in sets cookies", async (world) => {
  const one = await world.someone({ webgl: true });
  const hosts = new Set();
  one.page.on("request", (request) => hosts.add(new URL(request.url()).host));
  const own = new RegExp(`^(data:|blob:|wss?://${new URL(world.url).host})$`);
  /** Neither this page nor a link from it tells anybody else. */
  const opens = async (path) => {
    const headers = (await one.page.goto(world.url + path)).headers();
    await one.page.locator("h1").first().waitFor();
    const policy = headers["content-security-policy"];
    assert.match(policy, /default-src 'none'|default-src 'self'/, path);
    for (const word of policy.split(/[;\s]+/).filter((text) => /[.:*]/.test(text)))
      assert.match(word, own, `nor could ${path}`);
    assert.equal(headers["referrer-policy"], "same-origin", path);
    assert.equal(headers["cross-origin-opener-policy"], "same-origin", path);
    assert.equal(headers["cross-origin-resource-policy"], "same-origin", path);
  };
  await opens("/");
  assert.deepEqual(await one.page.context().cookies(), [], "a visitor gets no cookie");
  await one.registersByPages("Tanpa Jejak");
  await one.enters();
  await one.sees3d();
  const { id } = await one.page.evaluate(async () => (await fetch("/api/me")).json());
  for (const path of ["/rooms", "/friends", "/messages", "/settings", "/privacy", `/people/${id}`])
    await opens(path);
  hosts.delete("");
  assert.deepEqual([...hosts], [new URL(world.url).host]);
  const cookies = await one.page.context().cookies();
  assert.deepEqual(
    cookies.map(({ name, domain, httpOnly }) => [name, domain, httpOnly]).sort(),
    ["bauta_device", "bauta_session"].map((name) => [name, "localhost", true]),
    "what signing in needs, for this host alone and no script",
  );
  for (const { name, sameSite } of cookies) assert.match(sameSite, /^(Lax|Strict)$/, name);
});

journey("a hidden page catches up with what was said meanwhile", async (world) => {
  const [mia, budi] = [await world.someone({ text: true }), await world.someone({ text: true })];
  await mia.registers("Mia Tester");
  await budi.registers("Budi Tester");
  await mia.enters();
  await budi.goto(new URL(mia.page.url()).pathname);
  await budi.inRoom();
  const before = await budi.lines();
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
  const fetched = budi.page.waitForResponse((answer) => /messages\?.*after=\d/.test(answer.url()));
  await show("visible");
  for (let i = 1; i <= 3; i++) await budi.reads(`meanwhile ${i}`);
  assert.equal((await (await fetched).json()).items.length, 3, "one fetch brings all");
});
