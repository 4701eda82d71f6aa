// Over real sockets: who is told that somebody asked, came or went, and who is not.
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { bauta, Client, folder, serve, STORES } from "../support/server.mjs";
import { Socket } from "../support/socket.mjs";

const is = (t) => (message) => message.t === t;
const shows = (one, online) => (m) =>
  m.t === "presence" && m.id === one.me.id && m.online === online;
const open = (client) =>
  Socket.open(client.port, "/api/live", { authorization: `Bearer ${client.token}` });
const ask = (who, whom) => who.send("POST", "/api/friends/requests", { id: whom.me.id });
const answer = (who, whom, how) => who.send("POST", `/api/friends/requests/${whom.me.id}/${how}`);
const choose = (who, invisible) => {
  const choices = { messages: "everyone", join_me: "friends", findable: "everyone", invisible };
  return who.send("PUT", "/api/me/contact", choices, who.browser); // no program may
};

const friendsOf = async (who) =>
  (await who.send("GET", "/api/friends")).json.items.map((one) => one.name);

/** Everything that was on its way has come. */
async function heard(socket, n) {
  socket.send({ t: "ping", n });
  await socket.until((m) => m.t === "pong" && m.n === n);
  return socket.seen.map((m) => m.t).filter((t) => t !== "hello" && t !== "pong");
}

for (const [name, fresh] of STORES) {
  test(`friends on ${name}`, async (t) => {
    const data = join(folder(t), "world");
    const store = fresh(t);
    const made = await bauta("demo", "--data", data, ...store);
    assert.equal(made.code, 0, made.err);
    const server = await serve(data, {
      t,
      flags: ["--limit-scale", "1000", "--reactors", "2", ...store],
    });
    const [anna, ben, cleo] = await Promise.all(
      ["Anna Ek", "Ben Ek", "Cleo Ek"].map((one) => Client.register(server.port, one)),
    );

    /* proves: SOC-1a */
    await t.test(
      "whoever is refused hears nothing, whoever is accepted does, until one removes the other",
      async () => {
        const sockets = [await open(anna), await open(ben), await open(cleo)];
        const [a, b, c] = sockets;
        assert.equal((await ask(ben, anna)).status, 201);
        assert.equal((await ask(cleo, anna)).status, 201);
        await a.until(is("friends"));
        await a.until(is("notices"));
        await heard(b, 1);
        b.seen.length = c.seen.length = 0;
        assert.equal((await answer(anna, ben, "refuse")).status, 204);
        assert.equal((await answer(anna, cleo, "accept")).status, 200);
        await c.until(is("friends"));
        await c.until(is("notices"));
        assert.deepEqual(await heard(b, 2), []);
        assert.deepEqual(
          [await friendsOf(anna), await friendsOf(cleo)],
          [["Cleo Ek"], ["Anna Ek"]],
        );
        assert.deepEqual(await friendsOf(ben), []);
        // Either ends it, for both; asked anew it is as before.
        assert.equal((await cleo.send("DELETE", `/api/friends/${anna.me.id}`)).status, 204);
        assert.deepEqual([await friendsOf(anna), await friendsOf(cleo)], [[], []]);
        assert.equal((await ask(cleo, anna)).status, 201);
        assert.equal((await answer(anna, cleo, "accept")).status, 200);
        for (const socket of sockets) socket.end();
      },
    );

    await t.test(
      "friends see each other come and go, strangers and the invisible do not show",
      async () => {
        const a = await open(anna);
        const b = await open(ben);
        const c = await open(cleo);
        await a.until(shows(cleo, true));
        const { items } = (await anna.send("GET", "/api/friends")).json;
        assert.deepEqual(
          items.map((one) => [one.name, one.online]),
          [["Cleo Ek", true]],
        );
        assert.equal((await choose(cleo, true)).status, 204);
        await a.until(shows(cleo, false));
        assert.equal((await anna.send("GET", "/api/friends")).json.items[0].online, false);
        a.seen.length = 0;
        assert.equal((await choose(cleo, false)).status, 204);
        await a.until(shows(cleo, true));
        assert.ok(!(await heard(b, 1)).includes("presence"), "a stranger is told nothing");
        a.seen.length = 0;
        assert.equal((await cleo.send("DELETE", "/api/sessions/current")).status, 204);
        await a.until(shows(cleo, false));
        for (const socket of [a, b, c]) socket.end();
      },
    );
  });
}
