// What members say of themselves, and to whom; their homepages and guest books; the card that opens
// wherever somebody is met.
import assert from "node:assert/strict";
import { looksWell } from "./looks.mjs";
import { journey, PHONE, pressesInPicture, until } from "./support.mjs";

const press = async (page, name) => {
  await page.getByRole("button", { name }).focus();
  await page.keyboard.press("Enter");
};
const myPage = (one) =>
  one.page.evaluate(async () => `/people/${(await (await fetch("/api/me")).json()).id}`);
const card = (page) => page.locator("dialog[open]");

journey(
  "one says who they are, to whom, and others see just that on card and page",
  async (world) => {
    const [mia, budi] = [await world.someone({ text: true }), await world.someone({ webgl: true })];
    await mia.registers("Mia Tester");
    await budi.registers("Budi Tester");
    const { page } = mia;
    await page.getByRole("button", { name: "Mia Tester Account" }).click();
    await page.getByRole("menuitem", { name: "My page" }).click();
    await press(page, "Edit my profile");
    await page.getByText("We do not ask for a photo of you").waitFor();
    assert.ok(await page.getByRole("link", { name: "Change avatar" }).isVisible());
    assert.equal(await page.locator("input[type=file]").count(), 0);
    await page.getByLabel("Display name", { exact: true }).fill("Mia \u{1f98a} مرحبا");
    await page.getByLabel("About me", { exact: true }).fill("<b>not bold</b>\n\nSecond line");
    await page.getByLabel("Gender", { exact: true }).selectOption("own");
    await page.getByLabel("In my own words").fill("fox");
    await page.getByLabel("Languages", { exact: true }).selectOption("sv");
    await page.getByLabel("Links", { exact: true }).fill("example.org/mia\njavascript:alert(1)");
    await page.getByLabel("Who sees it: Gender").selectOption("everyone");
    await page.getByLabel("Who sees it: Age").selectOption("nobody");
    mia.expects(/status of 400/);
    await press(page, "Save");
    await page.getByText("Please give web addresses").waitFor();
    await page.getByLabel("Links", { exact: true }).fill("example.org/mia");
    await press(page, "Save");
    await page.getByText("Saved", { exact: true }).waitFor();
    await looksWell(page);
    await page.getByRole("link", { name: "What others see of you" }).click();
    const seen = page.getByRole("region", { name: "Your profile, as they see it" });
    await seen.getByText("Second line").waitFor();
    assert.equal(await seen.getByText("Age", { exact: true }).count(), 0);
    const path = await myPage(mia);

    await mia.goto("/rooms");
    await mia.enters("Lounge");
    await mia.says("Hello from Mia");
    await budi.enters("Lounge");
    await budi.sees3d();
    await budi.reads("Hello from Mia");
    const said = budi.page.locator(".said", { hasText: "Hello from Mia" });
    await said.getByRole("button", { name: "Mia Tester", exact: true }).focus();
    await budi.page.keyboard.press("Enter");
    await card(budi.page).getByRole("heading", { name: "Mia \u{1f98a} مرحبا" }).waitFor();
    await card(budi.page).getByText("fox").waitFor();
    assert.equal(await card(budi.page).getByText("Age", { exact: true }).count(), 0);
    assert.equal(await card(budi.page).locator("b").count(), 0);
    assert.equal(
      await card(budi.page).getByRole("link").getAttribute("rel"),
      "noopener nofollow ugc",
    );
    await looksWell(budi.page);
    await budi.page.keyboard.press("Escape");
    await until(budi.page, () => document.activeElement.textContent === "Mia Tester");
    // The name above her head in the picture of the room.
    await pressesInPicture(budi.page, budi.page.locator(".world-label:not(.world-me) .world-tag"));
    await card(budi.page).getByText("fox").waitFor();
    await budi.page.keyboard.press("Escape");
    await budi.page
      .locator(".room-list")
      .getByRole("button", { name: "Mia Tester", exact: true })
      .click();
    await card(budi.page).getByRole("button", { name: "Profile and homepage" }).click();
    await budi.page.waitForURL(`**${path}`);
    await budi.page.getByRole("heading", { level: 1, name: "Mia \u{1f98a} مرحبا" }).waitFor();
    await budi.page.getByText("Nothing here yet").waitFor();
    await looksWell(budi.page);
    await budi.goto("/rooms");
    await budi.page
      .locator(".room-names")
      .getByRole("button", { name: "Mia Tester" })
      .first()
      .click();
    const block = card(budi.page).getByRole("button", { name: "Block Mia Tester" });
    await block.waitFor();
    // Nothing is asked before: who closes the window right after it has blocked.
    await budi.page.route("**/api/people/*", () => undefined);
    await block.click();
    await budi.page.getByText("Mia Tester is blocked.").waitFor();
    await budi.page.unroute("**/api/people/*");
    budi.expects(/status of 404/);
    await budi.goto(path);
    await budi.page.getByText("There is nobody of that name.").waitFor();
  },
);

