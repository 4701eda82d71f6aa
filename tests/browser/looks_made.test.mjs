// A look that is built from head to foot, told in one's own words, and worn by a friend.
import assert from "node:assert/strict";
import { areFriends } from "./asked.mjs";
import { looksWellIn } from "./looks.mjs";
import { journey, PHONE, until } from "./support.mjs";

const own = (page) => page.evaluate(async () => await (await fetch("/api/me/look")).json());
const opens = (page, tab) => page.getByRole("tab", { name: tab }).click();
const shows = (page) => page.locator(".look-words li").first().waitFor();
const picks = async (page, name) => {
  await page.getByRole("radio", { name, exact: true }).first().focus();
  await page.keyboard.press("Space");
};
/* The first slider of what is open or can be opened. */
const slides = async (page) => {
  const group = page.locator(".look-group summary").first();
  if (!(await page.locator("input[type=range]:visible").count())) await group.click();
  const slider = page.locator("input[type=range]:visible").first();
  await slider.focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
};

/* proves: AVA-1a */
journey("a member builds an avatar: body, face, hair, clothes and accessories", async (world) => {
  const one = await world.someone({ text: true });
  await one.registers("Pembuat Uji");
  const { page } = one;
  await one.goto("/avatar");
  await shows(page);
  const before = (await own(page)).recipe;
  await opens(page, "Face");
  await page.locator(".look-group summary", { hasText: "Nose" }).click();
  await slides(page);
  await opens(page, "Body");
  await slides(page);
  await opens(page, "Hair");
  await picks(page, "Buzz cut");
  await opens(page, "Clothes");
  await picks(page, "Hoodie");
  await opens(page, "Things");
  await page.locator("input[type=search]").fill("Round glasses"); // what is closed opens for it
  await picks(page, "Round glasses");
  await page.getByRole("button", { name: "Wear this" }).click();
  await page.getByText("That is how others see you now.").waitFor();
  const { recipe } = await own(page);
  assert.notDeepEqual(recipe.face, before.face);
  assert.notDeepEqual(recipe.body, before.body);
  const worn = recipe.wear.map(({ id }) => id);
  for (const id of ["hair_buzz", "hoodie", "glasses_round"]) assert.ok(worn.includes(id), id);
});

journey("own words stand in one's card, and a friend wears similar clothes", async (world) => {
  const [ana, ben] = [
    await world.someone({ text: true }),
    await world.someone({ text: true, language: "id", ...PHONE }),
  ];
  ben.expects(/Failed to load resource: .* 403/);
  await ana.registers("Ana Uji");
  await ben.registers("Ben Uji");
  const [id] = await areFriends(ana, ben);
  const { page } = ana;
  await ana.goto("/avatar");
  await shows(page);
  await opens(page, "Clothes");
  await picks(page, "Hoodie");
  await page.getByText("In words", { exact: true }).click();
  await page.getByText("Once you wear this look").waitFor();
  await page.getByRole("button", { name: "Wear this" }).click();
  await page.getByLabel("In your own words").fill("A hoodie, and a smile");
  await page.getByRole("button", { name: "Say it like this" }).click();
  await page.getByText("That is how your look is described now.").waitFor();
  await looksWellIn("en", page, "own words");

  const theirs = ben.page;
  await ben.goto(`/people/${id}`);
  await theirs.getByText("Penampilannya, dengan kata-kata").click();
  await theirs.getByText("A hoodie, and a smile").waitFor();
  await looksWellIn("id", theirs, "a look in words");
  const copy = () => theirs.getByRole("button", { name: "Pakai pakaian serupa" }).click();
  await copy();
  await theirs.getByText("Penampilan ini tidak dapat kamu salin").first().waitFor();

  await ana.goto("/settings/privacy");
  await page
    .getByRole("group", { name: "Who may copy what you wear?" })
    .getByText("Friends")
    .click();
  await until(page, async () => {
    const { copies } = await (await fetch("/api/me/look/choice")).json();
    return copies === "friends";
  });
  await copy();
  await theirs.waitForURL("**/avatar");
  await theirs.locator(".look-words", { hasText: "Hoodie" }).waitFor();
  assert.ok(!(await own(theirs)).recipe.wear.some((one) => one.id === "hoodie"), "not worn yet");
  await theirs.getByRole("button", { name: "Pakai ini" }).click();
  await until(theirs, async () => {
    const { recipe } = await (await fetch("/api/me/look")).json();
    return recipe.wear.some((one) => one.id === "hoodie");
  });
});
