// Coming in: the age screen, names, passwords, devices; and what an administrator sees.
import assert from "node:assert/strict";
import { areFriends } from "./asked.mjs";
import { device } from "./officers.mjs";
import { journey, PASSWORD, until } from "./support.mjs";

const thisYear = new Date().getFullYear();

/* proves: REG-2c */
journey("a child is refused at the first question and by another date too", async (world) => {
  const one = await world.someone();
  one.expects(/Failed to load resource: .* 403/);
  await one.goto("/register");
  assert.equal(await one.page.locator("input").count(), 2, "only day and year can be typed");
  // What is wrong with a narrow field is read at the width of all three.
  await one.tellsAge({ year: "1890" });
  await one.page.click("form button[type=submit]");
  await one.focuses("[name=birth_year]");
  const width = (of) => one.page.locator(of).evaluate((it) => it.getBoundingClientRect().width);
  assert.equal(await width(".birth .fault"), await width(".birth"));
  await one.answersAge({ year: String(thisYear - 10) });
  await one.page.getByRole("heading", { name: "You cannot join" }).waitFor();
  await one.goto("/register");
  await one.answersAge();
  await one.page.getByRole("heading", { name: "You cannot join" }).waitFor();
});

journey(
  "who needs a parent's consent and cannot have it here is told so",
  async (world) => {
    const one = await world.someone();
    one.expects(/Failed to load resource: .* 403/);
    await one.goto("/register");
    await one.answersAge({ year: String(thisYear - 14), country: "DE" });
    await one.page.getByText("does not ask parents").first().waitFor();
  },
  { parent_methods: "none" },
);

/** The fields of the page that cannot be left empty. */
const requiredOf = (page) =>
  page
    .locator("form :is(input, select, textarea):required")
    .evaluateAll((all) => all.map((it) => it.name));
const answerOf = ({ page }, path) =>
  page.evaluate((asked) => fetch(asked).then((answer) => answer.json()), path);

/* proves: REG-1a MSG-3a */
journey("registering requires name, password, e-mail, birth date, no more", async (world) => {
  const one = await world.someone();
  one.expects(/Failed to load resource: .* 4\d\d/);
  const { page } = one;
  await one.goto("/register");
  const age = ["birth_date", "birth_month", "birth_year", "country"];
  assert.deepEqual(await requiredOf(page), age);
  await one.answersAge();
  await page.locator("[name=avatar_name]").waitFor();
  await page.locator(".choice", { has: page.locator("[value=password]") }).click();
  assert.deepEqual(await requiredOf(page), ["avatar_name", "email", "password"]);
  assert.equal(
    await page.locator("input[type=checkbox]:checked").count(),
    0,
    "nothing is opted into",
  );

  await page.click("form button[type=submit]");
  assert.equal(await page.locator("[aria-invalid=true]").count(), 3);
  await one.focuses("[name=avatar_name]");

  await page.fill("[name=avatar_name]", "Admin");
  await page.locator(".answer:not(.good)", { hasText: /\w/ }).waitFor();
  await page.fill("[name=avatar_name]", "Sari Baru");
  await page.getByText("This name is free.").waitFor();
  await page.fill("[name=email]", "sari@example.org");
  await page.getByRole("button", { name: "Use these" }).click();
  const password = await page.inputValue("[name=password]");
  assert.ok(password.length >= 15);
  await page.click("form button[type=submit]");
  await one.goesOn();
  await page.waitForURL("**/rooms");
  const me = await answerOf(one, "/api/me");
  assert.equal(me.avatar, "look"); // what it is is sealed
  assert.equal(me.avatar_name, "Sari Baru");
  assert.equal(me.email, "sari@example.org");
  assert.equal(me.birth_date, "1990-04-05");
  assert.equal(me.marketing, false);
  assert.deepEqual((await answerOf(one, "/api/me/consents")).history, []);
  const again = await page.request.post(`${world.url}/api/sessions`, {
    headers: { "x-bauta": "1" },
    data: { name: "Sari Baru", password },
  });
  assert.equal(again.status(), 201, await again.text());

  const other = await world.someone();
  await other.goto("/register");
  await other.answersAge();
  await other.page.fill("[name=avatar_name]", "Mau Kabar");
  await other.page.fill("[name=email]", "mau@example.org");
  await other.page.locator(".choice", { has: other.page.locator("[value=password]") }).click();
  await other.page.fill("[name=password]", PASSWORD);
  await other.page.getByLabel("Send me news about this place by e-mail.").check();
  await other.page.click("form button[type=submit]");
  await other.goesOn();
  await other.page.waitForURL("**/rooms");
  assert.equal((await answerOf(other, "/api/me")).marketing, true);
  const { history } = await answerOf(other, "/api/me/consents");
  assert.deepEqual(
    history.map(({ purpose, given, how }) => [purpose, given, how]),
    [["marketing", true, "registration"]],
  );
});

