// Friends: found by name, asked with a caution, accepted, seen coming online, joined, removed.
import assert from "node:assert/strict";
import { looksWell } from "./looks.mjs";
import { journey, PHONE, until } from "./support.mjs";
import { areFriends, asks } from "./asked.mjs";

const part = (page, name) => page.locator("section", { has: page.getByRole("heading", { name }) });

/** By the field of the page, as soon as the name can be found. */
async function find(one, label, typed, name) {
  await one.finds(name);
  await one.page.getByLabel(label).fill(typed);
  await one.page.locator(".person-row", { hasText: name }).waitFor();
}

journey("two find each other by name, become friends, meet in a room and part", async (world) => {
  const [mia, budi] = [await world.someone({ text: true }), await world.someone({ text: true })];
  await mia.registers("Mira Tester");
  await budi.registers("Bodil Tester");
  await budi.wantsToBeFound();
  await mia.goto("/friends");
  await mia.page.getByText("No friends yet").waitFor();
  await looksWell(mia.page);
  await mia.page.getByLabel("Find people by name").fill("zzzz");
  await mia.page.getByText("Nobody found").waitFor();
  await budi.goto("/friends");

  await find(mia, "Find people by name", "bodil", "Bodil Tester");
  await mia.page.getByRole("button", { name: "Ask to be friends: Bodil Tester" }).click();
  await mia.page.getByLabel("A few words (optional)").fill("We met at the fire.");
  await looksWell(mia.page);
  await mia.page.getByRole("button", { name: "Send the request" }).click();
  await part(mia.page, "You asked them").getByText("no answer yet").waitFor();

  // The asked person's open page shows it at once, with the caution.
  const asking = part(budi.page, "They would like to be your friend");
  await asking.getByText("We met at the fire.").waitFor();
  await asking.getByText("accept only somebody you know").waitFor();
  await looksWell(budi.page);
  await world.shoot("a request with its caution");
  await asking.getByRole("button", { name: "Refuse Mira Tester" }).click();
  await asking.waitFor({ state: "detached" });
  await budi.page.getByRole("button", { name: "Undo" }).click();
  await asking.getByRole("button", { name: "Accept Mira Tester" }).press("Enter");
  await asking.waitFor({ state: "detached" });
  await until(budi.page, () => document.activeElement !== document.body); // the button is gone

  const budis = part(mia.page, "Your friends").locator("li", { hasText: "Bodil Tester" });
  await budis.getByText("Online").waitFor();
  await part(budi.page, "Your friends").locator("li", { hasText: "Mira Tester" }).waitFor();
  await budi.page.getByRole("button", { name: "Mira Tester is a favourite" }).click();
  await looksWell(budi.page);

  // Bodil goes into a room, and Mira after her.
  await budi.goto("/rooms");
  await budi.enters();
  await mia.page.reload();
  await mia.page.getByRole("button", { name: "Join Bodil Tester" }).click();
  await mia.inRoom();

  // A friendship that a block would end for good is asked about first.
  mia.expects(/status of 409/);
  await mia.page.getByRole("button", { name: "Block Bodil Tester" }).click();
  const question = mia.page.getByRole("dialog", { name: "Block Bodil Tester?" });
  await question.waitFor();
  await looksWell(mia.page);
  await question.getByRole("button", { name: "Don't block" }).click();
  await question.waitFor({ state: "detached" });
  await until(mia.page, () => document.activeElement.matches("[aria-label='Block Bodil Tester']"));
  await mia.page.keyboard.press("Enter");
  await question.waitFor();
  await mia.page.goBack();
  await question.waitFor({ state: "detached" });
  await mia.page.goForward();
  await mia.inRoom();
  await mia.says("There you are");
  await budi.reads("There you are");

  await mia.goto("/friends");
  await mia.page.getByRole("button", { name: "Remove Bodil Tester from your friends" }).click();
  await mia.page.getByText("No friends yet").waitFor();
  await mia.page.getByRole("button", { name: "Undo" }).click();
  await budis.waitFor();
  // Who signs out is offline, without a reload of the other's page.
  await budi.goto("/rooms");
  await budi.page.getByRole("button", { name: "Bodil Tester Account" }).click();
  budi.losesSession();
  await budi.page.getByRole("menuitem", { name: "Sign out" }).click();
  await budis.getByText("Offline").waitFor();
  await world.shoot("friends");
});

