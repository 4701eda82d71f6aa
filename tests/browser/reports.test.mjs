// Somebody reports a page on a dark phone, by keyboard; an officer looks at what stood there and
// empties it; whose page it was and who reported it hear how it ended.
import assert from "node:assert/strict";
import { after } from "node:test";
import { smtpPeer } from "../peers/smtp.mjs";
import { looksWell, looksWellEverywhere } from "./looks.mjs";
import { officer } from "./officers.mjs";
import { journey, PHONE, until } from "./support.mjs";

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
  await press(page, "button", "Laporkan halaman ini");
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
    await press(page, "button", "Laporkan halaman ini");
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

    const { read } = await peer.to("buditester@example.org", (mail) => mail.text.includes("emptied"));
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
