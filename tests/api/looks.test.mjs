// What members look like, from the call to the sockets of who is in the room with them.
import assert from "node:assert/strict";
import test from "node:test";
import { Client, demo, serve } from "../support/server.mjs";
import { Socket } from "../support/socket.mjs";

const is = (t) => (message) => message.t === t;
const padded = (recipe) => JSON.stringify(recipe).padEnd(2048);

test("who changes their look is seen so by who is in the room, at once and after a restart", async (t) => {
  const data = await demo(t);
  let server = await serve(data, { t });
  const anna = await Client.register(server.port, "Anna Ek");
  const ben = await Client.register(server.port, "Ben Oak");
  const rooms = (await anna.send("GET", "/api/rooms")).json.items;
  const { id: room } = rooms.find((one) => one.scene === "lounge");
  const come = (client) =>
    Socket.open(client.port, `/api/live?room=${room}`, {
      authorization: `Bearer ${client.token}`,
    });

  const a = await come(anna);
  const me = (await a.until(is("entered"))).people.find((one) => one.name === "Anna Ek");
  assert.match(me.look, /^[a-z2-7]{26}$/);
  assert.equal((await anna.send("GET", "/api/me")).json.look, me.look);
  const b = await come(ben);
  const { people, lines } = await b.until(is("entered"));
  assert.ok(people.every((one) => one.look));
  assert.equal(new Set(people.map((one) => one.look)).size, people.length);
  assert.ok(lines.every((one) => one.look));
  const before = (await ben.send("GET", `/api/looks/${me.look}`)).json;
  assert.ok(before.recipe.wear.length > 0);

  const put = await anna.send("PUT", "/api/me/look", {
    from: me.look,
    recipe: padded({ ...before.recipe, skin: 3 }),
  });
  assert.equal(put.status, 200);
  assert.notEqual(put.json.id, me.look);
  assert.equal((await b.until(is("look"))).look, put.json.id);
  await a.until(is("looks"));
  const seen = (await ben.send("GET", `/api/looks/${put.json.id}`)).json;
  assert.deepEqual(seen, { id: put.json.id, recipe: { ...before.recipe, skin: 3 } });
  assert.equal((await ben.send("GET", `/api/looks/${me.look}`)).status, 404);
  const second = { from: me.look, recipe: padded({ v: 1, skin: 4 }) };
  assert.equal((await anna.send("PUT", "/api/me/look", second)).json.error.code, "looks.changed");

  await server.kill();
  server = await serve(data, { t });
  anna.port = ben.port = server.port;
  assert.deepEqual((await ben.send("GET", `/api/looks/${put.json.id}`)).json, seen);
  assert.equal(
    (await anna.send("POST", "/api/blocks", { id: (await ben.send("GET", "/api/me")).json.id }))
      .status,
    201,
  );
  const hidden = await ben.send("GET", `/api/looks/${put.json.id}`);
  const none = await ben.send("GET", `/api/looks/${"a".repeat(26)}`);
  assert.equal(hidden.status, 404);
  assert.deepEqual(hidden.json, none.json);
});
