// A homepage that is being made: nothing is lost by leaving it, and nothing of it is left for others.
import assert from "node:assert/strict";
import { journey, PHONE, until } from "./support.mjs";

const kept = (page) =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("bauta.draft.")));

const first = (page) => page.locator(".home-block textarea").first();

async function waitsForDraft(page, text) {
  await until(
    page,
    (wanted) =>
      Object.entries(localStorage).some(
        ([key, value]) => key.startsWith("bauta.draft.") && value.includes(wanted),
      ),
    text,
  );
}

journey(
  "what one changed on the homepage is there after leaving, and gone after signing out",
  async (world) => {
    const one = await world.someone({ ...PHONE, language: "id", dark: true });
    const { page } = one;
    await one.registers("Penghias Beranda");
    await one.goto("/profile/home");
    await page.locator("fieldset.choices button").first().click();
    await first(page).fill("Selamat datang di berandaku");
    await waitsForDraft(page, "Selamat datang di berandaku");

    await one.goto("/rooms");
    await one.goto("/profile/home");
    await first(page).waitFor();
    assert.equal(await first(page).inputValue(), "Selamat datang di berandaku");
    await page.getByText("belum disimpan").waitFor();
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390);

    await page.locator("form button[type=submit]").click();
    await page.locator(".toast").waitFor();
    await until(
      page,
      () => !Object.keys(localStorage).some((key) => key.startsWith("bauta.draft.")),
    );
    await page.reload();
    await first(page).waitFor();
    assert.equal(await first(page).inputValue(), "Selamat datang di berandaku");
    assert.equal(await page.getByText("belum disimpan").count(), 0);

    await first(page).fill("ini tidak jadi");
    await waitsForDraft(page, "ini tidak jadi");
    await page.reload();
    await page.getByRole("button", { name: "Tampilkan yang tersimpan" }).click();
    await until(page, () =>
      document.querySelector(".home-block textarea").value.startsWith("Selamat"),
    );
    await until(
      page,
      () => !Object.keys(localStorage).some((key) => key.startsWith("bauta.draft.")),
    );

    // What an older client kept is no draft of this one.
    await page.evaluate(async () => {
      const { id } = await (await fetch("/api/me")).json();
      localStorage.setItem(
        `bauta.draft.${id}.home`,
        JSON.stringify({ at: Date.now(), is: { text: "lama" } }),
      );
    });
    await page.reload();
    await first(page).waitFor();

    await first(page).fill("untuk mataku sendiri");
    await waitsForDraft(page, "untuk mataku sendiri");
    await one.goto("/settings");
    one.losesSession();
    await page.locator(".top .who").click();
    await page
      .getByRole("menuitem", { name: "Keluar" })
      .or(page.getByRole("button", { name: "Keluar" }))
      .first()
      .click();
    await page.locator("a.button[href^='/sign-in']").waitFor();
    assert.deepEqual(await kept(page), []);
  },
);
