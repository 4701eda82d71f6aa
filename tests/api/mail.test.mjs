// Mail over real sockets: our outbox, npm's smtp-server as the relay, on both stores.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { smtpPeer } from "../peers/smtp.mjs";
import { bauta, Client, folder, serve, STORES } from "../support/server.mjs";

const SECRET = "a secret of the relay";
const address = (name) => `${name.toLowerCase().replace(/\W/g, "")}@example.org`;

/** A world whose relay is `peer`; retries come at once. */
async function world(t, peer, { store = [], flags = [] } = {}) {
  const data = join(folder(t), "world");
  const made = await bauta("demo", "--data", data, ...store);
  assert.equal(made.code, 0, made.err);
  const relay = `--smtp-url smtp://127.0.0.1:${peer.port} --smtp-timeout-s 2 --mail-retry-s 1`;
  const bounces = ["--mail-bounces", "bounces@world.example", "--mail-bounce-secret", SECRET];
  const all = [...store, "--limit-scale", "1000", ...relay.split(" "), ...bounces, ...flags];
  const server = await serve(data, { t, flags: all });
  return { ...server, data, flags: all };
}

/** Somebody who took office by the one-time link, with a verified address. */
async function admin(port, data, peer, name = "Ada Mail") {
  const made = await bauta("admin", "create", name, "--data", data);
  const link = /#(\w+)\//.exec(made.out);
  assert.ok(link, made.out + made.err);
  const ada = new Client(port);
  const claim = await ada.send("POST", "/api/claims", {
    invite: link[1],
    avatar_name: name,
    password: "grey tram over kelapa",
    email: address(name),
    birth_date: "1990-01-01",
    country: "ID",
  });
  assert.equal(claim.status, 201, JSON.stringify(claim.json));
  if (peer) await verify(ada, peer, address(name));
  return ada;
}

