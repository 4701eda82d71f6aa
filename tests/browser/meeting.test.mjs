// Two people meet: the spine of the product, in two browsers at once.
import assert from "node:assert/strict";
import { pixels } from "../support/png.mjs";
import { journey, until } from "./support.mjs";

journey("two people register, meet in a room, walk, sit, wave and talk", async (world) => {
  const [mia, budi] = [await world.someone({ webgl: true }), await world.someone({ webgl: true })];
  await mia.registersByPages("Mia Tester");
  await budi.registers("Budi Tester");
  await mia.enters();
  const room = new URL(mia.page.url()).pathname;
  await budi.goto(room);
  await budi.inRoom();
  await Promise.all([mia.sees3d(), budi.sees3d()]);

  await mia.says("hello from Mia");
  await budi.reads("hello from Mia");
  await budi.says("halo, ini Budi");
  await mia.reads("halo, ini Budi");
  await budi.reads("halo, ini Budi"); // his own is said when it is numbered
  assert.deepEqual(await mia.lines(), await budi.lines());

  await mia.tab("places");
  await mia.page.locator(".side-scroll ul").nth(1).locator("button").nth(1).click();
  const place = await mia.page
    .locator(".side-scroll ul")
    .nth(1)
    .locator("strong")
    .nth(1)
    .textContent();
  await budi.findsThat("Mia Tester", place);

  await mia.page.locator(".side-scroll ul").nth(0).locator("button").first().click();
  const seat = await mia.page
    .locator(".side-scroll ul")
    .nth(0)
    .locator("strong")
    .first()
    .textContent();
  await budi.findsThat("Mia Tester", `sitting: ${seat}`);

  await budi.tab("chat"); // gestures are said where the talk is
  await mia.page.getByRole("button", { name: "Gestures" }).click();
  await mia.page.getByRole("button", { name: "Wave" }).click();
  const spoken = budi.page.locator(".chat > .unseen[role=status]");
  await spoken.getByText("Mia Tester waves").waitFor();
  await mia.page.locator("#stage").press("3");
  await spoken.getByText("Mia Tester cheers").waitFor();
  await mia.page.getByRole("button", { name: "Stand up" }).first().click();
  await budi.findsThat("Mia Tester", "near:");

  await mia.page.getByRole("button", { name: "Leave the room" }).first().click();
  await mia.page.waitForURL("**/rooms");
  await budi.page
    .locator(".room-list li", { hasText: "Mia Tester" })
    .waitFor({ state: "detached" });

  // Who has left still has a face beside what they said.
  await budi.page.reload();
  await budi.inRoom();
  const said = budi.page.locator(".said", { hasText: "hello from Mia" });
  await said.locator(".portrait img").waitFor();
});

/* Longer than a picture takes where all else is tested beside it. */
const PATIENCE_MS = 60_000;

/** The picture of the room without what is written over it, near a point of the page when one is given. */
async function pictureOf(page, near) {
  const box = await page.locator(".stage canvas").boundingBox();
  const clip = near ? { x: near.x - 25, y: near.y, width: 50, height: 80 } : box;
  const show = (visibility) =>
    page.evaluate(
      (how) => (document.querySelector(".world-labels").style.visibility = how),
      visibility,
    );
  await show("hidden");
  const taken = await page.screenshot({ clip });
  await show("");
  return pixels(taken);
}
const coloursOf = ({ rows, size }) => {
  const seen = new Set();
  for (let at = 0; at < rows.length; at += size) seen.add(rows.readUIntBE(at, 3));
  return seen.size;
};
/** The share of pixels that are clearly another colour. */
const unlike = (one, other) => {
  const CLEARLY = 24;
  let count = 0;
  for (let at = 0; at < one.rows.length; at += one.size)
    count += [0, 1, 2].some((i) => Math.abs(one.rows[at + i] - other.rows[at + i]) > CLEARLY);
  return count / (one.rows.length / one.size);
};

/* proves: AVA-2a */
journey(
  "the picture of a room shows it, who is in it, where they go and what they say",
  async (world) => {
    const [mia, budi] = [await world.someone({ text: true }), await world.someone({ webgl: true })];
    const { page } = budi;
    await mia.registers("Mia Tester");
    await budi.registers("Budi Tester");
    await mia.enters();
    await budi.goto(new URL(mia.page.url()).pathname);
    await budi.inRoom();
    await budi.sees3d();
    const SHADES = 200; // of one colour, or of a bare sky, there are fewer
    assert.ok(coloursOf(await pictureOf(page)) > SHADES, "the room is drawn");

    const label = page.locator(".stage .world-label", { hasText: "Mia Tester" });
    const tag = label.locator(".world-tag");
    await tag.waitFor();
    const bubble = label.locator(".world-bubble", { hasText: "hello from Mia" }).waitFor();
    await mia.says("hello from Mia");
    await bubble;

    // Her name goes with her, and she is drawn below it: where she has gone from it looks different.
    const before = await tag.boundingBox();
    const under = { x: before.x + before.width / 2, y: before.y + before.height };
    const there = await pictureOf(page, under);
    await mia.page.locator("section[aria-labelledby=text-places] li button").nth(2).click();
    await until(
      page,
      ([x, y]) =>
        [...document.querySelectorAll(".stage .world-tag")].some((one) => {
          const box = one.getBoundingClientRect();
          return (
            one.textContent === "Mia Tester" &&
            box.width > 0 &&
            Math.hypot(box.x - x, box.y - y) > 20
          );
        }),
      [before.x, before.y],
    );
    await mia.page.getByRole("button", { name: "Leave the room" }).first().click();
    await label.waitFor({ state: "detached" });
    const CHANGED = 0.05;
    const end = Date.now() + PATIENCE_MS;
    while (unlike(there, await pictureOf(page, under)) <= CHANGED)
      assert.ok(Date.now() < end, "her avatar is drawn below her name");
    await world.shoot("a room in 3D");
  },
);

