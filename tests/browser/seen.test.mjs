// What others see of me: one kind of viewer after the other, by keyboard, and after a choice was changed.
import assert from "node:assert/strict";
import { looksWell } from "./looks.mjs";
import { journey, PHONE } from "./support.mjs";

/** The page's lists of what somebody can do and cannot. */
const lines = (page, title) =>
  page
    .locator(".seen-may > div", { has: page.getByRole("heading", { name: title, exact: true }) })
    .locator("li");

journey(
  "one looks at oneself with the eyes of others, and a choice that is changed shows there",
  async (world) => {
    const one = await world.someone(PHONE);
    await one.registers("Cermin Uji");
    const { page } = one;
    await one.goto("/settings/privacy");
    await page.getByRole("link", { name: "What others see of you" }).click();
    await page.getByRole("heading", { level: 1, name: "What others see of you" }).waitFor();
    const cannot = lines(page, "They cannot");
    await cannot.getByText("Find you by your name").waitFor();
    const card = page.getByRole("region", { name: "Your profile, as they see it" });
    await card.getByText("Cermin Uji").waitFor();
    await looksWell(page);

    // Radio buttons: the arrow goes on to a friend, who may find and follow.
    await page.getByRole("radio", { name: "A stranger" }).focus();
    await page.keyboard.press("ArrowDown");
    await page.getByRole("status").getByText("Any of your friends").waitFor();
    await lines(page, "They can").getByText("follow you there").waitFor();
    await card.getByText("Age", { exact: true }).waitFor();
    one.expects(/status of 404/); // it is what they would be answered
    await page.keyboard.press("ArrowDown");
    await card.getByText("as if you were not here").waitFor();
    assert.equal(await lines(page, "They can").count(), 0);
    assert.equal(await page.getByRole("region", { name: /homepage/ }).count(), 0);
    await looksWell(page);
    await page.keyboard.press("ArrowDown");
    const told = page.getByRole("region", { name: /in words/ });
    await told.locator("summary").filter({ hasText: "Your account" }).waitFor();
    assert.equal(await page.getByRole("radio", { name: "Your parent" }).count(), 0);

    await page.getByRole("link", { name: "Change who may come near" }).click();
    const findable = page.getByRole("group", { name: "Who may find me by my name" });
    const kept = page.waitForResponse((answer) => answer.request().method() === "PUT");
    await findable.getByText("Everyone", { exact: true }).click();
    await kept;
    await page.getByRole("link", { name: "What others see of you" }).click();
    await lines(page, "They can").getByText("Find you by your name").waitFor();
  },
);

journey("what others see is said in Indonesian, on a dark phone", async (world) => {
  const one = await world.someone({ ...PHONE, language: "id", dark: true });
  const { page } = one;
  await one.registers("Cermin Gelap");
  await one.goto("/profile/seen");
  await page.getByText("Menemukanmu lewat namamu").waitFor();
  await page.getByText("Bagi mereka berandamu tampak kosong").waitFor();
  await looksWell(page);
});
