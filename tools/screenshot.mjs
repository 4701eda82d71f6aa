// Makes docs/screenshot.png, the README's picture, from the program as it is built:
//     node tools/screenshot.mjs
// A demo world is served, its residents at home, some people come by sockets, and one looks.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CHROMIUM, DRAWS } from "../tests/support/chromium.mjs";
import { Client, demo, serve } from "../tests/support/server.mjs";
import { Socket } from "../tests/support/socket.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const { chromium } = createRequire(join(ROOT, "web/package.json"))("playwright-core");
const LOUNGE = JSON.parse(readFileSync(join(ROOT, "assets/scenes/lounge.json"), "utf8"));
const SIZE = { width: 1440, height: 860 };
const LOOK_MS = 30_000;

/* Who is there besides the residents: where they stand or sit (n of the lounge's seats), what they say. */
const PEOPLE = [
  {
    name: "Ayu",
    avatar: "siti",
    seat: 1,
    says: "Come and sit with us, there is room on the sofa!",
  },
  { name: "Kofi", avatar: "kofi", seat: 3 },
  { name: "Rangga", avatar: "budi", at: [-1.7, 0.4, 0.4], says: "Halo semua! 👋" },
  { name: "Elsa", avatar: "elsa", seat: 5, says: "Welcome to the lounge" },
  { name: "Rosa", avatar: "rosa", at: [1.5, 0.6, -0.5] },
];

const ends = [];
const t = { after: (end) => ends.push(end) };

function place([x, z, yaw]) {
  const bytes = Buffer.alloc(7);
  bytes.writeUInt8(1, 0);
  bytes.writeInt16LE(Math.round(x * 256), 1);
  bytes.writeInt16LE(Math.round(z * 256), 3);
  bytes.writeUInt8(Math.round((yaw / (2 * Math.PI)) * 256) & 255, 5);
  return bytes;
}

async function comes(port, room, { name, avatar, seat, at }) {
  const client = await Client.register(port, name);
  await client.send("PUT", "/api/me/avatar", { avatar, colours: [] });
  const socket = await Socket.open(port, `/api/live?room=${room.id}`, {
    authorization: `Bearer ${client.token}`,
  });
  await socket.until((message) => message.t === "entered");
  const stand = LOUNGE.seats.find((one) => one.n === seat)?.stand;
  socket.sendBytes(place(at ?? [...stand, 0]));
  if (seat) socket.send({ t: "sit", seat });
  return socket;
}

async function looks(url, room) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: DRAWS });
  ends.push(() => browser.close());
  const context = await browser.newContext({ viewport: SIZE, locale: "en-US" });
  const page = await context.newPage();
  const made = await page.request.post(`${url}/api/accounts`, {
    headers: { "x-bauta": "1" },
    data: {
      avatar_name: "Tono",
      password: "grey tram over kelapa",
      email: "tono@example.org",
      birth_date: "1990-01-01",
      country: "ID",
      marketing: false,
      language: "en",
    },
  });
  if (!made.ok()) throw new Error(await made.text());
  await page.goto(`${url}/healthz`);
  await page.evaluate(() => {
    localStorage.setItem("bauta.signed_in", "1");
    localStorage.setItem("bauta.quality", "high");
  });
  await page.goto(`${url}/rooms/${room.id}`);
  await page.locator(".stage canvas").waitFor({ timeout: 120_000 });
  await page.locator(".stage-load").waitFor({ state: "detached", timeout: 120_000 });
  return page;
}

try {
  const server = await serve(await demo(t), {
    t,
    residents: true,
    flags: ["--limit-scale", "1000"],
  });
  const anybody = await Client.register(server.port, "First Comer");
  const room = (await anybody.send("GET", "/api/rooms")).json.items.find(
    (one) => one.scene === "lounge",
  );
  const page = await looks(server.url, room);
  const sockets = [];
  for (const one of PEOPLE) sockets.push(await comes(server.port, room, one));
  await page.waitForTimeout(LOOK_MS);
  for (const [i, { says }] of PEOPLE.entries())
    if (says) sockets[i].send({ t: "say", cid: `c${i}`, text: says });
  await page.locator(".said", { hasText: PEOPLE[3].says }).waitFor();
  await page.waitForTimeout(1500);
  await page.screenshot({
    path: join(ROOT, "docs/screenshot.png"),
    animations: "disabled", // faces have come up
    timeout: 300_000,
  });
} finally {
  for (const end of ends.reverse()) await end();
}
