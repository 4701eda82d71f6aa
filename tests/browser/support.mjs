// What every journey needs: a server of its own, people in browsers, a console that stays silent.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import test, { after } from "node:test";
import { fileURLToPath } from "node:url";
import { CHROMIUM, DRAWS, DRAWS_NOT, SHELL } from "../support/chromium.mjs";
import { freePort } from "../support/port.mjs";
import { drawsLittle, holdUp, patience, slowDown, within } from "./slow.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const { chromium } = createRequire(join(ROOT, "web/package.json"))("playwright-core");
const BAUTA = resolve(process.env.BAUTA ?? join(ROOT, "build/bauta"));
const SHOTS = process.env.BAUTA_SHOTS ?? join(ROOT, "build/browser");
/* A machine with much to do draws its first words late. */
const SLOW_START = /was preloaded using link preload but not used within a few seconds/;
/* Characters of the server's log, or of a console, beside a failure. */
const TOLD_MAX = 2000;
/* Longer than anything takes where all else is tested beside it: what has not come then does not come. */
const READY_MS = patience(60_000);
const JOURNEY_MS = patience(400_000);
/* To the next place in a room, by a slow machine's pictures. */
const WAY_MS = patience(15_000);
/* Searching has a limit of its own. */
const SEARCH_EVERY_MS = 1000;

export const PASSWORD = "quiet harbour lemon engine";
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
export const DESKTOP = { viewport: { width: 1280, height: 800 } };

/**
 * The window has its size and colours, and what moves for a while stands at its end; a shimmer never
 * does.  Nothing here waits for a frame without an end: a page on which nothing changes may draw none.
 */
export const settled = (page) =>
  page.evaluate(async () => {
    const FRAME_MS = 2000;
    const ROUNDS = 20;
    const frame = () =>
      new Promise((done) => {
        requestAnimationFrame(done);
        setTimeout(done, FRAME_MS);
      });
    const moves = (one) =>
      one.playState === "running" && one.effect.getComputedTiming().endTime !== Infinity;
    await frame();
    await frame();
    // What stands at its end may set off what inherits from it.
    for (let round = 0; round < ROUNDS; round++) {
      const moving = document.getAnimations().filter(moves);
      if (moving.length === 0) return;
      for (const one of moving) one.finish();
      await frame();
    }
  });

/** Asks the page until it says yes; false when it does not in time. */
export async function comes(page, asked, arg, { every_ms = 50, within_ms = READY_MS } = {}) {
  const end = Date.now() + within_ms;
  const moved = (error) => {
    if (!/context was destroyed/.test(error.message)) throw error;
  };
  while (!(await page.evaluate(asked, arg).catch(moved))) {
    if (Date.now() > end) return false;
    await new Promise((go) => setTimeout(go, every_ms));
  }
  return true;
}

/**
 * Waits until the page says yes.  Playwright's waitForFunction asks at frames, which a still page may
 * not draw, and takes a promise for a yes.
 */
export async function until(page, asked, arg, times) {
  assert.ok(await comes(page, asked, arg, times), `it is not so that ${asked}`);
}

/** Presses what moves with a drawn picture, a name above a head, once it is there and only sways. */
export async function pressesInPicture(page, locator) {
  const SWAY_PX = 3;
  const LOOK_EVERY_MS = 500;
  const end = Date.now() + READY_MS;
  for (let before = null; ; ) {
    const box = (await locator.isVisible()) ? await locator.boundingBox() : null;
    if (box && before && Math.hypot(box.x - before.x, box.y - before.y) <= SWAY_PX)
      return page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    assert.ok(Date.now() < end, `${locator} does not come to rest`);
    before = box;
    await new Promise((go) => setTimeout(go, LOOK_EVERY_MS));
  }
}

const browsers = new Map();

const BROWSERS = {
  drawing: { executablePath: CHROMIUM, args: DRAWS },
  whole: { executablePath: CHROMIUM, args: DRAWS_NOT },
  slim: { executablePath: SHELL, args: DRAWS_NOT },
};

/** One browser of a kind for all journeys of a file. */
async function browserOf(kind) {
  if (!browsers.has(kind))
    browsers.set(kind, chromium.launch({ ...BROWSERS[kind], timeout: READY_MS }));
  return await browsers.get(kind);
}

