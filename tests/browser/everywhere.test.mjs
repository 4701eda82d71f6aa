// Every page of the client's own table × nobody, member, administrator × light and dark × 1440 and
// 390 px × English and Indonesian: axe finds nothing. And by keyboard: everything is reached, seen
// when it has the focus, and nothing is wider than a small window or large text.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { journey, PASSWORD, settled } from "./support.mjs";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/* In the dark nothing but colours differs. */
const COLOURS = ["color-contrast", "link-in-text-block"];
const WIDTHS = [
  [1440, 900],
  [390, 844],
];
const SMALL = 320;
const PHONE = 390;
const TABS_MAX = 400;

/* The rows of app.tsx: a page that is added there is visited here. Those of officers ask for a
   passkey and a case: guardians.test.mjs walks them. */
const ROWS = [
  ...readFileSync(new URL("../../web/src/app.tsx", import.meta.url), "utf8").matchAll(
    /path: "([^"]+)",\s*who: "(\w+)"/g,
  ),
].map(([, path, who]) => ({ path, who }));
/* Addresses with a part that varies, and those that say something only with more behind them. */
const NAMED = {
  "/sign-in/with/:provider": () => ["/sign-in/with/nobody"],
  "/join/:invite": () => ["/join/nobodys-invitation"],
  "/rooms/:id": async (page) => {
    const list = await page.evaluate(() => fetch("/api/rooms").then((answer) => answer.json()));
    return [`/rooms/${list.items[0].id}`];
  },
  "/settings/:part": (page) => links(page, "/settings", ".part-card a"),
  "/admin/:part": (page) => links(page, "/admin", ".part-nav a"),
  "/welcome": () => ["/welcome#code"],
};

async function links(page, path, selector) {
  await page.goto(new URL(path, page.url()).href);
  await page.locator(selector).first().waitFor();
  const found = await page
    .locator(selector)
    .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  return found.filter((href) => href !== path);
}

async function addresses(page, who) {
  const found = [];
  for (const row of ROWS.filter((one) => one.who === who)) {
    const named = NAMED[row.path];
    assert.ok(named || !row.path.includes(":"), `say here how ${row.path} is visited`);
    found.push(...(named ? await named(page) : [row.path]));
  }
  return found;
}

