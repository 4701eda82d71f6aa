// Somebody asks for their data on a dark phone, in Indonesian; two officers meet on the request, one
// answers; and somebody without an account asks by a link in a mail.
import assert from "node:assert/strict";
import { after } from "node:test";
import { smtpPeer } from "../peers/smtp.mjs";
import { looksWell, looksWellEverywhere } from "./looks.mjs";
import { officer } from "./officers.mjs";
import { journey, PHONE } from "./support.mjs";

const peer = await smtpPeer();
after(() => peer.down());
const withMail = { smtp_url: `smtp://127.0.0.1:${peer.port}` };

/* proves: RGT-8a */
journey(
  "hak atas data diminta di ponsel, and the answer is read by whoever asked alone",
  async (world) => {
    const chief = await world.someone({ text: true });
    await chief.administers();
    const petra = await officer(world, chief, "Petra Officer", { text: true });
    const oscar = await officer(world, chief, "Oscar Officer", { text: true });
    oscar.expects(/status of 409/);
    const sari = await world.someone({ ...PHONE, text: true, language: "id", dark: true });
    await sari.registers("Sari Uji");
    const { page } = sari;
    await sari.goto("/settings/data");
    await page.getByRole("link", { name: "Permintaanmu, dan permintaan baru" }).click();
    await page.getByText("Kamu belum meminta apa pun.").waitFor();
    await page.getByRole("button", { name: "Kirim permintaan" }).click();
    await page.getByText("Pilih dulu apa yang kamu minta.").waitFor();
    await page.getByLabel("Apa yang kamu minta?").selectOption("access");
    await page.getByLabel("Dengan kata-katamu sendiri").fill("Semua, tolong.");
    await looksWell(page, "asking, Indonesian");
    await page.getByRole("button", { name: "Kirim permintaan" }).click();
    await page.getByText("Jawaban datang paling lambat").waitFor();
    await page.getByRole("heading", { name: "Tempat lain untuk mengadu" }).waitFor();
    await page.locator("#authority a").waitFor();
    await looksWellEverywhere(page, "one's requests, Indonesian");
    await world.shoot("requests, Indonesian");

    const desk = petra.page;
    await petra.goto("/staff/requests");
    await desk.getByText("Sari Uji").waitFor();
    await looksWellEverywhere(desk, "the desk of requests");
    await desk.getByRole("link", { name: /^Open/ }).click();
    await desk.getByText("Semua, tolong.").waitFor();
    await desk.getByRole("button", { name: "Take it" }).click();
    await desk.getByRole("heading", { name: "What you do about it" }).waitFor();
    await oscar.goto(new URL(desk.url()).pathname);
    await oscar.page.getByText("Petra Officer works on it.").waitFor();
    await looksWell(oscar.page, "a request that another holds");
    await oscar.page.getByRole("button", { name: "Take it over" }).click();
    await oscar.page.getByRole("heading", { name: "What you do about it" }).waitFor();
    await oscar.page.getByLabel("Begin with a text").selectOption("access");
    assert.match(await oscar.page.getByLabel("In your own words").inputValue(), /^Halo,/);
    await oscar.page.getByLabel("In your own words").fill("Ini semua datamu.");
    await oscar.page.getByText("Done", { exact: true }).click();
    await looksWellEverywhere(oscar.page, "answering");
    await world.shoot("requests, officer");
    await oscar.page.getByRole("button", { name: "Send the answer" }).click();
    await oscar.page.getByText("Answered; whoever asked is told.").waitFor();

    await sari.goto("/notices");
    await page.getByText("Ada kabar tentang permintaanmu.").click();
    await page.getByRole("link", { name: /^Buka/ }).click();
    await page.getByText("Ini semua datamu.").waitFor();
    assert.equal(await page.getByText("Oscar").count(), 0);
    await looksWell(page, "an answer, Indonesian");
    await page.getByRole("button", { name: "Sudah beres" }).click();
    await page.locator("dialog .button.main").click();
    await page.getByText("Selesai dan dijawab pada").waitFor();
  },
  withMail,
);

/* proves: HLP-2a HLP-2b */
journey(
  "from the contact page somebody without an account writes to the privacy officer",
  async (world) => {
    const guest = await world.someone({ ...PHONE, text: true });
    const { page } = guest;
    await guest.goto("/");
    await page.getByRole("link", { name: "Contact", exact: true }).click();
    await page.getByText("Nullstrasse 1, 12345 Berlin").first().waitFor();
    await page.getByRole("heading", { name: "Request support" }).waitFor();
    await page.getByLabel("Where you live").selectOption("DE");
    await page.getByRole("link", { name: /BfDI/ }).waitFor();
    await looksWellEverywhere(page, "the contact page");
    await page.getByRole("link", { name: "Privacy", exact: true }).first().click();
    await page.getByLabel("Where you live").selectOption("DE");
    await page.getByLabel("What do you ask for?").selectOption("erase");
    await page.getByLabel("In your own words").fill("I never joined.");
    await page.getByLabel("E-mail address").fill("guest@example.org");
    await looksWellEverywhere(page, "asking without an account");
    await page.getByRole("button", { name: "Send the request" }).click();
    await page.getByText("A link went to guest@example.org.").waitFor();
    const mail = await peer.to("guest@example.org");
    await guest.goto(mail.read.text.match(/\/privacy\/request#[\w-]{43}/)[0]);
    await page.getByRole("button", { name: "This request is mine" }).click();
    await page.getByText("An answer comes by").waitFor();
    await looksWell(page, "a request by its link");
  },
  { ...withMail, officer_address: "Petra Privat, Nullstrasse 1, 12345 Berlin" },
);
