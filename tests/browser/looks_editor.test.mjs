// Making a look: by keyboard and in words, in both languages, in two windows; and as a picture.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { asks } from "./asked.mjs";
import { looksWellIn } from "./looks.mjs";
import { DESKTOP, journey, PHONE, until } from "./support.mjs";

const WORDS = {
  en: {
    clothes: "Clothes",
    outfits: "Outfits",
    hoodie: "Hoodie",
    shirt: "Shirt",
    colours: "Colours of: Hoodie",
    main: "Main colour",
    wear: "Wear this",
    saved: "That is how others see you now.",
    polo: "Polo shirt",
    mine: "This one",
    name: "Name of the outfit",
    keep: "Keep this as an outfit",
    again: "Wear Saturday",
  },
  id: {
    clothes: "Pakaian",
    outfits: "Setelan",
    hoodie: "Hoodie",
    shirt: "Kemeja",
    colours: "Warna: Hoodie",
    main: "Warna utama",
    wear: "Pakai ini",
    saved: "Begini orang lain melihatmu sekarang.",
    polo: "Kaus polo",
    mine: "Yang ini",
    name: "Nama setelan",
    keep: "Simpan sebagai setelan",
    again: "Pakai Saturday",
  },
};

const worn = (page) =>
  page.evaluate(async () => {
    const { recipe } = await (await fetch("/api/me/look")).json();
    return recipe.wear.map(({ id }) => id);
  });
const press = async (page, name) => {
  await page.getByRole("button", { name, exact: true }).focus();
  await page.keyboard.press("Enter");
};
const opens = async (page, tab) => {
  await page.getByRole("tab", { selected: true }).focus();
  for (let i = 0; i < 6; i++) {
    if (await page.getByRole("tab", { name: tab, selected: true }).count()) return;
    await page.keyboard.press("ArrowRight");
  }
  assert.fail(`no tab ${tab}`);
};
const unfolds = (page, slot) => page.locator("summary", { hasText: slot }).press("Enter");
const chooses = async (page, name) => {
  await page.getByRole("radio", { name, exact: true }).focus();
  await page.keyboard.press("Space");
};

for (const language of ["en", "id"])
  journey(`a look is made by keys and in words, in ${language}`, async (world) => {
    const w = WORDS[language];
    const one = await world.someone({
      text: true,
      language,
      ...(language === "id" ? PHONE : DESKTOP),
    });
    await one.registers("Perancang Uji");
    const { page } = one;
    await one.goto("/avatar");
    await page.locator(".look-words li").first().waitFor();
    await opens(page, w.clothes);
    await chooses(page, w.hoodie);
    await page.getByText(w.colours).click();
    await page.getByRole("group", { name: w.main }).getByRole("radio").nth(9).focus();
    await page.keyboard.press("Space");
    await page.locator(".look-words", { hasText: w.hoodie }).waitFor();
    await looksWellIn(language, page, "the editor");

    await page.getByRole("tab", { selected: true }).focus();
    await page.keyboard.press("Control+z");
    await page.keyboard.press("Control+z");
    await page.locator(".look-words", { hasText: w.hoodie }).waitFor({ state: "detached" });
    await page.keyboard.press("Control+y");
    await page.keyboard.press("Control+y");
    await page.locator(".look-words", { hasText: w.hoodie }).waitFor();

    const sent = page.waitForRequest((request) => request.method() === "PUT");
    await press(page, w.wear);
    assert.equal(JSON.parse((await sent).postData()).recipe.length, 2048);
    await page.getByText(w.saved).first().waitFor();
    assert.ok((await worn(page)).includes("hoodie"));

    // Another window has the look of before and changes it.
    const other = await page.context().newPage();
    await other.goto(`${world.url}/avatar`);
    await other.locator(".look-words li").first().waitFor();
    await opens(other, w.clothes);
    await chooses(other, w.polo);
    await chooses(page, w.shirt);
    await press(page, w.wear);
    await until(page, async () => {
      const { recipe } = await (await fetch("/api/me/look")).json();
      return recipe.wear.some(({ id }) => id === "shirt");
    });
    await press(other, w.wear);
    await press(other, w.mine);
    await other.getByText(w.saved).first().waitFor();
    assert.ok((await worn(page)).includes("polo"));
    await other.close();
    // The first has changed nothing since: it shows what was put on there.
    await page.locator(".look-words", { hasText: w.polo }).waitFor();

    await opens(page, w.outfits);
    await page.getByLabel(w.name).fill("Saturday");
    await press(page, w.keep);
    await page.getByRole("button", { name: w.again }).waitFor();
    await opens(page, w.clothes);
    await chooses(page, w.hoodie);
    await opens(page, w.outfits);
    await press(page, w.again);
    await page.locator(".look-words", { hasText: w.polo }).waitFor();
    assert.ok((await worn(page)).includes("polo"));
    await looksWellIn(language, page, "outfits");
  });

