// The same house by other ways: keyboard alone, touch on a phone, Indonesian, no WebGL, dark.
import assert from "node:assert/strict";
import { journey, PASSWORD, PHONE, until } from "./support.mjs";

/** Presses Tab until what has the focus fits; fails when the focus went round without it. */
async function tabTo(page, selector, most = 80) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    const there = await page.evaluate(
      (wanted) => document.activeElement?.matches(wanted),
      selector,
    );
    if (there) return;
  }
  assert.fail(`Tab does not reach ${selector}`);
}

journey("by keyboard alone: register, enter, walk, sit, wave, talk and leave", async (world) => {
  const one = await world.someone({ webgl: true });
  const watcher = await world.someone({ text: true });
  const { page } = one;
  const { keyboard } = page;
  await one.goto("/register");
  await tabTo(page, "[name=birth_date]");
  await keyboard.type("5");
  await keyboard.press("Tab");
  await keyboard.type("Apr");
  await keyboard.press("Tab");
  await keyboard.type("1990");
  await tabTo(page, "[name=country]");
  await keyboard.type("Indonesia");
  await tabTo(page, "form button[type=submit]");
  await keyboard.press("Enter");
  await page.locator("[name=avatar_name]").waitFor();
  await one.focuses("h1");
  await tabTo(page, "[name=avatar_name]");
  await keyboard.type("Kiki Keys");
  await tabTo(page, "[name=email]");
  await keyboard.type("kiki@example.org");
  await tabTo(page, "[value=passkey]");
  await keyboard.press("ArrowRight");
  await tabTo(page, "[name=password]");
  await keyboard.type(PASSWORD);
  await keyboard.press("Enter");
  await page.waitForURL("**/avatar/first");
  await one.focuses("h1");
  await page.locator(".look-card").first().waitFor();
  await tabTo(page, ".look-card input");
  await keyboard.press("ArrowRight");
  await tabTo(page, ".first-look-end .main");
  await keyboard.press("Enter");
  await page.waitForURL("**/rooms");
  await page.locator(".room-card a").first().waitFor();
  await tabTo(page, ".room-card a");
  await keyboard.press("Enter");
  await one.inRoom();
  await one.sees3d();
  one.name = "Kiki Keys";
  await watcher.registers("Watcher");
  await watcher.goto(new URL(page.url()).pathname);
  await watcher.inRoom();
  await watcher.page.locator(".room-list li", { hasText: "Kiki Keys" }).waitFor();

  await page.evaluate(() => document.getElementById("main").focus());
  await tabTo(page, "#stage");
  await watcher.seesWalk("Kiki Keys", ["ArrowUp", "ArrowRight", "KeyS", "KeyA"], {
    begin: (key) => keyboard.down(key),
    end: (key) => keyboard.up(key),
  });

  await keyboard.press("Escape");
  await one.focuses("#say");
  await keyboard.type("typed without a mouse");
  await keyboard.press("Enter");
  await watcher.reads("typed without a mouse");

  await page.evaluate(() => document.getElementById("stage").focus());
  await tabTo(page, ".toolbar .menu button");
  await keyboard.press("Enter");
  await tabTo(page, ".gestures .emotes ~ .emotes button"); // behind the moods
  await keyboard.press("Enter");
  await watcher.page.getByText("Kiki Keys waves").first().waitFor();
  await one.focuses(".toolbar button");

  await page.evaluate(() => document.getElementById("stage").focus());
  await tabTo(page, "#tab-chat");
  await keyboard.press("ArrowRight");
  await keyboard.press("ArrowRight");
  await tabTo(page, ".side-scroll button");
  await keyboard.press("Enter");
  await watcher.findsThat("Kiki Keys", "sitting:");

  await page.evaluate(() => document.getElementById("main").focus());
  await tabTo(page, ".room-head button");
  await keyboard.press("Enter");
  await page.waitForURL("**/rooms");
  await one.focuses("h1");
});

