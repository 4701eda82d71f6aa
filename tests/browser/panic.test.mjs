// Out of a room in one press, and in the second whom one means is blocked and reported: by keyboard alone,
// and on a phone. Those who stay see what they see of everybody who leaves.
import assert from "node:assert/strict";
import { areFriends, asks } from "./asked.mjs";
import { looksWell, looksWellEverywhere, resize } from "./looks.mjs";
import { journey, PHONE, until } from "./support.mjs";

const OUT = "You are out";
const LIMIT = { error: { code: "limits.often", text: "Terlalu sering." } };

/* What the server tells this page's sockets from now on, and what the page says on them. */
function listens(one) {
  const told = [];
  one.page.on("websocket", (socket) => {
    const note =
      (from) =>
      ({ payload }) => {
        if (typeof payload === "string") told.push({ from, ...JSON.parse(payload) });
      };
    socket.on("framereceived", note("server"));
    socket.on("framesent", note("page"));
  });
  return told;
}

/* What Budi's page is told from the one's last word to his own next, but for what tells the time. */
async function toldBetween(budi, told, before, after) {
  await budi.says(after);
  await budi.reads(after);
  const of = (text) => told.findLastIndex((one) => one.t === "line" && one.text === text);
  return told
    .slice(of(before) + 1, of(after))
    .filter(({ from, t }) => from === "server" && t !== "pong" && t !== "ack")
    .map(({ slot, ...rest }) => ({ ...rest, slot: typeof slot }));
}

/* Runs in the page: so many blocks and reports are made. */
const done = (count) => document.querySelectorAll(".out-people .tag.good").length === count;

const dialog = (one) => one.page.getByRole("dialog", { name: OUT });
const isOut = async (one) => {
  await dialog(one).getByText("Nobody was told why.").waitFor();
  assert.equal(new URL(one.page.url()).pathname, "/out");
};
/* A press counts once the window, or what was pressed before, was there for a moment. */
async function aMoment({ page }) {
  const from = await page.evaluate(() => performance.now());
  await until(page, (since) => performance.now() - since > 500, from);
}
async function presses(one, selector = "dialog .button.main") {
  const { page } = one;
  await aMoment(one);
  await one.focuses(selector);
  await page.keyboard.press("Enter");
}
const blocked = async (one) =>
  (await asks(one, "GET", "/api/blocks")).items.map(({ name }) => name);

async function inOneRoom(...people) {
  const [first, ...others] = people;
  await first.enters("Lounge");
  const path = new URL(first.page.url()).pathname;
  for (const one of others) {
    await one.goto(path);
    await one.inRoom();
  }
  return path;
}

/* Writes in the room, and goes while the focus is there. */
async function goesFrom(one, last, go) {
  await one.says(last);
  await one.reads(last);
  await one.page.focus("#say");
  await go(one.page);
}

journey(
  "two presses by keyboard: out at once, then blocked and reported, and those who stay are told no more",
  async (world) => {
    const [mia, budi] = [await world.someone({ text: true }), await world.someone({ text: true })];
    const [told, mine] = [listens(budi), listens(mia)];
    await mia.registers("Mia Tester");
    await budi.registers("Budi Tester");
    const path = await inOneRoom(budi, mia);
    const { page } = mia;

    // In the ordinary way, to compare.
    await goesFrom(mia, "good bye", () =>
      page.getByRole("button", { name: "Leave the room" }).last().click(),
    );
    await page.waitForURL("**/rooms");
    await budi.page.getByText("Mia Tester left").waitFor();
    const ordinary = await toldBetween(budi, told, "good bye", "one");
    assert.deepEqual(ordinary, [{ from: "server", t: "left", slot: "number" }]);

    await mia.goto(path);
    await mia.inRoom();
    await budi.says("you are a fool");
    await mia.reads("you are a fool");
    const seq = Number(
      await page.locator(".said", { hasText: "you are a fool" }).getAttribute("data-seq"),
    );
    // The red button by keyboard, and the key stays down.
    await goesFrom(mia, "stop it", () => page.locator(".toolbar .way-out").focus());
    await page.keyboard.down("Enter");
    await isOut(mia);
    await mia.focuses("dialog .button.main");
    await page.evaluate(() => (globalThis.presses_from = performance.now()));
    for (const past_ms of [0, 600]) {
      await until(page, (ms) => performance.now() - globalThis.presses_from > ms, past_ms);
      await page.keyboard.down("Enter");
    }
    await page.keyboard.up("Enter");
    assert.equal(await dialog(mia).getByText("goes within a minute").count(), 0);
    assert.equal(
      await page.evaluate(() => document.activeElement.textContent.trim()),
      "Block and report Budi Tester",
    );
    await looksWellEverywhere(page, "out of a room");
    await world.shoot("out of a room");
    assert.deepEqual(await blocked(mia), [], "a key that is held down presses nothing");
    await presses(mia);
    await dialog(mia).getByText("Reported", { exact: true }).waitFor();
    await dialog(mia).getByText("Blocked", { exact: true }).waitFor();
    await page.getByRole("button", { name: "To the rooms" }).waitFor();
    assert.deepEqual(await blocked(mia), ["Budi Tester"]);
    mia.expects(/status of 409/);
    const id = path.split("/").pop();
    const again = await asks(mia, "POST", "/api/reports", {
      kind: "line",
      id,
      reason: "other",
      seq,
    });
    assert.equal(again.error.code, "reports.open", "the line is reported");
    assert.deepEqual(await toldBetween(budi, told, "stop it", "two"), ordinary);
    assert.ok(!mine.some(({ text }) => text === "two"), "nothing of the room comes any more");
    await presses(mia);
    await page.waitForURL("**/rooms");
    await page.goBack();
    assert.doesNotMatch(page.url(), /\/rooms\/./, "going back leads into no room");
  },
);

