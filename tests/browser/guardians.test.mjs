// A parent's consent in the browser: the child asks, the parent decides, an officer with a passkey
// looks at the form; in both languages, by keyboard, at 390 px.
import assert from "node:assert/strict";
import { after } from "node:test";
import { smtpPeer } from "../peers/smtp.mjs";
import { png } from "../support/png.mjs";
import { looksWellIn } from "./looks.mjs";
import { officer } from "./officers.mjs";
import { journey, PASSWORD, PHONE, until } from "./support.mjs";

const YEAR = new Date().getFullYear() - 14;

async function asks(one, name, parent) {
  const { page } = one;
  one.expects(/Failed to load resource: .* 403/); // the age screen says: a parent is needed
  await one.goto("/register");
  await one.answersAge({ year: String(YEAR), country: "DE" });
  await page.locator("[name=parent_email]").waitFor();
  await page.fill("[name=avatar_name]", name);
  await page.fill("[name=parent_email]", parent);
}

const linkIn = (mail) => mail.read.text.match(/\/parent#[\w-]{43}/)[0];

/* One relay for all: each journey has addresses of its own. */
const peer = await smtpPeer();
after(() => peer.down());
const withMail = (title, act) => journey(title, act, { smtp_url: `smtp://127.0.0.1:${peer.port}` });

for (const language of ["en", "id"]) {
  /* proves: REG-3a */
  withMail(`a child gets in only after a parent's signed form (${language})`, async (world) => {
    const options = { language };
    const mother = `mutter.${language}@example.org`;
    const child = await world.someone({ ...options, ...PHONE });
    await asks(child, "Rotkehlchen", mother);
    await looksWellIn(language, child.page, "asking");
    await child.page.keyboard.press("Enter");
    await child.page.waitForURL("**/waiting");
    const code = await child.page.locator(".code").textContent();
    assert.match(code, /^(\w{4}-){3}\w{4}$/);
    await looksWellIn(language, child.page, "waiting");
    // Whoever comes again finds the way there from the sign-in page.
    await child.goto("/sign-in");
    await child.page.locator("main a[href='/waiting']").press("Enter");
    await child.page.waitForURL("**/waiting");
    await child.page.getByText("Rotkehlchen").waitFor();

    const path = linkIn(await peer.to(mother));
    const parent = await world.someone(options);
    await parent.goto(path);
    await parent.page.locator(".data-table").waitFor();
    assert.equal(await parent.page.locator("input[type=checkbox]:checked").count(), 0);
    await looksWellIn(language, parent.page, "deciding");
    // Without the account's consent nothing goes on; by keyboard.
    await parent.page.locator("form button[type=submit]").first().press("Enter");
    await parent.focuses(".notice.bad");
    await parent.page.locator("input[type=checkbox]").nth(0).press("Space");
    await parent.page.locator("input[type=checkbox]").nth(1).press("Space");
    await parent.page.locator("form button[type=submit]").first().press("Enter");
    await parent.page.locator(".paper").waitFor();
    await looksWellIn(language, parent.page, "form");
    parent.expects(/Failed to load resource: .* 400/);
    const form = (bytes) => ({ name: "form.png", mimeType: "image/png", buffer: bytes });
    await parent.page.setInputFiles("[name=form]", form(Buffer.from("no picture")));
    await parent.page.click("form button[type=submit]");
    await parent.page.locator(".notice.bad").waitFor();
    await parent.page.setInputFiles("[name=form]", form(png(400, 560)));
    await parent.page.click("form button[type=submit]");
    await parent.page.locator(".notice.good").waitFor();
    await looksWellIn(language, parent.page, "proving");

    const chief = await world.someone(options);
    await chief.administers();
    const staff = await officer(world, chief, "Pak Wawan", options);
    await staff.page.locator(".table li", { hasText: "Rotkehlchen" }).waitFor();
    await looksWellIn(language, staff.page, "queue");
    await staff.page.locator(".table li a").first().press("Enter");
    await staff.page.locator("img.case-page").waitFor();
    await until(staff.page, () => document.querySelector("img.case-page").naturalWidth > 100);
    await staff.page.getByText(mother).waitFor();
    await looksWellIn(language, staff.page, "case");
    await staff.page.locator(".choice").first().click();
    await staff.page.fill("[name=reason]", "signed by hand, the number fits");
    await staff.page.click("#decide form button[type=submit]");
    await staff.page.waitForURL("**/staff");
    await staff.page.locator(".empty").waitFor();
    await chief.goto("/admin/log");
    await chief.page.locator("#acts .table li").nth(1).waitFor();
    await looksWellIn(language, chief.page, "officers");

    await child.page.reload();
    await child.page.locator("[name=password]").waitFor();
    await looksWellIn(language, child.page, "joining");
    assert.equal(await child.page.locator("[name=birth_date]").count(), 0, "not asked again");
    await child.page.fill("[name=email]", "kind@example.org");
    await child.page.fill("[name=password]", PASSWORD);
    await child.page.click("form button[type=submit]");
    await child.goesOn();
    await child.page.waitForURL("**/rooms");
    const me = await child.page.evaluate(() => fetch("/api/me").then((answer) => answer.json()));
    assert.equal(me.avatar_name, "Rotkehlchen");
    assert.equal(me.country, "DE");
    assert.equal(me.birth_date, `${YEAR}-04-05`);

    // Later, by the same link: what is set, and the end of it.
    await parent.page.reload();
    await parent.page.locator("#now").waitFor();
    await looksWellIn(language, parent.page, "later");
    // What a parent sees is no secret to the child, who is told in plain words what others see.
    const facts = (page) => page.locator(".data-table").first().textContent();
    await child.goto("/profile/seen");
    await child.page.locator("#seen-may .notice").waitFor();
    await child.page.locator("input[value=parent]").press("Space");
    await child.page.locator("#seen-parent .data-table").waitFor();
    assert.equal(await facts(child.page), await facts(parent.page));
    await looksWellIn(language, child.page, "seen by a parent");
    // To allow more takes a proof again; an officer sees that, and the account goes on meanwhile.
    await parent.page.locator("#parts input[type=checkbox]").nth(1).press("Space");
    await parent.page.locator("#parts .choice").first().waitFor();
    await looksWellIn(language, parent.page, "more");
    await parent.page.locator("#parts form button[type=submit]").press("Enter");
    await parent.page.locator(".paper").waitFor();
    assert.equal(await parent.page.locator(".paper li").count(), 3);
    await parent.page.setInputFiles("[name=form]", form(png(400, 560)));
    await parent.page.click("form button[type=submit]");
    await parent.page.locator("#parts .notice.good").waitFor();
    await staff.goto("/staff");
    await staff.page
      .locator(".table li", { hasText: "Rotkehlchen" })
      .locator("a")
      .first()
      .press("Enter");
    await staff.page.locator("img.case-page").waitFor();
    await looksWellIn(language, staff.page, "more case");
    await staff.page.locator(".choice").nth(1).click();
    await staff.page.fill("[name=reason]", "no signature");
    await staff.page.click("#decide form button[type=submit]");
    await staff.page.waitForURL("**/staff");
    await parent.page.reload();
    await parent.page.locator("#parts").waitFor();
    assert.equal(await parent.page.locator("#parts .notice.good").count(), 0);
    assert.equal(await parent.page.locator("#parts input:checked").count(), 1);
    child.expects(/401|Failed to load|WebSocket/); // their page asks at once who is signed in
    await parent.page.locator("#end button").click();
    await parent.page.locator("dialog button.main").click();
    await parent.page.locator(".notice.good").waitFor();
    await child.page.goto(`${world.url}/settings`);
    await child.page.waitForURL("**/sign-in?to=*");
  });
}

withMail("a parent's link opened by the child shows nothing and is noted", async (world) => {
  const child = await world.someone();
  await asks(child, "Zaunkoenig", "vater@example.org");
  await child.page.click("form button[type=submit]");
  await child.page.waitForURL("**/waiting");
  const path = linkIn(await peer.to("vater@example.org"));
  await child.page.goto(world.url + path);
  await child.page.getByRole("heading", { name: "This link is for your parent" }).waitFor();
  assert.equal(await child.page.locator("input").count(), 0);

  const parent = await world.someone();
  await parent.goto(path);
  await parent.page.locator(".data-table").waitFor();
  await parent.page.getByRole("button", { name: "No, erase everything" }).click();
  await parent.page.getByRole("button", { name: "Erase everything", exact: true }).click();
  await parent.page.getByRole("heading", { name: "It is over" }).waitFor();
  await parent.page.getByText("The request is erased, and your address with it.").waitFor();
  await child.goto("/waiting");
  await child.page.getByRole("heading", { name: "No open request here" }).waitFor();
  parent.expects(/Failed to load resource: .* 404/);
  await parent.page.reload();
  await parent.page.getByRole("heading", { name: "This link leads nowhere" }).waitFor();
});

withMail("in a demo a trial consent lets in at once", async (world) => {
  const child = await world.someone();
  await asks(child, "Goldammer", "eltern@example.org");
  await child.page.click("form button[type=submit]");
  await child.page.waitForURL("**/waiting");
  const parent = await world.someone();
  await parent.goto(linkIn(await peer.to("eltern@example.org")));
  await parent.page.locator("input[type=checkbox]").first().check();
  await parent.page.getByText("Try it out (demo)").click();
  await parent.page.locator("form button[type=submit]").first().click();
  await parent.page.getByRole("heading", { name: "You agreed" }).waitFor();
  await child.page.getByRole("button", { name: "Look again" }).click();
  await child.page.getByRole("heading", { name: "Welcome, Goldammer" }).waitFor();
});
