// Rooms as they look: in small, tall and enlarged windows nothing covers what one does there and nothing
// is out of reach; what people said keeps its face, and addresses of this world lead there.
import assert from "node:assert/strict";
import { looksWell } from "./looks.mjs";
import { journey, PHONE, settled, until } from "./support.mjs";
import { areFriends, asks } from "./asked.mjs";

/* As if the letters were made larger in another tab. */
const letters = (page, size) =>
  page.evaluate((value) => {
    localStorage.setItem("bauta.text", value);
    dispatchEvent(new StorageEvent("storage", { key: "bauta.text" }));
  }, size);

const box = (page, selector) =>
  page.evaluate(
    (wanted) => document.querySelector(wanted).getBoundingClientRect().toJSON(),
    selector,
  );

async function ownRoom(one) {
  const id = await one.page.evaluate(async () => {
    const headers = { "content-type": "application/json", "x-bauta": "1" };
    const body = JSON.stringify({ name: "Ruang kecil gjy", scene: "cafe", language: "id" });
    const answer = await fetch("/api/rooms", { method: "POST", headers, body });
    return (await answer.json()).id;
  });
  await one.goto(`/rooms/${id}`);
  await one.inRoom();
  return `/rooms/${id}`;
}

/** What is inside the window and under no other thing. */
async function inSight(page, selector) {
  await until(
    page,
    (wanted) => {
      const it = document.querySelector(wanted);
      const { left, right, top, bottom } = it.getBoundingClientRect();
      if (left < 0 || top < 0 || right > innerWidth || bottom > innerHeight) return false;
      return it.contains(document.elementFromPoint((left + right) / 2, (top + bottom) / 2));
    },
    selector,
  );
}

journey(
  "huruf besar di ponsel: tombol kirim tetap terlihat, juga bila diperbesar kemudian",
  async (world) => {
    const one = await world.someone({ ...PHONE, language: "id", dark: true, text: true });
    await one.registers("Huruf Besar");
    await letters(one.page, "200");
    await settled(one.page);
    const broken = await one.page.evaluate(
      () =>
        [...document.querySelectorAll(".rail-list a")].filter((link) => {
          const words = document.createRange();
          words.selectNodeContents(link.lastChild);
          return words.getClientRects().length > 1;
        }).length,
    );
    assert.equal(broken, 0, "no word of the bar is broken");
    await letters(one.page, "100");
    await ownRoom(one);
    await letters(one.page, "200");
    await settled(one.page);
    // Wherever one came in: what the longest place is called takes no more room.
    const where = one.page.locator(".whereabouts");
    await where.evaluate(
      (it) => (it.firstChild.data = "Kamu duduk di: Bangku jendela yang paling belakang, keempat"),
    );
    await inSight(one.page, ".composer [type=submit]");
    const [bar, button] = [
      await box(one.page, ".toolbar"),
      await box(one.page, ".toolbar .button"),
    ];
    assert.ok(bar.height < 1.5 * button.height, "the buttons stand in one row");
    // Something of the talk is in sight above the field.
    const [tabs, field] = [await box(one.page, ".tabs"), await box(one.page, ".composer")];
    assert.ok(field.top - tabs.bottom > 60, `${field.top - tabs.bottom} px`);
    await one.page.reload();
    await one.inRoom();
    await inSight(one.page, ".composer [type=submit]");
    await one.says("terbaca dengan huruf besar");
    await one.reads("terbaca dengan huruf besar");
    await letters(one.page, "100");
    await settled(one.page);
    await one.page.locator("#say").tap();
    await one.page.setViewportSize({ width: 390, height: 400 });
    await one.page.locator(".short").waitFor();
    await inSight(one.page, ".composer [type=submit]");
    await until(one.page, () => document.querySelector(".log").clientHeight > innerHeight / 2);
  },
);

journey(
  "at 400 % the wheel comes to the talk, and what is said of an act covers no button",
  async (world) => {
    const one = await world.someone({ text: true });
    const other = await world.someone({ text: true });
    await Promise.all([
      one.registers("Maximiliane Gjypq"),
      other.registers("Wilhelmina Kusumaningrum gjy"),
    ]);
    const room = await ownRoom(one);
    await other.goto(room);
    await other.inRoom();
    await other.says("a name as long as this leaves the time its place");
    await one.reads("a name as long as this leaves the time its place");
    const { page } = one;

    const name = await box(page, ".said-who b");
    const time = await box(page, ".said-who time");
    assert.ok(time.top < name.bottom && time.left >= name.right, "the time stands beside the name");

    // The list of an owner: each word of a name stays whole.
    const strong = page.locator(".room-list li", { hasText: "Wilhelmina" }).locator(".grow");
    assert.ok((await strong.boundingBox()).width > 120);
    await page.locator(".room-list li", { hasText: "Wilhelmina" }).locator(".bad").waitFor();

    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Invite" }).click();
    await page.getByRole("dialog").getByText("No friend to invite").waitFor();
    await page.getByRole("button", { name: "Copy the link" }).click();
    await page.locator(".toast").waitFor();
    await settled(page);
    const toast = await box(page, ".toast");
    for (const covered of [".toolbar", ".composer", ".room-head"]) {
      const { top, bottom } = await box(page, covered);
      assert.ok(toast.bottom <= top || toast.top >= bottom, `the toast covers ${covered}`);
    }

    await page.setViewportSize({ width: 320, height: 256 });
    await settled(page);
    await page.mouse.move(160, 100);
    await page.mouse.wheel(0, 2000);
    await inSight(page, "#say");
    await one.says("written at 400 %");
    await other.reads("written at 400 %");
    // Where nothing scrolls by itself: a wheel stays with what it moved last.
    await page.mouse.move(160, 30);
    await page.mouse.wheel(0, -4000);
    await inSight(page, ".room-head button");
  },
);

