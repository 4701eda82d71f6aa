// Somebody reports a page on a dark phone, by keyboard; an officer looks at what stood there and
// empties it; whose page it was and who reported it hear how it ended.
import assert from "node:assert/strict";
import { after } from "node:test";
import { smtpPeer } from "../peers/smtp.mjs";
import { looksWell, looksWellEverywhere } from "./looks.mjs";
import { officer } from "./officers.mjs";
import { DESKTOP, journey, PHONE, until } from "./support.mjs";

const peer = await smtpPeer();
after(() => peer.down());

const press = async (page, role, name) => {
  await page.getByRole(role, { name }).focus();
  await page.keyboard.press(role === "button" ? "Enter" : "Space");
};

async function decorates(one, text) {
  const put = await one.page.evaluate(
    (words) =>
      fetch("/api/me/home", {
        method: "PUT",
        headers: { "content-type": "application/json", "x-bauta": "1" },
        body: JSON.stringify({ style: "sea", version: 0, blocks: [{ kind: "text", text: words }] }),
      }).then((answer) => answer.status),
    text,
  );
  assert.equal(put, 200);
  return one.page.evaluate(async () => `/people/${(await (await fetch("/api/me")).json()).id}`);
}

async function reports(page, reason, words) {
  await press(page, "button", "Laporkan halaman Budi Tester");
  await page.getByRole("heading", { name: "Laporkan halaman Budi Tester" }).waitFor();
  await until(page, () => document.activeElement?.type === "radio");
  await press(page, "radio", reason);
  await page.getByLabel("Dengan kata-katamu sendiri (boleh kosong)").fill(words);
}

/* proves: PRO-4b */
journey(
  "halaman dilaporkan lewat papan ketik di ponsel, and an officer empties it",
  async (world) => {
    const chief = await world.someone({ text: true });
    await chief.administers();
    const petra = await officer(world, chief, "Petra Officer", { text: true });
    const budi = await world.someone({ text: true });
    await budi.registers("Budi Tester");
    const path = await decorates(budi, "You are all fools");
    const sari = await world.someone({ ...PHONE, text: true, language: "id", dark: true });
    sari.expects(/status of 40[49]/);
    await sari.registers("Sari Uji");

    const { page } = sari;
    await sari.goto(path);
    await page.getByText("You are all fools").waitFor();
    await press(page, "button", "Laporkan halaman Budi Tester");
    await press(page, "button", "Kirim laporan");
    await page.getByText("Pilih dulu apa yang salah.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await reports(page, "Perundungan", "Dia menghina kami.");
    await page.getByText("Isinya menghina, mengancam").waitFor();
    await looksWell(page, "the report, Indonesian");
    await world.shoot("report, Indonesian");
    await press(page, "button", "Kirim laporan");
    await page.getByText("Terima kasih. Petugas akan memeriksanya").waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await reports(page, "Hal lain", "Sekali lagi.");
    await press(page, "button", "Kirim laporan");
    await page.getByText("Kamu sudah melaporkan ini.").waitFor();
    await page.keyboard.press("Escape");

    await petra.page.getByRole("navigation", { name: "Cases" }).getByText("Reports").click();
    await petra.page.getByRole("link", { name: "Open Budi Tester" }).waitFor();
    await looksWellEverywhere(petra.page, "the queue of reports");
    await petra.page.getByRole("link", { name: "Open Budi Tester" }).click();
    await petra.page.getByText("You are all fools").waitFor();
    await petra.page.getByText("Dia menghina kami.").waitFor();
    await petra.page.getByText("Empty the page", { exact: true }).click();
    await petra.page.getByLabel("Reason").fill("Rule 2: no insults.");
    await looksWellEverywhere(petra.page, "a report");
    await world.shoot("report, officer");
    await petra.page.getByRole("button", { name: "Record the decision" }).click();
    await petra.page.getByText("Decided; those concerned are told.").waitFor();
    await petra.page.getByText("Nothing waits.").waitFor();

    const { read } = await peer.to("buditester@example.org", (mail) =>
      mail.text.includes("emptied"),
    );
    assert.match(read.text, /Rule 2: no insults\./);
    assert.doesNotMatch(read.text, /Sari/);
    await budi.goto("/notices");
    await budi.page.getByText("The staff emptied your homepage.").waitFor();
    await sari.goto("/notices");
    await page.getByText("Petugas sudah memeriksa halaman itu dan mengosongkannya.").waitFor();
    await sari.goto(path);
    await page.getByRole("heading", { name: "Budi Tester" }).waitFor();
    assert.equal(await page.getByText("You are all fools").count(), 0);

    await reports(page, "Hal lain", "");
    await press(page, "checkbox", /Blokir Budi Tester juga/);
    await press(page, "button", "Kirim laporan");
    await page.getByText("Tidak ada orang dengan nama itu.").waitFor();
  },
  { smtp_url: `smtp://127.0.0.1:${peer.port}` },
);

/* Asks for the report in the window that has opened; the keyboard is in it already. */
async function tellsStaff(page, title, reason) {
  await page.getByRole("heading", { name: title, exact: true }).waitFor();
  await until(page, () => document.activeElement?.type === "radio");
  await press(page, "radio", reason);
  await press(page, "button", "Send the report");
  await page.getByText("Thank you. The staff will look at it").last().waitFor();
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

/* Presses Tab until what fits has the focus. */
async function tabsTo(page, selector) {
  const MOST = 50;
  for (let i = 0; i < MOST; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => !!document.activeElement?.matches(wanted), selector))
      return;
  }
  assert.fail(`Tab does not reach ${selector}`);
}