journey(
  "out from a window, and nothing is done; out without a line to the server; a friend is asked about",
  async (world) => {
    const [mia, budi] = [await world.someone({ text: true }), await world.someone({ text: true })];
    mia.expects(/status of 409/);
    await mia.registers("Mia Tester");
    await budi.registers("Budi Tester");
    await areFriends(mia, budi);
    const path = await inOneRoom(budi, mia);
    const { page } = mia;
    await page.getByRole("button", { name: "Report this room" }).focus();
    await page.keyboard.press("Enter");
    await page.getByLabel("In your own words").focus();
    await page.keyboard.press("F8");
    await isOut(mia);
    await page.getByText("Was near you").or(page.getByText("Nobody spoke or stood")).waitFor();
    await page.keyboard.press("Escape");
    await page.waitForURL("**/rooms");
    assert.deepEqual(await blocked(mia), []);

    await mia.goto(path);
    await mia.inRoom();
    // By mistake: what was begun is there again.
    await page.fill("#say", "I think that");
    await page.keyboard.press("F8");
    await isOut(mia);
    await page.getByRole("link", { name: "Pressed by mistake?" }).click();
    await mia.inRoom();
    assert.equal(await page.inputValue("#say"), "I think that");
    await page.fill("#say", "");
    await budi.says("give me your number");
    await mia.reads("give me your number");
    mia.expects(/ERR_INTERNET_DISCONNECTED/);
    await page.context().setOffline(true);
    await page.keyboard.press("F8");
    await isOut(mia);
    await dialog(mia).getByText("Your place there goes within a minute.").waitFor();
    // By Enter in the box, which cannot be chosen any more then.
    await page.focus("dialog [type=checkbox]");
    await presses(mia, "dialog [type=checkbox]");
    await dialog(mia).getByText("Budi Tester is not blocked").last().waitFor();
    await dialog(mia).getByText("Budi Tester is not reported").last().waitFor();
    await mia.focuses("dialog .button.main");
    await page.context().setOffline(false);
    await presses(mia);
    await dialog(mia).getByText("Reported", { exact: true }).waitFor();
    await mia.focuses("dialog .button.bad");
    assert.deepEqual(await blocked(mia), [], "that would end a friendship");
    await looksWell(page, "a friend is asked about");
    await presses(mia, "dialog .button.bad");
    await dialog(mia).getByText("Blocked", { exact: true }).waitFor();
    await mia.focuses("dialog .button.main");
    assert.deepEqual(await blocked(mia), ["Budi Tester"]);

    // What was known is this page's alone.
    await page.reload();
    await page.waitForURL("**/rooms");
  },
);

