// Stops the server in order, again and again, while members ask and go from room to room: what
// the memory checkers of the sanitized build have to say is heard, and its exit is clean.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "node:test";
import { freePort } from "../support/port.mjs";

const checked = fileURLToPath(new URL("../../build-asan/bauta", import.meta.url));
if (!process.env.BAUTA_PROGRAM && existsSync(checked)) process.env.BAUTA_PROGRAM = checked;
const { Client, folder, serve } = await import("../support/server.mjs");
const { Socket } = await import("../support/socket.mjs");

const rounds = Number(process.env.STOP_ROUNDS ?? 16);
const members = 4;
const sockets = 6; // of each

/** From room to room, a burst as soon as the one before is through, until the socket ends. */
async function wander(client, rooms, seen) {
  const socket = await Socket.open(client.port, "/api/live", {
    authorization: `Bearer ${client.token}`,
  });
  const burst = (at) => {
    for (let i = 0; i < 20 && !socket.closed; i++) {
      socket.send({ t: "enter", room: rooms[(at + i) % rooms.length] });
      socket.send({ t: "say", cid: `c${at}x${i}`, text: "going" });
    }
    if (!socket.closed) socket.send({ t: "ping", n: at });
  };
  socket.on("message", (message) => {
    seen.live += message.t === "entered";
    if (message.t === "pong") burst(message.n + 1);
  });
  burst(0);
  if (!socket.closed) await once(socket, "gone");
}

async function ask(client, seen) {
  for (;;) {
    try {
      seen.http += (await client.send("GET", "/api/rooms")).status === 200;
    } catch {
      return; // it has stopped
    }
  }
}

test("a server that stops under traffic ends cleanly, every time", async (t) => {
  const data = join(folder(t), "world");
  const port = await freePort();
  const flags = [
    "--registration",
    "open",
    "--limit-scale",
    "1000000",
    "--drain-ms",
    "20000",
    "--log-level",
    "error",
  ];
  const people = [];
  const rooms = [];
  for (let round = 0; round <= rounds; round++) {
    const server = await serve(data, { port, flags, t });
    for (let i = 0; round === 0 && i < members; i++) {
      const client = await Client.register(port, `Walker ${"ABCD"[i]}`);
      const room = await client.send("POST", "/api/rooms", {
        name: "room",
        scene: "lounge",
        language: "en",
        capacity: 10,
        visibility: "public",
      });
      assert.equal(room.status, 201);
      people.push(client);
      rooms.push(room.json.id);
    }
    const seen = { live: 0, http: 0 };
    const busy = people.flatMap((client) => [
      ask(client, seen),
      ...Array.from({ length: sockets }, () => wander(client, rooms, seen).catch(() => {})),
    ]);
    while (seen.live < 40 || seen.http < 10) {
      assert.equal(server.child.exitCode, null, server.log());
      await new Promise((done) => setTimeout(done, 5));
    }
    await server.stop();
    await Promise.all(busy);
    assert.equal(server.child.exitCode, 0, `round ${round}: ${server.log()}`);
  }
});
