// The command line as an operator meets it: what goes wrong says what to do.
import assert from "node:assert/strict";
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import net from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { freePort } from "../support/port.mjs";
import {
  bauta,
  bautaUnprivileged,
  Client,
  demo,
  folder,
  serve,
  STORES,
} from "../support/server.mjs";
import { Socket } from "../support/socket.mjs";

test("help, version and settings say what there is", async () => {
  const help = await bauta("help");
  assert.equal(help.code, 0);
  for (const word of ["serve", "demo", "admin create", "backup", "restore", "verify", "settings"])
    assert.match(help.out, new RegExp(`bauta ${word}`));
  assert.match((await bauta("version")).out, /^bauta \d+\.\d+\.\d+\n$/);
  const settings = await bauta("settings");
  assert.match(settings.out, /room_capacity = 25\n {4}2 to 200 people\n/);
});

test("an unknown command is named and help is offered", async () => {
  const done = await bauta("sevre");
  assert.equal(done.code, 2);
  assert.match(done.err, /no command sevre.*bauta help/);
});

test("a broken line of bauta.conf is named by file and line", async (t) => {
  const data = folder(t);
  writeFileSync(join(data, "bauta.conf"), "# ours\nsite_name = Harbour\nroom_capacity = many\n");
  const done = await bauta("serve", "--data", data);
  assert.equal(done.code, 2);
  assert.match(
    done.err,
    /bauta\.conf:3: room_capacity = many: must be a whole number from 2 to 200/,
  );
});

test("an unknown setting gets the nearest name", async (t) => {
  const data = folder(t);
  writeFileSync(join(data, "bauta.conf"), "room_capactiy = 30\n");
  assert.match(
    (await bauta("serve", "--data", data)).err,
    /bauta\.conf:1: .*did you mean room_capacity\?/,
  );
  const flag = await bauta("serve", "--data", data, "--listn", "127.0.0.1:1");
  assert.equal(flag.code, 2);
});

test("what other users could read or change is mended, and the log says so", async (t) => {
  const data = await demo(t);
  const conf = join(data, "bauta.conf");
  writeFileSync(conf, "site_name = Harbour\n");
  chmodSync(conf, 0o666);
  chmodSync(data, 0o755);
  const mended = await bauta("check", "--data", data);
  assert.equal(mended.code, 0, mended.err);
  assert.equal(
    mended.err.match(/other users of this machine could read or change it: mended/g)?.length,
    2,
  );
  assert.equal(statSync(conf).mode & 0o777, 0o640);
  assert.equal(statSync(data).mode & 0o777, 0o700);
  const again = await bauta("check", "--data", data, "--config", conf);
  assert.equal(again.code, 0, again.err);
  assert.doesNotMatch(again.err, /mended/);
});

test("a taken port says so and what to do", async (t) => {
  const data = await demo(t);
  const other = net.createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  t.after(() => other.close());
  const done = await bauta(
    "serve",
    "--data",
    data,
    "--listen",
    `127.0.0.1:${other.address().port}`,
  );
  assert.equal(done.code, 1);
  assert.match(
    done.err,
    new RegExp(`${other.address().port}: another program listens there.*--listen`),
  );
});

test("a second server in the same folder is refused with the first one's process", async (t) => {
  const data = await demo(t);
  const first = await serve(data, { t });
  const done = await bauta("serve", "--data", data, "--listen", `127.0.0.1:${await freePort()}`);
  assert.equal(done.code, 1);
  assert.match(
    done.err,
    new RegExp(`another bauta has the data folder .*process ${first.child.pid}`),
  );
});

for (const [store, flagsOf] of STORES.slice(1)) {
  test(`a second node on one database is refused, and the first is named: ${store}`, async (t) => {
    const flags = flagsOf(t);
    const one = join(folder(t), "one");
    const two = join(folder(t), "two");
    const first = await serve(one, { t, flags });
    cpSync(join(one, "keys"), join(two, "keys"), { recursive: true });
    const done = await bauta(
      "serve",
      "--data",
      two,
      "--listen",
      `127.0.0.1:${await freePort()}`,
      ...flags,
    );
    assert.equal(done.code, 1);
    assert.match(
      done.err,
      new RegExp(
        `another bauta serves this database \\(bauta at .*, process ${first.child.pid} since`,
      ),
    );
    await first.stop();
    const second = await serve(two, { t, flags });
    await second.stop();
    assert.equal(second.child.exitCode, 0);
  });
}