/* proves: REG-1c PRO-2a */
journey(
  "the country of one's connection stands in the form, is in the account, and may be changed",
  async (world) => {
    // As the file that ships has them; the last address is nobody's.
    const from = (address) =>
      world.someone({ text: true, extraHTTPHeaders: { "x-forwarded-for": address } });
    const one = await from("103.28.12.1");
    const other = await from("103.28.12.1");
    const third = await from("130.238.7.10");
    const nowhere = await from("203.0.113.7");
    const country = async (who) => (await answerOf(who, "/api/me")).country;
    for (const [who, there] of [
      [one, "ID"],
      [other, "ID"],
      [third, "SE"],
      [nowhere, ""],
    ]) {
      await who.goto("/register");
      assert.equal(await who.page.inputValue("[name=country]"), there);
    }
    await third.registersByPages("Av Uppsala", { country: null });
    assert.equal(await country(third), "SE");
    await one.registersByPages("Dari Bandung", { country: null });
    assert.equal(await country(one), "ID");
    await other.registersByPages("Dari Uppsala", { country: "SE" });
    assert.equal(await country(other), "SE");
    await one.goto("/settings/profile");
    await one.page.selectOption("#you [name=country]", "SE");
    await one.page.click("#you form button[type=submit]");
    await until(one.page, () =>
      fetch("/api/me")
        .then((a) => a.json())
        .then((me) => me.country === "SE"),
    );

    // Beside the member's name, for those who may see it.
    const [, whom] = await areFriends(other, third);
    await other.goto(`/people/${whom}`);
    const fact = other.page.locator(".person-facts div", { hasText: "Country" });
    await fact.getByText("Sweden", { exact: true }).waitFor();
  },
  { trusted_proxies: "127.0.0.1" },
);

/** What is one's own, wherever one signs in. */
const stateOf = ({ page }) =>
  page.evaluate(() =>
    Promise.all(
      [
        "/api/me",
        "/api/me/profile",
        "/api/me/contact",
        "/api/friends",
        "/api/conversations",
        "/api/rooms",
      ].map((path) =>
        fetch(path).then(async (answer) => [path, answer.status, await answer.json()]),
      ),
    ),
  );

/* proves: REG-7d */
journey("a second device keeps one's state, and the first one can end it", async (world) => {
  const [first, second] = [await world.someone(), await world.someone()];
  second.expects(/Failed to load resource: .* 401/);
  await first.registers("Dua Gawai");
  await second.goto("/sign-in");
  await second.page.fill("[name=name]", "Dua Gawai");
  await second.page.fill("[name=password]", "surely not the password");
  await second.page.click("form button[type=submit]");
  await second.page.locator(".notice.bad").waitFor();
  await second.page.fill("[name=password]", PASSWORD);
  await second.page.click("form button[type=submit]");
  await second.page.waitForURL("**/rooms");
  await first.goto("/settings/profile");
  await first.page.fill("#you [name=real_name]", "Dua Gawai Sejati");
  await first.page.click("#you form button[type=submit]");
  await until(first.page, () =>
    fetch("/api/me")
      .then((a) => a.json())
      .then((me) => me.real_name === "Dua Gawai Sejati"),
  );
  const state = await stateOf(first);
  assert.ok(
    state.every(([, status]) => status === 200),
    JSON.stringify(state),
  );
  assert.deepEqual(await stateOf(second), state);

  await first.goto("/settings/sign-in");
  await first.page.locator("#devices .table li").nth(1).waitFor();
  assert.equal(await first.page.locator("#devices .table li").count(), 2);
  await first.page
    .locator("#devices")
    .getByRole("button", { name: /^Sign out: / })
    .click();
  await first.page.getByRole("button", { name: "Undo" }).click();
  assert.equal(await first.page.locator("#devices .table li").count(), 2, "undo brings it back");
  await first.page
    .locator("#devices")
    .getByRole("button", { name: /^Sign out: / })
    .click();
  await first.page.locator(".toast").getByRole("button", { name: "Close" }).click();
  await until(first.page, () =>
    fetch("/api/sessions")
      .then((a) => a.json())
      .then((l) => l.items.length === 1),
  );
  await second.page.goto(`${world.url}/settings`);
  await second.page.waitForURL("**/sign-in?to=*");
});

