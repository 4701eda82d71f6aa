// What an owner says of a room beside its name, and how others find it by that.
import assert from "node:assert/strict";
import { wrongLooks } from "./looks.mjs";
import { journey, PHONE, settled } from "./support.mjs";

const NEW = { en: "Create a room", id: "Buat ruang" };

/* By keyboard alone: a radio is reached by Tab, the one wanted by arrows. */
async function chooses(page, name, times) {
  const radios = page.locator(`dialog input[name=${name}]`);
  await radios.first().focus();
  await page.keyboard.press("Space");
  for (let i = 0; i < times; i++) await page.keyboard.press("ArrowRight");
  return radios.nth(times);
}

journey(
  "a room's topic, tags and picture are its owner's, and others go by the tag",
  async (world) => {
    const [owner, other] = [await world.someone({ text: true }), await world.someone(PHONE)];
    await Promise.all([owner.registers("Wanda Walker"), other.registers("Omar Other")]);
    const { page } = owner;
    await page.getByRole("button", { name: NEW.en }).click();
    await page.fill("[name=name]", "Second café");
    await page.locator(".room-more summary").press("Enter");
    await page.fill("[name=topic]", "Short stories, read aloud");
    await page.fill("[name=tags]", "#Books, two words-");
    await page.locator("dialog [name=view]").first().waitFor({ state: "attached" });
    const window = await chooses(page, "view", 2);
    await (await chooses(page, "light", 3)).waitFor({ state: "attached" });
    assert.ok(await window.isChecked());
    // A tag that is none is said at its field, and what else was typed stays.
    owner.expects(/Failed to load resource: .* 400/);
    await page.locator("dialog button[type=submit]").click();
    await owner.focuses("[name=tags][aria-invalid=true]");
    await page.fill("[name=tags]", "#Books, reading");
    await page.keyboard.press("Enter");
    await owner.inRoom();
    await page.locator(".room-head bdi", { hasText: "Short stories, read aloud" }).waitFor();

    await other.goto("/rooms");
    const card = other.page.locator(".room-card", { hasText: "Second café" });
    await card.locator(".room-topic", { hasText: "Short stories" }).waitFor();
    await card.locator(".room-shot.dusk img[src*=shop_window]").waitFor();
    await card.getByRole("button", { name: "Rooms tagged books" }).tap();
    await other.page
      .locator(".room-card", { hasText: "The Lounge" })
      .waitFor({ state: "detached" });
    assert.equal(await other.page.locator(".room-card").count(), 2); /* the demo's garden, too */
    await other.focuses(".any-tag button");
    assert.deepEqual(await wrongLooks(other.page), []);

    // The owner changes what is said; what is not touched stays. Who is in sees it at once.
    const [reader, readers] = [await world.someone({ text: true }), ".room-head bdi"];
    await reader.registers("Rita Reader");
    await reader.goto(new URL(page.url()).pathname);
    await reader.page.locator(readers, { hasText: "Short stories" }).waitFor();
    await page.locator(".room-head").getByRole("button", { name: "Room settings" }).click();
    // Counted as the server does: a sign of emoji is one.
    const topic = page.locator("dialog [name=topic]");
    await topic.fill("");
    await page.keyboard.insertText("🍵".repeat(121));
    await page.locator("dialog").getByText("1 character too many").waitFor();
    await owner.focuses("[name=topic][aria-invalid=true]");
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Enter");
    await reader.page.locator(readers, { hasText: "🍵".repeat(120) }).waitFor();
    await page.locator(".room-head").getByRole("button", { name: "Room settings" }).click();
    await page.locator("dialog [name=topic]").fill("");
    await settled(page);
    assert.equal(await page.inputValue("dialog [name=tags]"), "books reading");
    await page.locator("dialog button[type=submit]").first().click();
    await page.locator(".room-head bdi").waitFor({ state: "detached" });
    await reader.page.locator(readers).waitFor({ state: "detached" });
    await other.page.getByRole("button", { name: "Rooms of any tag" }).tap();
    await other.page.locator(".room-card", { hasText: "The Lounge" }).waitFor();
    await card.locator(".room-shot.dusk img[src*=shop_window]").waitFor();
    assert.equal(await card.locator(".room-topic").count(), 0);
  },
);

journey("topik, tag, dan gambar ruang pada huruf 200 % di ponsel", async (world) => {
  const one = await world.someone({ ...PHONE, language: "id", dark: true, text: true });
  await one.registers("Budi Baru");
  // As if the letters were made larger in another tab: the page that is open fits the window, too.
  await one.page.evaluate(() => {
    localStorage.setItem("bauta.text", "200");
    dispatchEvent(new StorageEvent("storage", { key: "bauta.text" }));
  });
  await settled(one.page);
  const wide = await one.page.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(wide, PHONE.viewport.width);
  await one.page.getByRole("button", { name: NEW.id }).tap();
  await one.page.locator(".room-more summary").tap();
  await one.page.locator("dialog [name=light]").first().waitFor({ state: "attached" });
  assert.deepEqual(await wrongLooks(one.page, { other: true }), []);
});

journey(
  "an administrator of an empty world gets a first room of each scene by one press",
  async (world) => {
    const chief = await world.someone({ text: true });
    const { page } = chief;
    await chief.administers();
    // As in a fresh folder: the list is empty until there is something of the administrator's own.
    let empty = true;
    await page.route(/\/api\/rooms(\?|$)/, (route) => {
      empty &&= route.request().method() === "GET";
      return empty ? route.fulfill({ json: { items: [] } }) : route.continue();
    });
    await chief.goto("/rooms");
    const first = page.getByRole("button", { name: "Make a first room of each scene" });
    await first.waitFor();
    await world.shoot("no room yet");
    await first.press("Enter");
    for (const name of ["Lounge", "Café", "Garden at dusk"])
      await page
        .locator(".room-card h2, .room-card h3", { hasText: new RegExp(`^${name}$`) })
        .waitFor();
  },
);
