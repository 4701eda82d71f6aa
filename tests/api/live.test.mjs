// Rooms over real sockets, as docs/live.md has them: meeting, resuming, removal, signing out, restart.
import assert from "node:assert/strict";
import test from "node:test";
import { Client, demo, serve } from "../support/server.mjs";
import { Socket } from "../support/socket.mjs";

const say = (cid, text) => ({ t: "say", cid, text });
const line = (text) => (message) => message.t === "line" && message.text === text;
const is = (t) => (message) => message.t === t;

async function world(t) {
  const data = await demo(t);
  const server = await serve(data, { t, flags: ["--reactors", "2"] });
  const people = [
    await Client.register(server.port, "Anna Ek"),
    await Client.register(server.port, "Ben Oak"),
  ];
  const rooms = (await people[0].send("GET", "/api/rooms")).json.items;
  return { data, server, people, room: rooms.find((one) => one.scene === "lounge") };
}

const come = (client, room = "") =>
  Socket.open(client.port, `/api/live${room && `?room=${room}`}`, {
    authorization: `Bearer ${client.token}`,
  });

test("two people on two reactors meet, talk and are seen in the list", async (t) => {
  const {
    people: [anna, ben],
    room,
  } = await world(t);
  const a = await come(anna, room.id);
  const first = await a.until(is("entered"));
  assert.equal(first.lines.length, 6);
  const b = await come(ben, room.id);
  await a.until(is("joined"));
  a.send(say("a1", "hello Ben"));
  const heard = await b.until(line("hello Ben"));
  assert.ok(heard.seq > first.seq);
  assert.equal((await a.until(is("ack"))).seq, heard.seq);
  const page = (await ben.send("GET", `/api/rooms/${room.id}/messages?after=${first.seq}`)).json;
  assert.deepEqual(
    page.items.map((one) => one.text),
    ["hello Ben"],
  );
  const listed = (await ben.send("GET", "/api/rooms?search=lounge")).json.items[0];
  assert.equal(listed.here, 2);
  assert.deepEqual(listed.people.map((one) => one.name).sort(), ["Anna Ek", "Ben Oak"]);
});

test("after kill -9 a resume brings what is stored, and a line sent again is not said twice", async (t) => {
  const {
    data,
    server,
    people: [anna, ben],
    room,
  } = await world(t);
  const a = await come(anna, room.id);
  await a.until(is("entered"));
  a.send(say("a1", "before the fall"));
  const ack = await a.until(is("ack"));
  await server.kill();
  const again = await serve(data, { t });
  anna.port = ben.port = again.port;
  const b = await come(ben, room.id);
  await b.until(is("entered"));
  const c = await come(anna);
  c.send({ t: "enter", room: room.id, seq: ack.seq });
  const resumed = await c.until(is("entered"));
  assert.equal(resumed.resumed, true);
  assert.equal(resumed.since, ack.seq);
  assert.deepEqual(resumed.lines, []);
  c.send(say("a1", "before the fall"));
  assert.equal((await c.until(is("ack"))).seq, ack.seq);
  c.send(say("a2", "after it"));
  const next = await b.until(is("line"));
  assert.equal(next.text, "after it");
});

test("who is removed is out at once and cannot come back", async (t) => {
  const {
    people: [anna, ben],
  } = await world(t);
  const made = await anna.send("POST", "/api/rooms", {
    name: "Mine",
    scene: "cafe",
    language: "en",
  });
  const b = await come(ben, made.json.id);
  await b.until(is("entered"));
  const removed = await anna.send("POST", `/api/rooms/${made.json.id}/remove`, {
    account: ben.me.id,
  });
  assert.equal(removed.status, 204);
  assert.equal((await b.until(is("out"))).code, "rooms.removed");
  b.send({ t: "enter", room: made.json.id });
  assert.equal((await b.until(is("refused"))).code, "rooms.removed");
});

test("an ended room sends everybody out", async (t) => {
  const {
    people: [anna, ben],
  } = await world(t);
  const made = await anna.send("POST", "/api/rooms", {
    name: "Mine",
    scene: "garden",
    language: "id",
  });
  const b = await come(ben, made.json.id);
  await b.until(is("entered"));
  assert.equal(
    (await anna.send("PATCH", `/api/rooms/${made.json.id}`, { name: "Ours" })).status,
    200,
  );
  assert.equal((await b.until(is("room"))).room.name, "Ours");
  assert.equal((await anna.send("DELETE", `/api/rooms/${made.json.id}`)).status, 204);
  assert.equal((await b.until(is("out"))).code, "rooms.closed");
});

test("a revoked token closes its socket", async (t) => {
  const {
    people: [anna],
    room,
  } = await world(t);
  const a = await come(anna, room.id);
  await a.until(is("entered"));
  const gone = new Promise((done) => a.once("gone", done));
  const tokens = (await anna.send("GET", "/api/tokens")).json.items;
  assert.equal((await anna.send("DELETE", `/api/tokens/${tokens[0].id}`)).status, 204);
  await gone;
});

test("a restart says when to come back and loses nothing it has taken", async (t) => {
  const {
    data,
    server,
    people: [anna],
    room,
  } = await world(t);
  const a = await come(anna, room.id);
  await a.until(is("entered"));
  for (let i = 0; i < 5; i++) a.send(say(`a${i}`, `line ${i}`));
  await a.until((message) => message.t === "ack" && message.cid === "a4");
  const stopped = server.stop();
  assert.equal((await a.until(is("bye"))).code, "live.restart");
  await stopped;
  const again = await serve(data, { t });
  anna.port = again.port;
  const page = (await anna.send("GET", `/api/rooms/${room.id}/messages?after=6`)).json;
  assert.deepEqual(
    page.items.map((one) => one.text),
    [0, 1, 2, 3, 4].map((i) => `line ${i}`),
  );
});