journey(
  "a tablet held upright has the picture above the talk, as wide as the window",
  async (world) => {
    const one = await world.someone({ viewport: { width: 834, height: 1112 }, webgl: true });
    await one.registers("Tablet Tegak");
    await ownRoom(one);
    await one.sees3d();
    const stage = await box(one.page, ".stage");
    const talk = await box(one.page, ".room-side");
    assert.ok(stage.width > 700 && stage.bottom <= talk.top, JSON.stringify({ stage, talk }));
    assert.ok(stage.width / stage.height > 1.2, "a picture, not a column");
    await one.page.setViewportSize({ width: 390, height: 844 });
    await letters(one.page, "200");
    await settled(one.page);
    await inSight(one.page, ".composer [type=submit]");
  },
);

journey(
  "who has left keeps a face beside what they said, and a room's address leads there",
  async (world) => {
    const one = await world.someone({ text: true });
    const other = await world.someone({ text: true });
    await Promise.all([one.registers("Ada di Sini"), other.registers("Sudah Pergi")]);
    const room = await ownRoom(one);
    await other.goto(room);
    await other.inRoom();
    const outside = "https://else.where.example/rooms/abc";
    await other.says(`next: ${world.url}${room} and ${outside}`);
    await one.reads("next:");
    await other.page.getByRole("button", { name: "Leave the room" }).first().click();
    await one.page
      .locator(".room-list li", { hasText: "Sudah Pergi" })
      .waitFor({ state: "detached" });
    const said = one.page.locator(".said", { hasText: "next:" });
    await said.locator(".portrait img").waitFor();
    const links = await said
      .locator("p a")
      .evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    assert.deepEqual(links, [room], "what leads elsewhere is text");
  },
);

journey(
  "ruang paling ramai di atas, dan tidak ada yang berpindah sampai diminta",
  async (world) => {
    const guests = [await world.someone({ text: true }), await world.someone({ text: true })];
    const one = await world.someone({ ...PHONE, language: "id", dark: true });
    await Promise.all([guests[0].registers("Ramai Satu"), guests[1].registers("Ramai Dua")]);
    const { page } = guests[0];
    const id = await page.evaluate(async () => {
      const headers = { "content-type": "application/json", "x-bauta": "1" };
      const body = JSON.stringify({ name: "Zamrud di ujung", scene: "garden", language: "id" });
      return (await (await fetch("/api/rooms", { method: "POST", headers, body })).json()).id;
    });
    for (const guest of guests) {
      await guest.goto(`/rooms/${id}`);
      await guest.inRoom();
    }
    await one.registers("Pencari Ramai");
    const first = one.page.locator(".room-card").first();
    const zamrud = one.page.locator(".room-card", { hasText: "Zamrud di ujung" });
    await first.getByText("Zamrud di ujung").waitFor();
    await first.getByText("2 dari").waitFor();
    await looksWell(one.page);
    await world.shoot("rooms, the busiest first");

    // Both leave: the card says so where it stands, and goes to its place by name when that is asked for.
    for (const guest of guests)
      await guest.page.getByRole("button", { name: "Leave the room" }).first().click();
    await until(
      one.page,
      () => {
        document.dispatchEvent(new Event("visibilitychange")); // as by the clock of the page
        const card = document.querySelector(".room-card");
        return card.textContent.includes("Zamrud") && card.textContent.includes("0 dari");
      },
      undefined,
      { every_ms: 700 },
    );
    const sort = one.page.getByRole("button", { name: "Urutkan lagi: paling ramai di atas" });
    await sort.focus();
    await one.page.keyboard.press("Enter");
    await one.page.getByText("Ruang paling ramai di atas").waitFor();
    await until(
      one.page,
      () => !document.querySelector(".room-card").textContent.includes("Zamrud"),
    );
    await zamrud.waitFor();
    assert.ok(await sort.evaluate((it) => it === document.activeElement), "the focus stays");
  },
);

