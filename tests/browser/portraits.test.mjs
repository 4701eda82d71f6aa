// Portraits: drawn in the browser of whoever looks, from the look that somebody wears.
import assert from "node:assert/strict";
import { asks } from "./asked.mjs";
import { looksWellIn } from "./looks.mjs";
import { DESKTOP, journey, PHONE, until } from "./support.mjs";

const WORDS = {
  en: {
    no: /We do not ask for a photo of you, and there is no place for one/,
    instead: /Your avatar's portrait, as you look now, stands in its place/,
    save: "Save the portrait as a picture",
    change: "Change avatar",
  },
  id: {
    no: /Kami tidak meminta fotomu, dan memang tidak ada tempat untuk itu/,
    instead: /Sebagai gantinya, potret avatarmu seperti rupamu sekarang yang tampil/,
    save: "Simpan potret sebagai gambar",
    change: "Ganti avatar",
  },
};

const drawn = (page) => page.locator(".picture .portrait img");

/** The mean colour of a part of a picture: where the clothes are, or the hair. */
const colourOf = (image, [x, y]) =>
  image.evaluate(
    async (img, [px, py]) => {
      await img.decode();
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [img.naturalWidth, img.naturalHeight];
      const context = canvas.getContext("2d");
      context.drawImage(img, 0, 0);
      return [...context.getImageData(px * canvas.width, py * canvas.height, 1, 1).data];
    },
    [x, y],
  );
const CHEST = [0.45, 0.97];

/** Puts all that is worn over the chest into the colour of the palette's place. */
async function wearsIn(one, shade) {
  const { id, recipe } = await asks(one, "GET", "/api/me/look");
  for (const worn of recipe.wear) if (worn.colours) worn.colours[0] = Math.min(shade, 9);
  await asks(one, "PUT", "/api/me/look", { from: id, recipe: JSON.stringify(recipe).padEnd(2048) });
}

for (const language of ["en", "id"]) {
  /* proves: PRO-6a PRO-6b */
  journey(
    `no photo of oneself is asked for, the portrait as worn stands there (${language})`,
    async (world) => {
      const w = WORDS[language];
      const one = await world.someone({
        text: true,
        language,
        ...(language === "id" ? PHONE : DESKTOP),
      });
      await one.registers("Tanpa Foto");
      const { page } = one;
      await one.goto("/profile");
      await page.getByText(w.no).waitFor();
      await page.getByText(w.instead).waitFor();
      assert.equal(await page.locator("input[type=file]").count(), 0);
      assert.ok(await page.getByRole("link", { name: w.change }).isVisible());
      await drawn(page).waitFor();
      const before = await colourOf(drawn(page), CHEST);
      assert.equal(before[3], 255, "clothes are there");
      await looksWellIn(language, page, "the portrait");
      await world.shoot(`portraits_${language}`);

      // It can be taken along.
      const coming = page.waitForEvent("download");
      await page.getByRole("link", { name: w.save }).click();
      assert.match((await coming).suggestedFilename(), /^portrait/);

      // As worn: whoever changes clothes has another portrait.
      await wearsIn(one, 9);
      await one.goto("/profile");
      await drawn(page).waitFor();
      assert.notDeepEqual(await colourOf(drawn(page), CHEST), before);
    },
  );
}

journey("faces in a room are drawn once each, and forgotten with the session", async (world) => {
  const [mia, budi] = [await world.someone({ text: true }), await world.someone({ text: true })];
  await mia.registers("Mia Tester");
  await budi.registers("Budi Tester");
  const asked = [];
  budi.page.on("request", (request) => {
    const [, id] = /\/api\/looks\/(\w+)/.exec(request.url()) ?? [];
    if (id) asked.push(id);
  });
  // A page that is loaded anew has nothing yet.
  budi.page.on("domcontentloaded", () => asked.splice(0));
  await mia.goto("/rooms");
  await mia.enters("Lounge");
  await budi.enters("Lounge");
  await mia.says("hello faces");
  await budi.reads("hello faces");
  const said = (words) => budi.page.locator(".said", { hasText: words }).locator(".portrait img");
  await said("hello faces").waitFor();
  await budi.page
    .locator(".room-list li", { hasText: "Mia Tester" })
    .locator(".portrait img")
    .waitFor();
  assert.equal(new Set(asked).size, asked.length, "nobody's look is asked for twice");

  // A changed look is another picture wherever the face stands.
  const before = await said("hello faces").getAttribute("src");
  await wearsIn(mia, 9);
  await until(
    budi.page,
    (was) => document.querySelector(".said .portrait img")?.getAttribute("src") !== was,
    before,
  );
  assert.equal(new Set(asked).size, asked.length);

  await world.shoot("portraits_room");
  await budi.goto("/rooms");
  await budi.page.getByRole("button", { name: "Budi Tester Account" }).locator("img").waitFor();
  const own = await budi.page.locator(".button.who .portrait img").getAttribute("src");
  // A picture that was loaded is kept by the browser for a while: what counts is that it is given back.
  await budi.page.evaluate(() => {
    window.given = [];
    const back = URL.revokeObjectURL;
    URL.revokeObjectURL = (url) => (window.given.push(url), back.call(URL, url));
  });
  await budi.page.getByRole("button", { name: "Budi Tester Account" }).click();
  budi.losesSession();
  await budi.page.getByRole("menuitem", { name: "Sign out" }).click();
  await until(budi.page, () => document.querySelector(".button.who") === null);
  const given = await budi.page.evaluate(() => window.given);
  assert.ok(given.includes(own), "whoever sits down next finds no face");
});

/* Runs in the page: those of layers are packed by a worker, others by the page itself. */
function remembersWhole() {
  const made = new WeakSet();
  window.whole = new Set();
  const pack = OffscreenCanvas.prototype.convertToBlob;
  OffscreenCanvas.prototype.convertToBlob = async function (...how) {
    const blob = await pack.apply(this, how);
    made.add(blob);
    return blob;
  };
  const name = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    const url = name.call(URL, blob);
    if (made.has(blob)) window.whole.add(url);
    return url;
  };
}

journey("the face beside a line is drawn from the body where the room is drawn", async (world) => {
  const mia = await world.someone({ webgl: true });
  const { page } = mia;
  await mia.registers("Mia Tester");
  await page.addInitScript(remembersWhole);
  await mia.goto("/rooms");
  await mia.enters("Lounge");
  await mia.says("hello from my body");
  const place = page.locator(".said", { hasText: "hello from my body" }).locator(".portrait");
  await place.waitFor();
  const box = await place.boundingBox();
  await until(page, () =>
    [...document.querySelectorAll(".said .portrait img")].some(({ src }) => window.whole.has(src)),
  );
  assert.deepEqual(await place.boundingBox(), box, "nothing moves");
  const face = place.locator("img");
  assert.equal(await face.evaluate((img) => img.decode().then(() => img.naturalWidth)), 192);
  assert.equal((await colourOf(face, [0.01, 0.01]))[3], 0);
  assert.equal((await colourOf(face, CHEST))[3], 255, "clothes are there");
  await world.shoot("portraits_whole");
});