journey("tattoos, nails and outfits by number are a matter of keys", async (world) => {
  const one = await world.someone({ text: true });
  await one.registers("Tinta Uji");
  const { page } = one;
  await one.goto("/avatar");
  await page.locator(".look-words li").first().waitFor();
  await opens(page, WORDS.en.outfits);
  await page.getByLabel(WORDS.en.name).fill("Saturday");
  await press(page, WORDS.en.keep);
  const outfit = page.getByRole("button", { name: WORDS.en.again });
  await outfit.waitFor();

  await opens(page, "Body");
  await unfolds(page, "Tattoos and nails");
  await page.getByLabel("Tattoo on the left forearm").focus();
  await page.keyboard.press("ArrowDown");
  const nails = page.getByRole("group", { name: "Painted nails" });
  await nails.getByRole("radio").nth(2).focus();
  await page.keyboard.press("Space");
  await press(page, WORDS.en.wear);
  await page.getByText(WORDS.en.saved).first().waitFor();
  const { recipe } = await asks(one, "GET", "/api/me/look");
  assert.equal(recipe.marks.tattoo_forearm_left, 1);
  assert.equal(recipe.marks.nails, 3);
  await press(page, "Without colour");
  await nails.getByRole("radio", { checked: true }).waitFor({ state: "detached" });

  // The outfit is of before: without a tattoo.
  await opens(page, WORDS.en.outfits);
  await outfit.focus();
  await page.keyboard.press("1");
  await until(page, async () => {
    const { recipe: now } = await (await fetch("/api/me/look")).json();
    return !now.marks?.tattoo_forearm_left && !now.marks?.nails;
  });
});

journey("the look stands as a picture on a phone and stays in sight", async (world) => {
  const one = await world.someone({ webgl: true, ...PHONE, reducedMotion: "reduce" });
  await one.registers("Gambar Uji");
  const { page } = one;
  await one.goto("/avatar");
  await page.locator(".look-view.drawn").waitFor();
  await page.getByRole("tab", { name: "Clothes" }).tap();
  await unfolds(page, "Jackets and coats");
  await page.getByRole("radio", { name: "Poncho" }).check({ force: true });
  await page.getByRole("radio", { name: "Poncho" }).scrollIntoViewIfNeeded();
  const { y, height } = await page.locator(".look-view").boundingBox();
  assert.ok(y >= 0 && y + height < 500, `the picture is at ${y}, ${height} high`);
  await page.getByRole("img", { name: /Poncho/ }).waitFor();
  await page.getByRole("button", { name: "Wear this" }).tap();
  await page.getByText("That is how others see you now.").waitFor();
});

/* The words of a binary glTF, and its picture as a page decodes it. */
function opened(path) {
  const bytes = readFileSync(path);
  assert.equal(bytes.toString("latin1", 0, 4), "glTF");
  const long = bytes.readUInt32LE(12);
  const words = JSON.parse(bytes.toString("utf8", 20, 20 + long));
  const { byteOffset, byteLength } = words.bufferViews[words.images[0].bufferView];
  const from = 28 + long + byteOffset;
  return { words, picture: bytes.subarray(from, from + byteLength).toString("base64") };
}
const coloursOf = (page, picture) =>
  page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes]));
    const canvas = new OffscreenCanvas(128, 128);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0, 128, 128);
    const { data } = context.getImageData(0, 0, 128, 128);
    const seen = new Set();
    for (let i = 0; i < data.length; i += 4)
      seen.add((data[i] >> 4) * 256 + (data[i + 1] >> 4) * 16 + (data[i + 2] >> 4));
    return { colours: seen.size, side: image.width };
  }, picture);

