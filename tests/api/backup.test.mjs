// `bauta backup`, `verify` and `restore`: the real program, as an operator sees it.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bauta, Client, demo, folder, serve, storesOf } from "../support/server.mjs";

test("a backup made while serving holds everything but the keys, and comes back", async (t) => {
  const data = await demo(t);
  const server = await serve(data, { t });
  const out = folder(t);
  const world = join(out, "world.tar"),
    keys = join(out, "keys.tar");
  const made = await bauta("backup", world, "--data", data);
  assert.equal(made.code, 0, made.err);
  const keysMade = await bauta("backup", "--keys", keys, "--data", data);
  assert.equal(keysMade.code, 0, keysMade.err);
  assert.match((await bauta("backup", world, "--data", data)).err, /is there already/);
  assert.equal(readdirSync(join(data, "backup")).length, 0);
  await server.stop();
  assert.equal((await bauta("verify", world)).code, 0);

  const into = join(folder(t), "back");
  const restored = await bauta("restore", world, "--data", into);
  assert.equal(restored.code, 0, restored.err);
  assert.deepEqual(readdirSync(into).sort(), ["demo", "lock", "world.db"]);
  assert.match((await bauta("restore", world, "--data", into)).err, /already/);
  assert.equal((await bauta("restore", "--keys", keys, "--data", into)).code, 0);
  const again = await serve(into, { t });
  const site = await (await fetch(`http://127.0.0.1:${again.port}/api/site`)).json();
  assert.equal(site.demo, true);
  await again.stop();
});

test("every file of a data folder after real work belongs to a store of the inventory", async (t) => {
  const data = await demo(t);
  writeFileSync(join(data, "bauta.conf"), "site_name = Harbour\n");
  const out = folder(t);
  const server = await serve(data, { t });
  const one = await Client.register(server.port, "Filer One");
  const room = await one.send("POST", "/api/rooms", {
    name: "Files",
    scene: "cafe",
    language: "en",
  });
  assert.equal(room.status, 201);
  const none = (files) =>
    assert.deepEqual(
      Object.keys(files).filter((file) => !files[file]),
      [],
    );
  const making = bauta("backup", join(out, "world.tar"), "--data", data);
  let done = false;
  void making.then(() => (done = true));
  while (!done) {
    // files that are there for a moment only, too
    none(storesOf(data));
    await new Promise((next) => setImmediate(next));
  }
  assert.equal((await making).code, 0);
  assert.equal((await bauta("backup", "--keys", join(out, "keys.tar"), "--data", data)).code, 0);
  const serving = storesOf(data);
  none(serving);
  for (const [file, store] of Object.entries({
    "world.db-wal": "database",
    "keys/members": "keys",
    "admin.sock": "control",
  }))
    assert.equal(serving[file], store);
  await server.kill();
  none(storesOf(data));
  await (await serve(data, { t })).stop();
  none(storesOf(data));
  const into = join(folder(t), "back");
  assert.equal((await bauta("restore", join(out, "world.tar"), "--data", into)).code, 0);
  assert.equal((await bauta("restore", "--keys", join(out, "keys.tar"), "--data", into)).code, 0);
  none(storesOf(into));
  writeFileSync(join(data, "cache.db"), ""); // the look finds what is strange
  assert.equal(storesOf(data)["cache.db"], "");
});

test("a damaged backup is noticed", async (t) => {
  const data = await demo(t);
  const out = folder(t),
    world = join(out, "world.tar");
  assert.equal((await bauta("backup", world, "--data", data)).code, 0);
  const bytes = readFileSync(world);
  bytes[Math.floor(bytes.length / 2)] ^= 0x55;
  const bad = join(out, "bad.tar");
  writeFileSync(bad, bytes);
  assert.equal((await bauta("verify", bad)).code, 1);
  writeFileSync(bad, bytes.subarray(0, 5000));
  assert.equal((await bauta("verify", bad)).code, 1);
  writeFileSync(bad, "nothing of ours");
  assert.match((await bauta("verify", bad)).err, /no backup of bauta|cannot be read/);
  const empty = join(folder(t), "empty");
  mkdirSync(empty);
  assert.equal((await bauta("restore", bad, "--data", empty)).code, 1);
  assert.equal(existsSync(join(empty, "world.db")), false);
});
