// node tests/load/soak.mjs SECONDS: see tests/load/soak.  SOAK_SEED chooses the course of things.
import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Client, demo, program, serve } from "../support/server.mjs";
import { Socket } from "../support/socket.mjs";

const seconds = Number(process.argv[2] ?? 300);
const MEMBERS = 16;
const PATIENCE_MS = 30000; // a sanitized server on a busy machine
const GROWTH = 1.25; // from the first to the last third, when the middle lies between
const GROWTH_KB = 32768;
const PASSWORD = "grey tram over kelapa"; // of Client.register
const SYLLABLES = ["ba", "de", "fo", "gu", "ha", "ke", "mo", "nu", "pa", "se"];
const EMOTES = ["wave", "dance", "cheer", "laugh", "clap", "bow", "shrug", "think"];
let seed = Number(process.env.SOAK_SEED ?? 11);
const chance = (below) => (seed = (seed * 48271) % 2147483647) % below;
/** Names that do not look alike, so not by digits. */
const nameOf = (kind, i) => `${kind} ${[...String(i)].map((digit) => SYLLABLES[digit]).join("")}`;
const failures = new Set();
const counts = {};
const count = (what) => (counts[what] = (counts[what] ?? 0) + 1);
const fail = (what) => failures.size < 100 && failures.add(what);
const said = new Map(); // cid → {room, text, seq once acknowledged}
const started = Date.now();
const over = () => Date.now() - started > seconds * 1000;