journey("a look is taken along as a file that says whose work it is, by keys", async (world) => {
  const one = await world.someone({ webgl: true, ...DESKTOP, reducedMotion: "reduce" });
  await one.registers("Pembawa Uji");
  const { page } = one;
  await one.goto("/avatar");
  await page.locator(".look-view.drawn").waitFor();
  const asked = [];
  const ours = /\/(sw|work|looks)\b[^/]*\.js$|^blob:/; // what an open editor does by itself, sooner or later
  page.on("request", (request) => !ours.test(request.url()) && asked.push(request.url()));
  await page.getByText("Take your look along").focus();
  await page.keyboard.press("Enter");
  assert.deepEqual(asked, [], "nothing of it is fetched before it is asked for");
  const coming = page.waitForEvent("download");
  await press(page, "Download as VRM");
  const download = await coming;
  assert.equal(download.suggestedFilename(), "look.vrm");
  const { words, picture } = opened(await download.path());
  await page.getByText(/look\.vrm is made/).waitFor();
  const { meta, expressions } = words.extensions.VRMC_vrm;
  assert.ok(meta.authors.includes("MakeHuman team") && meta.authors.includes("Bauta contributors"));
  assert.match(meta.thirdPartyLicenses, /AGPL-3\.0-only/);
  assert.doesNotMatch(JSON.stringify(words), /Pembawa/);
  assert.ok(expressions.preset.blink && expressions.preset.aa);
  const { colours, side } = await coloursOf(page, picture);
  assert.equal(side, 2048);
  assert.ok(colours > 40, `${colours} colours`);
});

journey("where nothing can be painted it is said that no file comes", async (world) => {
  const one = await world.someone({ text: true, language: "id", ...PHONE });
  await one.registers("Tanpa Gambar");
  const { page } = one;
  await one.goto("/avatar");
  await page.getByText("Bawa penampilanmu").click();
  await press(page, "Unduh sebagai VRM");
  await page.getByText(/perlu grafik 3D/).waitFor();
  await looksWellIn("id", page, "the file that does not come");
});

journey("what was changed and not worn is there again, and one is told", async (world) => {
  const one = await world.someone({ ...PHONE, text: true });
  await one.registers("Belum Selesai");
  const { page } = one;
  const words = (text) => page.locator(".look-words", { hasText: text });
  await one.goto("/avatar");
  await page.locator(".look-words li").first().waitFor();
  await opens(page, "Clothes");
  await unfolds(page, "Jackets and coats");
  await chooses(page, "Poncho");
  await words("Poncho").waitFor();
  await page.reload();
  await words("Poncho").waitFor();
  await page.getByText("You changed this on another visit").waitFor();
  assert.ok(!(await worn(page)).includes("poncho"));
  // To another page of ours, and back.
  await page.locator(".rail a[href='/rooms']").tap();
  await page.getByText("It is kept on this device").first().waitFor();
  await page.goBack();
  await words("Poncho").waitFor();
  await page.getByRole("button", { name: "Back to what I wear" }).tap();
  await words("Poncho").waitFor({ state: "detached" });
  await page.reload();
  await page.locator(".look-words li").first().waitFor();
  assert.equal(await words("Poncho").count(), 0);
});

journey("who registers is somebody drawn by chance, and may be somebody else", async (world) => {
  const look = (page) => page.evaluate(async () => (await fetch("/api/me/look")).json());
  const wears = async (page) => JSON.stringify((await look(page)).recipe.wear);
  const drawn = [];
  for (const name of ["Undian Satu", "Undian Dua"]) {
    const one = await world.someone({ ...PHONE, text: true });
    const { page } = one;
    const put = page.waitForResponse((answer) => answer.request().method() === "PUT");
    await one.registersByPages(name);
    assert.equal((await put).status(), 200);
    drawn.push(await wears(page));
  }
  assert.notEqual(drawn[0], drawn[1]);

  const one = await world.someone({ ...PHONE, text: true, language: "id" });
  const { page } = one;
  await one.registers("Pilih Sendiri");
  const before = await wears(page);
  // By a link nobody is drawn anew.
  await one.goto("/avatar/first?to=/friends");
  await page.locator(".look-card").first().waitFor();
  assert.equal(await wears(page), before);
  await looksWellIn("id", page, "the first look");
  await page.getByRole("radio", { name: /^mei/i }).focus();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Ini aku" }).tap();
  await page.waitForURL((url) => url.pathname === "/friends");
  assert.match(await wears(page), /cochlear_implant/);
});
