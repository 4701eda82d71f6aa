// Every page of the client's own table × nobody, member, administrator × light and dark × 1440 and
// 390 px, and again in Indonesian at 390 px: axe finds nothing. And by keyboard: everything is reached, seen
// when it has the focus, and nothing is wider than a small window or large text.
import assert from "node:assert/strict";
import { pagePaths, visitsOf } from "../../web/parts.mjs";
import { resize, wrongLooks } from "./looks.mjs";
import { provesByPasskey } from "./officers.mjs";
import { journey } from "./support.mjs";

const SMALL = 320;
const PHONE = 390;
const TABS_MAX = 400;

/* The rows of all parts: a page that one brings is visited here. Those of officers ask for a
   passkey and a case: guardians.test.mjs walks them. */
const ROWS = await pagePaths();
const VISITS = await visitsOf();
const idOf = (page) =>
  page.evaluate(() =>
    fetch("/api/me")
      .then((a) => a.json())
      .then((me) => me.id),
  );

/** Makes something as the page would, and answers with what came of it. */
async function sends(page, path, body) {
  const [status, made] = await page.evaluate(
    async ([to, json]) => {
      const headers = { "content-type": "application/json", "x-bauta": "1" };
      const answer = await fetch(to, { method: "POST", headers, body: json });
      return [answer.status, await answer.json()];
    },
    [path, JSON.stringify(body)],
  );
  assert.equal(status, 201, `${path}: ${JSON.stringify(made)}`);
  return made;
}

async function links(page, path, selector) {
  await page.goto(new URL(path, page.url()).href);
  await page.locator(selector).first().waitFor();
  const found = await page
    .locator(selector)
    .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  return found.filter((href) => href !== path);
}

async function addresses(page, who, chief) {
  const by = {
    page,
    chief,
    own: () => idOf(page),
    sends: (path, body) => sends(page, path, body),
    links: (path, selector) => links(page, path, selector),
  };
  const found = [];
  for (const row of ROWS.filter((one) => one.who === who)) {
    const visit = VISITS[row.path];
    assert.ok(visit || !row.path.includes(":"), `a visits.mjs says how ${row.path} is visited`);
    found.push(...(visit ? await visit(by) : [row.path]));
  }
  return found;
}

/** Three people at their own pages, at once. */
async function people(world, options, visit) {
  const still = { text: true, reducedMotion: "reduce", ...options };
  const nobody = await world.someone(still);
  // Links that say nothing are refused.
  nobody.expects(/Failed to load resource: .* 4\d\d/);
  const member = await world.someone(still);
  const admin = await world.someone(still);
  const wrong = [];
  const walk = async (one, who, more) => {
    for (const path of [...(await addresses(one.page, who, chief)), ...more]) {
      await one.goto(path);
      await one.page.locator(".bone").first().waitFor({ state: "detached" });
      await one.page.evaluate(() => document.fonts.ready.then(() => 0));
      for (const fault of await visit(one.page)) wrong.push(`${who} at ${path}: ${fault}`);
    }
  };
  await Promise.all([admin.administers(), member.registers("Anggota Biasa")]);
  await provesByPasskey(admin);
  const chief = await idOf(admin.page);
  await Promise.all([
    nobody.goto("/").then(() => walk(nobody, "all", ["/no-such-page"])),
    walk(member, "member", ["/"]),
    walk(admin, "admin", []),
  ]);
  assert.deepEqual(wrong, []);
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
  await new Promise((done) => {
    requestAnimationFrame(done);
    setTimeout(done, 2000); // a still page may draw no frame
  });
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

/* In another language only words differ: where they are tight is where it shows. */
for (const [language, [width, height]] of [
  ["en", [1440, 900]],
  ["id", [390, 844]],
]) {
  journey(
    `axe finds nothing on any page, each goes by keyboard and fits small windows (${language}, ${width} px)`,
    async (world) => {
      await people(world, { language }, async (page) => {
        const looks = await wrongLooks(page, { other: language !== "en" });
        await resize(page, width, height);
        return [...looks, ...(await byKeyboard(page)), ...(await fits(page))];
      });
    },
  );
}
