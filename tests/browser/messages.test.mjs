// Two people who do not know each other begin to write: asked first, then talking, until one has
// enough of it. Nothing is lost and nothing doubled, with the keyboard alone and in both languages.
import assert from "node:assert/strict";
import { looksWell } from "./looks.mjs";
import { journey, PHONE, until } from "./support.mjs";

/** Somebody with an account. */
async function member(world, name, { year, ...options } = {}) {
  const one = await world.someone(options);
  one.expects(/status of 404/);
  await one.registers(name, year ? { year } : {});
  return one;
}

const box = ({ page }) => page.locator("#talk-write");
const bubble = ({ page }, text) => page.locator(".said-by", { hasText: text });
const rail = ({ page }) => page.getByRole("navigation", { name: /^(Main|Utama)/ });

async function says(one, text) {
  await box(one).fill(text);
  await box(one).press("Enter");
  await bubble(one, text).and(one.page.locator("[data-seq]")).waitFor();
}

/** The message stands there once, stored. */
async function reads(one, text) {
  await bubble(one, text).and(one.page.locator("[data-seq]")).waitFor();
  assert.equal(await bubble(one, text).count(), 1, `"${text}" stands once`);
}

async function menu(one, text, button, row) {
  const message = bubble(one, text).first();
  await message.hover();
  await message.getByRole("button", { name: button }).click();
  await message.getByRole("menuitem", { name: row, exact: true }).click();
}

/** Mia begins, Budi lets her in: both stand in the conversation. */
async function meet(mia, budi) {
  await budi.wantsToBeFound();
  await mia.finds(budi.name);
  await mia.goto("/messages");
  await mia.page.getByRole("button", { name: "New conversation" }).first().click();
  await mia.page.getByLabel("Name", { exact: true }).fill(budi.name.slice(0, 4));
  await mia.page.getByRole("button", { name: budi.name }).click();
  await mia.page.getByRole("button", { name: "Begin" }).click();
  await mia.page.getByRole("heading", { name: budi.name }).waitFor();
  await says(mia, "Hello Budi");
}

