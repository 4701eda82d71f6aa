// Kills the server with -9 again and again under load, and compares what its clients had
// acknowledged with what is there: nothing lost, nothing doubled.
//   CRASH_ROUNDS=50 node --test tests/crash/crash.test.mjs   (the long form; CRASH_SEED chooses the moments)
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import test from "node:test";
import { freePort } from "../support/port.mjs";
import { Client, bauta, demo, folder, program, serve } from "../support/server.mjs";
import { Socket } from "../support/socket.mjs";

const rounds = Number(process.env.CRASH_ROUNDS ?? 6);
const members = 4;
let seed = Number(process.env.CRASH_SEED ?? 7);
const chance = (below) => (seed = (seed * 48271) % 2147483647) % below;

/** A member who talks and renames their room, and writes down what was acknowledged. */
class Talker {
  constructor(client, room) {
    this.client = client;
    this.room = room;
    this.said = new Map(); // cid → text
    this.acknowledged = new Map(); // cid → {seq, id}
    this.sentName = this.keptName = 0;
  }

  async run() {
    const down = () => this.stopped;
    try {
      const socket = await Socket.open(this.client.port, `/api/live?room=${this.room}`, {
        authorization: `Bearer ${this.client.token}`,
      });
      this.socket = socket;
      socket.on("message", (message) => {
        if (message.t !== "ack") return;
        const before = this.acknowledged.get(message.cid);
        if (before) assert.equal(message.seq, before.seq, "the same line has one number");
        this.acknowledged.set(message.cid, { seq: message.seq, id: message.id });
      });
      await socket.until((message) => message.t === "entered");
      for (const [cid, text] of this.said) {
        if (!this.acknowledged.has(cid)) socket.send({ t: "say", cid, text });
      }
      const talking = (async () => {
        while (!down() && !socket.closed) {
          const cid = randomUUID().slice(0, 24);
          this.said.set(cid, `line ${this.said.size} of ${this.client.me.avatar_name}`);
          socket.send({ t: "say", cid, text: this.said.get(cid) });
          await socket.until((m) => (m.t === "ack" || m.t === "nack") && m.cid === cid);
        }
      })();
      const naming = (async () => {
        while (!down()) {
          const next = this.sentName + 1;
          this.sentName = next;
          const answer = await this.client.send("PATCH", `/api/rooms/${this.room}`, {
            name: `room ${next}`,
          });
          if (answer.status < 300) this.keptName = next;
        }
      })();
      await Promise.allSettled([talking, naming]);
    } catch {
      // the server was killed: that is the point
    }
  }
}

async function history(client, room) {
  const lines = [];
  for (let before = ""; ; ) {
    const page = await client.send(
      "GET",
      `/api/rooms/${room}/messages?limit=100${before && `&before=${before}`}`,
    );
    assert.equal(page.status, 200);
    lines.unshift(...page.json.items);
    if (!page.json.items.length || !page.json.next) return lines;
    before = page.json.next;
  }
}

test("what was acknowledged before kill -9 is there once, and nothing twice", async (t) => {
  const data = await demo(t);
  const port = await freePort();
  const flags = ["--limit-scale", "100000", "--log-level", "error"];
  let server = await serve(data, { port, flags, t });
  const talkers = [];
  for (let i = 0; i < members; i++) {
    const client = await Client.register(port, `Talker ${"ABCD"[i]}`);
    const room = await client.send("POST", "/api/rooms", {
      name: "room 0",
      scene: "lounge",
      language: "en",
      capacity: 10,
      visibility: "public",
    });
    assert.equal(room.status, 201);
    talkers.push(new Talker(client, room.json.id));
  }
  for (let round = 0; round < rounds; round++) {
    for (const talker of talkers) talker.stopped = false;
    const least = talkers.map(({ acknowledged }) => acknowledged.size + 2);
    let ended = 0;
    const running = talkers.map((talker) => talker.run().then(() => ended++));
    // However slow the machine is, each has been answered before; the moment after that is chance.
    while (talkers.some(({ acknowledged }, i) => acknowledged.size < least[i])) {
      assert.equal(ended, 0, "nobody stops before the server does");
      await new Promise((done) => setTimeout(done, 5));
    }
    await new Promise((done) => setTimeout(done, chance(700)));
    await server.kill();
    for (const talker of talkers) {
      talker.stopped = true;
      talker.socket?.end();
    }
    await Promise.all(running);
    server = await serve(data, { port, flags, t });
  }
  let total = 0;
  for (const talker of talkers) {
    const lines = (await history(talker.client, talker.room)).filter((line) => line.mine);
    const texts = lines.map((line) => line.text);
    assert.equal(new Set(texts).size, texts.length, "no line stands twice");
    const bySeq = new Map(lines.map((line) => [line.seq, line]));
    for (const [cid, { seq }] of talker.acknowledged) {
      assert.equal(bySeq.get(seq)?.text, talker.said.get(cid), "an acknowledged line is there");
    }
    total += talker.acknowledged.size;
    const room = await talker.client.send("GET", `/api/rooms/${talker.room}`);
    const name = Number(room.json.name.slice(5));
    assert.ok(name >= talker.keptName && name <= talker.sentName, "an acknowledged name is there");
  }
  assert.ok(total > rounds * members, `too little was acknowledged to say anything: ${total}`);
  t.diagnostic(`${total} acknowledged lines over ${rounds} kills, none lost, none doubled`);
  await server.stop();
});

test("a kill while the first start makes keys and tables leaves a folder that starts", async (t) => {
  for (let round = 0; round < Math.max(4, rounds); round++) {
    const data = join(folder(t), "world");
    const child = spawn(
      program,
      ["serve", "--data", data, "--listen", `127.0.0.1:${await freePort()}`],
      { stdio: "ignore" },
    );
    await new Promise((done) => setTimeout(done, chance(120)));
    child.kill("SIGKILL");
    await once(child, "close");
    const server = await serve(data, { t });
    await server.stop();
    const checked = await bauta("check", "--data", data);
    assert.equal(checked.code, 0, checked.err);
  }
});