journey("after kill -9 both come back by themselves and find every line again", async (world) => {
  const [mia, budi] = [await world.someone({ text: true }), await world.someone({ text: true })];
  for (const one of [mia, budi]) {
    one.expects(/WebSocket connection to .* failed|ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE/);
    one.expects(/Failed to load resource: (net::|.* 503)/);
  }
  await mia.registers("Mia Tester");
  await budi.registers("Budi Tester");
  await mia.enters();
  await budi.goto(new URL(mia.page.url()).pathname);
  await budi.inRoom();
  for (let i = 1; i <= 5; i++) await (i % 2 ? mia : budi).says(`line ${i}`);
  for (let i = 1; i <= 5; i++) {
    await mia.reads(`line ${i}`);
    await budi.reads(`line ${i}`);
  }
  const before = await mia.lines();

  await world.server.kill();
  await mia.page.locator(".room-banner p").waitFor();
  await mia.says("said while nobody listened");
  await mia.page.locator(".said.waiting", { hasText: "said while nobody listened" }).waitFor();
  await world.server.start();
  await mia.inRoom();
  await budi.inRoom();
  await mia.reads("said while nobody listened");
  await budi.reads("said while nobody listened");
  assert.deepEqual(await mia.lines(), [...before, "said while nobody listened"]);

  await mia.page.reload();
  await mia.inRoom();
  await mia.reads("said while nobody listened");
  assert.deepEqual(await mia.lines(), [...before, "said while nobody listened"]);
});

journey("a click on the floor walks there, and the other one sees it", async (world) => {
  const [mia, budi] = [await world.someone({ webgl: true }), await world.someone({ text: true })];
  await mia.registers("Mia Tester");
  await budi.registers("Budi Tester");
  await mia.enters();
  await budi.goto(new URL(mia.page.url()).pathname);
  await budi.inRoom();
  await mia.sees3d();
  const box = await mia.page.locator(".stage canvas").boundingBox();
  const places = [
    [0.5, 0.75],
    [0.7, 0.6],
    [0.35, 0.55],
    [0.6, 0.85],
  ];
  await budi.seesWalk("Mia Tester", places, {
    // However long a hand, or a machine, takes for it.
    begin: ([x, y]) =>
      mia.page.mouse.click(box.x + box.width * x, box.y + box.height * y, { delay: 700 }),
  });
});

journey("a full room queues, says the place, and lets in when somebody leaves", async (world) => {
  const [mia, budi, dewi] = [
    await world.someone({ text: true }),
    await world.someone({ text: true }),
    await world.someone({ text: true }),
  ];
  await mia.registers("Mia Tester");
  await budi.registers("Budi Tester");
  await dewi.registers("Dewi Tester");
  await mia.page.getByRole("button", { name: "Create a room" }).click();
  await mia.page.fill("dialog [name=name]", "Tiny room");
  await mia.page.fill("dialog [name=capacity]", "2");
  await mia.page.click("dialog button[type=submit]");
  await mia.inRoom();
  const room = new URL(mia.page.url()).pathname;
  await budi.goto(room);
  await budi.inRoom();
  await dewi.goto(room);
  await dewi.page.getByText("number 1 in the queue").waitFor();
  await budi.page.getByRole("button", { name: "Leave the room" }).first().click();
  await dewi.inRoom();
});

journey("the owner removes somebody, who is told so and cannot come back", async (world) => {
  const [mia, budi] = [await world.someone({ text: true }), await world.someone({ text: true })];
  await mia.registers("Mia Tester");
  await budi.registers("Budi Tester");
  await mia.page.getByRole("button", { name: "Create a room" }).click();
  await mia.page.fill("dialog [name=name]", "House of Mia");
  await mia.page.click("dialog button[type=submit]");
  await mia.inRoom();
  await budi.goto(new URL(mia.page.url()).pathname);
  await budi.inRoom();
  await mia.page.getByRole("button", { name: "Remove Budi Tester from the room" }).click();
  await mia.page.getByRole("button", { name: "Remove", exact: true }).click();
  await budi.page.getByText("You were removed from this room").first().waitFor();
  await budi.page.reload();
  await budi.page.getByText("You are not in this room").waitFor();
  assert.equal(await mia.page.locator(".room-list li", { hasText: "Budi Tester" }).count(), 0);
});

journey("a closed room is in nobody's list and opens for its owner alone", async (world) => {
  const [mia, budi] = [await world.someone({ text: true }), await world.someone({ text: true })];
  await mia.registers("Mia Tester");
  await budi.registers("Budi Tester");
  await mia.page.getByRole("button", { name: "Create a room" }).click();
  await mia.page.fill("dialog [name=name]", "Mia alone");
  await mia.page.selectOption("dialog [name=visibility]", "closed");
  await mia.page.click("dialog button[type=submit]");
  await mia.inRoom();
  const room = new URL(mia.page.url()).pathname;
  await budi.page.fill("input[type=search]", "Mia alone");
  await budi.page.getByText("No room found").waitFor();
  budi.expects(/Failed to load resource: .* 404/);
  await budi.page.goto(world.url + room);
  await budi.page.getByText("You are not in this room").waitFor();
  await mia.page.reload();
  await mia.inRoom();
});