test("a data folder that cannot be written is named", async (t) => {
  const data = join(folder(t), "file");
  writeFileSync(data, "not a folder");
  const done = await bauta("serve", "--data", data);
  assert.equal(done.code, 1);
  assert.match(done.err, /cannot be written .*check its owner/);
});

test("a read-only data folder is named", async (t) => {
  const data = folder(t);
  chmodSync(data, 0o500);
  const done = await bautaUnprivileged("serve", "--data", data);
  assert.equal(done.code, 1);
  assert.match(done.err, /cannot be written .*read-only/);
});

test("an unreadable certificate is named", async (t) => {
  const data = await demo(t);
  const cert = join(folder(t), "cert.pem");
  writeFileSync(cert, "no certificate");
  const done = await bauta(
    "serve",
    "--data",
    data,
    "--listen",
    "127.0.0.1:0",
    "--tls-cert",
    cert,
    "--tls-key",
    cert,
  );
  assert.equal(done.code, 1);
  assert.match(done.err, /cert\.pem/);
  const half = await bauta("serve", "--data", data, "--tls-cert", cert);
  assert.match(half.err, /tls_cert and tls_key belong together/);
});

test("a demo folder stays on loopback unless it is told otherwise", async (t) => {
  const data = await demo(t);
  assert.ok(existsSync(join(data, "demo")));
  const done = await bauta("serve", "--data", data, "--listen", "0.0.0.0:0");
  assert.equal(done.code, 1);
  assert.match(done.err, /demo folder.*--demo-public/);
  const again = await bauta("demo", "--data", data);
  assert.equal(again.code, 1);
  assert.match(again.err, /has a world already/);
});

test("a key file that others may read is refused", async (t) => {
  const data = await demo(t);
  chmodSync(join(data, "keys", "master"), 0o644);
  const done = await bauta("check", "--data", data);
  assert.equal(done.code, 1);
  assert.match(done.err, /master/);
});

test("keys that are lost are missed before anything is served", async (t) => {
  const data = await demo(t);
  const elsewhere = folder(t);
  const { renameSync } = await import("node:fs");
  renameSync(join(data, "keys"), join(elsewhere, "keys"));
  const done = await bauta("serve", "--data", data, "--listen", "127.0.0.1:0");
  assert.equal(done.code, 1);
  assert.match(done.err, /key/);
});

test("a key store that is behind its database stops the start, and says whose keys are missing", async (t) => {
  const data = await demo(t);
  const members = join(data, "keys/members");
  const older = readFileSync(members).subarray(0, 4096 + 2 * 128);
  const first = await serve(data, { t });
  await Client.register(first.port, "Late Comer");
  await first.stop();
  writeFileSync(members, older);
  const said =
    /key store is behind its database or damaged: \d+ keys are missing \(of .*\)\. Restore the newest/;
  const check = await bauta("check", "--data", data);
  assert.equal(check.code, 1);
  assert.match(check.err, said);
  const start = await bauta("serve", "--data", data, "--listen", "127.0.0.1:0");
  assert.equal(start.code, 1);
  assert.match(start.err, said);
  const given = await bauta("lost-keys", "--data", data);
  assert.equal(given.code, 0, given.err);
  assert.match(given.out, /^\d+ keys were given up/);
  assert.equal((await bauta("check", "--data", data)).code, 0);
  const second = await serve(data, { t });
  await Client.register(second.port, "Next One"); // with a key that nobody had before
  await second.stop();
  assert.equal((await bauta("check", "--data", data)).code, 0);
});

test("check works beside the server that has the folder, and finds there what it finds alone", async (t) => {
  const data = await demo(t);
  const server = await serve(data, { t });
  const beside = await bauta("check", "--data", data);
  assert.equal(beside.code, 0, beside.err);
  assert.match(beside.out, /are in order\n$/);
  await Client.register(server.port, "Still Served");
  // What the next start would say is said now.
  writeFileSync(join(data, "bauta.conf"), "terms_file = nowhere.txt\n");
  const ahead = await bauta("check", "--data", data);
  assert.equal(ahead.code, 1);
  assert.match(ahead.err, /terms_file = nowhere\.txt cannot be read/);
  writeFileSync(join(data, "bauta.conf"), "");
  const file = openSync(join(data, "keys/members"), "r+");
  writeSync(file, Buffer.from([255, 1, 2, 3, 4, 5, 6, 7]), 0, 8, 4096 + 20);
  closeSync(file);
  const damaged = await bauta("check", "--data", data);
  assert.equal(damaged.code, 1);
  assert.match(damaged.err, /1 keys are missing \(of [^)]+\)/);
  await server.stop();
});