/** Three people at their own pages, at once. */
async function people(world, options, visit) {
  const nobody = await world.someone({ text: true, webgl: false, ...options });
  // Links that say nothing are refused.
  nobody.expects(/Failed to load resource: .* 4\d\d/);
  const member = await world.someone({ text: true, webgl: false, ...options });
  const admin = await world.someone({ text: true, webgl: false, ...options });
  const link = world.server.run("admin", "create", "Ibu Ketua").match(/\/welcome#\S+/)[0];
  const wrong = [];
  const walk = async (one, who, more) => {
    for (const path of [...(await addresses(one.page, who)), ...more]) {
      await one.goto(path);
      await one.page.locator(".bone").first().waitFor({ state: "detached" });
      await one.page.evaluate(() => document.fonts.ready.then(() => 0));
      for (const fault of await visit(one.page)) wrong.push(`${who} at ${path}: ${fault}`);
    }
  };
  await Promise.all([
    nobody.goto("/").then(() => walk(nobody, "all", ["/no-such-page"])),
    member.registers("Anggota Biasa").then(() => walk(member, "member", ["/"])),
    claims(admin.page, world.url + link).then(() => walk(admin, "admin", [])),
  ]);
  assert.deepEqual(wrong, []);
}

async function claims(page, link) {
  await page.goto(link);
  await page.fill("[name=birth_date]", "5");
  await page.selectOption("[name=birth_month]", "4");
  await page.fill("[name=birth_year]", "1980");
  await page.selectOption("[name=country]", "ID");
  await page.fill("[name=avatar_name]", "Ibu Ketua");
  await page.fill("[name=email]", "ibu@example.org");
  await page.fill("[name=password]", PASSWORD);
  await page.click("form button[type=submit]");
  await page.waitForURL("**/admin");
}

async function resize(page, width, height) {
  await page.setViewportSize({ width, height });
  await settled(page);
}

async function axe(page) {
  const wrong = [];
  await page.evaluate(AXE);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const [width, height] of WIDTHS) {
      // As high as the page, so that nothing lies half under the bar at the bottom by chance.
      await resize(page, width, height);
      const full = await page.evaluate(() => document.documentElement.scrollHeight);
      if (full > height) await resize(page, width, full);
      const faults = await page.evaluate(async (runOnly) => {
        const found = await window.axe.run(document, { runOnly, resultTypes: ["violations"] });
        return found.violations.map(
          (one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`,
        );
      }, colorScheme === "light" ? RULES : COLOURS);
      wrong.push(...faults.map((fault) => `${colorScheme}, ${width} px, ${fault}`));
    }
  }
  return wrong;
}

/* Runs in the page: what Tab should reach, each with a mark to know it by. */
function markFocusable() {
  const groups = new Set();
  const wanted = [];
  const all = "a[href], button, input, select, textarea, summary, [tabindex]";
  for (const it of document.querySelectorAll(all)) {
    if (it.tabIndex < 0 || it.disabled || it.closest("[inert]")) continue;
    if (!it.checkVisibility({ visibilityProperty: true })) continue;
    if (it.type === "radio") {
      if (groups.has(it.name)) continue;
      const chosen = document.querySelector(`[name="${CSS.escape(it.name)}"]:checked`);
      if (chosen && chosen !== it) continue;
      groups.add(it.name);
    }
    it.dataset.tab = String(wanted.length);
    wanted.push(it.outerHTML.slice(0, 160));
  }
  return wanted;
}

/* Runs in the page: what has the focus now, and what is wrong with how it shows. */
async function lookAtFocus() {
  await new Promise((done) => requestAnimationFrame(done));
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const shown = it.matches(".unseen-input") ? (it.closest("label") ?? it) : it;
  const ring = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const rings = [
    getComputedStyle(shown),
    getComputedStyle(it),
    getComputedStyle(it, "::after"),
    ...(it.parentElement ? [getComputedStyle(it.parentElement)] : []),
  ];
  const box = shown.getBoundingClientRect();
  const at = [0.5, 0.1, 0.9].flatMap((x) =>
    [0.5, 0.1, 0.9].map((y) =>
      document.elementFromPoint(box.left + box.width * x, box.top + box.height * y),
    ),
  );
  const seen = at.some((top) => top && (shown.contains(top) || top.contains(shown)));
  return {
    tab: it.dataset.tab,
    html: it.outerHTML.slice(0, 160),
    wrong: !rings.some(ring) ? "shows no ring" : !seen ? "lies under something" : "",
  };
}

async function byKeyboard(page) {
  const wanted = await page.evaluate(markFocusable);
  const reached = new Set();
  const wrong = [];
  // Past what has the focus from the start to the end of the page, and once around.
  let out = 0;
  for (let i = 0; i < TABS_MAX && out < 2; i++) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(lookAtFocus);
    if (!focus) {
      out++;
      continue;
    }
    if (focus.wrong && !reached.has(focus.tab)) wrong.push(`${focus.html} ${focus.wrong}`);
    reached.add(focus.tab);
    if (reached.size > 1 && wanted.every((_, n) => reached.has(String(n)))) break;
  }
  const missed = wanted.filter((_, n) => !reached.has(String(n)));
  return [...wrong, ...missed.map((html) => `${html} is not reached`)];
}

async function fits(page) {
  const wrong = [];
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
  const text = (size) =>
    page.evaluate((value) => {
      if (value) localStorage.setItem("bauta.text", value);
      else localStorage.removeItem("bauta.text");
      dispatchEvent(new StorageEvent("storage", { key: "bauta.text" }));
    }, size);
  await resize(page, SMALL, 700);
  if ((await wide()) > SMALL) wrong.push(`${await wide()} px wide in ${SMALL}`);
  await text("200");
  for (const width of [2 * SMALL, PHONE]) {
    await resize(page, width, 1000);
    if ((await wide()) > width) wrong.push(`${await wide()} px wide in ${width}, large text`);
  }
  await text("");
  return wrong;
}

for (const language of ["en", "id"]) {
  journey(`axe finds nothing on any page (${language})`, async (world) => {
    // The content policy keeps strangers' scripts out; the checker is one.
    await people(world, { language, bypassCSP: true }, axe);
  });
}

for (const [language, [width, height]] of [
  ["en", WIDTHS[0]],
  ["id", WIDTHS[1]],
]) {
  journey(`every page by keyboard and in small windows (${language}, ${width} px)`, async (world) => {
    await people(world, { language }, async (page) => {
      await resize(page, width, height);
      return [...(await byKeyboard(page)), ...(await fits(page))];
    });
  });
}