/** One call; no answer of the server's own fault is borne. */
async function ask(client, method, path, body, wanted = 400) {
  count("calls");
  const answer = await client.send(method, path, body);
  if (answer.status >= wanted)
    fail(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.json)}`);
  return answer;
}

class Member {
  constructor(client, rooms) {
    this.client = client;
    this.rooms = rooms;
    this.course = []; // what was sent and heard last, for the report of a failure
  }

  note(what) {
    this.course.push(`${Date.now() - started} ${what}`);
    if (this.course.length > 30) this.course.shift();
  }

  async open() {
    const token = { authorization: `Bearer ${this.client.token}` };
    this.socket = await Socket.open(this.client.port, "/api/live", token);
    this.socket.on("message", (message) => this.hear(message));
    this.socket.on("message", () => this.socket.seen.splice(0)); // `until` looks at what comes
    this.inside = false;
    count("sockets");
  }

  hear(message) {
    if (message.t !== "line") this.note(`< ${message.t} ${message.re ?? message.code ?? ""}`);
    if (message.t === "line") this.told(message);
    if (message.t === "entered") this.came(message);
    if (message.t === "ack") {
      const line = said.get(message.cid);
      if (line.seq && line.seq !== message.seq) fail(`${message.cid} has two numbers`);
      line.seq = message.seq;
      count("acknowledged");
    }
    if (message.t === "nack") count(`nack ${message.code}`);
    if (message.t === "out") this.inside = false;
  }

  /** Lines come once, in the order of their numbers. */
  told(line) {
    if (line.seq <= this.seq) fail(`line ${line.seq} after ${this.seq} in ${this.room}`);
    this.seq = line.seq;
  }

  send(message, answered) {
    const come = answered && this.socket.until(answered, PATIENCE_MS);
    this.note(`> ${message.t}`);
    this.socket.send(message);
    return come;
  }

  /** In a room, at once or after the queue. */
  came(message) {
    this.room = message.room.id;
    this.inside = true;
    this.seq = message.resumed ? message.since : 0;
    for (const line of message.lines) this.told(line);
    if (this.seq > message.seq) fail(`${this.room} ends at ${message.seq}, before ${this.seq}`);
    this.seq = message.seq;
  }

  /** Comes into a room; after a cut with what was seen of it. */
  async enter(room, seen) {
    this.inside = false;
    const answer = await this.send(
      { t: "enter", room, ...seen }, // not the one queued for before
      (m) =>
        (m.t === "entered" && m.room.id === room) ||
        (m.t === "queued" && m.room === room) ||
        (m.t === "refused" && m.re === "enter"),
    );
    count(answer.resumed ? "resumed" : answer.t);
    if (!seen || !this.inside) return;
    for (const [cid, line] of said) {
      // what was not acknowledged is said again
      if (line.by === this && line.room === room && !line.seq) await this.say(line.text, cid);
    }
  }

  async say(text, cid = randomUUID().slice(0, 24)) {
    if (!said.has(cid)) said.set(cid, { by: this, room: this.room, text });
    await this.send(
      { t: "say", cid, text },
      (m) => (m.t === "ack" || m.t === "nack") && m.cid === cid,
    );
  }

  walk() {
    const at = Buffer.alloc(7);
    at[0] = 1;
    at.writeInt16LE(chance(2048) - 1024, 1);
    at.writeInt16LE(chance(2048) - 1024, 3);
    at[5] = chance(256);
    at[6] = 1;
    this.socket.sendBytes(at);
    count("moves");
  }

  async talk() {
    for (let i = chance(6); i >= 0; i--) {
      this.send({ t: "typing", on: true });
      await this.say(`${this.client.me.avatar_name} says ${chance(1e9)}${" ü".repeat(chance(80))}`);
    }
  }

  act() {
    this.walk();
    this.send({ t: "emote", name: EMOTES[chance(8)] });
    this.send(chance(2) ? { t: "sit", seat: 1 + chance(6) } : { t: "stand" });
  }

  /** A cut line, while a line is on its way; then back to where one was. */
  async cut() {
    this.say(`${this.client.me.avatar_name} is cut off ${chance(1e9)}`).catch(() => {});
    if (chance(2)) await pause(chance(20));
    this.note("cut");
    const seen = { seq: this.seq };
    this.socket.end();
    count("cuts");
    await this.open();
    await this.enter(this.room, seen);
  }

  /** Takes nothing from the server for a while: it drops, tells so, or closes. */
  async sleep() {
    this.note("asleep");
    this.socket.net.pause();
    await pause(500 + chance(1500));
    this.socket.net.resume();
  }

  async nonsense() {
    const words = [
      "GET / HTTP/1.1\r\nHost: x",
      "\x16\x03\x01\x02",
      "POST /api/rooms HTTP/1.1\r\n\r\n",
    ];
    const stranger = net.connect(this.client.port, "127.0.0.1", () =>
      stranger.end(words[chance(3)]),
    );
    stranger.on("error", () => {}).on("data", () => {});
    await new Promise((done) => stranger.on("close", done));
    await this.send({ t: "fly" }, (m) => m.t === "refused");
    count("nonsense");
  }

  async call() {
    await ask(this.client, "GET", "/api/me");
    await ask(this.client, "GET", "/api/rooms");
    await ask(this.client, "GET", `/api/rooms/${this.room}/messages?limit=50`);
    await ask(this.client, "PUT", "/api/me/avatar", { avatar: "amara", colours: [chance(4)] }, 500);
    await ask(this.client, "GET", "/api/rooms/nowhere", undefined, 500);
  }

  async signIn() {
    const other = new Client(this.client.port);
    const wrong = chance(4) === 0;
    const name = this.client.me.avatar_name;
    await ask(
      other,
      "POST",
      "/api/sessions",
      { name, password: wrong ? "not the password of it" : PASSWORD, remember: false },
      wrong ? 500 : 400,
    );
    if (wrong) return;
    await ask(other, "GET", "/api/sessions");
    await ask(other, "DELETE", "/api/sessions/current");
    count("sign-ins");
  }

  async step() {
    if (this.socket.closed) await this.open();
    if (!this.inside) return this.enter(this.rooms[chance(this.rooms.length)]);
    const dice = chance(100);
    if (dice < 40) return this.talk();
    if (dice < 65) return this.act();
    if (dice < 75) return this.cut();
    if (dice < 83) return this.call();
    if (dice < 88) return this.enter(this.rooms[chance(this.rooms.length)]);
    if (dice < 91) return this.sleep();
    if (dice < 94) return this.nonsense();
    if (dice < 96) return this.signIn();
    this.send({ t: "leave" });
    this.inside = false;
  }

  async live() {
    await this.open();
    while (!over()) {
      try {
        await this.step();
        await pause(chance(40));
      } catch (error) {
        // the server may close a socket that is too slow, nothing else
        if (!this.socket.closed) fail(`${error.stack}\n${this.course.join("\n")}`);
        else if (this.socket.code !== 4408) fail(`closed with ${this.socket.code}: ${error.stack}`);
      }
    }
    this.socket.end();
  }
}

/** The server's own memory as time goes: not the database, which readers map and which grows. */
async function watch(pid, samples) {
  while (!over()) {
    samples.push(Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]));
    await pause(250);
  }
}

function judgeMemory(samples) {
  const used = samples.slice(samples.length / 4); // the first quarter warms up
  const third = Math.floor(used.length / 3);
  const [first, middle, last] = [0, 1, 2].map(
    (i) => used.slice(i * third, (i + 1) * third).sort((a, b) => a - b)[third >> 1],
  );
  counts["memory, MB"] = [first, middle, last].map((kb) => Math.round(kb / 1024)).join(" → ");
  if (first < middle && middle < last && last > first * GROWTH && last - first > GROWTH_KB)
    fail(`memory keeps growing: ${counts["memory, MB"]} MB`);
}

async function newcomers(port) {
  for (let i = 0; !over(); i++) {
    const client = await Client.register(port, nameOf("New", i));
    await ask(client, "GET", "/api/me");
    count("registered");
    await pause(2000);
  }
}

/** What a room keeps: number → text, each number once. */
async function kept(client, room) {
  const stored = new Map();
  for (let before = ""; ; ) {
    const page = await ask(client, "GET", `/api/rooms/${room}/messages?limit=100${before}`);
    for (const line of page.json.items) {
      if (stored.has(line.seq)) fail(`number ${line.seq} of ${room} stands twice`);
      stored.set(line.seq, line.text);
    }
    if (!page.json.items.length || !page.json.next) return stored;
    before = `&before=${page.json.next}`;
  }
}

/** Every line that was acknowledged is there, once, with its number. */
async function compare(client, rooms) {
  const stored = new Map();
  for (const room of rooms) stored.set(room, await kept(client, room));
  for (const [cid, { room, seq, text }] of said) {
    if (!seq || stored.get(room).get(seq) === text) continue;
    const places = rooms.flatMap((other) =>
      [...stored.get(other)].flatMap(([number, what]) =>
        what === text ? [`${number} of ${other}`] : [],
      ),
    );
    fail(
      `line ${cid} (${seq} of ${room}) was acknowledged and stands at ${places.join() || "no place"}`,
    );
  }
  for (const [room, lines] of stored) {
    if (new Set(lines.values()).size !== lines.size) fail(`a line of ${room} stands twice`);
  }
}

const reports = mkdtempSync(join(tmpdir(), "bauta-soak-"));
const undo = [];
const t = { after: (what) => undo.unshift(what) };
process.env.TSAN_OPTIONS = `log_path=${reports}/tsan:second_deadlock_stack=1:flush_memory_ms=10000`;
process.env.ASAN_OPTIONS = `log_path=${reports}/asan:quarantine_size_mb=8:detect_leaks=1`;
process.env.UBSAN_OPTIONS = `log_path=${reports}/ubsan:print_stacktrace=1`;
try {
  const data = await demo(t);
  const flags = [
    "--limit-scale",
    "100000",
    "--log-level",
    "warn",
    "--reactors",
    "2",
    "--workers",
    "4",
    "--memory-mb",
    "64",
  ]; // with a page cache that is full soon
  let server = await serve(data, { flags, t, patienceMs: 60000 });
  const clients = [];
  for (let i = 0; i < MEMBERS; i++) {
    clients.push(await Client.register(server.port, nameOf("Old", i)));
  }
  const rooms = [];
  for (const capacity of [4, 10, 25]) {
    // the first is too small for all: a queue
    const room = await ask(clients[0], "POST", "/api/rooms", {
      name: `room for ${capacity}`,
      scene: "lounge",
      language: "en",
      capacity,
      visibility: "public",
    });
    rooms.push(room.json.id);
  }
  const samples = [];
  await Promise.all([
    ...clients.map((client) => new Member(client, rooms).live()),
    newcomers(server.port),
    watch(server.child.pid, samples),
  ]);
  judgeMemory(samples);
  await server.stop();
  if (server.child.exitCode !== 0)
    fail(`the server ended with ${server.child.exitCode}\n${server.log()}`);
  server = await serve(data, { port: server.port, flags, t, patienceMs: 60000 });
  await compare(clients[0], rooms);
  await server.stop();
} catch (error) {
  fail(error.stack);
}
for (const clean of undo) await clean();
for (const name of readdirSync(reports)) fail(readFileSync(join(reports, name), "utf8"));
rmSync(reports, { recursive: true });
console.log(`soak: ${program}, ${seconds} s:`, counts);
for (const what of failures) console.log(`soak: ${what}`);
if (!counts.acknowledged) failures.add("nothing happened");
console.log(failures.size ? `soak: ${failures.size} failures` : "soak: nothing to complain of");
process.exit(failures.size ? 1 : 0);
