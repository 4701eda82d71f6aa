// Mail over real sockets: our outbox, npm's smtp-server as the relay, on both stores.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { smtpPeer } from "../peers/smtp.mjs";
import { bauta, Client, folder, serve } from "../support/server.mjs";

const STORES = [["SQLite", []]];
if (process.env.BAUTA_TEST_PG) STORES.push(["PostgreSQL", ["--database", process.env.BAUTA_TEST_PG]]);
const SECRET = "a secret of the relay";

/** A world whose relay is `peer`; retries come at once. */
async function world(t, peer, flags = []) {
  const data = join(folder(t), "world");
  const made = await bauta("demo", "--data", data, ...flags.filter((_, i) => flags[0] === "--database" && i < 2));
  assert.equal(made.code, 0, made.err);
  return serve(data, {
    t,
    flags: ["--limit-scale", "1000", "--smtp-url", `smtp://127.0.0.1:${peer.port}`, "--mail-retry-s", "1",
      "--smtp-timeout-s", "5", "--mail-bounces", "bounces@world.example",
      "--mail-bounce-secret", SECRET, ...flags],
  });
}

test("sent", async (t) => {
  const peer = await smtpPeer(t);
  const server = await world(t, peer);
  const ana = await Client.register(server.port, "Ana Mail");
  const mail = await peer.to("anamail@example.org");
  console.log(mail.raw);
  console.log(mail.read.text);
});
