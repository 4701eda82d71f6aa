// One block, over real sockets: at once in open rooms, an absence everywhere else, told to nobody.
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { bauta, Client, folder, serve, STORES } from "../support/server.mjs";
import { Socket } from "../support/socket.mjs";

const is = (t) => (message) => message.t === t;
const line = (text) => (message) => message.t === "line" && message.text === text;
const come = (client, room) =>
  Socket.open(client.port, `/api/live?room=${room}`, { authorization: `Bearer ${client.token}` });

async function start(t, store) {
  const data = join(folder(t), "world");
  const made = await bauta("demo", "--data", data, ...store);
  assert.equal(made.code, 0, made.err);
  return serve(data, { t, flags: ["--limit-scale", "1000", "--reactors", "2", ...store] });
}

/** Three people of this family name stand in one room. */
async function meet(server, family) {
  const people = [];
  for (const name of ["Anna", "Ben", "Cleo"])
    people.push(await Client.register(server.port, `${name} ${family}`));
  const rooms = (await people[0].send("GET", "/api/rooms")).json.items;
  const room = rooms.find((one) => one.scene === "lounge");
  const sockets = [];
  for (const one of people) {
    const socket = await come(one, room.id);
    await socket.until(is("entered"));
    sockets.push(socket);
  }
  for (const socket of sockets.slice(0, 2))
    await socket.until((m) => m.t === "joined" && m.p.name === `Cleo ${family}`);
  return { people, sockets, room };
}

/** Out of the room, not only of reach. */
async function leave(sockets) {
  for (const socket of sockets) {
    socket.send({ t: "leave" });
    socket.send({ t: "ping", n: 99 });
    await socket.until((m) => m.t === "pong" && m.n === 99);
    socket.end();
  }
}
const block = (who, name) => who.send("POST", "/api/blocks", { name });
/** The newest block is taken back. */
async function unblock(who) {
  const [newest] = (await who.send("GET", "/api/blocks")).json.items;
  return who.send("DELETE", `/api/blocks/${newest.id}`);
}

for (const [name, fresh] of STORES) {
  test(`blocks on ${name}`, async (t) => {
    const server = await start(t, fresh(t));

    await t.test("a block and its end reach both in an open room at once", async (t) => {
      const {
        people: [anna],
        sockets,
      } = await meet(server, "Ek");
      const [a, b] = sockets;
      const took = { left: [], joined: [] };
      for (let round = 0; round < 10; round++) {
        for (const what of ["left", "joined"]) {
          a.seen.length = b.seen.length = 0;
          const start = performance.now();
          const heard = Promise.all([a.until(is(what)), b.until(is(what))]).then(
            () => performance.now() - start,
          );
          const done = what === "left" ? await block(anna, "ben ek") : await unblock(anna);
          assert.ok(done.status < 300, `${done.status}`);
          took[what].push(await heard);
        }
      }
      for (const [what, times] of Object.entries(took)) {
        times.sort((x, y) => x - y);
        const [median, worst] = [times[times.length >> 1], times.at(-1)];
        t.diagnostic(
          `${what}: heard by both after ${median.toFixed(1)} ms (median), ${worst.toFixed(1)} ms (worst)`,
        );
      }
      await leave(sockets);
    });

    await t.test(
      "neither sees nor hears the other, before and after coming again; a third hears both",
      async () => {
        const {
          people: [anna, ben, cleo],
          sockets,
          room,
        } = await meet(server, "Oak");
        const [a, b, c] = sockets;
        a.send({ t: "say", cid: "a1", text: "Anna before" });
        b.send({ t: "say", cid: "b1", text: "Ben before" });
        await c.until(line("Anna before"));
        await c.until(line("Ben before"));
        await a.until(is("ack"));
        await b.until(is("ack"));
        const gone = [a.until(is("left")), b.until(is("left"))];
        assert.equal((await block(anna, "Ben Oak")).status, 201);
        await Promise.all(gone);
        assert.equal(b.seen.filter(is("blocked")).length, 0, "the blocked one is not told");
        const from = [a.seen.length, b.seen.length];
        a.send({ t: "say", cid: "a2", text: "Anna after" });
        b.send({ t: "say", cid: "b2", text: "Ben after" });
        b.send({ t: "emote", name: "wave" });
        await c.until(line("Anna after"));
        await c.until(line("Ben after"));
        await c.until(is("emote"));
        for (const [socket, name, i] of [
          [a, "Ben", 0],
          [b, "Anna", 1],
        ]) {
          socket.send({ t: "ping", n: 7 });
          await socket.until(is("pong"));
          const heard = JSON.stringify(socket.seen.slice(from[i]));
          assert.ok(!heard.includes(name), heard);
        }

        for (const [viewer, other] of [
          [anna, ben],
          [ben, anna],
        ]) {
          const again = await come(viewer, room.id);
          const entered = await again.until(is("entered"));
          assert.equal(entered.room.here, 2);
          assert.ok(!JSON.stringify(entered).includes(other.me.avatar_name));
          const page = (await viewer.send("GET", `/api/rooms/${room.id}/messages?after=0`)).json;
          assert.ok(!JSON.stringify(page).includes(other.me.id));
          const listed = (await viewer.send("GET", "/api/rooms")).json;
          assert.ok(!JSON.stringify(listed).includes(other.me.id));
          assert.equal(listed.items.find((one) => one.id === room.id).here, 2);
        }
        const page = (await cleo.send("GET", `/api/rooms/${room.id}/messages?after=0`)).json;
        assert.ok(
          JSON.stringify(page).includes(ben.me.id) && JSON.stringify(page).includes(anna.me.id),
        );

        assert.equal((await unblock(anna)).status, 204);
        const back = (await ben.send("GET", `/api/rooms/${room.id}/messages?after=0`)).json;
        for (const text of ["Anna before", "Anna after"])
          assert.ok(
            back.items.some((one) => one.text === text),
            text,
          );
        await leave(sockets);
      },
    );

    await t.test(
      "trying names tells nobody who has blocked them: each is blocked as any other",
      async () => {
        const {
          people: [anna, ben, cleo],
          sockets,
        } = await meet(server, "Ash");
        await leave(sockets);
        assert.equal((await block(anna, "BEN ash")).status, 201);
        assert.deepEqual((await ben.send("GET", "/api/blocks")).json.items, []);
        const [blocker, other] = [await block(ben, "Anna Ash"), await block(ben, "Cleo Ash")];
        assert.deepEqual(
          [blocker.status, Object.keys(blocker.json)],
          [other.status, Object.keys(other.json)],
        );
        assert.equal(blocker.status, 201);
        assert.equal((await block(ben, "Nobody At All")).status, 404);
        for (const one of [anna, cleo]) {
          assert.equal((await ben.send("DELETE", `/api/blocks/${one.me.id}`)).status, 404);
          assert.equal((await unblock(ben)).status, 204);
        }
        const list = (await anna.send("GET", "/api/blocks")).json.items;
        assert.deepEqual(
          list.map((one) => [one.id === ben.me.id, one.name, one.typed]),
          [[false, "BEN ash", true]],
        );
        const none = await ben.send("POST", "/api/blocks", { id: anna.me.id });
        const nobody = await ben.send("POST", "/api/blocks", { id: "a".repeat(26) });
        assert.deepEqual([none.status, none.json], [nobody.status, nobody.json]);
        assert.equal(none.status, 404);
      },
    );
  });
}
