// Messages over real sockets: who hears what, a block at once, no double on retry, and kill -9.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import test from "node:test";
import { bauta, Client, folder, serve, STORES } from "../support/server.mjs";
import { Socket } from "../support/socket.mjs";

const message = (text) => (m) => m.t === "message" && m.message.text === text;
const listen = (client, room = "") =>
  Socket.open(client.port, `/api/live${room}`, { authorization: `Bearer ${client.token}` });
const open = async (client, ...people) => {
  const answer = await client.send("POST", "/api/conversations", {
    people: people.map((one) => one.me.id),
  });
  assert.equal(answer.status, 201, JSON.stringify(answer.json));
  return answer.json.id;
};
const say = (client, id, text, cid = randomUUID().slice(0, 20)) =>
  client.send("POST", `/api/conversations/${id}/messages`, { cid, text });
/** Whose slots a frame of movement names, as docs/live.md has it. */
function moversIn(frame) {
  const slots = [];
  for (let at = 1; at < frame.length; at += frame[at + 1] & 0x80 ? 5 : 7) slots.push(frame[at]);
  return slots;
}
/** Turns about where they stand. */
function turn(socket, { x, z, yaw }) {
  const frame = Buffer.from([1, 0, 0, 0, 0, yaw ^ 0x80, 1]);
  frame.writeInt16LE(x, 1);
  frame.writeInt16LE(z, 3);
  socket.sendBytes(frame);
}
const page = async (client, id, query = "") =>
  (await client.send("GET", `/api/conversations/${id}/messages${query}`)).json;

async function start(t, store, flags = []) {
  const data = join(folder(t), "world");
  const made = await bauta("demo", "--data", data, ...store);
  assert.equal(made.code, 0, made.err);
  const all = ["--limit-scale", "100000", "--reactors", "2", ...store, ...flags];
  return { data, all, server: await serve(data, { t, flags: all }) };
}

/** Two who have both written, with an open socket each. */
async function talk(server, family) {
  const people = [];
  for (const name of ["Anna", "Ben"])
    people.push(await Client.register(server.port, `${name} ${family}`));
  const id = await open(people[0], people[1]);
  assert.equal((await say(people[0], id, "hello")).status, 201);
  assert.equal((await people[1].send("POST", `/api/conversations/${id}/accept`, {})).status, 200);
  const sockets = await Promise.all(people.map((one) => listen(one)));
  return { people, sockets, id };
}