after(async () => {
  for (const browser of browsers.values()) await (await browser).close();
});

/** A server on a demo folder that is thrown away. */
class Server {
  constructor(folder, port, settings) {
    this.data = join(folder, "world");
    this.port = port;
    this.settings = settings;
    this.url = `http://localhost:${port}`;
    this.log = "";
  }

  run(...args) {
    const done = spawnSync(BAUTA, [...args, "--data", this.data], {
      encoding: "utf8",
      timeout: READY_MS,
    });
    assert.equal(
      done.status,
      0,
      `bauta ${args.join(" ")}: ${done.error ?? done.stdout + done.stderr}`,
    );
    return done.stdout;
  }

  async start() {
    const env = { ...process.env, BAUTA_DEMO_RESIDENTS: "no" };
    for (const [name, value] of Object.entries(this.settings))
      env[`BAUTA_${name.toUpperCase()}`] = value;
    this.process = spawn(
      BAUTA,
      ["serve", "--data", this.data, "--listen", `127.0.0.1:${this.port}`],
      {
        env,
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    this.gone = new Promise((done) => this.process.once("exit", done));
    for (const stream of [this.process.stdout, this.process.stderr])
      stream.on("data", (bytes) => (this.log += bytes));
    const end = Date.now() + READY_MS;
    while (Date.now() < end) {
      const ready = await fetch(`${this.url}/readyz`).then(
        (answer) => answer.ok,
        () => false,
      );
      if (ready) return;
      const over = await Promise.race([
        this.gone.then(() => true),
        new Promise((go) => setTimeout(go, 50, false)),
      ]);
      assert.ok(!over, `the server ended:\n${this.log}`);
    }
    assert.fail(`the server is not ready:\n${this.log}`);
  }

  /** As if the power went. */
  async kill() {
    this.process.kill("SIGKILL");
    await this.gone;
  }

  async stop() {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill("SIGTERM");
      const late = setTimeout(() => this.process.kill("SIGKILL"), READY_MS);
      await this.gone;
      clearTimeout(late);
    }
  }
}

const emailOf = (name) => `${name.toLowerCase().replace(/\W/g, "")}@example.org`;

/** Somebody in a browser of their own. */
class Someone {
  constructor(page, world, language) {
    this.page = page;
    this.world = world;
    this.language = language;
    this.wrong = [];
    this.expected = [SLOW_START];
    page.on("console", (message) => {
      if (message.type() !== "error" && message.type() !== "warning") return;
      this.notice(`${message.type()}: ${message.text()} ${message.location().url ?? ""}`);
    });
    page.on("pageerror", (error) => this.notice(`exception: ${error.stack ?? error.message}`));
  }

  notice(text) {
    if (!this.expected.some((pattern) => pattern.test(text))) this.wrong.push(text);
  }

  /** For who reads of a failure: where they were, and what their console said. */
  tells() {
    return `\n${this.name ?? "somebody"} at ${this.page.url()} ${this.wrong.join("\n  ").slice(-TOLD_MAX)}`;
  }

  /** Chromium writes refused calls and lost connections to the console; a journey names its own. */
  expects(pattern) {
    this.expected.push(pattern);
  }

  /** What the page has just asked may be refused: the session ends meanwhile. */
  losesSession() {
    this.expects(/Failed to load resource: .* 401/);
  }

  /**
   * Ends the session, or the account, where no page of ours is open: one that hears of it goes to
   * the sign-in page by itself, and a passkey offered there signs in again.
   */
  async ends(path) {
    const { page, world } = this;
    await page.goto(`${world.url}/healthz`);
    const answer = await page.request.delete(world.url + path, { headers: { "x-bauta": "1" } });
    assert.ok(answer.ok(), await answer.text());
    await page.evaluate(() => localStorage.removeItem("bauta.signed_in"));
  }

  async goto(path) {
    await this.page.goto(this.world.url + path);
    await this.page.locator("h1").first().waitFor();
  }

  /** Says when they were born, and where they live; null: as the form has it. */
  async tellsAge({ year = "1990", country = "ID" } = {}) {
    const page = this.page;
    await page.fill("[name=birth_date]", "5");
    await page.selectOption("[name=birth_month]", "4");
    await page.fill("[name=birth_year]", year);
    if (country) await page.selectOption("[name=country]", country);
  }

