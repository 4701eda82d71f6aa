// The mailbox and the account, as people meet them: confirming, forgetting, changing, taking
// back, another name, leaving and coming back. With a real mail server as the mailbox.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after } from "node:test";
import { smtpPeer } from "../peers/smtp.mjs";
import { looksWell } from "./looks.mjs";
import { provesByPasskey } from "./officers.mjs";
import { journey, PASSWORD, PHONE, until } from "./support.mjs";

const SHOTS = process.env.BAUTA_SHOTS;
const NEW = "another harbour of lemons";

const peer = await smtpPeer();
const settings = { smtp_url: `smtp://127.0.0.1:${peer.port}`, mail_retry_s: "1" };
after(() => peer.down());

let shots = 0;
async function looks(page) {
  await looksWell(page);
  if (SHOTS)
    await page.screenshot({
      path: join(SHOTS, `address_${String(++shots).padStart(2, "0")}.png`),
      fullPage: true,
    });
}

/** The link of a mail, as it stands there; of the one after it, where there was one before. */
async function link(address, path, before) {
  const linkOf = ({ text }) => text.match(new RegExp(`http\\S+${path}#[\\w-]{43}`))?.[0];
  const mail = await peer.to(address, (read) => linkOf(read) && linkOf(read) !== before);
  return linkOf(mail.read);
}

async function opens(one, address, path, before) {
  await one.page.goto(await link(address, path, before));
  await one.page.locator("h1").first().waitFor();
  await until(one.page, () => location.hash === "");
  await looks(one.page);
}

const presses = async ({ page }) => {
  await page.locator("main form button[type=submit]").focus();
  await page.keyboard.press("Enter");
};

async function signsIn(one, name, password) {
  await one.goto("/sign-in");
  await one.page.fill("[name=name]", name);
  await one.page.fill("[name=password]", password);
  await one.page
    .locator("form", { has: one.page.locator("[name=password]") })
    .locator("[type=submit]")
    .click();
}