/* The sentence of the caution, and the words around it. */
const CAUTIONS = {
  en: {
    caution: "People are not always who they say they are",
    asking: "They would like to be your friend",
    find: "Find people by name",
    results: "People found",
    accept: "Accept Ari Asing",
    on_card: "Accept",
  },
  id: {
    caution: "Orang tidak selalu seperti yang mereka katakan",
    asking: "Mereka ingin berteman denganmu",
    find: "Cari orang lewat nama",
    results: "Orang yang ditemukan",
    accept: "Terima Ari Asing",
    on_card: "Terima",
  },
};
for (const [language, words] of Object.entries(CAUTIONS)) {
  /* proves: SOC-1b */
  journey(
    `a stranger's request is never accepted without the caution (${language})`,
    async (world) => {
      const one = await world.someone({ ...(language === "id" && PHONE), language, text: true });
      const stranger = await world.someone({ text: true });
      const { page } = one;
      await Promise.all([one.registers("Mira Diajak"), stranger.registers("Ari Asing")]);
      await stranger.wantsToBeFound();
      const [{ id: mira }, { id: ari }] = [
        await asks(one, "GET", "/api/me"),
        await asks(stranger, "GET", "/api/me"),
      ];
      await asks(stranger, "POST", "/api/friends/requests", { id: mira, note: "It is me" });
      /* Beside what accepts, wherever that stands. */
      const cautioned = async (place, button) => {
        await place.getByRole("button", { name: button, exact: true }).waitFor();
        await place.getByText(words.caution).waitFor();
        await looksWell(page);
      };

      await one.goto("/friends");
      await cautioned(part(page, words.asking), words.accept);
      await find(one, words.find, "ari", "Ari Asing");
      await cautioned(page.getByRole("list", { name: words.results }), words.accept);
      await stranger.enters();
      await one.goto("/rooms");
      await page.locator(".room-names").getByRole("button", { name: "Ari Asing" }).first().click();
      await cautioned(page.locator("dialog[open]"), words.on_card);
      await world.shoot(`a stranger's card with the caution ${language}`);
      await page.keyboard.press("Escape");
      await one.goto(`/people/${ari}`);
      await cautioned(page.locator(".person-head"), words.on_card);

      // Accepted there, and gone with what it warned of.
      await page.getByRole("button", { name: words.on_card, exact: true }).click();
      await page.getByText(words.caution).waitFor({ state: "detached" });
      const { items } = await asks(one, "GET", "/api/friends");
      assert.deepEqual(
        items.map(({ id }) => id),
        [ari],
      );
    },
  );
}

journey(
  "teman dengan papan ketik di ponsel: cari, ajak, tarik kembali, dan tidak ditemukan",
  async (world) => {
    const one = await world.someone({ ...PHONE, language: "id", dark: true });
    await one.registers("Sari Uji");
    const { page } = one;
    await page.getByRole("link", { name: "Teman" }).click();
    await page.getByText("Belum ada teman").waitFor();
    await find(one, "Cari orang lewat nama", "santoso", "Budi Santoso");
    const ask = page.getByRole("button", { name: "Ajak berteman: Budi Santoso" });
    await ask.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.getByLabel("Beberapa kata (boleh kosong)").focus();
    await page.keyboard.type("Halo!");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("belum dijawab").waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await looksWell(page);
    await world.shoot("friends, Indonesian");
    const back = page.getByRole("button", {
      name: "Tarik kembali permintaanmu kepada Budi Santoso",
    });
    await back.focus();
    await page.keyboard.press("Enter");
    await page.getByText("belum dijawab").waitFor({ state: "detached" });
    await one.goto("/settings/privacy");
    const kept = page.waitForResponse((answer) => answer.request().method() === "PUT");
    await page
      .getByRole("group", { name: "Siapa yang boleh menemukanku lewat nama" })
      .getByText("Tidak ada", { exact: true })
      .click();
    assert.equal((await kept).status(), 204);
    await looksWell(page);
  },
);

/** The page asks again by its clock while somebody looks at it; here whenever it is looked at. */
const comesToSay = (one, text, there = true) =>
  until(
    one.page,
    ([wanted, is]) => {
      document.dispatchEvent(new Event("visibilitychange"));
      return document.body.textContent.includes(wanted) === is;
    },
    [text, there],
    { every_ms: 700 },
  );

journey("baris teman menyebut ruangnya, selama teman itu mau dan boleh terlihat", async (world) => {
  const mia = await world.someone({ ...PHONE, language: "id", dark: true, text: true });
  const budi = await world.someone({ text: true });
  await Promise.all([mia.registers("Mira Ponsel"), budi.registers("Bodil Keliling")]);
  const [mias] = await areFriends(mia, budi);
  await mia.goto("/friends");
  await mia.page.getByText("Bodil Keliling").waitFor();
  await budi.enters();
  const room = await budi.page.locator("h1").textContent();
  const path = new URL(budi.page.url()).pathname;
  await comesToSay(mia, `Di ${room}`);
  await looksWell(mia.page);
  await world.shoot("a friend's row with the room");

  // By keyboard to where they are.
  await mia.page.getByRole("button", { name: "Susul Bodil Keliling" }).focus();
  await mia.page.keyboard.press("Enter");
  await mia.inRoom();
  assert.equal(new URL(mia.page.url()).pathname, path);
  await mia.goto("/friends");
  await comesToSay(mia, `Di ${room}`);

  // Nobody is told that they may not see it any more: it goes when the page asks again.
  const choice = await asks(budi, "GET", "/api/me/contact");
  for (const wish of [{ invisible: true }, { join_me: "nobody" }]) {
    await asks(budi, "PUT", "/api/me/contact", { ...choice, ...wish });
    await comesToSay(mia, `Di ${room}`, false);
    await mia.page.getByText("Bodil Keliling").waitFor();
    await asks(budi, "PUT", "/api/me/contact", choice);
    await comesToSay(mia, `Di ${room}`);
  }
  await asks(budi, "DELETE", `/api/friends/${mias}`);
  await comesToSay(mia, "Bodil Keliling", false);
  await areFriends(mia, budi);
  await comesToSay(mia, `Di ${room}`);
  await asks(budi, "POST", "/api/blocks", { id: mias });
  await comesToSay(mia, "Bodil Keliling", false);
  await mia.page.getByText("Belum ada teman").waitFor();
});
