// Signing in with two steps, proving it is still you, sessions that are seen and ended.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { looksWell } from "./looks.mjs";
import { journey, PASSWORD, PHONE, until } from "./support.mjs";

/** RFC 6238 once more, so that the server's own is not asked whether it is right. */
function codeOf(secret, at = Date.now()) {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret.replace(/\s/g, "")]
    .map((c) => alphabet.indexOf(c).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
  const mac = createHmac("sha1", key).update(step).digest();
  const from = mac[19] & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1e6).padStart(6, "0");
}

async function signsIn(one, name, password = PASSWORD) {
  await one.goto("/sign-in");
  await one.page.fill("[name=name]", name);
  await one.page.fill("[name=password]", password);
  await one.page.click("form button[type=submit]");
}

/** Sets up the code app on the settings page; answers with its secret and the recovery codes. */
async function setsUp(one) {
  const { page } = one;
  await one.goto("/settings/sign-in");
  await page.click("#factors .button.main");
  await page.locator(".qr-code .dark[d^=M]").waitFor();
  const secret = await page.locator("#factors code.code").textContent();
  await page.fill("#factors [name=code]", codeOf(secret));
  await page.click("#factors form button[type=submit]");
  await page.locator(".recovery-codes li").first().waitFor();
  const codes = await page.locator(".recovery-codes code").allTextContents();
  assert.equal(codes.length, 10);
  return { secret, codes };
}

/* proves: SAF-3d */
journey("the sign-in page shows the address at which it really is", async (world) => {
  const one = await world.someone();
  for (const host of ["localhost", "127.0.0.1"]) {
    const { origin } = Object.assign(new URL(world.url), { hostname: host });
    await one.page.goto(`${origin}/sign-in?to=/rooms`);
    const shown = one.page.locator("main p.small strong");
    await shown.waitFor();
    assert.equal(await shown.textContent(), origin);
  }
});

for (const language of ["en", "id"]) {
  /* proves: REG-7d */
  journey(
    `two steps: set up, sign in elsewhere by a recovery code, see and end it (${language})`,
    async (world) => {
      const one = await world.someone({ language, dark: language === "id" });
      await one.registers("Tari Two");
      const { codes } = await setsUp(one);
      await looksWell(one.page);
      const other = await world.someone({ language, ...PHONE });
      other.expects(/401/);
      await signsIn(other, "Tari Two");
      await other.page.locator("[name=code]").waitFor();
      await other.focuses("h1");
      await looksWell(other.page);
      await other.page.fill("[name=code]", "000000");
      await other.page.click("form button[type=submit]");
      await other.page.locator("[name=code][aria-invalid=true]").waitFor();
      await other.page.click("[data-way=code] .row .button.line");
      await other.page.fill("[name=recovery]", codes[0].toUpperCase());
      await other.page.click("form button[type=submit]");
      await other.page.waitForURL("**/rooms");
      await other.goto("/settings/sign-in");
      await other.page.locator("#devices li").nth(1).waitFor();
      await looksWell(other.page);

      const { page } = one;
      await one.goto("/settings/sign-in");
      await page.locator("#devices li").nth(1).waitFor();
      assert.equal(await page.locator("#devices .tag.good").count(), 1);
      await page.locator("#devices li .button").click();
      await page.locator(".toast .button.icon").click(); // gone, and so is the chance to undo
      other.expects(/401/);
      await until(other.page, async () => {
        const answer = await fetch("/api/me");
        return answer.status === 401;
      });
    },
  );
}

journey(
  "by keyboard alone: an act that is risky asks for a proof, once, and Escape means no",
  async (world) => {
    const one = await world.someone();
    one.expects(/403/);
    await one.registers("Kiki Keys");
    const { page } = one;
    // the server counts ten minutes; the page is told that they are over, once
    let late = 2;
    await page.route("**/api/tokens", async (route) => {
      if (route.request().method() !== "POST" || late-- <= 0) return route.continue();
      await route.fulfill({
        status: 403,
        contentType: "application/json",
        body: JSON.stringify({ error: { code: "api.prove", text: "Prove it." } }),
      });
    });
    await one.goto("/settings/programs");
    await page.locator("[name=label]").focus();
    await page.keyboard.type("my bot");
    await page.keyboard.press("Enter");
    await page.locator("dialog [name=password]").waitFor();
    await looksWell(page);
    await page.keyboard.press("Escape");
    await page.locator("dialog").waitFor({ state: "detached" });
    assert.equal(await page.locator(".notice.bad, .toast").count(), 0);
    await page.locator("[name=label]").focus();
    await page.keyboard.press("Enter");
    await page.locator("dialog [name=password]").waitFor();
    await one.focuses("dialog [name=password]");
    await page.keyboard.type("not my password at all");
    await page.keyboard.press("Enter");
    await page.locator("dialog [aria-invalid=true]").waitFor();
    await page.locator("dialog [name=password]").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator("code.code").waitFor();
    assert.match(await page.locator("code.code").textContent(), /^bauta_/);
  },
);

journey(
  "signing out everywhere ends this session too; the new password works, the old does not",
  async (world) => {
    const one = await world.someone({ ...PHONE });
    one.expects(/401|HTTP Authentication failed/); // a socket that connects just then is told so, too
    await one.registers("Eva Everywhere");
    const { page } = one;
    await one.goto("/settings/sign-in");
    await page.fill("#password [name=password]", "teal kite under bulan");
    await page.click("#password form button[type=submit]");
    await page.locator(".toast").waitFor();
    await page.locator(".toast .button.icon").click();
    await page.click("#devices > .row .button");
    await page.locator(".toast .button.icon").click();
    await page.waitForURL(/\/sign-in/);
    await signsIn(one, "Eva Everywhere");
    await page.locator(".notice.bad").waitFor();
    await looksWell(page);
    await page.fill("[name=password]", "teal kite under bulan");
    await page.click("form button[type=submit]");
    await page.waitForURL(/\/(rooms|settings)/);
  },
);
