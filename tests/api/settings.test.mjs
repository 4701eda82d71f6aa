// What is set in the pages, as whoever runs the machine meets it: commands beside the running
// server, a crash, the file above it, and a backup.
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bauta, demo, folder, serve } from "../support/server.mjs";

const site = async (server) =>
  await (await fetch(`http://127.0.0.1:${server.port}/api/site`)).json();

async function admin(data, ...words) {
  const done = await bauta("admin", ...words, "--data", data);
  assert.equal(done.code, 0, done.err);
  return done.out;
}

test("a setting that is set beside the running server holds at once, over a crash and in a backup", async (t) => {
  const data = await demo(t);
  let server = await serve(data, { t });
  assert.equal((await site(server)).name, "Bauta");
  assert.match(await admin(data, "set", "site_name", "Harbour"), /"Bauta" -> "Harbour"/);
  assert.equal((await site(server)).name, "Harbour");
  await admin(data, "set", "registration", "closed");
  await server.kill();

  const check = await bauta("check", "--data", data);
  assert.equal(check.code, 0, check.err);
  assert.match(check.out, /set in the pages: site_name = Harbour\n/);
  server = await serve(data, { t });
  const { name, registration } = await site(server);
  assert.deepEqual([name, registration], ["Harbour", "closed"]);
  assert.match(await admin(data, "acts"), /at the machine: bauta admin set, registration: /);

  const out = join(folder(t), "world.tar"),
    keys = `${out}.keys`;
  assert.equal((await bauta("backup", out, "--data", data)).code, 0);
  assert.equal((await bauta("backup", "--keys", keys, "--data", data)).code, 0);
  assert.match(await admin(data, "unset", "registration"), /-> standard, "open"/);
  assert.equal((await site(server)).registration, "open"); // as a demo has it
  await server.stop();
  const into = join(folder(t), "back");
  assert.equal((await bauta("restore", out, "--data", into)).code, 0);
  assert.equal((await bauta("restore", "--keys", keys, "--data", into)).code, 0);
  const back = await bauta("check", "--data", into);
  assert.match(back.out, /set in the pages: registration = closed\n/, back.err);
});

test("the manual says of each setting whether it may be set in the pages", async () => {
  const { out } = await bauta("settings");
  const rows = out.split("\n\n").filter((row) => / = /.test(row));
  const open = rows
    .filter((row) => /May be set at Administration/.test(row))
    .map((row) => /^\w+/.exec(row.trim())[0]);
  for (const name of ["site_name", "registration", "language", "contact_email", "room_capacity"])
    assert.ok(open.includes(name), `${name} in ${open}`);
  for (const name of open) // never what tells a secret, a path or where to listen
    assert.doesNotMatch(
      name,
      /^(data|listen|database|keys|key_file|public_url|tls|metrics|trusted|smtp|mail|providers|.*_(file|db|url|secret|token|hosts|ms|mb)$)/,
    );
});

test("what the file says stands above it, and is refused with its reason", async (t) => {
  const data = await demo(t);
  await admin(data, "set", "site_name", "Harbour"); // without a server, too
  writeFileSync(join(data, "bauta.conf"), "site_name = Quay\n", { mode: 0o600 });
  const check = await bauta("check", "--data", data);
  assert.match(check.out, /site_name = Harbour \(not used: the file says Quay\)\n/);
  const server = await serve(data, { t });
  assert.equal((await site(server)).name, "Quay");
  const refused = await bauta("admin", "set", "site_name", "Port", "--data", data);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /has fixed this setting/);
  assert.match(await admin(data, "settings"), /\nsite_name = Quay \(fixed/);
  const wrong = await bauta("admin", "set", "session_days", "1000", "--data", data);
  assert.match(wrong.err, /whole number within the bounds/);
  const none = await bauta("admin", "set", "smtp_url", "smtp://x", "--data", data);
  assert.match(none.err, /no such setting/);
  await server.stop();
  rmSync(join(data, "bauta.conf"));
  const again = await serve(data, { t });
  assert.equal((await site(again)).name, "Harbour"); // it waited
});
