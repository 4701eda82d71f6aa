// Terms and the privacy notice in versions: written and published by an administrator, asked of members,
// read and compared by everybody.
import assert from "node:assert/strict";
import { looksWell, looksWellIn } from "./looks.mjs";
import { provesByPasskey } from "./officers.mjs";
import { journey, PHONE, settled } from "./support.mjs";

/** Writes the next terms in both languages and publishes them, as an administrator does. */
async function publishes({ page }, text, changes, days) {
  const terms = page.locator("#policy-terms");
  await terms.getByRole("button", { name: /^Write version/ }).click();
  for (const language of ["English", "Bahasa Indonesia"]) {
    await terms.getByLabel(`All of it: ${language}`).fill(`${text}\n\n(${language})`);
    await terms.getByLabel(`What is new, in a few words: ${language}`).fill(changes);
  }
  await terms.getByRole("button", { name: "Keep what is written" }).click();
  await page.getByText("Nobody else sees it before it is published.").waitFor();
  await terms.getByLabel("Days until it is in force").fill(String(days));
  await terms.getByRole("button", { name: "Publish" }).click();
  await page.getByText("Members hear of it within minutes.").waitFor();
}

journey("new terms are published, asked of members, compared and never assumed", async (world) => {
  const admin = await world.someone({ text: true });
  await admin.administers();
  await provesByPasskey(admin);
  await admin.goto("/admin/policies");
  await admin.page.getByText("Nothing is published yet.").first().waitFor();
  await publishes(admin, "Be kind to everybody.", "The first ones", 0);
  await looksWell(admin.page);

  const budi = await world.someone({ ...PHONE, language: "id", dark: true, text: true });
  await budi.goto("/register");
  await budi.answersAge();
  await budi.page.getByRole("link", { name: "Ketentuan situs ini" }).first().waitFor();
  await budi.registers("Budi Uji");
  assert.equal(await budi.page.locator("dialog").count(), 0, "who registers has agreed by that");

  await admin.goto("/admin/policies"); // who published them is asked like everybody
  await admin.page.locator("dialog").getByRole("button", { name: "I agree" }).click();
  await admin.page.locator("dialog").waitFor({ state: "detached" });
  await publishes(admin, "Be kind to everybody here.", "Where it holds", 14);

  await budi.goto("/rooms");
  const { page } = budi;
  const asked = page.locator("dialog");
  await asked.getByText("Ada versi baru dari ketentuan").waitFor();
  await asked.getByText("Where it holds").waitFor();
  await looksWellIn("id", page, "what is asked");
  await asked.getByRole("button", { name: "Aku tidak setuju" }).click();
  await page.getByText("Kamu tidak menyetujui ketentuan.").waitFor();
  await page.getByRole("link", { name: "Tutup akunmu" }).waitFor();

  await page.getByRole("link", { name: "Baca seluruhnya dan bandingkan" }).click();
  await page.getByLabel("Bandingkan dengan versi lain").selectOption("1");
  await page.locator("ins", { hasText: "here" }).waitFor();
  await looksWellIn("id", page, "two versions beside each other");
  await page.getByRole("button", { name: "Aku setuju" }).click();
  await page.getByText("Kamu setuju. Kapan, dan pada teks mana").waitFor();
  await budi.goto("/settings/data");
  await page.locator("#policies").getByText("Kamu setuju pada").first().waitFor();
  await looksWellIn("id", page, "what was agreed to");

  const guest = await world.someone({ text: true });
  await guest.goto("/");
  await guest.page.getByText("There is a new version of the terms").waitFor();
  await settled(guest.page);
  await looksWell(guest.page);
});
