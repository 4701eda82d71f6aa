// Makes the pictures of the editor in docs/looks, from the program as it is built: node tools/looks/editor.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CHROMIUM, DRAWS } from "../../tests/support/chromium.mjs";
import { demo, serve } from "../../tests/support/server.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const { chromium } = createRequire(join(ROOT, "web/package.json"))("playwright-core");
const QUALITY = 0.82;
/* The nearest level, and the pictures of things, are there well before. */
const REST_MS = 8000;
const DESKTOP = { width: 1280, height: 800 };
/* So far down that things are to be seen below what is made of them. */
const PHONE_DOWN = 440;
const PHONE = { width: 390, height: 844 };
/** name, of whom, size, language, colours, number of the tab */
const PICTURES = [
  ["editor", "amara", DESKTOP, "en", "light", 3],
  ["editor_dark", "rafael", DESKTOP, "en", "dark", 1],
  ["editor_phone", "hana", PHONE, "en", "light", 2],
  ["editor_id", "siti", PHONE, "id", "light", 3],
];

const { presets } = JSON.parse(readFileSync(join(ROOT, "assets/looks/catalogue.json"), "utf8"));
const ends = [];

/** The bytes of a PNG as webp. */
const webp = (page, png) =>
  page.evaluate(
    async ([data, quality]) => {
      const image = await createImageBitmap(await (await fetch(data)).blob());
      const canvas = document.createElement("canvas");
      canvas.width = image.width;
      canvas.height = image.height;
      canvas.getContext("2d").drawImage(image, 0, 0);
      return canvas.toDataURL("image/webp", quality).split(",")[1];
    },
    [`data:image/png;base64,${png.toString("base64")}`, QUALITY],
  );

async function signedIn(context, url, who, language, n) {
  const { request } = context;
  const headers = { "x-bauta": "1" };
  const data = {
    avatar_name: `Maker ${n}`,
    password: "grey tram over kelapa",
    email: `maker${n}@example.org`,
    birth_date: "1990-01-01",
    country: "ID",
    marketing: false,
    language,
  };
  const made = await request.post(`${url}/api/accounts`, { headers, data });
  if (!made.ok()) throw new Error(await made.text());
  const { recipe } = presets.find(({ id }) => id === who);
  const worn = await request.put(`${url}/api/me/look`, {
    headers,
    data: {
      from: (await (await request.get(`${url}/api/me/look`)).json()).id,
      recipe: JSON.stringify(recipe),
    },
  });
  if (!worn.ok()) throw new Error(await worn.text());
}

try {
  const server = await serve(await demo({ after: (end) => ends.push(end) }), {
    t: { after: (end) => ends.push(end) },
    flags: ["--limit-scale", "1000"],
  });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: DRAWS });
  ends.push(() => browser.close());
  const plain = await browser.newPage();
  for (const [i, [name, who, viewport, language, colorScheme, tab]] of PICTURES.entries()) {
    const locale = language === "id" ? "id-ID" : "en-US";
    const phone = viewport === PHONE ? { hasTouch: true, isMobile: true } : {};
    const context = await browser.newContext({ viewport, locale, colorScheme, ...phone });
    await signedIn(context, server.url, who, language, i);
    const page = await context.newPage();
    await page.goto(`${server.url}/healthz`);
    await page.evaluate(() => localStorage.setItem("bauta.signed_in", "1"));
    await page.goto(`${server.url}/avatar`);
    await page.locator(".look-view.drawn").waitFor({ timeout: 120_000 });
    await page.getByRole("tab").nth(tab).click();
    await page.evaluate((y) => scrollTo(0, y), viewport === PHONE ? PHONE_DOWN : 0);
    await page.waitForTimeout(REST_MS);
    const png = await page.screenshot({ animations: "disabled", timeout: 120_000 });
    writeFileSync(
      join(ROOT, `docs/looks/${name}.webp`),
      Buffer.from(await webp(plain, png), "base64"),
    );
    console.log(name);
    await context.close();
  }
} finally {
  for (const end of ends.reverse()) await end();
}