async function verify(client, peer, to) {
  const mail = await peer.to(to, (read) => /\/verify#/.test(read.text));
  const ticket = /\/verify#(\S+)/.exec(mail.read.text)[1];
  const answer = await client.send("POST", "/api/verifications", { ticket });
  assert.ok(answer.status < 300, JSON.stringify(answer));
  return mail;
}

const metric = async (server, row) => {
  const answer = await fetch(`${server.url}/metrics`, {
    headers: { authorization: "Bearer peek" },
  });
  const line = (await answer.text()).split("\n").find((one) => one.startsWith(`bauta_${row} `));
  return Number(line?.split(" ")[1]);
};

/** Waits until `look` answers something. */
async function until(look, patienceMs = 60_000) {
  for (const end = Date.now() + patienceMs; ; ) {
    const found = await look();
    if (found) return found;
    assert.ok(Date.now() < end, "it did not come to pass");
    await new Promise((done) => setTimeout(done, 20));
  }
}

for (const [name, fresh] of STORES) {
  test(`mail on ${name}`, async (t) => {
    const peer = await smtpPeer(t);
    const server = await world(t, peer, { store: fresh(t), flags: ["--metrics-token", "peek"] });
    const { port } = server;
    const ana = await Client.register(port, "Ana Mail", { program: false });
    const ada = await admin(port, server.data, peer);

    await t.test(
      "a mail is text and HTML, to the registered address only, with a code and no tracking",
      async () => {
        const mail = await verify(ana, peer, address("Ana Mail"));
        assert.deepEqual(mail.to, [address("Ana Mail")]);
        assert.match(mail.from, /^bounces\+[0-9a-f]+-[0-9a-f]{20}@world\.example$/);
        assert.match(mail.read.text, /Code of this mail: [2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/);
        assert.equal(mail.read.headers.get("auto-submitted"), "auto-generated");
        assert.ok(mail.read.messageId && mail.read.date);
        assert.doesNotMatch(mail.read.html, /<img|<script|url\(/i);
        const hosts = [...mail.read.html.matchAll(/(?:href|src)="([^"]+)"/g)].map(
          ([, link]) => new URL(link).host,
        );
        assert.deepEqual([...new Set(hosts)], [`localhost:${port}`]);
        assert.ok(
          mail.raw
            .split("\r\n")
            .every((line) => line.length <= 998 && !/[^\x20-\x7e\t]/.test(line)),
        );
        assert.ok(!mail.read.headers.has("list-unsubscribe"), "necessary mail has no way out");
      },
    );

    await t.test(
      "the code of a mail tells its member, and nobody else, that it is real",
      async () => {
        const mail = await peer.to(address("Ana Mail"));
        const code = /[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}/.exec(mail.read.text)[0];
        const typed = code.toLowerCase().replaceAll("-", " ");
        const found = await until(async () => {
          const answer = await ana.send("POST", "/api/me/mail/check", { code: typed });
          return answer.json.ours && answer.json;
        });
        assert.match(found.subject, /confirm/i);
        assert.ok(Math.abs(found.sent_ms - Date.now()) < 60000);
        assert.equal((await ada.send("POST", "/api/me/mail/check", { code })).json.ours, false);
        assert.equal(
          (await ana.send("POST", "/api/me/mail/check", { code: "AAAA-AAAA-AAAA" })).json.ours,
          false,
        );
      },
    );

    await t.test("a mail says what the site is called by now", async () => {
      const named = await bauta("admin", "set", "site_name", "Harbour", "--data", server.data);
      assert.equal(named.code, 0, named.err);
      assert.equal((await ada.send("POST", "/api/admin/mail/test", {})).status, 202);
      const mail = await peer.to(address("Ada Mail"), (read) => /Harbour/.test(read.subject));
      assert.match(mail.raw, /^From: Harbour\s+</m);
      assert.doesNotMatch(mail.raw, /Bauta/);
    });

    await t.test(
      "one click of a mail program ends a kind of mail, without signing in",
      async () => {
        assert.equal((await ada.send("POST", "/api/admin/mail/test", {})).status, 202);
        const mail = await peer.to(address("Ada Mail"), (read) => /test/i.test(read.subject));
        assert.match(mail.raw, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
        const link = /^List-Unsubscribe: <(\S+)>\r$/m.exec(mail.raw)[1];
        const looked = await fetch(link);
        assert.equal(looked.status, 200);
        assert.match(await looked.text(), /\/unsubscribe#/);
        const wanted = async () =>
          (await ada.send("GET", "/api/me/mail")).json.topics.find((one) => one.topic === "notices")
            .wanted;
        assert.equal(await wanted(), true, "looking changes nothing");
        const click = {
          method: "POST",
          body: "List-Unsubscribe=One-Click",
          headers: {
            "content-type": "application/x-www-form-urlencoded",
            origin: "https://mail.example",
          },
        };
        assert.equal(
          (await fetch(`${link}x`, click)).status,
          404,
          "a ticket of somebody else's making",
        );
        assert.equal((await fetch(link, click)).status, 204);
        assert.equal(await wanted(), false);
        assert.equal((await fetch(link, click)).status, 204, "again is no error");
        assert.equal(
          (await ada.send("POST", "/api/admin/mail/test", {})).json.error.code,
          "mail.test_unwanted",
        );
        assert.equal((await ada.send("PUT", "/api/me/mail/notices", { wanted: true })).status, 204);
      },
    );

    await t.test(
      "marketing is off until somebody agrees, and what was agreed to can be shown",
      async () => {
        const news = async () =>
          (await ana.send("GET", "/api/me/mail")).json.topics.find((one) => one.topic === "news");
        assert.equal((await news()).wanted, false);
        assert.equal((await ana.send("PUT", "/api/me/mail/news", { wanted: true })).status, 204);
        assert.equal((await ana.send("GET", "/api/me")).json.marketing, true);
        const consents = (await ana.send("GET", "/api/me/consents")).json;
        const proof = consents.history.find((one) => one.purpose === "marketing");
        assert.equal(proof.text, (await news()).words);
        assert.equal(proof.how, "settings");
        assert.equal(
          (await ana.send("PUT", "/api/me/consents/marketing", { given: false })).status,
          204,
        );
        assert.equal((await news()).wanted, false);
      },
    );

    await t.test(
      "a bounce that a relay reports stops mail to the address, and the member is told",
      async () => {
        const mail = await peer.to(address("Ana Mail"));
        const report = (to, secret = SECRET) =>
          fetch(`${server.url}/api/mail/bounces`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ secret, to, kind: "hard" }),
          });
        assert.equal((await report(mail.from, "a wrong one, long")).status, 403);
        assert.equal((await report(mail.from.replace(/-[0-9a-f]{4}/, "-0000"))).status, 404);
        assert.equal((await ana.send("GET", "/api/me/mail")).json.undeliverable, false);
        assert.equal((await report(mail.from)).status, 204);
        assert.equal((await ana.send("GET", "/api/me/mail")).json.undeliverable, true);
      },
    );

    await t.test("the counters say what became of mail", async () => {
      assert.ok((await metric(server, 'mail_total{end="sent"}')) >= 3);
    });
    await server.stop();
  });
}

test("SMTP down for longer than several tries: nothing is lost, nothing is doubled", async (t) => {
  const peer = await smtpPeer(t);
  const server = await world(t, peer, {
    flags: ["--metrics-token", "peek", "--mail-retry-s", "6"],
  });
  await peer.down();
  let tried = false;
  const shut = createServer((socket) => {
    tried = true;
    socket.destroy();
  });
  await new Promise((done) => shut.listen(peer.port, "127.0.0.1", done));
  const names = [
    "Amber",
    "Birch",
    "Cedar",
    "Dahlia",
    "Elder",
    "Fennel",
    "Ginger",
    "Hazel",
    "Ivy Leaf",
    "Juniper",
  ];
  let last;
  for (const name of names) last = await Client.register(server.port, name, { program: false });
  await until(
    async () =>
      (await metric(server, 'jobs_total{kind="accounts.letter",end="done"}')) >= names.length,
  );
  // And a crash meanwhile: between two tries, which are seconds apart by then, for what is being sent
  // when the server is killed waits until its lease ends.
  tried = false;
  await until(() => tried);
  for (const language of ["id", "en", "id"]) // what came of the try is written by now
    assert.equal((await last.send("PATCH", "/api/me", { language })).status, 204);
  assert.match(server.log(), /relay is out of reach/);
  await server.kill();
  await new Promise((done) => shut.close(done));
  const again = await serve(server.data, { t, flags: server.flags });
  await until(() => /relay is out of reach/.test(again.log()));
  await peer.up();
  const took = await peer.count(names.length);
  await until(() => /takes mail again/.test(again.log()));
  assert.deepEqual(took.flatMap((mail) => mail.to).sort(), names.map(address).sort());
  const ids = took.map((mail) => /^Message-ID: (\S+)/m.exec(mail.raw)[1]);
  assert.equal(new Set(ids).size, names.length);
  await again.stop();
  assert.equal(peer.took.length, names.length);
});

test("a relay that says later gets the mail again, the same one", async (t) => {
  const seen = [];
  const peer = await smtpPeer(t, {
    data(raw) {
      seen.push(/^Message-ID: (\S+)/m.exec(raw)[1]);
      return seen.length < 3 ? "451 4.7.1 greylisted, come back" : undefined;
    },
  });
  const server = await world(t, peer);
  await Client.register(server.port, "Grey Listed", { program: false });
  await peer.count(1);
  assert.equal(seen.length, 3);
  assert.equal(new Set(seen).size, 1);
  await server.stop();
});

test("an address that does not exist is written to no more; other refusals wait for a human", async (t) => {
  let refusing = true;
  const peer = await smtpPeer(t, {
    rcpt: (to) => (to.startsWith("gonefishing") ? "550 5.1.1 no such user" : undefined),
    data: (raw) => (refusing && /To: <spammy/.test(raw) ? "554 5.7.1 looks like junk" : undefined),
  });
  const server = await world(t, peer);
  const gone = await Client.register(server.port, "Gone Fishing", { program: false });
  await until(async () => (await gone.send("GET", "/api/me/mail")).json.undeliverable);
  await Client.register(server.port, "Spammy Sam", { program: false });
  const ada = await admin(server.port, server.data, peer);
  const letters = await until(async () => {
    const { letters: all } = (await ada.send("GET", "/api/admin/mail")).json;
    return all.length && all;
  });
  assert.equal(letters[0].why, "554 5.7.1");
  assert.equal(letters[0].again, true);
  refusing = false;
  const again = await ada.send("POST", `/api/admin/mail/${letters[0].id}/again`, {});
  assert.equal(again.json.error.code, "api.passkey"); // and without one, at the machine:
  const sent = await bauta("admin", "mail", letters[0].id, "--data", server.data);
  assert.equal(sent.code, 0, sent.err);
  await peer.to(address("Spammy Sam"));
  await until(async () => (await ada.send("GET", "/api/admin/mail")).json.letters.length === 0);
  await server.stop();
});

test("a slow relay holds up one mail, not the site, and gets it again", async (t) => {
  let first = true;
  let release;
  const held = new Promise((done) => (release = done));
  t.after(() => release());
  const peer = await smtpPeer(t, {
    data() {
      if (!first) return undefined;
      first = false;
      return held;
    },
  });
  const server = await world(t, peer);
  const slow = await Client.register(server.port, "Slow Relay", { program: false });
  const began = Date.now();
  assert.equal((await slow.send("GET", "/api/me")).status, 200);
  assert.ok(Date.now() - began < 20_000); // the relay answers never
  await peer.count(1);
  await server.stop();
});

// proves: SEC-1a
test("with a password in smtp_url nothing is said before STARTTLS, and the certificate counts", async (t) => {
  const dir = folder(t);
  const [key, cert] = [join(dir, "key.pem"), join(dir, "cert.pem")];
  const wanted = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost";
  const named = ["-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert];
  execFileSync("openssl", [...wanted.split(" "), ...named], { stdio: "ignore" });
  const peer = await smtpPeer(t, {
    key: readFileSync(key),
    cert: readFileSync(cert),
    users: { bauta: "p@ss word" },
  });
  const url = `smtp://bauta:p%40ss%20word@localhost:${peer.port}`;
  const distrusting = await world(t, peer, { flags: ["--smtp-url", url] });
  await Client.register(distrusting.port, "Tess Starttls", { program: false });
  await until(() => /out of reach; mail waits.*tls/s.test(distrusting.log()));
  await distrusting.stop();
  assert.equal(peer.took.length, 0);
  const trusting = await serve(distrusting.data, {
    t,
    flags: [...distrusting.flags, "--smtp-ca", cert],
  });
  const [mail] = await peer.count(1);
  assert.equal(mail.secure, true);
  await trusting.stop();

  const plain = await smtpPeer(t, { users: { bauta: "p@ss word" } });
  const stripped = await world(t, plain, {
    flags: ["--smtp-url", `smtp://bauta:p%40ss%20word@localhost:${plain.port}`],
  });
  await Client.register(stripped.port, "Strip Ted", { program: false });
  await until(() => /out of reach; mail waits.*tls/s.test(stripped.log()));
  assert.equal(plain.took.length, 0, "a relay without STARTTLS gets neither password nor mail");
  await stripped.stop();
});

test("nothing that a person gives can begin a header or a command", async (t) => {
  const peer = await smtpPeer(t);
  const server = await world(t, peer, { flags: ["--site-name", 'Évil"; <b>Site'] });
  const guest = new Client(server.port);
  const wish = {
    password: "grey tram over kelapa",
    birth_date: "1990-01-01",
    country: "ID",
    marketing: false,
  };
  for (const email of [
    "a@example.org\r\nRCPT TO:<b@example.org>",
    "a@example.org>",
    "<a@example.org",
    "a b@example.org",
    "a@example.org,b@example.org",
    "a\u0000@example.org",
    "a@b@example.org",
  ]) {
    const answer = await guest.send("POST", "/api/accounts", {
      ...wish,
      avatar_name: "Inny Jector",
      email,
    });
    assert.equal(answer.status, 400, email);
  }
  await Client.register(server.port, "Inny <b>Jector".replace(/[<>]/g, ""));
  const [mail] = await peer.count(1);
  const head = mail.raw.slice(0, mail.raw.indexOf("\r\n\r\n"));
  const names = [...head.matchAll(/^([\w-]+):/gm)].map(([, one]) => one);
  assert.deepEqual(names, [
    "Date",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "MIME-Version",
    "Auto-Submitted",
    "Content-Type",
  ]);
  const { read } = await peer.to(mail.to[0]);
  assert.equal(read.from.value[0].name, 'Évil"; <b>Site');
  assert.match(read.html, /Évil&quot;; &lt;b&gt;Site/);
  await server.stop();
});

test("without a relay administrators read what waits; with one nobody does", async (t) => {
  const data = join(folder(t), "world");
  assert.equal((await bauta("demo", "--data", data)).code, 0);
  const server = await serve(data, { t, flags: ["--limit-scale", "1000"] });
  const ana = await Client.register(server.port, "Ana Local", { program: false });
  const ada = await admin(server.port, data, null, "Ada Local");
  assert.equal((await ana.send("GET", "/api/admin/mail")).status, 403);
  const seen = (await ada.send("GET", "/api/admin/mail")).json;
  assert.equal(seen.relay, false);
  const row = seen.kept.find((one) => one.to === address("Ana Local"));
  const letter = (await ada.send("GET", `/api/admin/mail/${row.id}`)).json;
  assert.match(letter.text, /http:\/\/localhost:\d+\/verify#\S{40}/);
  await server.stop();
  const peer = await smtpPeer(t);
  await peer.down(); // it is set, that it sleeps does not matter
  const sending = await serve(data, {
    t,
    flags: ["--limit-scale", "1000", "--smtp-url", `smtp://127.0.0.1:${peer.port}`],
  });
  ada.port = sending.port;
  assert.equal((await ada.send("GET", "/api/admin/mail")).json.kept.length, 0);
  assert.equal((await ada.send("GET", `/api/admin/mail/${row.id}`)).status, 404);
  await sending.stop();
});

test("performance is counted only with the member's consent, and small sums are not shown", async (t) => {
  const data = join(folder(t), "world");
  assert.equal((await bauta("demo", "--data", data)).code, 0);
  const server = await serve(data, { t, flags: ["--limit-scale", "1000"] });
  const ana = await Client.register(server.port, "Ana Frames", { program: false });
  const ada = await admin(server.port, data, null, "Ada Frames");
  const report = {
    frames: "50up",
    load: "under2s",
    memory: "unknown",
    network: "4g",
    quality: "high",
  };
  const tell = (more = {}) => ana.send("POST", "/api/performance", { ...report, ...more });
  assert.equal((await tell()).status, 403);
  assert.equal(
    (await ana.send("PUT", "/api/me/consents/performance", { given: true })).status,
    204,
  );
  assert.equal((await tell({ frames: "59.94" })).status, 400);
  assert.equal((await tell({ device: "Ana's phone" })).status, 400);
  for (let i = 0; i < 9; i++) assert.equal((await tell()).status, 204);
  assert.deepEqual((await ada.send("GET", "/api/admin/performance")).json.items, []);
  assert.equal((await tell()).status, 204);
  const sums = (await ada.send("GET", "/api/admin/performance")).json.items;
  assert.deepEqual(
    sums.map((row) => row.count),
    [10, 10, 10, 10, 10],
  );
  assert.equal(
    (await ana.send("PUT", "/api/me/consents/performance", { given: false })).status,
    204,
  );
  assert.equal((await tell()).status, 403);
  await server.stop();
});

test("stopping takes back what the relay does not have yet; the next start sends it once", async (t) => {
  const peer = await smtpPeer(t);
  const server = await world(t, peer, { flags: ["--smtp-timeout-s", "60"] });
  await peer.down();
  let greeted = false;
  const mute = createServer((socket) => {
    // says nothing at all
    greeted = true;
    socket.on("error", () => {});
  });
  await new Promise((done) => mute.listen(peer.port, "127.0.0.1", done));
  t.after(() => mute.close());
  await Client.register(server.port, "Stop Over", { program: false });
  await until(() => greeted);
  const began = Date.now();
  await server.stop();
  assert.ok(Date.now() - began < 30_000, `${Date.now() - began} ms ${server.log()}`);
  assert.equal(server.child.exitCode, 0);
  mute.close();
  await new Promise((done) => setImmediate(done));
  await peer.up();
  const again = await serve(server.data, { t, flags: server.flags });
  await peer.count(1);
  await again.stop();
  assert.equal(peer.took.length, 1);
});
