// Blocking by the path of the safety guide, from a room too: gone for both at once, told to nobody.
import assert from "node:assert/strict";
import { asks } from "./asked.mjs";
import { looksWell } from "./looks.mjs";
import { journey, PASSWORD, PHONE, until } from "./support.mjs";

const row = (one, name) => one.page.locator(".room-list li", { hasText: name });
/* The path of the safety guide, in its words. */
const PATHS = {
  en: {
    sign_in: "Sign in",
    name: "Avatar name or e-mail",
    password: "Password",
    account: "Account",
    privacy: "Privacy and security",
    friends: "Friends & user settings",
    manage: "Manage blocked users list",
    contact: "Block contact",
    block: "Block",
  },
  id: {
    sign_in: "Masuk",
    name: "Nama avatar atau email",
    password: "Kata sandi",
    account: "Akun",
    privacy: "Privasi dan keamanan",
    friends: "Pengaturan teman & pengguna",
    manage: "Kelola daftar pengguna yang diblokir",
    contact: "Blokir Kontak",
    block: "Blokir",
  },
};
for (const [language, words] of Object.entries(PATHS)) {
  /* proves: SOC-2a */
  journey(
    `from signing in the path of the safety guide leads to a block (${language})`,
    async (world) => {
      const [one, other] = [await world.someone({ language, text: true }), await world.someone()];
      await one.registers("Sari Jalan");
      await other.registers("Budi Tester");
      const { page } = one;
      await one.ends("/api/sessions/current");
      await one.goto("/");
      await page.getByRole("link", { name: words.sign_in, exact: true }).first().click();
      await page.getByLabel(words.name, { exact: true }).fill("Sari Jalan");
      await page.getByLabel(words.password, { exact: true }).fill(PASSWORD);
      await page.locator("form").getByRole("button", { name: words.sign_in, exact: true }).click();
      await page.waitForURL("**/rooms");
      const account = page.getByRole("button", { name: `Sari Jalan ${words.account}` });
      await account.waitFor();
      const { x, y, width, height } = await account.boundingBox();
      const window = page.viewportSize();
      assert.ok(x + width / 2 > window.width / 2 && y + height < window.height / 4, "upper right");
      await account.click();
      await page.getByRole("menuitem", { name: words.account, exact: true }).click();
      await page.getByRole("link", { name: words.privacy }).click();
      const part = page.locator("section", {
        has: page.getByRole("heading", { name: words.friends, exact: true }),
      });
      await part.getByRole("link", { name: words.manage }).click();
      await page.getByLabel(words.contact, { exact: true }).fill("Budi Tester");
      await page.getByRole("button", { name: words.block, exact: true }).click();
      await page.locator("#blocked li", { hasText: "Budi Tester" }).waitFor();
      const { id } = await asks(one, "GET", "/api/me");
      other.expects(/Failed to load resource: .* 404/);
      assert.equal((await asks(other, "GET", `/api/people/${id}`)).error.code, "people.none");
    },
  );
}

const gone = (one, name) => row(one, name).waitFor({ state: "detached" });

journey(
  "one blocks the other by the path: gone for both at once, and back after it",
  async (world) => {
    const [mia, budi] = [await world.someone({ text: true }), await world.someone({ text: true })];
    await mia.registers("Mia Tester");
    await budi.registers("Budi Tester");
    await mia.enters();
    const room = new URL(mia.page.url()).pathname;
    await budi.goto(room);
    await budi.inRoom();
    await mia.says("Mia before");
    await budi.reads("Mia before");
    await budi.says("Budi before");
    await mia.reads("Budi before");

    // Mia's second window keeps standing in the room while she walks through the settings.
    const page = await mia.page.context().newPage();
    await page.goto(world.url + "/rooms");
    await page.getByRole("button", { name: "Mia Tester Account" }).click();
    await page.getByRole("menuitem", { name: "Account" }).click();
    await page.getByRole("link", { name: "Privacy and security" }).click();
    const part = page.locator("section", {
      has: page.getByRole("heading", { name: "Friends & user settings" }),
    });
    await part.getByRole("link", { name: "Manage blocked users list" }).click();
    await page.getByText("Nobody is blocked").waitFor();
    await looksWell(page);
    await page.getByLabel("Block contact").fill("budi TESTER");
    await page.getByRole("button", { name: "Block", exact: true }).click();
    await page.locator("#blocked li", { hasText: "Budi Tester" }).waitFor();
    await looksWell(page);

    await Promise.all([gone(mia, "Budi Tester"), gone(budi, "Mia Tester")]);
    await mia.page.locator(".said", { hasText: "Budi before" }).waitFor({ state: "detached" });
    await mia.says("Mia after");
    await budi.says("Budi after");
    await mia.reads("Mia after");
    await budi.reads("Budi after");
    await budi.page.reload();
    await budi.inRoom();
    await budi.reads("Budi after");
    for (const [one, other] of [
      [mia, "Budi"],
      [budi, "Mia"],
    ]) {
      const shown = await one.lines();
      assert.ok(!shown.some((text) => text.startsWith(`${other} `)), `${shown}`);
      assert.equal(await row(one, `${other} Tester`).count(), 0);
    }
    assert.equal(await budi.page.locator(".toast").count(), 0, "the blocked one is told nothing");

    await page.getByRole("button", { name: "Unblock Budi Tester" }).click();
    await page.getByText("Nobody is blocked").waitFor();
    await Promise.all([row(mia, "Budi Tester").waitFor(), row(budi, "Mia Tester").waitFor()]);
    await mia.reads("Budi before");
    await mia.reads("Budi after");
    await budi.page.reload();
    await budi.inRoom();
    await budi.reads("Mia after");
  },
);