journey("somebody new asks first, is let in, and both talk until one has enough", async (world) => {
  const mia = await member(world, "Mia Tester");
  const budi = await member(world, "Budi Tester");
  await meet(mia, budi);

  await rail(budi).getByText("1 conversation with something new").waitFor();
  await rail(budi).getByRole("link", { name: "Messages" }).click();
  await budi.page.getByText("No conversations yet").waitFor();
  await looksWell(budi.page);
  await budi.page.getByRole("link", { name: "Requests" }).click();
  await budi.page.getByRole("link", { name: "Mia Tester" }).click();
  await budi.page
    .getByRole("heading", { name: "Mia Tester would like to write with you" })
    .waitFor();
  await reads(budi, "Hello Budi");
  assert.equal(await box(budi).count(), 0, "nothing to write in before it is accepted");
  await looksWell(budi.page);
  await world.shoot("messages request");
  await budi.page.getByRole("button", { name: "Accept" }).click();
  await says(budi, "Hello Mia");
  await reads(mia, "Hello Mia");
  await budi.page.locator(".said-read", { hasText: "Read" }).waitFor();

  // At a person's pace: it is told at most once in three seconds.
  const typing = budi.page.getByText("Mia Tester is typing");
  await Promise.all([typing.waitFor(), box(mia).pressSequentially("How are you", { delay: 350 })]);
  await says(mia, "How are you?");
  await reads(budi, "How are you?");
  await typing.waitFor({ state: "detached" });

  await menu(mia, "How are you?", "What to do", "Edit");
  await box(mia).fill("How are you today?");
  await box(mia).press("Enter");
  await bubble(budi, "How are you today?").getByText("edited").waitFor();

  await bubble(budi, "How are you today?").hover();
  await bubble(budi, "How are you today?").getByRole("button", { name: "React" }).click();
  await budi.page.getByRole("menuitemcheckbox", { name: "Heart" }).click();
  await bubble(mia, "How are you today?").getByRole("button", { name: "Heart, 1" }).waitFor();

  await menu(budi, "How are you today?", "What to do", "Reply");
  await says(budi, "Very well");
  await bubble(mia, "Very well")
    .getByRole("button", { name: /How are you today/ })
    .click();
  await until(mia.page, () => document.activeElement?.textContent.includes("How are you today?"));

  await says(budi, "a word too much");
  await reads(mia, "a word too much");
  await menu(budi, "a word too much", "What to do", "Take back");
  await bubble(mia, "a word too much").waitFor({ state: "detached" });
  await bubble(mia, "Taken back").waitFor();
  await budi.page.getByRole("button", { name: "Undo" }).click();
  await until(budi.page, () => document.getElementById("talk-write").value === "a word too much");
  await box(budi).fill("");
  await looksWell(mia.page);
  await looksWell(budi.page);
  await world.shoot("messages conversation");

  await budi.page.getByRole("button", { name: "About this conversation" }).click();
  // Nothing is asked before: who closes the window right after it has blocked.
  await budi.page.route("**/api/people/*", () => undefined);
  await budi.page.getByRole("menuitem", { name: "Block Mia Tester" }).click();
  await budi.page.getByText("No conversations yet").waitFor();
  await budi.page.unroute("**/api/people/*");
  await box(mia).fill("are you there?");
  await box(mia).press("Enter");
  await mia.page.locator(".unsent", { hasText: "Not sent." }).waitFor();
  await budi.page.getByRole("button", { name: "Undo" }).first().click();
  await budi.page.getByRole("link", { name: "Mia Tester" }).waitFor();
  await mia.page.getByRole("button", { name: "Send again" }).click();
  await reads(mia, "are you there?");
  await budi.page.getByRole("link", { name: "Mia Tester" }).click();
  await reads(budi, "are you there?");
});

/* Chromium 150 shows nobody a call that may outlive its page once calls are intercepted. */
const diesWithThePage = (page) =>
  page.addInitScript(() => {
    const ask = window.fetch;
    window.fetch = (what, how) => ask(what, { ...how, keepalive: false });
  });

journey(
  "offline, a lost answer, a reload: everything arrives once and in its order",
  async (world) => {
    const mia = await member(world, "Mia Tester");
    await diesWithThePage(mia.page);
    const budi = await member(world, "Budi Tester");
    mia.expects(/ERR_INTERNET_DISCONNECTED|ERR_FAILED|WebSocket/);
    await meet(mia, budi);
    await budi.goto("/messages?box=requests");
    await budi.page.getByRole("link", { name: "Mia Tester" }).click();
    await budi.page.getByRole("button", { name: "Accept" }).click();
    await says(budi, "go on");
    await reads(mia, "go on");

    await mia.page.context().setOffline(true);
    for (const text of ["first without a line", "second without a line"]) {
      await box(mia).fill(text);
      await box(mia).press("Enter");
    }
    await mia.page.getByText("No connection.").first().waitFor();
    await mia.page.context().setOffline(false);
    await reads(budi, "second without a line");
    await reads(mia, "second without a line");
    const texts = await budi.page.locator(".bubble p").allTextContents();
    assert.deepEqual(texts.slice(-2), ["first without a line", "second without a line"]);

    // The message gets there, its answer does not; and the page is loaded anew in the middle of it.
    const lost = mia.page.waitForRequest((request) => /messages$/.test(request.url()));
    await mia.page.route("**/api/conversations/*/messages", async (route) => {
      if (route.request().method() !== "POST") return route.fallback();
      await route.fetch();
      await route.abort();
    });
    await box(mia).fill("once and only once");
    await box(mia).press("Enter");
    await lost;
    await reads(budi, "once and only once");
    await box(mia).fill("half a thought");
    await mia.page.unroute("**/api/conversations/*/messages");
    await mia.page.reload();
    await reads(mia, "once and only once");
    await mia.page.locator(".waiting").waitFor({ state: "detached" });
    await until(mia.page, () => document.getElementById("talk-write").value === "half a thought");
    assert.equal(await bubble(mia, "once and only once").count(), 1);
    assert.equal(await bubble(budi, "once and only once").count(), 1);
  },
);