journey("di dalam ruang: teman diundang dengan satu tombol, lalu ada tautannya", async (world) => {
  const one = await world.someone({ ...PHONE, language: "id", dark: true, text: true });
  const friend = await world.someone({ text: true });
  const here = await world.someone({ text: true });
  await Promise.all([
    one.registers("Tuan Rumah"),
    friend.registers("Teman Jauh"),
    here.registers("Teman Dekat"),
  ]);
  await areFriends(one, friend);
  await areFriends(one, here);
  const room = await ownRoom(one);
  await here.goto(room);
  await here.inRoom();
  await until(one.page, () => document.querySelector(".room-head p").textContent.startsWith("2"));

  // By keyboard, once while there is no connection.
  one.expects(/ERR_FAILED/);
  const { page } = one;
  const invite = page.getByRole("button", { name: "Undang", exact: true });
  await invite.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Undang ke Ruang kecil gjy" });
  const row = dialog.locator("li", { hasText: "Teman Jauh" });
  await row.waitFor();
  assert.equal(await dialog.getByText("Teman Dekat").count(), 0, "who is here is not invited");
  await looksWell(page);
  await world.shoot("friends to invite");
  const away = (route) => route.abort();
  await page.route("**/api/conversations", away);
  await row.getByRole("button", { name: "Undang Teman Jauh" }).focus();
  await page.keyboard.press("Enter");
  await row.getByRole("status").getByText("Server tidak dapat dihubungi").waitFor();
  await page.unroute("**/api/conversations", away);
  await page.keyboard.press("Enter");
  await row.getByRole("status").getByText("Pesanmu sudah sampai").waitFor();
  await page.keyboard.press("Enter"); // no second message

  // The friend is led there by the message, and the row says that they are here.
  await friend.goto("/messages");
  await friend.page.getByRole("link", { name: "Tuan Rumah" }).click();
  const link = friend.page.locator(".said-by a", { hasText: room });
  await link.waitFor();
  assert.equal(await link.count(), 1);
  await link.click();
  await friend.inRoom();
  assert.equal(new URL(friend.page.url()).pathname, room);
  await row.getByRole("status").getByText("sudah di sini").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  assert.ok(await invite.evaluate((it) => it === document.activeElement), "the focus comes back");

  // Who takes no messages is not offered; nor is anybody else then.
  await friend.page.getByRole("button", { name: "Leave the room" }).first().click();
  const choice = await asks(friend, "GET", "/api/me/contact");
  await asks(friend, "PUT", "/api/me/contact", { ...choice, messages: "nobody" });
  await invite.click();
  await dialog.getByText("Tidak ada teman untuk diundang").waitFor();
  // Where nothing can be copied the link is told, and no wider than the window.
  await page.evaluate(() => {
    for (const name of ["share", "clipboard"])
      Object.defineProperty(navigator, name, { value: undefined });
  });
  await dialog.getByRole("button", { name: "Salin tautan" }).click();
  await page.locator(".toast", { hasText: room }).waitFor();
  await settled(page);
  const { left, right } = await box(page, ".toast .button");
  assert.ok(left > 0 && right < 390, `its button ends at ${right} px`);
});

journey(
  "who reads earlier lines stays there, is told what comes and led back to it",
  async (world) => {
    const mia = await world.someone({ text: true });
    const budi = await world.someone({ ...PHONE, text: true });
    await Promise.all([mia.registers("Mia Tester"), budi.registers("Budi Tester")]);
    const path = await ownRoom(mia);
    for (const n of [1, 2, 3, 4, 5]) await mia.says(`line ${n}, ${"a long word ".repeat(12)}`);
    await budi.goto(path);
    await budi.inRoom();
    await budi.reads("line 5,");
    const log = budi.page.locator(".log");
    const atEnd = () => log.evaluate((it) => it.scrollHeight - it.scrollTop - it.clientHeight < 2);
    assert.ok(await atEnd(), "a log begins at its end");
    await log.evaluate((it) => (it.scrollTop = 0));
    const back = budi.page.locator(".log-end");
    await back.filter({ hasText: "To the newest" }).waitFor();
    await mia.says("are you with us?");
    await back.filter({ hasText: "1 new message" }).waitFor();
    assert.equal(await log.evaluate((it) => it.scrollTop), 0, "nothing moves under one's eyes");
    await looksWell(budi.page);
    await back.click();
    await back.waitFor({ state: "detached" });
    assert.ok(await atEnd());
    await until(budi.page, () => document.activeElement.textContent.includes("are you with us?"));

    // What is typed and not sent is there after a reload, once.
    await budi.page.fill("#say", "half a sen");
    await budi.page.reload();
    await budi.inRoom();
    assert.equal(await budi.page.inputValue("#say"), "half a sen");
    await budi.says("half a sentence");
    await mia.reads("half a sentence");
    await budi.page.reload();
    await budi.inRoom();
    assert.equal(await budi.page.inputValue("#say"), "");
  },
);