test("a key record that does not open is found by check, and the server runs without it", async (t) => {
  const data = await demo(t);
  const file = openSync(join(data, "keys/members"), "r+");
  writeSync(file, Buffer.from([255, 1, 2, 3, 4, 5, 6, 7]), 0, 8, 4096 + 20);
  closeSync(file);
  const server = await serve(data, { t });
  await server.stop();
  assert.match(server.log(), /key records do not open/);
  const check = await bauta("check", "--data", data);
  assert.equal(check.code, 1);
  assert.match(check.err, /1 keys are missing \(of [^)]+\)/);
});

test("zeroed and random pages of the database are found by check", async (t) => {
  const made = await demo(t);
  const pages = statSync(join(made, "world.db")).size / 4096;
  const missed = [];
  for (let i = 0; i < 12; i++) {
    const data = join(folder(t), "world");
    cpSync(made, data, { recursive: true });
    const page = 1 + Math.floor(((pages - 1) * i) / 12);
    const file = openSync(join(data, "world.db"), "r+");
    writeSync(file, i % 2 ? Buffer.alloc(4096) : randomBytes(4096), 0, 4096, page * 4096);
    closeSync(file);
    const check = await bauta("check", "--data", data);
    if (check.code === 0) missed.push(page);
  }
  assert.deepEqual(missed, []);
});

test("a database newer than the program is refused", async (t) => {
  const data = await demo(t);
  const { execFileSync } = await import("node:child_process");
  execFileSync("python3", [
    "-c",
    `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1]); cols = [c[1] for c in db.execute("PRAGMA table_info(migration)")]
row = list(db.execute("SELECT * FROM migration ORDER BY number DESC LIMIT 1").fetchone())
row[cols.index("number")] = 9999
db.execute("INSERT INTO migration VALUES (" + ",".join("?" * len(row)) + ")", row); db.commit()`,
    join(data, "world.db"),
  ]);
  const done = await bauta("serve", "--data", data, "--listen", "127.0.0.1:0");
  assert.equal(done.code, 1);
  assert.match(done.err, /newer|9999/);
});