const call = (page, path, body) =>
  page.evaluate(
    async ([to, json]) => {
      const headers = { "content-type": "application/json", "x-bauta": "1" };
      const answer = await fetch(to, { method: json ? "POST" : "GET", headers, body: json });
      return answer.json();
    },
    [path, body && JSON.stringify(body)],
  );

/* Opens the newest message's menu by keyboard, and chooses to report it. */
async function reportsNewest(page) {
  await tabsTo(page, "[data-seq]");
  await page.keyboard.press("Enter");
  await until(page, () => document.activeElement?.getAttribute("role") === "menuitem");
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
}

/* proves: SOC-5a */
journey(
  "a line, a room and messages are reported by keyboard alone, and the desk shows them",
  async (world) => {
    const chief = await world.someone({ text: true });
    await chief.administers();
    const petra = await officer(world, chief, "Petra Officer", { text: true });
    const budi = await world.someone({ text: true });
    await budi.registers("Budi Tester");
    const mia = await world.someone({ ...DESKTOP, text: true });
    await mia.registers("Mia Tester");

    // In a room: the log is one stop of Tab, arrows move in it, and each line of another has its button.
    await budi.enters("Lounge");
    for (const text of ["a first line", "you are a fool", "a last line"]) {
      await budi.says(text);
      await budi.reads(text);
    }
    await mia.enters("Lounge");
    await mia.reads("a last line");
    const { page } = mia;
    await page
      .locator("#side-panel")
      .focus()
      .catch(() => undefined);
    await tabsTo(page, ".said");
    assert.match(await page.evaluate(() => document.activeElement.textContent), /a last line/);
    await page.keyboard.press("ArrowUp");
    assert.match(await page.evaluate(() => document.activeElement.textContent), /you are a fool/);
    await tabsTo(page, ".said-tools button");
    assert.equal(
      await page.evaluate(() => document.activeElement.ariaLabel),
      "Report what Budi Tester said",
    );
    await world.shoot("report a line");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText("you are a fool").waitFor();
    await looksWellEverywhere(page, "the report of a line");
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await mia.focuses(".said.current .said-tools button");
    await page.keyboard.press("Enter");
    await tellsStaff(page, "Report what Budi Tester said", "Bullying");
    await page.keyboard.press("Escape");
    await mia.focuses("#say");
    await press(page, "button", "Report this room");
    await tellsStaff(page, "Report the room The Lounge", "Hate");

    // Between two, in a request and after it; and in a group.
    const { id } = await call(page, "/api/me");
    const pair = await call(budi.page, "/api/conversations", { people: [id] });
    await call(budi.page, `/api/conversations/${pair.id}/messages`, {
      cid: "a-first-message-here",
      text: "send me a picture",
    });
    await mia.goto(`/messages/${pair.id}`);
    await page.getByText("send me a picture").first().waitFor();
    await press(page, "button", "Report what Budi Tester wrote");
    await page.getByRole("dialog").getByText("send me a picture").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Accept" }).click();
    await page.locator("#talk-write").waitFor();
    await reportsNewest(page);
    await tellsStaff(page, "Report a message of Budi Tester", "Sexual");
    const chiefs = (await call(chief.page, "/api/me")).id;
    const group = await call(budi.page, "/api/conversations", {
      people: [id, chiefs],
      name: "Three",
    });
    await call(budi.page, `/api/conversations/${group.id}/messages`, {
      cid: "a-second-message-here",
      text: "buy my coins",
    });
    await mia.goto(`/messages/${group.id}`);
    await page.getByText("buy my coins").first().waitFor();
    await reportsNewest(page);
    await tellsStaff(page, "Report a message of Budi Tester", "Scam");

    await petra.goto("/staff/reports");
    for (const [kind, reason, words] of [
      ["Line in a room", "Bullying", "you are a fool"],
      ["Room", "Hate", "a last line"],
      ["Message", "Sexual", "send me a picture"],
      ["Message", "Scam", "buy my coins"],
    ]) {
      const row = petra.page.locator("li", { hasText: kind }).filter({ hasText: reason });
      await row.getByRole("link").click();
      await petra.page.getByText(words).first().waitFor();
      await petra.goto("/staff/reports");
    }
    await looksWellEverywhere(petra.page, "the queue of reports of talk");
  },
);
