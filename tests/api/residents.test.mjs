// A demo world is lived in: by people who are plainly called residents, and only there.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";
import { Client, demo, serve } from "../support/server.mjs";
import { Socket } from "../support/socket.mjs";

const MOVED = 2;
const PATIENCE_MS = 60_000;

const come = (client, room) =>
  Socket.open(client.port, `/api/live?room=${room}`, { authorization: `Bearer ${client.token}` });
const roomsOf = async (client) => (await client.send("GET", "/api/rooms")).json.items;

/** The rooms once their residents have come in: they are looked up beside the first calls. */
async function livedIn(client) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const rooms = await roomsOf(client);
    const here = rooms.map((one) => one.here);
    if (here.join() === "4,4,4") return rooms;
    assert.ok(Date.now() < end, `${here} are there`);
    await new Promise((go) => setTimeout(go, 100));
  }
}

test("who comes into a demo is greeted in the room's language, by people who walk about", async (t) => {
  const server = await serve(await demo(t), { t, flags: ["--reactors", "2"], residents: true });
  const anna = await Client.register(server.port, "Anna Ek");
  const rooms = await livedIn(anna);
  const cafe = await come(anna, rooms.find((one) => one.scene === "cafe").id);
  let moved;
  const walks = new Promise((done) => (moved = done));
  cafe.on("moves", (frame) => frame[0] === MOVED && moved());
  const { people, you } = await cafe.until((message) => message.t === "entered");
  const others = people.filter((one) => one.slot !== you);
  assert.deepEqual(
    others.map((one) => one.role),
    Array(4).fill("resident"),
  );
  assert.equal(people.find((one) => one.slot === you).role, "member");
  const greeting = await cafe.until((message) => message.t === "line");
  assert.match(greeting.text, /penghuni demo/);
  assert.ok(others.some((one) => one.id === greeting.from));
  await walks;
  const stored = (
    await anna.send("GET", `/api/rooms/${rooms.find((one) => one.scene === "cafe").id}/messages`)
  ).json.items;
  assert.equal(stored.at(-1).text, greeting.text);
  await server.stop();
  assert.equal(server.child.exitCode, 0);
});

test("those who live in a demo look each like themselves, of many ages and with aids", async (t) => {
  const server = await serve(await demo(t), { t, residents: true });
  const anna = await Client.register(server.port, "Anna Ek");
  const recipes = [];
  for (const { id } of await livedIn(anna)) {
    const socket = await come(anna, id);
    const { people, you } = await socket.until((message) => message.t === "entered");
    for (const { slot, look } of people) {
      if (slot === you) continue;
      recipes.push((await anna.send("GET", `/api/looks/${look}`)).json.recipe);
    }
    socket.end();
  }
  assert.equal(recipes.length, 12);
  const worn = recipes.map(({ wear }) => wear.map(({ id }) => id));
  const dressed = worn.map((ids) => ids.filter((id) => !/^(brows|lashes)/.test(id)).join());
  assert.equal(new Set(dressed).size, 12, "no two wear the same");
  for (const aid of [
    "wheelchair",
    "hearing_aids",
    "cochlear_implant",
    "leg_prosthesis",
    "cane",
    "white_cane",
  ])
    assert.ok(worn.flat().includes(aid), aid);
  for (const wear of ["scarf_hijab", "abaya", "evening_gown", "suit_jacket", "kaftan", "tee"])
    assert.ok(worn.flat().includes(wear), wear);
  const ages = recipes.map(({ body }) => body.age ?? 0);
  assert.ok(Math.min(...ages) === 0 && Math.max(...ages) > 80, `${ages}`);
  assert.ok(new Set(recipes.map(({ skin = 0 }) => skin)).size >= 8);
  const presets = JSON.parse(
    await readFile(new URL("../../assets/looks/catalogue.json", import.meta.url), "utf8"),
  ).presets.map(({ recipe }) => JSON.stringify(recipe));
  assert.ok(recipes.every((one) => !presets.includes(JSON.stringify(one))));
});

test("the scene that a demo names to newcomers is that of its first room", async (t) => {
  const server = await serve(await demo(t), { t });
  const anna = await Client.register(server.port, "Anna Ek");
  const [first] = await roomsOf(anna);
  assert.equal((await anna.send("GET", "/api/site")).json.scene, first.scene);
});

test("with demo_residents = no nobody is there but who came", async (t) => {
  const server = await serve(await demo(t), { t });
  const anna = await Client.register(server.port, "Anna Ek");
  const rooms = await roomsOf(anna);
  assert.deepEqual(
    rooms.map((one) => one.here),
    [0, 0, 0],
  );
  const socket = await come(anna, rooms[0].id);
  assert.equal((await socket.until((message) => message.t === "entered")).people.length, 1);
});
