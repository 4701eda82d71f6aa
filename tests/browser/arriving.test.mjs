// A link to a room, opened by somebody who is not signed in: it says which room, of a public one alone,
// and signing in or registering leads there.
import assert from "node:assert/strict";
import { looksWell } from "./looks.mjs";
import { provesByPasskey } from "./officers.mjs";
import { journey, PASSWORD, PHONE, settled } from "./support.mjs";

const makes = (one, name, visibility) =>
  one.page.evaluate(
    async (room) => {
      const headers = { "content-type": "application/json", "x-bauta": "1" };
      const answer = await fetch("/api/rooms", {
        method: "POST",
        headers,
        body: JSON.stringify(room),
      });
      return `/rooms/${(await answer.json()).id}`;
    },
    { name, scene: "garden", language: "id", visibility },
  );

/** Opens a link and waits for what is told of it. */
async function opens(one, path) {
  const told = one.page.waitForResponse((answer) => answer.url().includes("/api/visitors/rooms/"));
  await one.goto(path);
  const body = await (await told).text();
  await settled(one.page);
  return body;
}

journey(
  "tautan ruang menyebut ruangnya, dan mendaftar membawa ke sana, di ponsel yang gelap",
  async (world) => {
    const owner = await world.someone({ text: true });
    await owner.registers("Nyonya Rumah");
    const open = await makes(owner, "Taman gjypq Bersama", "public");
    const guest = await world.someone({ ...PHONE, language: "id", dark: true, text: true });
    const { page } = guest;
    guest.expects(/Failed to load resource: .* 403/); // the invitation
    await opens(guest, `${open}?invite=sebuah-undangan`);
    await page.locator(".room-ahead h2", { hasText: "Taman gjypq Bersama" }).waitFor();
    await page.locator(".room-ahead img").waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);

    await page.locator(".top a[href^='/register']").tap();
    await page.waitForURL("**/register?**");
    await page.getByRole("heading", { name: "Undangan ini tidak berlaku" }).waitFor();
    await settled(page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
    await world.shoot("a bad invitation");
    await page.getByRole("button", { name: "Daftar tanpa undangan" }).tap();
    await page.locator(".room-ahead h2", { hasText: "Taman gjypq Bersama" }).waitFor();
    await guest.answersAge();
    await page.fill("[name=avatar_name]", "Tamu Tautan");
    await page.fill("[name=email]", "tamu@example.org");
    await page.locator(".choice", { has: page.locator("[value=password]") }).tap();
    await page.fill("[name=password]", PASSWORD);
    await page.locator("form button[type=submit]").tap();
    await guest.goesOn();
    await page.waitForURL((url) => url.pathname === open);
    await guest.inRoom();
  },
);

journey(
  "di dunia berundangan, tautan ruang dari administrator membawa undangannya",
  async (world) => {
    const chief = await world.someone({ ...PHONE, language: "id", dark: true, text: true });
    await chief.administers();
    await provesByPasskey(chief);
    const { page } = chief;
    await chief.goto("/rooms");
    await chief.enters();
    await page.getByRole("button", { name: "Undang", exact: true }).press("Enter");
    const make = page.getByRole("button", { name: "Buat tautan dengan undangan" });
    await make.press("Enter");
    const link = await page.locator("dialog .code").textContent();
    await looksWell(page);
    const room = new URL(page.url()).pathname;
    assert.ok(link.startsWith(`${world.url}${room}?invite=`), link);

    const guest = await world.someone({ text: true });
    await guest.page.goto(link);
    await guest.page.locator(".top a[href^='/register']").click();
    await guest.answersAge();
    await guest.page.fill("[name=avatar_name]", "Tamu Undangan");
    await guest.page.fill("[name=email]", "tamu@example.org");
    await guest.page.locator(".choice", { has: guest.page.locator("[value=password]") }).click();
    await guest.page.fill("[name=password]", PASSWORD);
    await guest.page.locator("form button[type=submit]").click();
    await guest.goesOn();
    await guest.page.waitForURL((url) => url.pathname === room);
    await guest.inRoom();
    // Who may not invite is told whom the link is for.
    await guest.page.getByRole("button", { name: "Invite", exact: true }).click();
    await guest.page.getByText("Only members come in by this link.").waitFor();
    assert.equal(await guest.page.getByRole("button", { name: /with an invitation/ }).count(), 0);
  },
  { registration: "invite" },
);

journey(
  "a link to a room that is not public tells nothing, and leads there all the same",
  async (world) => {
    const owner = await world.someone({ text: true });
    await owner.registers("Keeper of Rooms");
    const unlisted = await makes(owner, "For the few", "unlisted");
    const closed = await makes(owner, "For me alone", "closed");
    const guest = await world.someone({ text: true });
    const { page } = guest;
    const answers = [];
    for (const path of [unlisted, closed, "/rooms/nobodysroom"]) {
      answers.push(await opens(guest, path));
      assert.equal(await page.locator(".room-ahead").count(), 0, path);
      assert.equal(await page.locator("a[href*=invite]").count(), 0, "no invitation was given");
    }
    assert.equal(new Set(answers).size, 1, answers.join());

    // Elsewhere is no place to go to.
    await guest.goto("/sign-in?to=//else.where.example/rooms/abc");
    assert.equal(await page.locator(".top a[href^='/register']").getAttribute("href"), "/register");

    await guest.goto(unlisted);
    await page.fill("[name=name]", "Keeper of Rooms");
    await page.fill("[name=password]", PASSWORD);
    await page.press("[name=password]", "Enter");
    await page.waitForURL(`**${unlisted}`);
    await guest.inRoom();
  },
);