journey("a one-time link makes an administrator, who invites and ends", async (world) => {
  const admin = await world.someone();
  const { page } = admin;
  await admin.administers();
  await page.locator("#steps li").first().waitFor();
  assert.ok((await page.locator("#steps li").count()) >= 5, "the checklist has its rows");
  await page.locator("#waits").getByText("Nothing waits for you").waitFor();
  const desk = { name: "accounts", path: "/admin/people", waiting: 2, urgent: 0 };
  await page.route("**/api/admin/waiting", (asked) => asked.fulfill({ json: { items: [desk] } }));
  await page.reload();
  const way = page.locator("#waits a");
  assert.equal(await way.innerText(), "2 people wait to be let in");
  assert.equal(await way.getAttribute("href"), "/admin/people");
  await page.locator(".part-nav").getByRole("link", { name: "People 2" }).waitFor();
  await page
    .locator(".rail")
    .getByRole("link", { name: /Admin.*2 waiting/ })
    .waitFor();
  await page.unroute("**/api/admin/waiting");

  await admin.goto("/admin/invites");
  admin.expects(/Failed to load resource: .* 403/); // what asks for a passkey first
  const make = page.getByRole("button", { name: "Make an invitation" });
  await make.click();
  await page.getByText("This asks for a passkey, and none of yours can be used here.").waitFor();
  await page.keyboard.press("Escape");
  await device(admin);
  await admin.goto("/settings/sign-in");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.getByRole("button", { name: /^Rename / }).waitFor();
  await admin.goto("/admin/invites");
  await make.click();
  await page.locator("dialog").getByRole("button", { name: "Use your passkey" }).click();
  const invite = await page.locator(".code").textContent();
  assert.match(invite, /\/join\/\w+/);
  const guest = await world.someone();
  await guest.page.goto(invite);
  await guest.answersAge();
  await guest.page.locator("[name=invite]").waitFor();
  assert.ok(invite.endsWith(await guest.page.inputValue("[name=invite]")));

  const other = await world.someone();
  other.expects(/Failed to load resource: .* 4\d\d/);
  await other.registers("Nakal Sekali");
  await admin.goto("/admin/people");
  // The rows say who has which role, and a name leads to the person.
  await page
    .locator(".table li", { hasText: admin.name })
    .locator(".tag", { hasText: "administrator" })
    .waitFor();
  const row = page.locator(".table li", { hasText: "Nakal Sekali" });
  assert.equal(await row.locator(".tag").count(), 1);
  await row.getByRole("button", { name: "Nakal Sekali", exact: true }).click();
  await page.getByRole("dialog").getByRole("heading", { name: "Nakal Sekali" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "End the account of Nakal Sekali" }).click();
  await page.fill("dialog [name=reason]", "test of ending");
  await page.click("dialog button[type=submit]");
  await page.getByText("The account of Nakal Sekali is ended.").waitFor();
  await other.page.goto(`${world.url}/settings`);
  await other.page.waitForURL("**/sign-in?to=*");
});

journey("a token for programs is shown once and works until it is revoked", async (world) => {
  const one = await world.someone();
  await one.registers("Program Saya");
  await one.goto("/settings/programs");
  await one.page.fill("[name=label]", "weather bot");
  await one.page.selectOption("[name=days]", "30");
  await one.page.click("form button[type=submit]");
  const token = await one.page.locator(".code").textContent();
  const ask = () => fetch(`${world.url}/api/me`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await (await ask()).json()).avatar_name, "Program Saya");
  const write = await fetch(`${world.url}/api/me`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: "{}",
  });
  assert.equal((await write.json()).error.code, "api.scope", "it was made to read");
  await one.page.getByRole("button", { name: "Revoke weather bot" }).click();
  await one.page.locator(".toast").getByRole("button", { name: "Close" }).click();
  await until(one.page, () =>
    fetch("/api/tokens")
      .then((a) => a.json())
      .then((l) => l.items.length === 0),
  );
  assert.equal((await ask()).status, 401);
});

journey("beyond the soft limit a browser works for a moment and gets in", async (world) => {
  const add = (n) =>
    fetch(`${world.url}/api/accounts`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-bauta": "1" },
      body: JSON.stringify({
        avatar_name: `Tetangga ${"abcdefghij"[n]}`,
        password: PASSWORD,
        email: `n${n}@example.org`,
        birth_date: "1990-04-05",
        country: "ID",
        marketing: false,
      }),
    });
  let answer;
  for (let n = 0; n < 10 && answer?.status !== 429; n++) answer = await add(n);
  assert.equal((await answer.json()).error.code, "limits.work");
  const one = await world.someone();
  one.expects(/Failed to load resource: .* 429/);
  await one.registersByPages("Rajin Bekerja");
});