journey("on a phone by touch: enter, push the stick, talk above the keyboard", async (world) => {
  const one = await world.someone({ ...PHONE, webgl: true });
  const watcher = await world.someone({ text: true });
  await one.registersByPages("Tina Touch");
  await one.page.locator(".room-card").first().tap();
  await one.inRoom();
  await one.sees3d();
  await watcher.registers("Watcher");
  await watcher.goto(new URL(one.page.url()).pathname);
  await watcher.inRoom();
  const width = await one.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `the page is ${width} px wide`);

  const stick = await one.page.locator(".joystick").boundingBox();
  const [x, y] = [stick.x + stick.width / 2, stick.y + stick.height / 2];
  const finger = await one.page.context().newCDPSession(one.page);
  const touch = (type, touchPoints) =>
    finger.send("Input.dispatchTouchEvent", { type, touchPoints });
  const ways = [
    [0, -1],
    [1, 0],
    [0, 1],
    [-1, 0],
  ];
  await watcher.seesWalk("Tina Touch", ways, {
    begin: async ([dx, dy]) => {
      await touch("touchStart", [{ x, y }]);
      await touch("touchMove", [{ x: x + dx * 40, y: y + dy * 40 }]);
    },
    end: () => touch("touchEnd", []),
  });

  await one.page.locator("#say").tap();
  await one.page.setViewportSize({ width: 390, height: 420 });
  await one.page.locator(".short").waitFor();
  // The keyboard does not cover the input.
  await until(one.page, () => {
    const { top, bottom } = document.getElementById("say").getBoundingClientRect();
    return top >= 0 && bottom <= 420;
  });
  await one.page.fill("#say", "typed with thumbs");
  await one.page.locator(".composer [type=submit]").tap();
  await watcher.reads("typed with thumbs");
  await one.page.setViewportSize({ width: 390, height: 844 });

  await one.page.locator("#tab-places").tap();
  await one.page.locator(".side-scroll button").first().tap();
  await watcher.findsThat("Tina Touch", "sitting:");
  await one.page.locator(".toolbar .menu button").first().tap();
  await one.page.getByRole("button", { name: "Dance" }).tap();
  await watcher.page.getByText("Tina Touch dances").first().waitFor();
});

journey("in Indonesian from the first page to a refusal by the server", async (world) => {
  const one = await world.someone({ language: "id", text: true });
  const { page } = one;
  await one.goto("/");
  assert.equal(await page.getAttribute("html", "lang"), "id");
  await page.getByText("Pakai topengmu").waitFor();
  await one.registersByPages("Wayan Uji");
  await page.getByRole("heading", { name: "Ruang", exact: true }).waitFor();
  await one.enters();
  await page.getByRole("button", { name: "Melambai" }).click();
  await page.getByText("Kamu melambai").first().waitFor();
  await page
    .getByRole("button", { name: /^Duduk: / })
    .first()
    .click();
  await page.getByText(/^Kamu duduk: /).waitFor();
  await one.goto("/settings/sign-in");
  await page.fill("#password [name=password]", "aaaaaaaaaaaaaaaaaaaaaaaa");
  one.expects(/Failed to load resource: .* 4\d\d/);
  await page.click("#password button[type=submit]");
  const fault = await page.locator(".fault, .notice.bad").first().textContent();
  assert.doesNotMatch(fault, /password/i, `the server's answer is in English: ${fault}`);

  const kept = page.waitForResponse((answer) => answer.request().method() === "PATCH");
  await page.locator("footer select").first().selectOption("en");
  await page.getByRole("heading", { name: "Sign-in and devices" }).waitFor();
  await kept;
  // The account keeps it: a browser that knows nothing of the choice shows it too.
  await page.evaluate(() => localStorage.removeItem("bauta.language"));
  await page.reload();
  await page.locator("html[lang=en]").waitFor({ state: "attached" });
});