  async answersAge(age) {
    await this.tellsAge(age);
    await this.page.click("form button[type=submit]");
  }

  /** Becomes an administrator by a one-time link of the command line. */
  async administers(name = "Ibu Ketua") {
    const { page, world } = this;
    const said = world.server.run("admin", "create", name);
    await page.goto(world.url + said.match(/\/welcome#\S+/)[0]);
    await this.tellsAge();
    assert.equal(await page.inputValue("[name=avatar_name]"), name, "the link brings the name");
    await page.fill("[name=email]", "ibu@example.org");
    await page.fill("[name=password]", PASSWORD);
    await page.click("form button[type=submit]");
    // Who they look like, as whoever registers sees: here it is not looked at.
    await page.waitForURL("**/avatar/first?to=%2Fadmin");
    await page.goto(`${world.url}/admin`);
    this.name = name;
  }

  /** Has an account without the pages for it, and stands before the rooms. */
  async registers(name, { year = "1990", country = "ID" } = {}) {
    const { page, language } = this;
    const answer = await page.request.post(`${this.world.url}/api/accounts`, {
      headers: { "x-bauta": "1" },
      data: {
        avatar_name: name,
        password: PASSWORD,
        email: emailOf(name),
        birth_date: `${year}-04-05`,
        country,
        marketing: false,
        language,
      },
    });
    assert.equal(answer.status(), 201, await answer.text());
    await page.goto(`${this.world.url}/healthz`);
    await page.evaluate(() => localStorage.setItem("bauta.signed_in", "1"));
    await this.goto("/rooms");
    await page.locator(".room-card").first().waitFor();
    this.name = name;
  }

  /** Registers by the pages, as a person does. */
  async registersByPages(name, age) {
    const { page } = this;
    await this.goto("/register");
    await this.answersAge(age);
    await page.fill("[name=avatar_name]", name);
    await page.fill("[name=email]", emailOf(name));
    await page.locator(".choice", { has: page.locator("[value=password]") }).click();
    await page.fill("[name=password]", PASSWORD);
    await page.click("form button[type=submit]");
    await this.goesOn();
    await page.locator(".room-card").first().waitFor();
    this.name = name;
  }

  /** Goes on as whoever was drawn. */
  goesOn = () => this.page.locator(".first-look-end .line").click();

  /** Walks into the first room whose name holds `text`; without one into that which is first by its
   *  name, so that those who meet go into the same, wherever it stands. */
  async enters(text) {
    const cards = this.page.locator(".room-card");
    await cards.first().waitFor();
    const [name] = (await cards.locator("h2 a").allTextContents()).sort();
    const door = text
      ? cards.locator("a", { hasText: text })
      : cards.getByRole("link", { name, exact: true });
    await door.first().click();
    await this.inRoom();
  }

  async inRoom() {
    await this.page.locator(".room").waitFor();
    await this.page.locator(".room-banner p").waitFor({ state: "detached" });
  }

  /** The picture of the room stands. */
  async sees3d() {
    await this.page.locator(".stage canvas").waitFor();
    await this.page.locator(".stage-load").waitFor({ state: "detached" });
  }

  async says(text) {
    await this.page.fill("#say", text);
    await this.page.press("#say", "Enter");
  }

  /** The line is in the log, once, and stored. */
  async reads(text) {
    const lines = this.page.locator(".said", { hasText: text });
    await lines.first().waitFor();
    await this.page
      .locator(".said", { hasText: text })
      .locator(".mute")
      .waitFor({ state: "detached" });
    assert.equal(await lines.count(), 1, `"${text}" stands ${await lines.count()} times`);
  }

  /** Waits until what fits has the focus. */
  async focuses(selector) {
    await until(this.page, (wanted) => document.activeElement?.matches(wanted), selector);
  }

  /** Chooses that everybody may find them by name. */
  async wantsToBeFound() {
    const status = await this.page.evaluate(async () => {
      const choice = await (await fetch("/api/me/contact")).json();
      const answer = await fetch("/api/me/contact", {
        method: "PUT",
        headers: { "content-type": "application/json", "x-bauta": "1" },
        body: JSON.stringify({ ...choice, findable: "everyone" }),
      });
      return answer.status;
    });
    assert.equal(status, 204);
  }

  /** Waits until this name is found: some seconds after it was taken. */
  async finds(name) {
    const found = async (search) => {
      const answer = await fetch(`/api/people?search=${encodeURIComponent(search)}`);
      return answer.ok && (await answer.json()).items.length > 0;
    };
    await until(this.page, found, name, { every_ms: SEARCH_EVERY_MS });
  }

  async lines() {
    return await this.page.locator(".said:not(.waiting) p").allTextContents();
  }

  async tab(name) {
    const tab = this.page.locator(`#tab-${name}`);
    if (await tab.count()) await tab.click();
  }

  /**
   * Somebody sets out one way after the other, a wall may stand in some; over once the list of
   * people says another place of them (more ways could lead back to where they began).
   */
  async seesWalk(name, ways, { begin, end = () => {} }) {
    await this.tab("people");
    const place = this.page.locator(".room-list li", { hasText: name }).locator("p").first();
    const before = await place.textContent();
    const elsewhere = ([who, old]) => {
      const rows = [...document.querySelectorAll(".room-list li")];
      const row = rows.find((li) => li.textContent.includes(who));
      return row !== undefined && row.querySelector("p").textContent !== old;
    };
    for (const way of ways) {
      await begin(way);
      const seen = await comes(this.page, elsewhere, [name, before], { within_ms: WAY_MS });
      await end(way);
      if (seen) return;
    }
    assert.fail(`${name} is still ${await place.textContent()}`);
  }

  /** Waits until the list of people says this of somebody. */
  async findsThat(name, where) {
    await this.tab("people");
    await this.page
      .locator(".room-list li", { hasText: name })
      .filter({ hasText: where })
      .first()
      .waitFor();
  }
}

/** What a journey may ask for. */
class World {
  constructor(server) {
    this.server = server;
    this.url = server.url;
    this.people = [];
  }

  async someone({
    webgl = false,
    push = false,
    dark = false,
    language = "en",
    quality = "low",
    text = false,
    ...options
  } = {}) {
    const browser = await browserOf(webgl ? "drawing" : push ? "whole" : "slim");
    const context = await browser.newContext({
      ...DESKTOP,
      locale: language === "id" ? "id-ID" : "en-US",
      colorScheme: dark ? "dark" : "light",
      ...options,
    });
    await context.addInitScript(
      ([level, textOnly]) => {
        if (!localStorage.getItem("bauta.quality")) localStorage.setItem("bauta.quality", level);
        if (textOnly && !localStorage.getItem("bauta.room_view"))
          localStorage.setItem("bauta.room_view", "text");
      },
      [quality, text],
    );
    if (webgl) await drawsLittle(context);
    context.setDefaultTimeout(READY_MS);
    await holdUp(context);
    const page = await context.newPage();
    await slowDown(page);
    const one = new Someone(page, this, language);
    this.people.push(one);
    return one;
  }

  async shoot(title) {
    mkdirSync(SHOTS, { recursive: true });
    for (const [i, { page }] of this.people.entries()) {
      const path = join(SHOTS, `${title.replace(/\W+/g, "_").slice(0, 80)}.${i + 1}.png`);
      await page.screenshot({ path }).catch(() => undefined);
    }
  }

  async close() {
    for (const { page } of this.people) await page.context().close();
  }
}

/**
 * One test: its own server on a demo folder, and at the end a silent console in every browser.
 * On failure each page is kept as a picture in build/browser/.
 */
export function journey(title, act, settings = {}) {
  test(title, async () => {
    const folder = mkdtempSync(join(tmpdir(), "bauta-browser-"));
    const server = new Server(folder, await freePort(), settings);
    const world = new World(server);
    try {
      server.run("demo");
      await server.start();
      await within(JOURNEY_MS, "it does not end", act(world)); // what it waits for may never come
      for (const one of world.people)
        assert.deepEqual(one.wrong, [], `console of ${one.name ?? "somebody"}`);
    } catch (error) {
      await world.shoot(title);
      error.stack += world.people.map((one) => one.tells()).join("");
      error.stack += `\nserver: ${server.log.slice(-TOLD_MAX)}`;
      throw error;
    } finally {
      await world.close();
      if (server.process) await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
