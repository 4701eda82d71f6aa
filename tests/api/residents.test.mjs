// A demo world is lived in: by people who are plainly called residents, and only there.
import assert from "node:assert/strict";
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
    if (here.join() === "2,2,2") return rooms;
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
    ["resident", "resident"],
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