journey("without WebGL the text-only room does all that a walker can do", async (world) => {
  const one = await world.someone();
  const other = await world.someone({ text: true });
  await one.registersByPages("Tessa Text");
  await other.registers("Otto Other");
  await one.enters();
  await other.goto(new URL(one.page.url()).pathname);
  await other.inRoom();
  const { page } = one;
  assert.equal(await page.locator("canvas").count(), 0);
  await page
    .locator("section[aria-labelledby=text-people] li", { hasText: "Otto Other" })
    .waitFor();

  // However many people and places are listed, the message field is a few keys away, and so is the way back.
  await page.locator("h1").first().focus();
  for (let i = 0; i < 9 && !(await page.evaluate(() => document.activeElement.id === "say")); i++)
    await page.keyboard.press("F6");
  await one.focuses("#say");
  await page.keyboard.press("Shift+F6");
  assert.ok(
    !(await page.evaluate(
      () => document.activeElement.id === "say" || document.activeElement === document.body,
    )),
  );

  const places = page.locator("section[aria-labelledby=text-places] li");
  const place = await places.nth(2).locator("strong").textContent();
  await places.nth(2).getByRole("button").click();
  await other.findsThat("Tessa Text", place);
  await page.locator(".whereabouts", { hasText: place }).waitFor();

  const seats = page.locator("section[aria-labelledby=text-seats] li");
  const seat = await seats.nth(1).locator("strong").textContent();
  await seats.nth(1).getByRole("button").click();
  await other.findsThat("Tessa Text", `sitting: ${seat}`);
  assert.equal(
    await other.page
      .locator("section[aria-labelledby=text-seats] li")
      .nth(1)
      .getByRole("button")
      .count(),
    0,
    "a taken seat offers nothing",
  );

  for (const [name, text] of [
    ["Wave", "waves"],
    ["Dance", "dances"],
    ["Cheer", "cheers"],
    ["Laugh", "laughs"],
    ["Clap", "claps"],
    ["Bow", "bows"],
    ["Shrug", "shrugs"],
    ["Think", "is thinking"],
  ]) {
    await page
      .locator("section[aria-labelledby=text-emotes]")
      .getByRole("button", { name })
      .click();
    await other.page.locator(".log-event", { hasText: `Tessa Text ${text}` }).waitFor();
  }
  const seen = (text) => other.page.locator(".log-event", { hasText: text }).waitFor();
  await one.says("/nod yes, that one");
  await seen("Tessa Text nods");
  await other.reads("yes, that one");
  await one.says("/happy");
  await seen("Tessa Text looks happy");
  await page.locator("#say").fill("/wvae hello");
  await page.locator("#say").press("Enter");
  await page.getByText("There is no command /wvae.").waitFor();
  assert.equal(await page.locator("#say").inputValue(), "/wvae hello");
  await page.locator("#say").fill("");
  await page.getByRole("switch", { name: "Words make gestures" }).check();
  await one.says("thanks for that");
  await seen("Tessa Text puts a hand on the heart");
  await page.getByRole("button", { name: "Walk to Otto Other" }).click();
  await page.locator(".whereabouts", { hasText: "near:" }).waitFor();
  await one.says("no picture, no problem");
  await other.reads("no picture, no problem");
  const spoken = other.page.locator(".chat > .unseen[role=status]");
  await spoken.getByText("Tessa Text: no picture, no problem").waitFor();
});

journey("dark follows the device, and the person's own choice wins and stays", async (world) => {
  const one = await world.someone({ dark: true });
  const back = () => one.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await one.goto("/");
  assert.equal(await back(), "rgb(23, 19, 28)");
  await one.page.locator("footer select").nth(1).selectOption("light");
  assert.equal(await back(), "rgb(251, 247, 244)");
  await one.page.reload();
  assert.equal(await back(), "rgb(251, 247, 244)");
});
