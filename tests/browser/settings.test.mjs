// Account Settings: one place, by keyboard, in Indonesian on a dark phone, and what is kept where.
import assert from "node:assert/strict";
import { journey, PASSWORD, PHONE, until } from "./support.mjs";

const TABS_MAX = 80;

/** Presses Tab until `want` has the focus. */
async function tabTo(page, want) {
  for (let i = 0; i < TABS_MAX; i++) {
    await page.keyboard.press("Tab");
    if (await want.evaluate((it) => it === document.activeElement)) return;
  }
  assert.fail(`Tab does not reach ${want}`);
}

const focused = (page, text) =>
  until(page, (want) => document.activeElement.textContent.trim() === want, text);
const consents = (page) =>
  page.evaluate(() =>
    fetch("/api/me/consents")
      .then((answer) => answer.json())
      .then((list) => list.items.filter((one) => one.given).map((one) => one.purpose)),
  );
const answered = (page, method) =>
  page.waitForResponse((answer) => answer.request().method() === method);

journey("the account menu beside the avatar name leads to the settings", async (world) => {
  const one = await world.someone();
  await one.registers("Menu Uji");
  const { page } = one;
  const menu = page.getByRole("button", { name: "Menu Uji Account" });
  await tabTo(page, menu);
  await page.keyboard.press("ArrowDown");
  await focused(page, "Account");
  await page.keyboard.press("ArrowUp");
  await focused(page, "Sign out");
  await page.keyboard.press("Home");
  await page.keyboard.press("m");
  await focused(page, "My avatar");
  await page.keyboard.press("Escape");
  assert.equal(await page.getByRole("menu").count(), 0);
  assert.ok(await menu.evaluate((it) => it === document.activeElement), "the button has the focus");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await page.getByRole("menu").count(), 0, "Tab leaves and closes");
  await menu.click();
  await page.locator("h1").click();
  assert.equal(await page.getByRole("menu").count(), 0, "a click elsewhere closes");
  await menu.click();
  await page.getByRole("menuitem", { name: "Account" }).click();
  await page.waitForURL("**/settings");
  await page.getByRole("heading", { name: "Account settings" }).waitFor();
  await menu.click();
  one.losesSession();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL((url) => !url.pathname.startsWith("/rooms"));
  await page.getByRole("link", { name: "Sign in" }).first().waitFor();
});

journey("by keyboard through all parts of the settings", async (world) => {
  const one = await world.someone();
  await one.registers("Papan Ketik");
  const { page } = one;
  await one.goto("/settings");
  const names = await page.locator(".part-card a").allTextContents();
  assert.ok(names.length >= 6, `${names}`);
  for (const name of names) {
    await tabTo(page, page.locator(".part-card a", { hasText: name }));
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
    await focused(page, name);
    const here = await page.locator(".side-nav [aria-current=page]").textContent();
    assert.equal(here, name);
    await page.keyboard.press("Shift+Tab");
    await page.goBack();
    await page.getByRole("heading", { name: "Account settings" }).waitFor();
    await focused(page, "Account settings");
  }

  await page.getByRole("link", { name: "Language and accessibility" }).click();
  const size = page.getByRole("radio", { name: "100%" });
  await tabTo(page, size);
  await page.keyboard.press("ArrowRight");
  const pixels = () => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
  assert.equal(await pixels(), "18.4px");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await pixels(), "16px");

  await page.getByRole("link", { name: "Privacy and security" }).click();
  await tabTo(page, page.getByRole("switch", { name: "Performance reports" }));
  assert.deepEqual(await consents(page), [], "everything is off at first");
  const kept = answered(page, "PUT");
  await page.keyboard.press("Space");
  await kept;
  assert.deepEqual(await consents(page), ["performance"]);
});

journey("pengaturan akun di ponsel gelap: izin diberikan dan ditarik kembali", async (world) => {
  const one = await world.someone({ ...PHONE, language: "id", dark: true });
  await one.registers("Sari Uji");
  const { page } = one;
  await page.getByRole("button", { name: "Sari Uji Akun" }).click();
  await page.getByRole("menuitem", { name: "Akun", exact: true }).click();
  await page.getByRole("heading", { name: "Pengaturan akun" }).waitFor();
  await page.getByRole("link", { name: "Privasi dan keamanan" }).click();
  let kept = answered(page, "PUT");
  await page.getByRole("switch", { name: "Berita lewat email" }).click();
  await kept;
  assert.deepEqual(await consents(page), ["marketing"]);
  await page.locator("a.back").click();
  await page.getByRole("link", { name: "Datamu" }).click();
  const row = page.locator("#consents .table li", { hasText: "Berita lewat email" });
  await row.waitFor();
  kept = answered(page, "PUT");
  await row.getByRole("button", { name: "Tarik kembali: Berita lewat email" }).click();
  await kept;
  await row.waitFor({ state: "detached" });
  assert.deepEqual(await consents(page), []);
  await page.getByText("Semua perubahan").click();
  await page.locator(".history li").nth(1).waitFor(); // the list is asked for again
  assert.equal(await page.locator(".history li").count(), 2, "both changes are told");

  await page.locator("#about summary", { hasText: "Akunmu" }).click();
  await page.locator("#about").getByText("Selama kamu memiliki akun").first().waitFor();
  assert.equal(await page.locator("#about [lang=en]").count(), 0, "nothing is left in English");
});

journey("the language follows the account, the look stays on its device", async (world) => {
  const [first, second] = [await world.someone(), await world.someone()];
  await first.registers("Dua Layar");
  const fonts = [];
  first.page.on("request", (it) => it.url().endsWith(".woff2") && fonts.push(it.url()));
  await first.goto("/settings/language");
  assert.ok(!fonts.some((url) => url.includes("atkinson")), "a font that nobody chose is fetched");
  const { page } = first;
  await page.getByText("200%").click();
  await page.getByText("Atkinson Hyperlegible", { exact: true }).click();
  for (const choice of ["More", "Less", "Dark"])
    await page.locator("label.choice").getByText(choice, { exact: true }).click();
  const kept = answered(page, "PATCH");
  await page.getByText("Bahasa Indonesia").first().click();
  await kept;
  await page.getByRole("heading", { name: "Bahasa dan aksesibilitas" }).waitFor();
  const shape = (one) =>
    one.page.evaluate(() => {
      const root = document.documentElement;
      return {
        lang: root.lang,
        theme: root.dataset.theme,
        font: getComputedStyle(root).fontSize,
        name: getComputedStyle(document.body).fontFamily.split(",")[0],
        ink: getComputedStyle(document.body).color,
        still: root.classList.contains("still"),
      };
    });
  await page.reload();
  await page.locator("h1").waitFor();
  assert.deepEqual(await shape(first), {
    lang: "id",
    theme: "dark",
    font: "32px",
    name: '"Atkinson Hyperlegible Next"',
    ink: "rgb(255, 255, 255)",
    still: true,
  });
  assert.ok(fonts.some((url) => url.includes("atkinson")));
  await page.getByRole("button", { name: "Kembali seperti semula" }).click();
  assert.equal((await shape(first)).font, "16px");

  await second.page.goto(`${world.url}/sign-in`);
  await second.page.fill("[name=name]", "Dua Layar");
  await second.page.fill("[name=password]", PASSWORD);
  await second.page.click("form button[type=submit]");
  await second.page.waitForURL("**/rooms");
  await second.page.locator("html[lang=id]").waitFor({ state: "attached" });
  assert.equal((await shape(second)).theme, "light");
});