journey("a group by keyboard alone: made, named, somebody mentioned, left", async (world) => {
  const mia = await member(world, "Mia Tester");
  const budi = await member(world, "Budi Tester");
  const sari = await member(world, "Sari Uji");
  const { page } = mia;
  const { keyboard } = page;
  await budi.wantsToBeFound();
  await sari.wantsToBeFound();
  await mia.finds(budi.name);
  await mia.finds(sari.name);
  await mia.goto("/messages");
  await page.getByRole("button", { name: "New conversation" }).first().focus();
  await keyboard.press("Enter");
  const field = page.getByLabel("Name", { exact: true });
  await mia.focuses("dialog input");
  for (const name of [budi.name, sari.name]) {
    await field.focus();
    await keyboard.type(name.slice(0, 4));
    await page.getByRole("button", { name, exact: true }).focus();
    await keyboard.press("Enter");
  }
  await page.getByLabel("Name of the group").focus();
  await keyboard.type("Tea at four");
  await looksWell(page);
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "Tea at four" }).waitFor();
  await mia.focuses("#talk-write");
  await keyboard.type("is @bu");
  await page.getByRole("option", { name: "@Budi Tester" }).waitFor();
  await looksWell(page);
  await keyboard.press("Enter");
  await keyboard.type("coming?");
  await keyboard.press("Enter");
  await reads(mia, "is @Budi Tester coming?");
  await page.locator(".mention", { hasText: "@Budi Tester" }).waitFor();

  await budi.goto("/messages?box=requests");
  // The name that strangers gave it is shown after the yes.
  await budi.page.getByRole("link", { name: /^Mia Tester.*asks you into a group/ }).click();
  const asks = { name: "Mia Tester asks you into a group", exact: true };
  await budi.page.getByRole("heading", asks).waitFor();
  await budi.page.getByText("In it already, or asked too: Sari Uji").waitFor();
  await budi.page.getByRole("button", { name: "Accept" }).click();
  await budi.page.getByRole("heading", { name: "Tea at four" }).waitFor();
  await budi.page.locator(".mention.own", { hasText: "@Budi Tester" }).waitFor();
  await says(budi, "at four");
  await reads(mia, "at four");

  // From the empty box up into the messages, a menu and back by Escape.
  await keyboard.press("ArrowUp");
  await until(page, () => document.activeElement?.textContent.includes("at four"));
  await keyboard.press("Home");
  await until(page, () => document.activeElement?.textContent.includes("coming?"));
  await keyboard.press("End");
  await keyboard.press("Enter");
  await until(page, () => document.activeElement?.textContent.includes("Reply"));
  await keyboard.press("Escape");
  await keyboard.press("Tab");
  await keyboard.press("Enter");
  await until(page, () => document.activeElement?.textContent.includes("Thumbs up"));
  await keyboard.press("End");
  await keyboard.press("Enter");
  await bubble(budi, "at four").getByRole("button", { name: "Applause, 1" }).waitFor();
  await keyboard.press("Escape");
  await mia.focuses("#talk-write");

  await page.getByRole("button", { name: "About this conversation" }).focus();
  await keyboard.press("Enter");
  await keyboard.press("Enter");
  await page.getByRole("heading", { name: "People in this group" }).waitFor();
  await page.getByLabel("Name of the group").fill("Tea at five");
  await keyboard.press("Enter");
  await budi.page.getByRole("heading", { name: "Tea at five" }).waitFor();
  await looksWell(page);
  for (const name of [
    "Remove Sari Uji from the group",
    "Undo: Sari Uji stays in the group",
    "Remove Sari Uji from the group",
  ]) {
    await page.getByRole("button", { name }).focus();
    await keyboard.press("Enter");
  }
  await page.getByText("Leaves the group when you close this.").waitFor();
  await looksWell(page);
  await keyboard.press("Escape");
  await budi.page.getByText("2 people", { exact: true }).waitFor();
  await world.shoot("messages group");

  await budi.page.getByRole("button", { name: "About this conversation" }).click();
  await budi.page.getByRole("menuitem", { name: "Leave the group" }).click();
  await budi.page.locator(".toast").getByRole("button", { name: "Close" }).click();
  await page.getByText("1 person", { exact: true }).waitFor();
});