test("an admin link is made offline and while serving, and works once", async (t) => {
  const data = await demo(t);
  const offline = await bauta("admin", "create", "Harbour Master", "--data", data);
  assert.equal(offline.code, 0, offline.err);
  // Where passkeys work, and the name stands in the form.
  assert.match(offline.out, /http:\/\/localhost:\d+\/welcome#[a-z2-7]{26}\/Harbour%20Master\n$/);
  const server = await serve(data, { t });
  const online = await bauta("admin", "create", "Quay Keeper", "--data", data);
  assert.equal(online.code, 0, online.err);
  const invite = online.out.match(/#([a-z2-7]{26})\/Quay%20Keeper\n$/)[1];
  const claim = {
    invite,
    avatar_name: "Quay Keeper",
    password: "four calm walnut boats",
    email: "keeper@quay.example",
    birth_date: "1980-02-03",
    country: "ID",
    language: "en",
  };
  const post = () =>
    fetch(`http://127.0.0.1:${server.port}/api/claims`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(claim),
    });
  const first = await post();
  assert.equal(first.status, 201, await first.clone().text());
  assert.equal((await first.json()).role, "admin");
  const second = await post();
  assert.ok([403, 409].includes(second.status), `status ${second.status}`);
});

test("what asks administrators for a passkey is done at the machine, too", async (t) => {
  const data = await demo(t);
  const admin = async (...words) => {
    const { code, out, err } = await bauta("admin", ...words, "--data", data);
    return code === 0 ? out : `refused: ${err}`;
  };
  assert.match(
    await admin("invite", "2", "3"),
    /for 2 people within 3 days:\n.*\/join\/[a-z2-7]{26}\n$/,
  );
  const server = await serve(data, { t, flags: ["--registration", "approval"] }); // and while serving
  const number = (await admin("invites")).match(/1 open.*\n(\d+): 2 left/)[1];
  assert.match(await admin("uninvite", number), /taken back/);
  assert.match(await admin("uninvite", number), /refused: .*invitation/i);
  const enter = (method, path, body) => new Client(server.port).send(method, path, body);
  const me = {
    avatar_name: "Waits Here",
    password: "four calm walnut boats",
    email: "w@quay.example",
    birth_date: "1980-02-03",
    country: "ID",
    marketing: false,
  };
  assert.equal((await enter("POST", "/api/accounts", me)).status, 201);
  const signIn = () =>
    enter("POST", "/api/sessions", { name: "Waits Here", password: me.password });
  assert.equal((await signIn()).json.error.code, "sessions.waiting");
  assert.match(await admin("approve", "Waits Here"), /may come in/);
  assert.equal((await signIn()).status, 201);
  assert.match(await admin("end", "Waits Here"), /refused: .*usage/);
  assert.match(await admin("end", "Nobody Here", "spam"), /refused: /);
  assert.match(await admin("end", "waits here", "sold things, twice"), /ended/);
  assert.equal((await signIn()).json.error.code, "sessions.ended");
  assert.match(await admin("people", "waits"), /1 people.*\nWaits Here: ended\n$/);
  assert.match(await admin("give", "Waits Here", "moderator"), /refused: /);
  assert.match(await admin("staff"), /0 people of the staff/);
  const audit = (...words) => bauta("audit", "verify", ...words, "--data", data);
  const whole = await audit();
  assert.match(whole.out, /the log of staff is whole: \d+ lines/);
  const head = whole.out.match(/head ([0-9a-f]{64})/)[1];
  assert.match((await audit("--head", head)).out, /is whole/);
  const other = await audit("--head", "0".repeat(64));
  assert.notEqual(other.code, 0);
  assert.match(other.err + other.out, /none has that hash/);
  const room = (await admin("rooms", "")).match(/\n([a-z2-7]{26}): /)[1];
  assert.match(await admin("rename", room, "Quiet Quay"), /called Quiet Quay/);
  assert.match(await admin("rooms", "quiet"), new RegExp(`\n${room}: Quiet Quay, `));
  assert.match(await admin("close", room), /closed for good/);
  assert.match(await admin("acts"), /at the machine: bauta admin close.*\n.*bauta admin rooms/);
  assert.match(await admin("jobs"), /0 jobs/);
  assert.match(await admin("mails"), /0 mails/);
  for (const words of [
    ["invite", "0", "1"],
    ["invite", "1", "x"],
    ["mail", "77"],
    ["sell", "it"],
    ["end"],
  ])
    assert.match(await admin(...words), /refused: ./, words.join(" "));
});

test("the admin socket is for its owner only", async (t) => {
  const data = await demo(t);
  await serve(data, { t });
  assert.equal(statSync(join(data, "admin.sock")).mode & 0o777, 0o600);
});

test("SIGTERM drains and leaves nothing behind", async (t) => {
  const data = await demo(t);
  const server = await serve(data, { t });
  await server.stop();
  assert.match(server.log(), /stopped/);
  assert.equal(existsSync(join(data, "admin.sock")), false);
  assert.equal(existsSync(join(data, "world.db-wal")), false);
});

test("SIGTERM tells open sockets to come back, keeps what was said, and ends well", async (t) => {
  const data = await demo(t);
  const server = await serve(data, { t });
  const ana = await Client.register(server.port, "Ana Drain");
  const room = (await ana.send("GET", "/api/rooms")).json.items[0];
  const socket = await Socket.open(server.port, `/api/live?room=${room.id}`, {
    authorization: `Bearer ${ana.token}`,
  });
  await socket.until((message) => message.t === "entered");
  socket.send({ t: "say", cid: "c1", text: "Before the restart" });
  await socket.until((message) => message.t === "ack" && message.cid === "c1");
  const bye = socket.until((message) => message.t === "bye");
  const ended = once(server.child, "exit");
  server.child.kill("SIGTERM"); // once: server.stop() would be the second
  assert.equal((await bye).code, "live.restart");
  assert.equal((await ended)[0], 0, server.log());

  const again = await serve(data, { t });
  const back = new Client(again.port, ana.token);
  const lines = await back.send("GET", `/api/rooms/${room.id}/messages`);
  assert.equal(lines.json.items.filter((line) => line.text === "Before the restart").length, 1);
  await again.stop();
});

test("a second SIGTERM stops at once", async (t) => {
  const data = await demo(t);
  const server = await serve(data, { t, flags: ["--drain-ms", "60000"] });
  // A head that never ends keeps nothing open for long; two signals in a row must not wait for it.
  const slow = net.connect(server.port, "127.0.0.1");
  slow.on("error", () => {});
  await once(slow, "connect");
  slow.write("POST /api/sessions HTTP/1.1\r\nHost: a\r\n");
  const begun = Date.now();
  server.child.kill("SIGTERM");
  // Two that come before the server looks are one.
  while (!/a second signal stops/.test(server.log())) await new Promise((go) => setImmediate(go));
  server.child.kill("SIGTERM");
  await server.stop();
  assert.ok(Date.now() - begun < 40_000);
  slow.destroy();
});
