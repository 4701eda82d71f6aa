// The settings of the site in the administration: changed by keyboard, held at once and over a
// crash, taken back; what the machine fixes; in Indonesian on a dark phone.
import assert from "node:assert/strict";
import { looksWell, looksWellEverywhere } from "./looks.mjs";
import { provesByPasskey } from "./officers.mjs";
import { journey, PHONE, until } from "./support.mjs";

const TABS_MAX = 60;

/** What everybody is told of the site, whoever asks. */
const told = async (world) => await (await fetch(`${world.url}/api/site`)).json();

const row = (page, name) => page.locator(`[data-setting=${name}]`);

/** Presses Tab until a field or button of this setting has the focus. */
async function tabTo(page, name, fits) {
  for (let i = 0; i < TABS_MAX; i++) {
    await page.keyboard.press("Tab");
    const there = ([at, wanted]) =>
      document.activeElement?.closest(`[data-setting=${at}]`) &&
      document.activeElement.matches(wanted);
    if (await page.evaluate(there, [name, fits])) return;
  }
  assert.fail(`Tab does not reach ${fits} of ${name}`);
}

const isFocused = (page, name) =>
  until(page, (at) => document.activeElement?.matches(`[data-setting=${at}] input`), name);

async function office(world, options) {
  const chief = await world.someone(options);
  await chief.administers();
  await provesByPasskey(chief);
  chief.expects(/Failed to load resource: .* 40[09]/);
  await chief.goto("/admin/settings");
  await row(chief.page, "site_name").waitFor();
  return chief;
}

journey("the site is renamed by keyboard, at once and for good, and taken back", async (world) => {
  const chief = await office(world);
  const { page } = chief;
  await looksWellEverywhere(page, "settings of the site");
  const guest = await world.someone();
  await guest.goto("/privacy");

  await tabTo(page, "site_name", "input");
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.press("Delete");
  await page.keyboard.press("Enter");
  await row(page, "site_name").locator(".fault").waitFor(); // empty is no name, and is said there
  await isFocused(page, "site_name");
  await page.keyboard.type("Harbour");
  await page.keyboard.press("Enter");
  await page.getByText("“Name of the site” holds now.").waitFor();
  await page.locator(".brand", { hasText: "Harbour" }).first().waitFor();
  assert.equal((await told(world)).name, "Harbour");
  // Whoever has a page open sees it on the next one, a minute later.
  await guest.page.evaluate(() => {
    const now = Date.now;
    Date.now = () => now() + 61_000;
  });
  await guest.page.locator("footer a[href='/promises']").click();
  await guest.page.locator(".brand", { hasText: "Harbour" }).first().waitFor();

  // What is out of bounds is said at its field, and what was typed stays.
  const days = row(page, "session_days").locator("input");
  await days.fill("400");
  await days.press("Enter");
  await row(page, "session_days").locator(".fault", { hasText: "1 to 365" }).waitFor();
  assert.equal(await days.inputValue(), "400");

  // A choice, saved by its own button.
  await row(page, "registration").locator("select").selectOption("closed");
  await page.getByRole("button", { name: "Save: Who may register" }).click();
  await until(
    page,
    async () => (await (await fetch("/api/site")).json()).registration === "closed",
  );
  assert.equal(await days.inputValue(), "400", "what is typed elsewhere stays");

  // Acknowledged is stored.
  await world.server.kill();
  chief.expects(/Failed to load resource|WebSocket/);
  await world.server.start();
  const { name, registration } = await told(world);
  assert.deepEqual([name, registration], ["Harbour", "closed"]);

  await chief.goto("/admin/settings");
  await tabTo(page, "site_name", "button:not([type=submit])");
  await page.keyboard.press("Enter");
  await page.locator(".brand", { hasText: "Bauta" }).first().waitFor();
  await isFocused(page, "site_name");
  assert.equal((await told(world)).name, "Bauta");

  // Each is a line of staff, with what it was and what it is.
  await chief.goto("/admin/log");
  const line = page.locator("#acts li", { hasText: 'site_name: standard, "Bauta" -> "Harbour"' });
  await line.getByText("Changed a setting", { exact: true }).waitFor();
});

/** Lets no answer of the list through until it is called off. */
async function unreadable(page) {
  const list = "**/api/admin/settings";
  await page.route(list, (route) => route.abort());
  return () => page.unroute(list);
}

journey("saved is saved though it cannot be read, and nothing typed is lost", async (world) => {
  const chief = await office(world);
  const { page } = chief;
  chief.expects(/Failed to load resource/);
  const name = row(page, "site_name");
  const field = name.locator("input");
  const restore = await unreadable(page);
  await field.fill("Harbour");
  await field.press("Enter");
  await page.getByText("“Name of the site” holds now.").waitFor();
  const retry = name.getByRole("button", { name: "Try again" });
  await retry.waitFor();
  await until(page, () => document.activeElement?.closest("[data-setting=site_name]"));
  await looksWell(page, "a setting that could not be read");
  await restore();
  await page.keyboard.press("Enter");
  await isFocused(page, "site_name");
  assert.equal(await field.inputValue(), "Harbour");

  // Another tab was before: saving says so, whatever was read between.
  await field.fill("Port");
  const tab = await page.context().newPage();
  await tab.goto(`${world.url}/admin/settings`);
  await row(tab, "site_name").locator("input").fill("Quay");
  await row(tab, "site_name").locator("input").press("Enter");
  await tab.getByText("“Name of the site” holds now.").waitFor();
  await tab.close();
  await row(page, "session_days").locator("input").fill("9");
  await page.keyboard.press("Enter");
  await row(page, "session_days")
    .getByRole("button", { name: /^Back to/ })
    .waitFor();
  await field.press("Enter");
  await name.locator(".notice.bad").waitFor();
  assert.equal((await told(world)).name, "Quay");
  assert.equal(await field.inputValue(), "Port");

  // A way back takes what is stored, and not what is typed.
  await name.getByRole("button", { name: /^Standard/ }).click();
  await page.locator(".brand", { hasText: "Bauta" }).first().waitFor();
  await isFocused(page, "site_name");
  assert.equal(await field.inputValue(), "Port");
  await field.press("Enter");
  await page.locator(".brand", { hasText: "Port" }).first().waitFor();
});

journey(
  "pengaturan situs di ponsel gelap; yang ditetapkan di mesin terkunci",
  async (world) => {
    const chief = await office(world, { ...PHONE, language: "id", dark: true });
    const { page } = chief;
    const fixed = row(page, "session_days");
    await fixed.getByText("BAUTA_SESSION_DAYS").waitFor();
    await fixed.getByText("7 hari").waitFor();
    assert.equal(await fixed.locator("input, select, button").count(), 0);
    await page.getByRole("heading", { name: "Ruang", exact: true }).waitFor();
    await looksWell(page);
    await page.evaluate(() => localStorage.setItem("bauta.text", "200"));
    await chief.goto("/admin/settings");
    await fixed.waitFor();
    await looksWell(page, "200 %");
    const people = row(page, "room_capacity").locator("input");
    await people.fill("12");
    await page.getByRole("button", { name: "Simpan: Orang dalam satu ruang" }).click();
    await page.getByText("“Orang dalam satu ruang” sudah berlaku.").waitFor();
    await row(page, "room_capacity").getByRole("button", { name: "Kembali ke: 25 orang" }).click();
    await until(page, () => document.activeElement?.value === "25");
  },
  { session_days: "7" },
);