for (const [language, name] of [
  ["en", "Kartika En"],
  ["id", "Kartika Id"],
]) {
  const box = `${name.toLowerCase().replace(" ", "")}@example.org`;
  const phone = language === "id" ? PHONE : {};

  /* proves: REG-8b REG-8c */
  journey(
    `an address is confirmed, changed, taken back (${language})`,
    async (world) => {
      const one = await world.someone({ language, dark: language === "id", ...phone });
      one.expects(/Failed to load resource: .* 40[14]/);
      const { page } = one;
      await one.registers(name);
      await one.goto("/settings/profile");
      await page.locator("#email .tag.plain").waitFor();
      await looks(page);
      await opens(one, box, "/verify");
      await presses(one);
      await page.locator(".notice.good").waitFor();
      await one.focuses("h1");
      await looks(page);

      await one.goto("/settings/profile");
      await page.locator("#email .tag.good").waitFor();
      await page.fill("#email [name=email]", `new${box}`);
      await page.locator("#email form button[type=submit]").focus();
      await page.keyboard.press("Enter");
      await page.locator("#email [role=status]", { hasText: `new${box}` }).waitFor();
      await looks(page);
      await opens(one, `new${box}`, "/verify");
      await presses(one);
      await page.locator(".notice.good").waitFor();
      await one.goto("/settings/profile");
      await page.locator("#email strong", { hasText: `new${box}` }).waitFor();
      await page.selectOption("#you [name=country]", "SE");
      await page.fill("#you [name=real_name]", "Kartika Dewi");
      await page.click("#you form button[type=submit]");
      await until(page, () =>
        fetch("/api/me")
          .then((a) => a.json())
          .then((me) => me.country === "SE" && me.real_name === "Kartika Dewi"),
      );

      const owner = await world.someone({ language, ...phone });
      await opens(owner, box, "/undo");
      await presses(owner);
      await owner.page.locator("[name=password]").waitFor();
      await owner.focuses("h1");
      await looks(owner.page);
      await owner.page.fill("[name=password]", NEW);
      await presses(owner);
      await owner.page.locator(".notice.good").waitFor();
      await page.goto(`${world.url}/settings/profile`);
      await page.waitForURL("**/sign-in?to=*"); // who was in is out
      await signsIn(owner, name, NEW);
      await owner.page.waitForURL("**/rooms");
      await owner.goto("/settings/profile");
      await owner.page.locator("#email strong", { hasText: /^kartika/ }).waitFor();
    },
    settings,
  );

  journey(
    `an address that is not confirmed is spoken of above the rooms, until it is or is put off (${language})`,
    async (world) => {
      const one = await world.someone({ language, dark: language === "id", ...phone });
      const { page } = one;
      const own = `late${box}`;
      await one.registers(`Late${name}`);
      await page.clock.install({ time: Date.now() });
      await one.goto("/rooms");
      await page.locator(".room-card").first().waitFor();
      assert.equal(await page.locator("main .notice").count(), 0); // the first hour is for looking round
      await page.clock.setSystemTime(Date.now() + 2 * 3_600_000);
      await one.goto("/rooms");
      const said = page.locator("main .notice", { hasText: own });
      await said.waitFor();
      await looks(page);
      await said.locator("button").last().focus();
      await page.keyboard.press("Enter");
      await said.waitFor({ state: "detached" });
      await one.focuses("h1");
      await one.goto("/rooms");
      await page.locator(".room-card").first().waitFor();
      assert.equal(await said.count(), 0);
      await page.clock.setSystemTime(Date.now() + 8 * 86_400_000);
      await one.goto("/rooms");
      const first = await link(own, "/verify");
      await said.locator("button").first().click();
      await page.locator(".toast").waitFor();
      await opens(one, own, "/verify", first);
      await presses(one);
      await page.locator("main .notice.good").waitFor();
      await one.goto("/rooms");
      await page.locator(".room-card").first().waitFor();
      assert.equal(await said.count(), 0);
    },
    settings,
  );

  journey(
    `a forgotten password is chosen anew by mail (${language})`,
    async (world) => {
      const one = await world.someone({ language, ...phone });
      one.expects(/Failed to load resource: .* 40\d/);
      const { page } = one;
      const own = `reset${box}`;
      await one.registers(`Reset${name}`);
      await opens(one, own, "/verify");
      await presses(one);
      await page.locator(".notice.good").waitFor();

      const lost = await world.someone({ language, dark: true, ...phone });
      lost.expects(/Failed to load resource: .* 40\d/);
      const said = [];
      for (const address of ["nobody@example.org", own.toUpperCase()]) {
        await lost.goto("/reset");
        if (!said.length) await looks(lost.page);
        await lost.page.fill("[name=email]", address);
        await presses(lost);
        await lost.page.locator(".notice").waitFor();
        await lost.focuses("h1");
        said.push(await lost.page.locator("main").innerHTML());
      }
      assert.equal(said[1], said[0], "the page says the same, whoever exists");
      await looks(lost.page);
      await opens(lost, own, "/reset");
      await lost.page.fill("[name=password]", "short");
      await presses(lost);
      await lost.page.locator("[name=password][aria-invalid=true]").waitFor();
      await lost.page.fill("[name=password]", NEW);
      await presses(lost);
      await lost.page.locator(".notice.good").waitFor();
      await looks(lost.page);
      await lost.goto("/sign-in");
      await lost.page.goto(await link(own, "/reset"));
      await lost.page.fill("[name=password]", NEW);
      await presses(lost);
      await lost.page.locator(".notice.bad").waitFor();
      await looks(lost.page);
      await signsIn(lost, own.toUpperCase(), NEW); // who forgot the password may have forgotten the name
      await lost.page.waitForURL("**/rooms");
    },
    settings,
  );

  journey(
    `one closes the account and opens it again (${language})`,
    async (world) => {
      const one = await world.someone({ language, ...phone });
      one.expects(/Failed to load resource: .* 40\d/);
      const { page } = one;
      await one.registers(`Tutup${name}`);
      await one.goto("/settings/close");
      await looks(page);
      await page.locator("#close .button").focus();
      await page.keyboard.press("Enter");
      await page.locator("dialog[open]").waitFor();
      await looks(page);
      await page.locator("dialog button[type=submit]").click();
      await page.locator(".toast").waitFor();
      assert.equal(new URL(page.url()).pathname, "/");
      await signsIn(one, `Tutup${name}`, PASSWORD);
      await page.locator(".notice h2").waitFor();
      await looks(page);
      await presses(one);
      await page.waitForURL("**/rooms");
    },
    settings,
  );
}

journey(
  "a name is held, taken, and worn in the room at once",
  async (world) => {
    const one = await world.someone({ text: true });
    const other = await world.someone({ text: true, ...PHONE });
    one.expects(/Failed to load resource: .* 409/);
    await one.registers("Lama Sekali");
    await other.registers("Teman Baik");
    for (const who of [one, other]) {
      await who.goto("/rooms");
      await who.enters();
    }
    await other.findsThat("Lama Sekali", /./);
    const tab = await one.page.context().newPage();
    await tab.goto(`${world.url}/settings/profile`);
    await tab.locator("#name [name=avatar_name]").fill("Baru Sekali");
    await tab.locator("#name form button[type=submit]").click();
    await tab.locator("#name [role=status]", { hasText: "Baru Sekali" }).waitFor();
    await looks(tab);
    await tab.locator("#name form button[type=submit]").click();
    await tab.locator("#name li", { hasText: "Lama Sekali" }).waitFor();
    await looks(tab);
    await other.findsThat("Baru Sekali", /./);
    assert.equal(await other.page.locator(".room-list li", { hasText: "Lama Sekali" }).count(), 0);
    const admin = await world.someone();
    await admin.administers();
    await provesByPasskey(admin);
    const listed = admin.page.locator(".table li", { hasText: "Baru Sekali" });
    await listed.waitFor();
    assert.equal(
      await listed.getByText("Lama Sekali").count(),
      0,
      "an administrator need not know",
    );
    world.server.run("admin", "give", "Ibu Ketua", "support");
    await admin.goto("/admin/people");
    await listed.filter({ hasText: "Lama Sekali" }).waitFor();
  },
  settings,
);
