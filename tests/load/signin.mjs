// A sign-in flood beside a room that talks: node tests/load/signin.mjs PORT ROOM SECONDS PID
// Prints how many sign-ins a second there were, and how long a line took from one member to
// another without and with the flood.  The server's hashing threads must give way to the room.
// The flood comes from a thread of its own: the clock must not wait for the flood's own work.
import { readdirSync, readFileSync } from "node:fs";
import { setPriority } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { Client } from "../support/server.mjs";
import { Socket } from "../support/socket.mjs";

const [port, room, seconds, pid] = [
  +process.argv[2],
  process.argv[3],
  +process.argv[4],
  process.argv[5],
];
const MEMBERS = 20;
const LINE_EVERY_MS = 20;
const AT_ONCE = 24;
const NAME = "Floody";
const PASSWORD = "grey tram over kelapa";

/** Seconds on a core of each of the server's threads, all together. */
function cpu() {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).reduce(
    (sum, task) =>
      sum + Number(readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ")[0]) / 1e9,
    0,
  );
}

async function flood() {
  const counts = {};
  let flooding = true;
  parentPort.on("message", (what) => {
    if (what === "end") flooding = false;
    parentPort.postMessage({ ...counts });
  });
  await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, i) => {
      for (let n = 0; flooding; n++) {
        // one in four guesses wrong; right and wrong cost the same
        const wrong = (i + n) % 4 === 0;
        const answer = await new Client(workerData.port).send("POST", "/api/sessions", {
          name: wrong ? `Nobody ${i}` : NAME,
          password: PASSWORD,
        });
        counts[answer.status] = (counts[answer.status] ?? 0) + 1;
        if (answer.status === 503) await new Promise((done) => setTimeout(done, 200));
      }
    }),
  );
  parentPort.close();
}

if (!isMainThread) {
  setPriority(10); // of this thread
  await flood();
  process.exit(0);
}

const members = [];
for (let i = 0; i < MEMBERS; i++) {
  const socket = await Socket.open(port, `/api/live?room=${room}`, {
    authorization: `Bearer bench-${i}`,
  });
  await socket.until((message) => message.t === "entered");
  socket.seen.push = () => 0; // nothing is kept: only the clock counts
  members.push(socket);
}

/** Lines from one member after the other; resolves with the milliseconds each took. */
async function talk(forMs) {
  const sent = new Map();
  const took = [];
  const listener = members.at(-1);
  const hear = (message) => {
    if (message.t !== "line" || !sent.has(message.text)) return;
    took.push(performance.now() - sent.get(message.text));
    sent.delete(message.text);
  };
  listener.on("message", hear);
  const end = performance.now() + forMs;
  for (let i = 0; performance.now() < end; i++) {
    const text = `${Math.random().toString(36).slice(2)} ${i}`;
    sent.set(text, performance.now());
    members[i % (MEMBERS - 1)].send({ t: "say", cid: text.replace(" ", "_"), text });
    await new Promise((done) => setTimeout(done, LINE_EVERY_MS));
  }
  await new Promise((done) => setTimeout(done, 500)); // the last ones are under way
  listener.off("message", hear);
  return { took: took.sort((a, b) => a - b), lost: sent.size };
}

const at = ({ took }, share) =>
  took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? NaN;
const show = (name, talked) =>
  console.log(
    `  ${name.padEnd(18)} ${talked.took.length} lines, p50 ${at(talked, 0.5).toFixed(2)} ms,` +
      ` p99 ${at(talked, 0.99).toFixed(2)} ms, ${talked.lost} not heard`,
  );

const made = await new Client(port).send("POST", "/api/accounts", {
  avatar_name: NAME,
  password: PASSWORD,
  email: "flood@example.org",
  birth_date: "1990-01-01",
  country: "ID",
  marketing: false,
});
if (made.status !== 201) throw new Error(JSON.stringify(made.json));

await talk(1000); // warm
const idle = await talk(seconds * 1000);
show("idle", idle);

const flooder = new Worker(new URL(import.meta.url), { workerData: { port } });
const told = (what) => {
  flooder.postMessage(what);
  return new Promise((done) => flooder.once("message", done));
};
await new Promise((done) => setTimeout(done, 500));
const before = await told("counts");
const [cpuBefore, begun] = [cpu(), performance.now()];
const flooded = await talk(seconds * 1000);
const passed = (performance.now() - begun) / 1000;
const used = cpu() - cpuBefore;
const counts = await told("end");
const judged = (counts[201] ?? 0) + (counts[401] ?? 0) - (before[201] ?? 0) - (before[401] ?? 0);
show("under the flood", flooded);
const times = at(flooded, 0.99) / at(idle, 0.99);
console.log(
  `  -> ${(judged / passed).toFixed(1)} sign-ins judged a second, ${(judged / used).toFixed(1)}` +
    ` a CPU-second of the whole server (wanted 15)${judged / passed < 15 ? "  BELOW" : ""}`,
);
console.log(
  `  -> p99 of a room line ${times.toFixed(2)} x idle (wanted at most 2)${times > 2 ? "  ABOVE" : ""};` +
    ` answers: ${JSON.stringify(counts)}`,
);
process.exit(0);