for (const [name, fresh] of STORES) {
  test(`messages on ${name}`, async (t) => {
    const { server } = await start(t, fresh(t));

    /* proves: SOC-3a */
    await t.test(
      "two people hear each other on all their devices, in the same words, friends or not",
      async () => {
        const {
          people: [anna, ben],
          sockets: [a, b],
          id,
        } = await talk(server, "Ek");
        const second = await listen(ben);
        const answer = await say(anna, id, "Apa kabar? 😀", "first");
        assert.equal(answer.status, 201);
        const heard = await Promise.all(
          [a, b, second].map((one) => one.until(message("Apa kabar? 😀"))),
        );
        assert.deepEqual(
          heard.map((m) => m.message.mine),
          [true, false, false],
        );
        assert.equal(heard[0].message.cid, "first");
        assert.equal(heard[1].message.cid, undefined);
        const { mine, cid, ...told } = heard[0].message;
        const { mine: own, cid: same, ...answered } = answer.json;
        assert.deepEqual(told, answered);
        await anna.send("PATCH", `/api/conversations/${id}/messages/${answer.json.seq}`, {
          text: "Apa kabar?",
        });
        const changed = await b.until((m) => m.t === "message_changed");
        assert.equal(changed.message.text, "Apa kabar?");
        await ben.send("POST", `/api/conversations/${id}/read`, { seq: answer.json.seq });
        assert.equal((await a.until((m) => m.t === "reading")).seq, answer.json.seq);
        await ben.send("POST", `/api/conversations/${id}/typing`, {});
        assert.equal((await a.until((m) => m.t === "writing")).name, ben.me.avatar_name);
        for (const one of [a, b, second]) one.end();

        // Of friends the first message needs no accepting; of others it waits for it.
        const [dan, eva, fay] = await Promise.all(
          ["Dan", "Eva", "Fay"].map((given) => Client.register(server.port, `${given} Ek`)),
        );
        await dan.send("POST", "/api/friends/requests", { id: eva.me.id });
        const friends = await eva.send("POST", `/api/friends/requests/${dan.me.id}/accept`);
        assert.equal(friends.status, 200);
        const [e, f] = [await listen(eva), await listen(fay)];
        const [ours, theirs] = [await open(dan, eva), await open(dan, fay)];
        assert.equal((await say(dan, ours, "between friends")).status, 201);
        assert.equal((await say(dan, theirs, "to somebody new")).status, 201);
        await e.until(message("between friends"));
        assert.equal((await say(eva, ours, "at once")).status, 201);
        const [strangers, asking] = await Promise.all(
          ["", "?box=requests"].map(
            async (box) => (await fay.send("GET", `/api/conversations${box}`)).json,
          ),
        );
        assert.deepEqual([strangers.items.length, asking.items[0]?.id], [0, theirs]);
        assert.ok(!f.seen.some(message("to somebody new")));
        for (const one of [e, f]) one.end();
      },
    );

    await t.test(
      "what is sent again, from two devices and out of order, is there once",
      async () => {
        const {
          people: [anna, ben],
          sockets,
          id,
        } = await talk(server, "Oak");
        const cids = Array.from({ length: 12 }, (_, i) => `cid-${i}`);
        const twice = [...cids, ...[...cids].reverse(), ...cids];
        const answers = await Promise.all(twice.map((cid) => say(anna, id, `text of ${cid}`, cid)));
        for (const [i, cid] of twice.entries()) {
          if (answers[i].status !== 201) answers[i] = await say(anna, id, `text of ${cid}`, cid);
          assert.equal(answers[i].status, 201, JSON.stringify(answers[i].json));
          assert.equal(answers[i].json.text, `text of ${cid}`);
        }
        const { items } = await page(ben, id);
        const texts = items.map((one) => one.text).filter((text) => text.startsWith("text of"));
        assert.equal(texts.length, cids.length);
        assert.equal(new Set(texts).size, cids.length);
        for (const one of sockets) one.end();
      },
    );

    await t.test(
      "a block in mid-conversation is at once, for both, and told to neither",
      async (t) => {
        const {
          people: [anna, ben],
          sockets: [a, b],
          id,
        } = await talk(server, "Ash");
        const third = await Client.register(server.port, "Cleo Ash");
        const group = await open(anna, ben, third);
        for (const one of [ben, third])
          assert.equal(
            (await one.send("POST", `/api/conversations/${group}/accept`, {})).status,
            200,
          );
        assert.equal((await say(ben, group, "I am in")).status, 201);
        const times = [];
        for (let round = 0; round < 5; round++) {
          const from = performance.now();
          assert.equal((await anna.send("POST", "/api/blocks", { id: ben.me.id })).status, 201);
          const [answer, other] = await Promise.all([
            say(ben, id, "after"),
            say(anna, id, "after"),
          ]);
          times.push(performance.now() - from);
          assert.deepEqual([answer.status, other.status], [404, 404]);
          const seen = [a.seen.length, b.seen.length];
          assert.equal((await say(ben, group, `of Ben ${round}`)).status, 201);
          assert.equal((await say(anna, group, `of Anna ${round}`)).status, 201);
          await a.until(message(`of Anna ${round}`));
          await b.until(message(`of Ben ${round}`));
          assert.ok(!a.seen.slice(seen[0]).some(message(`of Ben ${round}`)));
          assert.ok(!b.seen.slice(seen[1]).some(message(`of Anna ${round}`)));
          assert.equal(b.seen.filter((m) => m.t === "blocked").length, 0);
          assert.equal((await anna.send("DELETE", `/api/blocks/${ben.me.id}`)).status, 204);
        }
        t.diagnostic(
          `refused to both ${Math.max(...times).toFixed(1)} ms after the block was asked for (worst of 5)`,
        );
        assert.equal((await say(ben, id, "back again")).status, 201);
        await a.until(message("back again"));
        for (const one of [a, b]) one.end();
      },
    );

    await t.test(
      "where a block has parted two nothing of the other comes: in their room, in messages, on their page",
      async () => {
        const { people, sockets: talking, id } = await talk(server, "Elm");
        const [anna, ben] = people;
        people.push(await Client.register(server.port, "Cleo Elm"));
        const rooms = (await anna.send("GET", "/api/rooms")).json.items;
        const room = rooms.find((one) => one.scene === "lounge");
        const stands = [];
        for (const one of people) {
          const socket = await listen(one, `?room=${room.id}`);
          socket.movers = [];
          socket.on("moves", (frame) => socket.movers.push(...moversIn(frame)));
          socket.entered = await socket.until((m) => m.t === "entered");
          stands.push(socket);
        }
        const [a, b, c] = stands;
        for (const one of [a, b])
          await one.until((m) => m.t === "joined" && m.p.name === "Cleo Elm");
        const place = (socket, who) => socket.entered.people.find((one) => one.id === who.me.id);
        const bens = (await a.until((m) => m.t === "joined" && m.p.name === "Ben Elm")).p.slot;
        const moves = (socket, slot) =>
          new Promise((done) => {
            const look = (frame) => moversIn(frame).includes(slot) && done();
            socket.on("moves", look);
          });

        assert.equal((await anna.send("POST", "/api/blocks", { id: ben.me.id })).status, 201);
        await Promise.all([a, b].map((one) => one.until((m) => m.t === "left")));
        const after = a.seen.length;
        a.movers.length = 0;
        const seen = moves(c, place(c, ben).slot);
        b.send({ t: "say", cid: "b1", text: "Ben after the block" });
        b.send({ t: "emote", name: "wave" });
        turn(b, place(b, ben));
        const answers = await Promise.all([
          say(ben, id, "after"),
          say(anna, id, "after"),
          anna.send("GET", `/api/people/${ben.me.id}`),
          ben.send("GET", `/api/people/${anna.me.id}`),
        ]);
        assert.deepEqual(
          answers.map((one) => one.status),
          [404, 404, 404, 404],
        );
        await c.until((m) => m.t === "line" && m.text === "Ben after the block");
        await c.until((m) => m.t === "emote" && m.name === "wave");
        await seen;
        // What was on its way to Anna came before what Cleo says and does now.
        const last = moves(a, place(c, people[2]).slot);
        c.send({ t: "say", cid: "c1", text: "Cleo at the end" });
        turn(c, place(c, people[2]));
        await last;
        await a.until((m) => m.t === "line" && m.text === "Cleo at the end");
        a.send({ t: "ping", n: 7 });
        await a.until((m) => m.t === "pong" && m.n === 7);
        const came = a.seen.slice(after);
        assert.ok(!JSON.stringify(came).includes(ben.me.id), JSON.stringify(came));
        assert.deepEqual(
          came.filter((m) => m.t === "emote" || m.t === "line").map((m) => m.text ?? m.t),
          ["Cleo at the end"],
        );
        assert.ok(!a.movers.includes(bens), "nothing of Ben moves for Anna");
        for (const one of [...talking, ...stands]) one.end();
      },
    );
  });
}