journey(
  "in a room somebody is blocked from the list of people, by keyboard, and undone",
  async (world) => {
    const [mia, budi] = [await world.someone({ text: true }), await world.someone({ text: true })];
    await mia.registers("Mia Tester");
    await budi.registers("Budi Tester");
    await mia.enters();
    await budi.goto(new URL(mia.page.url()).pathname);
    await budi.inRoom();
    await budi.says("a word of Budi");
    await mia.reads("a word of Budi");
    const button = mia.page.getByRole("button", { name: "Block Budi Tester" });
    await button.focus();
    // Nothing is asked before: who closes the window right after it has blocked.
    await mia.page.route("**/api/people/*", () => undefined);
    await mia.page.keyboard.press("Enter");
    await Promise.all([gone(mia, "Budi Tester"), gone(budi, "Mia Tester")]);
    await mia.page.unroute("**/api/people/*");
    await mia.page.locator(".said", { hasText: "a word of Budi" }).waitFor({ state: "detached" });
    await until(mia.page, () => document.activeElement !== document.body); // its row is gone
    await mia.page.getByRole("button", { name: "Undo" }).focus(); // it stays as long as it has the focus
    await looksWell(mia.page);
    await mia.page.keyboard.press("Enter");
    await Promise.all([row(mia, "Budi Tester").waitFor(), row(budi, "Mia Tester").waitFor()]);
    await mia.reads("a word of Budi");
    await mia.focuses(".room-list *"); // where it was, not at the top of the page
  },
);

journey(
  "Blokir Kontak lewat papan ketik di ponsel, dan siapa yang boleh mendekat",
  async (world) => {
    const one = await world.someone({ ...PHONE, language: "id", dark: true });
    one.expects(/status of 4(04|09)/);
    await one.registers("Sari Uji");
    const { page } = one;
    await page.getByRole("button", { name: "Sari Uji Akun" }).click();
    await page.getByRole("menuitem", { name: "Akun", exact: true }).click();
    await page.getByRole("link", { name: "Privasi dan keamanan" }).click();
    await page.getByRole("heading", { name: "Pengaturan teman & pengguna" }).waitFor();
    const kept = page.waitForResponse((answer) => answer.request().method() === "PUT");
    kept.catch(() => undefined);
    await page
      .getByRole("group", { name: "Siapa yang boleh menulis kepadaku" })
      .getByText("Teman", { exact: true })
      .click();
    assert.equal((await kept).status(), 204);
    await looksWell(page);
    await world.shoot("who may come near, Indonesian");
    await page.reload();
    assert.ok(await page.getByRole("group", { name: "menulis" }).getByLabel("Teman").isChecked());
    const link = page.getByRole("link", { name: "Kelola daftar pengguna yang diblokir" });
    await link.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Pengguna yang diblokir" }).waitFor();
    await until(page, () => document.activeElement.tagName === "H1");
    const field = page.getByLabel("Blokir Kontak");
    await page.keyboard.press("Tab");
    assert.ok(
      await field.evaluate((it) => it === document.activeElement),
      "Tab leads to the field",
    );
    await page.keyboard.type("Tidak Ada Dia");
    await page.keyboard.press("Enter");
    await page.getByText("Tidak ada orang dengan nama itu.").waitFor();
    await field.fill("Sari Uji");
    await page.keyboard.press("Enter");
    await page.getByText("Kamu tidak bisa memblokir dirimu sendiri.").waitFor();
    await looksWell(page);
    await world.shoot("blocked users, Indonesian");
  },
);