journey(
  "di ponsel dengan papan ketik terbuka: keluar, pilih, coba lagi yang gagal",
  async (world) => {
    const sari = await world.someone({ ...PHONE, text: true, language: "id", dark: true });
    const [budi, cleo] = [await world.someone({ text: true }), await world.someone({ text: true })];
    await sari.registers("Sari Uji");
    await budi.registers("Budi Tester");
    await cleo.registers("Cleo Tester");
    await inOneRoom(cleo, budi, sari);
    const { page } = sari;
    await cleo.says("hi all");
    await sari.reads("hi all");
    await budi.says("you are a fool");
    await sari.reads("you are a fool");
    await page.locator("#say").tap();
    await resize(page, 390, 400);
    await page.locator(".short").waitFor();
    const way = page.getByRole("button", { name: "Keluar sekarang juga" });
    assert.equal(await way.count(), 1, "the one beside what is written");
    const { width, height } = await way.boundingBox();
    assert.ok(width >= 44 && height >= 44, `${width} × ${height}`);
    const first = await page.evaluate(() => document.querySelector(".composer button").className);
    assert.match(first, /way-out/, "it comes first by Tab, as it is seen");
    const field = await page.locator("#say").boundingBox();
    assert.ok((await way.boundingBox()).x < field.x);
    await world.shoot("way out beside the keyboard");
    let often = true;
    await page.route("**/api/reports", (route) =>
      often ? route.fulfill({ status: 429, json: LIMIT }) : route.continue(),
    );
    sari.expects(/status of 429/);
    await way.tap();
    await page.getByRole("dialog", { name: "Kamu sudah di luar" }).waitFor();
    await resize(page, 390, 844);
    await page.getByRole("button", { name: "Blokir dan laporkan Budi Tester" }).waitFor();
    await page.getByLabel("Cleo Tester").tap();
    await page.getByText("Dilaporkan sebagai: Perundungan.").tap();
    await page.getByLabel("Apa yang salah?").selectOption("hate");
    await looksWell(page, "out of a room, Indonesian");
    await world.shoot("out of a room, Indonesian");
    await aMoment(sari);
    await page.getByRole("button", { name: "Blokir dan laporkan 2 orang" }).tap();
    await page.getByText("Budi Tester belum dilaporkan: Terlalu sering.").last().waitFor();
    await page.getByText("Cleo Tester belum dilaporkan: Terlalu sering.").last().waitFor();
    await until(page, done, 2);
    assert.deepEqual((await blocked(sari)).sort(), ["Budi Tester", "Cleo Tester"]);
    await looksWell(page, "what failed, Indonesian");
    await world.shoot("what failed, Indonesian");
    often = false;
    await aMoment(sari);
    await page.getByRole("button", { name: "Coba lagi" }).tap();
    await until(page, done, 4);
    await page.getByRole("link", { name: /Kamu bisa membuka blokir/ }).tap();
    await page.locator("#blocked li", { hasText: "Budi Tester" }).waitFor();
  },
);

journey("the key works while the room is still on its way, and one was never in", async (world) => {
  const [sari, budi] = [await world.someone({ text: true }), await world.someone({ text: true })];
  await Promise.all([sari.registers("Sari Uji"), budi.registers("Budi Tester")]);
  const path = await inOneRoom(budi);
  const { page } = sari;
  let held = true;
  // A socket that opens and answers nothing: the room is asked for and does not come.
  await page.routeWebSocket(/\/api\/live/, (socket) => void (held || socket.connectToServer()));
  await sari.goto(path);
  await page.getByRole("heading", { name: "Walking in…" }).waitFor();
  await page.keyboard.press("F8");
  await isOut(sari);
  await dialog(sari).getByText("Nobody spoke or stood near you in the last minute.").waitFor();
  held = false;
  await presses(sari);
  await page.waitForURL("**/rooms");
  await budi.tab("people");
  assert.equal(await budi.page.locator(".room-list li", { hasText: "Sari" }).count(), 0);
});

journey(
  'a second tap on "Just leave" goes through no door that stands there then',
  async (world) => {
    const [sari, budi] = [
      await world.someone({ ...PHONE, text: true }),
      await world.someone({ text: true }),
    ];
    await Promise.all([sari.registers("Sari Uji"), budi.registers("Budi Tester")]);
    const path = await inOneRoom(budi, sari);
    const { page } = sari;
    await page.getByRole("button", { name: "Get out now" }).first().tap();
    await isOut(sari);
    // Both of one finger; what stands under the second is drawn between them.
    await page.evaluate(() => {
      const [leave] = [...document.querySelectorAll("dialog .button.line")];
      const door = document.querySelector('a[href="/friends"]');
      leave.click();
      door.click();
    });
    await page.waitForURL("**/rooms");
    await page.locator(".room-card").first().waitFor();
    assert.equal(new URL(page.url()).pathname, "/rooms");
    await aMoment(sari);
    await page.locator('a[href="/friends"]').first().tap();
    await page.waitForURL("**/friends");

    // A line on which no answer comes holds nobody: that is said soon, and one may go.
    await sari.goto(path);
    await sari.inRoom();
    await budi.says("where are you");
    await sari.reads("where are you");
    for (const call of ["**/api/blocks", "**/api/reports"])
      await page.route(call, () => undefined, { times: 1 });
    await page.getByRole("button", { name: "Get out now" }).first().tap();
    await isOut(sari);
    await aMoment(sari);
    await dialog(sari).locator(".button.main").tap();
    await dialog(sari).getByText("No answer yet. You can go on").waitFor();
    await dialog(sari).getByRole("button", { name: "Just leave" }).tap();
    await page.waitForURL("**/rooms");
  },
);