journey("two devices change one profile: nothing that was typed is lost", async (world) => {
  const one = await world.someone({ text: true });
  one.expects(/status of 409/);
  await one.registers("Mia Tester");
  const here = one.page;
  const there = await here.context().newPage();
  for (const page of [here, there]) {
    await page.goto(world.url + "/profile");
    await page.getByLabel("About me", { exact: true }).waitFor();
  }
  await there.getByLabel("About me", { exact: true }).fill("written there");
  await press(there, "Save");
  await there.getByText("Saved", { exact: true }).waitFor();
  await here.getByLabel("About me", { exact: true }).fill("written here");
  await press(here, "Save");
  await here
    .getByText("Your profile was changed on another device meanwhile.", { exact: true })
    .waitFor();
  assert.equal(await here.getByLabel("About me", { exact: true }).inputValue(), "written here");
  await here.getByText("On the other device: written there (seen by: Everyone)").waitFor();
  await looksWell(here);
  await press(here, "Use this");
  assert.equal(await here.getByLabel("About me", { exact: true }).inputValue(), "written there");
  await here.getByLabel("About me", { exact: true }).fill("written there and here");
  await press(here, "Save");
  await here.getByText("Saved", { exact: true }).waitFor();
  await one.goto(await myPage(one));
  await here.getByText("written there and here").waitFor();

  for (const page of [here, there]) {
    await page.goto(world.url + "/profile/home");
    await page.getByRole("button", { name: "Text" }).waitFor();
  }
  for (const page of [here, there]) await press(page, "Text");
  await there.getByLabel("Your text").fill("a page from there");
  await press(there, "Save");
  await there.getByText("Saved", { exact: true }).waitFor();
  await here.getByLabel("Your text").fill("a page from here");
  await press(here, "Save");
  await here.getByText("a page from there").waitFor();
  assert.equal(await here.getByLabel("Your text").inputValue(), "a page from here");
  await press(here, "Use the other one");
  assert.equal(await here.getByLabel("Your text").inputValue(), "a page from there");
  await press(here, "Undo");
  await press(here, "Save");
  await here.getByText("Saved", { exact: true }).waitFor();
  await one.goto(await myPage(one));
  await here.getByText("a page from here").waitFor();
});

journey("Beranda dihias lewat papan ketik di ponsel, dan buku tamunya ditulisi", async (world) => {
  const [sari, budi] = [
    await world.someone({ ...PHONE, text: true, language: "id", dark: true }),
    await world.someone({ text: true }),
  ];
  await sari.registers("Sari Uji");
  await budi.registers("Budi Tester");
  const { page } = sari;
  await sari.goto("/profile/home");
  await page.getByText("Publik: siapa pun yang sudah masuk").waitFor();
  await press(page, "Buku tamu");
  await press(page, "Teks");
  await page.getByLabel("Teksmu, dibaca semua orang").waitFor();
  await page.getByLabel("Siapa yang melihat berandamu").selectOption("friends");
  await page.getByText("Hanya temanmu yang melihatnya.").waitFor();
  await page.getByLabel("Teksmu, dibaca temanmu").waitFor();
  await looksWell(page);
  await page.getByLabel("Siapa yang melihat berandamu").selectOption("everyone");
  await page.getByLabel("Teksmu, dibaca semua orang").fill("Selamat datang di berandaku");
  await press(page, "Naikkan: Teks, urutan 2");
  await page.getByText("Sekarang di urutan 1 dari 2.").waitFor();
  await press(page, "Teman");
  await press(page, "Hapus: Teman, urutan 3");
  await page.getByText("Teman dihapus.").waitFor();
  assert.equal(await page.locator(".home-edit > li").count(), 2);
  await press(page, "Urungkan");
  assert.equal(await page.locator(".home-edit > li").count(), 3);
  await page.getByRole("radio", { name: "Malam" }).focus();
  await page.keyboard.press("Space");
  await press(page, "Simpan");
  await page.getByText("Tersimpan", { exact: true }).waitFor();
  await looksWell(page);
  const path = await myPage(sari);
  await sari.goto(path);
  await page.locator(".home.style-night").getByText("Selamat datang di berandaku").waitFor();
  await page.getByText("Belum ada yang menulis di sini.").waitFor();

  await budi.goto(path);
  const book = budi.page.getByLabel("Write to Sari Uji");
  await budi.page.getByText("Everybody who sees this page can read it;").waitFor();
  for (const text of ["Wrong words", "Nice page, Sari!"]) {
    await book.fill(text);
    await press(budi.page, "Write in the guest book");
    const mine = budi.page.locator(".entry", { hasText: text });
    await mine.getByText("Waits until Sari Uji accepts it.").waitFor();
    if (text === "Wrong words") {
      await press(budi.page, "Undo");
      await budi.page.locator(".entry").waitFor({ state: "detached" });
    }
  }
  await page.reload();
  const entry = page.locator(".entry", { hasText: "Nice page, Sari!" });
  await entry.getByText("Dari orang yang bukan temanmu").waitFor();
  await looksWell(page);
  await looksWell(budi.page);
  await world.shoot("homepage with an entry that waits");
  await press(page, "Terima tulisan Budi Tester");
  await entry.getByText("Dari orang yang bukan temanmu").waitFor({ state: "detached" });
  await budi.page.reload();
  await budi.page.getByText("Nice page, Sari!").waitFor();
  assert.equal(await budi.page.getByText("Waits until Sari Uji accepts it.").count(), 0);
  await looksWell(page);
  await world.shoot("homepage, Indonesian");
  await press(page, "Hapus tulisan Budi Tester");
  await entry.waitFor({ state: "detached" });
  await press(page, "Urungkan");
  await entry.waitFor();
  await press(page, "Hapus tulisan Budi Tester");
  await entry.waitFor({ state: "detached" });
  const gone = page.waitForResponse((answer) => answer.request().method() === "DELETE");
  gone.catch(() => undefined);
  await page.getByRole("button", { name: "Tutup" }).last().focus(); // of the newest
  await page.keyboard.press("Enter"); // what would have waited happens at once
  assert.equal((await gone).status(), 204);
  await budi.page.reload();
  await budi.page.getByText("Nobody has written here yet.").waitFor();
});