test("kill -9 loses no message that was acknowledged, and doubles none", async (t) => {
  const { data, all, server: first } = await start(t, [], ["--log-level", "error"]);
  let server = first;
  const people = [];
  for (const name of ["Anna Fir", "Ben Fir", "Cleo Fir", "Dan Fir"])
    people.push(await Client.register(server.port, name));
  const ids = [await open(people[0], people[1]), await open(people[2], people[3])];
  const sent = new Map();
  const acknowledged = new Map();
  for (let round = 0; round < 4; round++) {
    const until = acknowledged.size + 60;
    const write = async (one, id) => {
      for (let failed = false; !failed; ) {
        /* what has no answer goes again with its id, before anything new */
        const open = [...sent].find(([cid, of]) => of.one === one && !acknowledged.has(cid));
        const cid = open?.[0] ?? randomUUID().slice(0, 20);
        sent.set(cid, { one, id, text: `of ${one} ${cid}` });
        const answer = await say(people[one], id, `of ${one} ${cid}`, cid).catch(() => undefined);
        if (answer?.status === 201) acknowledged.set(cid, answer.json.seq);
        else failed = !answer;
      }
    };
    if (!round)
      for (const i of [0, 1]) assert.equal((await say(people[2 * i], ids[i], "begin")).status, 201);
    for (const i of [0, 1])
      await people[2 * i + 1].send("POST", `/api/conversations/${ids[i]}/accept`, {});
    const writing = people.map((_, one) => write(one, ids[one >> 1]));
    while (acknowledged.size < until) await new Promise((done) => setImmediate(done));
    await server.kill();
    await Promise.all(writing);
    server = await serve(data, { t, flags: all, port: first.port });
  }
  for (const [i, id] of ids.entries()) {
    const found = new Map();
    for (let before = ""; before !== undefined; ) {
      const { items, before: next } = await page(
        people[2 * i],
        id,
        `?limit=100${before && `&before=${before}`}`,
      );
      for (const one of items) {
        assert.ok(!found.has(one.seq));
        found.set(one.seq, one.text);
      }
      before = next;
    }
    assert.equal(new Set(found.values()).size, found.size, "no message stands twice");
    for (const [cid, seq] of acknowledged)
      if (sent.get(cid).id === id) assert.equal(found.get(seq), sent.get(cid).text, "it is there");
  }
  t.diagnostic(`${acknowledged.size} acknowledged messages over 4 kills, none lost, none doubled`);
});