journey(
  "dua remaja di ponsel: diperingatkan lebih jelas, menolak, mencari, gelap",
  async (world) => {
    const options = { ...PHONE, language: "id", dark: true, year: "2010" };
    const sari = await member(world, "Sari Uji", options);
    const tono = await member(world, "Tono Uji", options);
    await sari.wantsToBeFound();
    await tono.finds(sari.name);
    const { page } = tono;
    await rail(tono).getByRole("link", { name: "Pesan" }).click();
    await page.getByRole("button", { name: "Percakapan baru" }).first().click();
    await page.getByLabel("Nama", { exact: true }).fill("Sari");
    await page.getByRole("button", { name: "Sari Uji" }).click();
    await looksWell(page);
    await page.getByRole("button", { name: "Mulai" }).click();
    await page.getByRole("heading", { name: "Sari Uji" }).waitFor();
    await box(tono).fill("Halo Sari");
    await box(tono).press("Enter");
    await box(tono).pressSequentially("apa kabar?");
    await page.getByRole("button", { name: "Kirim" }).click();
    await bubble(tono, "apa kabar?").and(page.locator("[data-seq]")).waitFor();
    assert.equal(
      await bubble(tono, "Halo Sari").locator(".bubble p").innerText(),
      "Halo Sari\napa kabar?",
      "Enter breaks the line",
    );
    await looksWell(page);

    await rail(sari).getByText("1 percakapan dengan hal baru").waitFor();
    await rail(sari).getByRole("link", { name: "Pesan" }).click();
    await sari.page.getByRole("link", { name: "Permintaan" }).click();
    await sari.page.getByRole("link", { name: "Tono Uji" }).click();
    await sari.page.getByText("Ini orang asing").waitFor();
    await bubble(sari, "Kata-kata ini menunggu sampai kamu terima").first().waitFor();
    assert.equal(await bubble(sari, "Halo Sari").count(), 0, "no words before she accepts");
    await sari.page.getByText("Ceritakan kepada orang tua").waitFor();
    await looksWell(sari.page);
    await world.shoot("pesan permintaan");
    await sari.page.getByRole("button", { name: "Tolak" }).click();
    await sari.page.getByText("Tidak ada permintaan").waitFor();
    await sari.page.getByRole("button", { name: "Urungkan" }).click();
    await sari.page.getByRole("link", { name: "Tono Uji" }).click();
    await sari.page.getByRole("button", { name: "Terima" }).click();
    await reads(sari, "Halo Sari");
    await box(sari).fill("Baik, sampai jumpa di ruang baca");
    await sari.page.getByRole("button", { name: "Kirim" }).click();
    await reads(tono, "Baik, sampai jumpa di ruang baca");
    await looksWell(page);
    await world.shoot("pesan percakapan");

    await page.getByRole("button", { name: "Semua percakapan" }).click();
    await page.getByLabel("Cari pesan").fill("RUANG BACA");
    await page.getByLabel("Cari pesan").press("Enter");
    await page.getByText("1 pesan ditemukan").waitFor();
    await looksWell(page);
    await world.shoot("pesan pencarian");
    await page.getByRole("link", { name: /sampai jumpa/ }).click();
    await until(page, () => document.activeElement?.textContent.includes("ruang baca"));
    await tono.goto("/settings/privacy");
    const kept = page.waitForResponse((answer) => answer.request().method() === "PUT");
    kept.catch(() => undefined);
    await page.getByLabel("Tunjukkan sampai mana aku membaca").click();
    await kept;
    await page.reload();
    assert.equal(await page.getByLabel("Tunjukkan sampai mana aku membaca").isChecked(), false);
  },
);

