// Mail as people meet it, in both languages: the operator's page of a site without a relay, the
// switches, the code of a mail, the link that stops a kind; by keyboard, 390 px wide.
import assert from "node:assert/strict";
import { looksWell } from "./looks.mjs";
import { journey, PASSWORD, PHONE } from "./support.mjs";

const WORDS = {
  en: {
    read: "Read",
    test: "Send me a test mail",
    again: "Look again",
    yes: /Yes, we sent/,
    no: /No, we sent/,
  },
  id: {
    read: "Baca",
    test: "Kirimi saya email percobaan",
    again: "Lihat lagi",
    yes: /Ya, kami/,
    no: /Tidak, kami/,
  },
};

/** An administrator by the one-time link, whose address is proved. */
async function office(world, one, language) {
  const out = world.server.run("admin", "create", "Ada Mail");
  await one.goto("/");
  const status = await one.page.evaluate(
    async ([invite, password, tongue]) => {
      const answer = await fetch("/api/claims", {
        method: "POST",
        headers: { "content-type": "application/json", "x-bauta": "1" },
        body: JSON.stringify({
          invite,
          password,
          avatar_name: "Ada Mail",
          email: "ada@example.org",
          birth_date: "1990-01-01",
          country: "ID",
          language: tongue,
        }),
      });
      localStorage.setItem("bauta.signed_in", "1"); // as the page of the link does
      return answer.status;
    },
    [/#(\w+)\//.exec(out)[1], PASSWORD, language],
  );
  assert.equal(status, 201);
}

/* A mail may be written by a job: the page is asked again until so many are there. */
async function keeps(page, words, count) {
  const rows = page.locator("#kept li");
  for (;;) {
    await page.getByRole("button", { name: words.again }).waitFor();
    if ((await rows.count()) >= count) return;
    const answer = page.waitForResponse((got) => got.url().endsWith("/api/admin/mail"));
    await page.getByRole("button", { name: words.again }).click();
    await answer;
  }
}

async function readsFirst(page, words) {
  await page.locator("#kept li button", { hasText: words.read }).first().click();
  await page.locator("#kept li:first-child .mail-text").waitFor();
  return page.locator("#kept li:first-child .mail-text").innerText();
}

for (const [language, shape] of [
  ["en", {}],
  ["id", { ...PHONE, dark: true }],
]) {
  const words = WORDS[language];
  // proves: SAF-5b
  journey(
    `mail from the operator's page to the switch that stops it (${language})`,
    async (world) => {
      const ada = await world.someone({ language, text: true, ...shape });
      const { page } = ada;
      await office(world, ada, language);

      await ada.goto("/admin/mail");
      await keeps(page, words, 1);
      const first = await readsFirst(page, words);
      const ticket = /\/verify#(\S+)/.exec(first)[1];
      const code = /[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(first)[0];
      await looksWell(page, "the operator's mail page");
      await page.screenshot({
        path: process.env.SHOTS ? `${process.env.SHOTS}/admin_${language}.png` : undefined,
        fullPage: true,
      });
      const proved = await page.evaluate(
        (text) =>
          fetch("/api/verifications", {
            method: "POST",
            headers: { "content-type": "application/json", "x-bauta": "1" },
            body: JSON.stringify({ ticket: text }),
          }).then((answer) => answer.status),
        ticket,
      );
      assert.equal(proved, 200);

      await page.getByRole("button", { name: words.test }).click();
      await page.locator(".toast").first().waitFor();
      await keeps(page, words, 2);
      const test = await readsFirst(page, words);
      assert.match(test, /\/unsubscribe#/);
      await page.locator("#kept li:first-child .mail-text a[href*='/unsubscribe#']").click();
      await page.waitForURL("**/unsubscribe#*");
      const stop = page.locator("main .button.main");
      await stop.waitFor();
      await looksWell(page, "the page to unsubscribe");
      await page.screenshot({
        path: process.env.SHOTS ? `${process.env.SHOTS}/stop_${language}.png` : undefined,
      });
      await stop.focus();
      await page.keyboard.press("Enter");
      await page.locator(".notice.good").waitFor();

      await ada.goto("/settings/mail");
      const switches = page.locator("#preferences .switch[name=mail]");
      await switches.first().waitFor();
      assert.equal(await switches.count(), 6);
      assert.deepEqual(
        await switches.evaluateAll((all) => all.map((one) => one.checked)),
        [true, true, true, true, false, false],
        "notices stopped by the link, news never asked for",
      );
      await switches.nth(4).focus();
      const put = page.waitForResponse((answer) => /\/api\/me\/mail\//.test(answer.url()));
      await page.keyboard.press("Space");
      assert.equal((await put).status(), 204);
      await page.reload();
      await switches.first().waitFor();
      assert.equal(await switches.nth(4).isChecked(), true);

      await page.fill("#check [name=code]", code.toLowerCase());
      await page.press("#check [name=code]", "Enter");
      await page.getByText(words.yes).waitFor();
      await looksWell(page, "the mail settings");
      await page.screenshot({
        path: process.env.SHOTS ? `${process.env.SHOTS}/settings_${language}.png` : undefined,
        fullPage: true,
      });
      await page.fill("#check [name=code]", "AAAA BBBB CCCC");
      await page.press("#check [name=code]", "Enter");
      await page.getByText(words.no).waitFor();
    },
  );
}