/* As the server would say it, of a conversation that has 150. */
const longTalk = (page) =>
  page.route("**/api/conversations/*/messages?*", (route) => {
    const before = Number(new URL(route.request().url()).searchParams.get("before") ?? 151);
    const from = Math.max(1, before - 50);
    const items = Array.from({ length: before - from }, (_, i) => ({
      seq: from + i,
      from: "budi",
      name: "Budi Tester",
      text: `message ${from + i} ${"and a word ".repeat(i % 20)}`,
      at: 1_700_000_000_000 + (from + i) * 1000,
      gone: false,
      waits: false,
      mentions: [],
      reactions: [],
      mine: i % 3 === 0,
    }));
    return route.fulfill({ json: { items, ...(from > 1 ? { before: from } : {}) } });
  });

journey("earlier messages come in above what is read, and move it nowhere", async (world) => {
  const mia = await member(world, "Mia Tester");
  const budi = await member(world, "Budi Tester");
  await meet(mia, budi);
  await longTalk(mia.page);
  await mia.page.reload();
  const row = (seq) => mia.page.locator(`[data-seq="${seq}"]`);
  await row(150).waitFor();
  const top = (seq) => row(seq).evaluate((it) => it.getBoundingClientRect().top);
  const log = mia.page.locator(".log");
  for (const [scrollTop, seq] of [
    [100, 101],
    [0, 51],
  ]) {
    const was = await log.evaluate(
      (it, [to, wanted]) => {
        it.scrollTop = to;
        return it.querySelector(`[data-seq="${wanted}"]`).getBoundingClientRect().top;
      },
      [scrollTop, seq],
    );
    await row(seq - 50).waitFor();
    const moved = (await top(seq)) - was;
    assert.ok(Math.abs(moved) < 2, `message ${seq} moved by ${moved} px`);
  }
  await mia.page.getByRole("button", { name: "To the newest" }).click();
  await until(mia.page, () => document.activeElement.dataset.seq === "150");

  // The button for earlier ones goes under the keyboard, which is on the next earlier message then.
  await mia.page.reload();
  await row(150).waitFor();
  await mia.page.evaluate(() => {
    const [button] = document.querySelectorAll(".log > button");
    button.focus({ preventScroll: true });
  });
  for (const seq of [51, 1]) {
    await mia.page.keyboard.press("Enter");
    await row(seq).waitFor();
  }
  await until(mia.page, () => Number(document.activeElement.dataset.seq) === 50);

  // What was not sent is said in one sentence, however much it is.
  mia.expects(/Failed to load resource/);
  await mia.page.route("**/api/conversations/*/messages", (route) => route.abort());
  for (const text of ["one", "two", "three"]) {
    await box(mia).fill(text);
    await box(mia).press("Enter");
  }
  const alert = mia.page.getByRole("alert").filter({ hasText: /./ });
  await alert.getByText("3 messages of yours are not sent.").waitFor();
  assert.equal(await alert.count(), 1);

  // The field has the height of what is in it, however the phone is held.
  await box(mia).fill("a word after another ".repeat(3));
  const high = () => box(mia).evaluate((it) => it.clientHeight);
  const fits = (was) => {
    const { clientHeight, scrollHeight } = document.getElementById("talk-write");
    return clientHeight !== was && clientHeight >= scrollHeight;
  };
  for (const width of [320, 1280]) {
    const was = await high();
    await mia.page.setViewportSize({ width, height: 844 });
    await until(mia.page, fits, was);
  }
});
