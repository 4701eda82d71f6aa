// Signing in with an outside account, over sockets, with the real oidc-provider and with a liar.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { Browser, Liar, providersFile, realProvider } from "../support/provider.mjs";
import { freePort } from "../support/port.mjs";
import { bauta, cityFile, cookiesOf, demo, folder, serve } from "../support/server.mjs";

const PASSWORD = "grey tram over kelapa";

async function world(t, rows, flags = []) {
  const data = await demo(t);
  const file = providersFile(join(folder(t), "providers.json"), rows);
  const port = await freePort();
  const server = await serve(data, {
    t,
    port,
    flags: ["--providers", file, "--outbound-loopback", "yes", "--limit-scale", "1000", ...flags],
  });
  return { data, server, browser: () => new Browser(server.url) };
}

async function withLiar(t, more) {
  const liar = await Liar.start();
  t.after(() => liar.close());
  return { liar, ...(await world(t, [liar.row(more)])) };
}

// proves: REG-6a
test("somebody new comes from a provider, registers without a password and comes again", async (t) => {
  const { liar, data, browser } = await withLiar(t);
  const one = browser();
  const list = await one.send("GET", "/api/providers");
  assert.equal(list.json.items[0].host, `localhost:${liar.port}`);
  assert.deepEqual(liar.asked, [], "nobody is contacted before a click");

  const url = new URL(await one.sets("sign-in"));
  assert.deepEqual(liar.asked, ["GET /.well-known/openid-configuration"]);
  assert.equal(url.searchParams.get("scope"), "openid", "we ask who it is, and nothing else");
  assert.equal(url.searchParams.get("tenant"), "1");
  assert.equal(url.searchParams.get("code_challenge_method"), "S256");
  const arrived = await one.back(liar.agree(url));
  assert.equal(arrived.status, 200);
  assert.equal(arrived.json.status, "unknown");
  assert.equal((await one.me()).status, 401);

  const young = await browser().registers("Younger", {
    birth_date: "2020-01-01",
    provider_ticket: arrived.json.ticket,
  });
  assert.equal(young.code, "ages.refused");
  const none = await one.registers("Without", {});
  assert.equal(none.code, "input.missing");
  const made = await one.registers("Oda", { provider_ticket: arrived.json.ticket });
  assert.equal(made.status, 201, JSON.stringify(made.json));
  assert.equal((await one.me()).json.avatar_name, "Oda");
  const twice = await browser().registers("Odo", { provider_ticket: arrived.json.ticket });
  assert.equal(twice.code, "tickets.gone");

  const other = browser();
  const again = await other.goes(liar);
  assert.equal(again.json.status, "in", JSON.stringify(again.json));
  assert.equal((await other.me()).json.avatar_name, "Oda");
  const linked = await other.send("GET", "/api/me/providers");
  assert.equal(linked.json.items[0].name, "Liar");
  for (const name of readdirSync(data).filter((file) => file.startsWith("world.db")))
    assert.equal(
      readFileSync(join(data, name)).indexOf(liar.subject),
      -1,
      `the subject stands in ${name}`,
    );
  const last = await other.send("DELETE", "/api/me/providers/liar");
  assert.equal(last.code, "providers.last", "the last way in stays");
});

// proves: REG-6a
test("with the real oidc-provider: there, back and in", async (t) => {
  const port = await freePort();
  const peer = await realProvider(`http://localhost:${port}/sign-in/back`);
  t.after(() => peer.close());
  const data = await demo(t);
  const file = providersFile(join(folder(t), "providers.json"), [peer.row()]);
  const server = await serve(data, {
    t,
    port,
    flags: ["--providers", file, "--outbound-loopback", "yes"],
  });
  const one = new Browser(server.url);
  const jar = new Map();
  /* A browser at the peer: follows redirects with its cookies until it is sent back to us. */
  const walk = async (url, login) => {
    for (let options = {}, i = 0; i < 12; i++) {
      const answer = await fetch(url, {
        redirect: "manual",
        headers: { cookie: [...jar].map((pair) => pair.join("=")).join("; "), ...options.headers },
        method: options.method,
        body: options.body,
      });
      for (const line of cookiesOf(answer)) {
        const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
        jar.set(name, value);
      }
      options = {};
      const next = answer.headers.get("location");
      if (!next) {
        options = {
          method: "POST",
          body: `go=yes&login=${login}`,
          headers: { "content-type": "application/x-www-form-urlencoded" },
        };
        continue;
      }
      url = new URL(next, url).href;
      if (url.startsWith(server.url)) return Object.fromEntries(new URL(url).searchParams);
    }
    return assert.fail("the peer does not send us back");
  };
  const first = await one.back(await walk(await one.sets("sign-in", "peer"), "peer-ana"));
  assert.equal(first.json.status, "unknown", JSON.stringify(first.json));
  assert.equal(
    (await one.registers("Peerana", { provider_ticket: first.json.ticket })).status,
    201,
  );
  const other = new Browser(server.url);
  const second = await other.back(
    await walk(await other.sets("sign-in", "peer", { remember: true }), "peer-ana"),
  );
  assert.equal(second.json.status, "in");
  const proof = await other.back(
    await walk(await other.sets("prove", "peer", undefined), "peer-ana"),
  );
  assert.equal(proof.json.status, "proved", JSON.stringify(proof.json));
});

/** What a liar may say, and what we answer. */
const LIES = [
  ["another nonce", { claims: (c) => ({ ...c, nonce: "another" }) }, "providers.nonce"],
  ["no nonce", { claims: ({ nonce, ...c }) => c }, "providers.nonce"],
  ["another issuer", { claims: (c) => ({ ...c, iss: "https://id.example" }) }, "providers.issuer"],
  ["another audience", { claims: (c) => ({ ...c, aud: "them" }) }, "providers.audience"],
  [
    "several audiences",
    { claims: (c) => ({ ...c, aud: ["bauta", "them"] }) },
    "providers.audience",
  ],
  ["given to another", { claims: (c) => ({ ...c, azp: "them" }) }, "providers.audience"],
  ["expired", { claims: (c) => ({ ...c, exp: c.iat - 400 }) }, "providers.expired"],
  ["of yesterday", { claims: (c) => ({ ...c, iat: c.iat - 86400 }) }, "providers.expired"],
  ["of tomorrow", { claims: (c) => ({ ...c, iat: c.iat + 86400 }) }, "providers.expired"],
  ["without subject", { claims: ({ sub, ...c }) => c }, "providers.token"],
  ["a subject too long", { claims: (c) => ({ ...c, sub: "s".repeat(256) }) }, "providers.token"],
  [
    "another access token",
    { claims: (c) => ({ ...c, at_hash: "AAAAAAAAAAAAAAAAAAAAAA" }) },
    "providers.token",
  ],
  ["algorithm none", { header: () => ({ alg: "none" }), signed: () => "" }, "providers.algorithm"],
  [
    "HS256 with the public key",
    { header: (h) => ({ ...h, alg: "HS256" }), signed: (text, liar) => liar.hmac(text) },
    "providers.algorithm",
  ],
  ["tampered", { signed: () => "A".repeat(256) }, "providers.signature"],
  ["a stranger's key", { key: Liar.stranger() }, "providers.signature"],
  ["an unknown key", { header: (h) => ({ ...h, kid: "who" }) }, "providers.key"],
  [
    "a key named inside",
    { header: (h) => ({ ...h, jku: "http://localhost:1/keys" }) },
    "providers.key",
  ],
  [
    "a key carried inside",
    { key: Liar.stranger(), header: (h) => ({ ...h, jwk: Liar.stranger().jwk }) },
    "providers.key",
  ],
  ["no token at all", { token: (answer) => (answer.end("{}"), true) }, "providers.away", 503],
  [
    "an unreadable answer",
    { token: (answer) => (answer.end("<html>"), true) },
    "providers.away",
    503,
  ],
  [
    "a redirect",
    { token: (answer) => (answer.writeHead(302, { location: "/keys" }).end(), true) },
    "providers.away",
    503,
  ],
  [
    "a huge answer",
    { token: (answer) => (answer.end("x".repeat(3_000_000)), true) },
    "providers.away",
    503,
  ],
  [
    "an error of its own",
    { token: (answer) => (answer.writeHead(500).end(), true) },
    "providers.away",
    503,
  ],
];

test("a provider that lies signs nobody in, and each lie has its answer", async (t) => {
  const { liar, browser } = await withLiar(t);
  const known = browser();
  const first = await known.goes(liar);
  await known.registers("Known", { provider_ticket: first.json.ticket });
  for (const [name, say, code, status = 403] of LIES) {
    await t.test(name, async () => {
      const one = browser();
      liar.say = say;
      const answer = await one.goes(liar);
      liar.say = {};
      assert.equal(answer.code, code, JSON.stringify(answer.json));
      assert.equal(answer.status, status);
      assert.equal((await one.me()).status, 401);
    });
  }
  assert.equal((await browser().goes(liar)).json.status, "in", "the truth still does");
});

test("a lie ends the trip, a provider that is away does not", async (t) => {
  const { liar, browser } = await withLiar(t);
  const one = browser();
  liar.say = { claims: (claims) => ({ ...claims, nonce: "another" }) };
  let brought = liar.agree(await one.sets("sign-in"));
  assert.equal((await one.back(brought)).code, "providers.nonce");
  liar.say = {};
  assert.equal((await one.back(brought)).code, "tickets.gone");

  brought = liar.agree(await one.sets("sign-in"));
  liar.say = { token: (answer) => (answer.writeHead(503).end(), true) };
  assert.equal((await one.back(brought)).status, 503);
  liar.say = {};
  assert.equal((await one.back(brought)).json.status, "unknown", "nothing is lost");
  assert.equal((await one.back(brought)).code, "tickets.gone", "a state is good for once");
});

test("keys may be rotated; who asks for unknown keys again and again is not followed", async (t) => {
  const { liar, browser } = await withLiar(t);
  assert.equal((await browser().goes(liar)).json.status, "unknown");
  liar.rotate();
  assert.equal((await browser().goes(liar)).json.status, "unknown");
  const fetched = () => liar.asked.filter((line) => line === "GET /keys").length;
  assert.equal(fetched(), 2);
  liar.rotate();
  assert.equal((await browser().goes(liar)).code, "providers.key");
  assert.equal(fetched(), 2);
  assert.equal(
    liar.asked.filter((line) => line.includes("well-known")).length,
    1,
    "discovery is remembered",
  );
});

test("a trip belongs to the browser that began it: login CSRF, foreign and made-up states", async (t) => {
  const { liar, browser } = await withLiar(t);
  const attacker = browser();
  const victim = browser();
  const brought = liar.agree(await attacker.sets("sign-in"));
  assert.equal((await victim.back(brought)).code, "providers.browser");
  await victim.sets("sign-in");
  assert.equal(
    (await victim.back(brought)).code,
    "providers.browser",
    "a cookie of one's own does not help",
  );
  assert.equal((await victim.me()).status, 401);
  assert.equal((await victim.back({ ...brought, state: "x".repeat(43) })).code, "tickets.gone");
  const tokens = liar.asked.filter((line) => line === "POST /token").length;
  assert.equal(tokens, 0, "the provider was not asked");
  assert.equal(
    (await attacker.back(brought)).json.status,
    "unknown",
    "the trip itself was not harmed",
  );

  const mine = liar.agree(await victim.sets("sign-in"));
  const second = liar.agree(await victim.sets("sign-in"));
  assert.equal(
    (await victim.back({ ...mine, code: second.code })).code,
    "providers.code",
    "a code of another trip",
  );
  assert.equal(
    (await victim.back({ ...second, iss: "https://mixed.up" })).code,
    "providers.issuer",
  );
  const nameless = liar.agree(await victim.sets("sign-in"));
  delete nameless.iss;
  assert.equal(
    (await victim.back(nameless)).code,
    "providers.issuer",
    "it said that it would name itself",
  );
  const { state } = liar.agree(await victim.sets("sign-in"));
  assert.equal((await victim.back({ state, error: "access_denied" })).code, "providers.cancelled");
  assert.equal((await victim.back({ state })).code, "tickets.gone");
});

test("a member links, proves and unlinks; whose a linked account is is not said", async (t) => {
  const { liar, browser } = await withLiar(t);
  const ana = browser();
  assert.equal((await ana.registers("Anamaria", { password: PASSWORD })).status, 201);
  const linked = await ana.goes(liar, "link");
  assert.equal(linked.json.status, "linked", JSON.stringify(linked.json));
  assert.equal((await ana.goes(liar, "link")).json.status, "linked", "again is no harm");
  assert.equal((await ana.goes(liar, "prove")).json.status, "proved");

  const ben = browser();
  await ben.registers("Benedict", { password: PASSWORD });
  const taken = await ben.goes(liar, "link");
  assert.equal(taken.code, "providers.taken");
  assert.doesNotMatch(JSON.stringify(taken.json), /Anamaria/);
  assert.equal((await ben.goes(liar, "prove")).code, "providers.other");
  const brought = liar.agree(await ana.sets("link", "liar", undefined));
  ben.jar.set("bauta_provider", ana.jar.get("bauta_provider"));
  assert.equal(
    (await ben.back(brought)).code,
    "providers.browser",
    "a link belongs to who asked for it",
  );

  liar.say = { claims: ({ auth_time, ...claims }) => claims };
  assert.equal((await ana.goes(liar, "prove")).code, "providers.stale");
  liar.say = { claims: (claims) => ({ ...claims, auth_time: claims.auth_time - 3600 }) };
  assert.equal((await ana.goes(liar, "prove")).code, "providers.stale");
  liar.say = {};

  liar.subject = "somebody else there";
  assert.equal(
    (await ana.goes(liar, "link")).code,
    "providers.linked",
    "one account of a provider each",
  );
  assert.equal((await ben.goes(liar, "link")).json.status, "linked");
  liar.subject = "liar-subject-1";
  assert.equal((await ana.send("DELETE", "/api/me/providers/liar")).status, 204);
  assert.equal((await ana.send("DELETE", "/api/me/providers/liar")).code, "providers.unlinked");
  assert.equal((await browser().goes(liar)).json.status, "unknown", "it leads nowhere now");
});

test("a closed account is opened again by a trip that says so, and the session knows its town", async (t) => {
  const liar = await Liar.start();
  t.after(() => liar.close());
  const { browser } = await world(t, [liar.row()], ["--place-db", cityFile(t)]);
  const one = browser();
  const { ticket } = (await one.goes(liar)).json;
  assert.equal((await one.registers("Gita", { provider_ticket: ticket })).status, 201);
  assert.equal((await one.send("DELETE", "/api/me")).status, 200);
  const shut = await browser().goes(liar);
  assert.equal(shut.code, "sessions.closed");
  const other = browser();
  const again = await other.goes(liar, "sign-in", { reopen: true });
  assert.equal(again.json?.status, "in", JSON.stringify(again.json));
  assert.equal((await other.me()).json.state, "active");
  const [now] = (await other.send("GET", "/api/sessions")).json.items.filter((row) => row.current);
  assert.equal(now.proof, "provider");
  assert.equal(now.town, "Bandung, West Java");
});

test("a provider that is away or slow keeps nobody else waiting", async (t) => {
  const { liar, browser } = await withLiar(t);
  const waiting = [];
  liar.say = { discovery: (answer) => (waiting.push(answer), true) };
  const slow = [1, 2, 3, 4, 5, 6].map(() =>
    browser().send("POST", "/api/providers/liar/sign-in", {}),
  );
  while (waiting.length === 0) await new Promise((go) => setTimeout(go, 5));
  const began = Date.now();
  assert.equal((await browser().send("GET", "/api/site")).status, 200);
  assert.ok(Date.now() - began < 4000, "others are served meanwhile"); // five seconds are waited
  const answers = await Promise.all(slow);
  assert.ok(
    answers.every((answer) => answer.status === 503),
    JSON.stringify(answers),
  );
  assert.ok(Date.now() - began < 30_000); // not five for each of six
  liar.say = {};
  await liar.close();
  const gone = await browser().send("POST", "/api/providers/liar/sign-in", {});
  assert.equal(gone.code, "providers.away");
  assert.equal(
    (await browser().send("POST", "/api/providers/nobody/sign-in", {})).code,
    "providers.none",
  );
});

test("a discovery document that is another's, huge or leads elsewhere is not followed", async (t) => {
  const { liar, browser } = await withLiar(t);
  const good = {
    issuer: liar.issuer,
    authorization_endpoint: `${liar.issuer}/authorize`,
    token_endpoint: `${liar.issuer}/token`,
    jwks_uri: `${liar.issuer}/keys`,
  };
  for (const bad of [
    { ...good, issuer: "https://id.example" },
    { ...good, authorization_endpoint: "javascript:alert(1)" },
    { ...good, token_endpoint: "http://192.0.2.1/token" },
    { ...good, jwks_uri: "file:///etc/passwd" },
    { ...good, jwks_uri: undefined },
    { ...good, more: "x".repeat(3_000_000) },
    "[]",
    "",
  ]) {
    liar.say = { discovery: (answer) => (liar.json(answer, bad), true) };
    const answer = await browser().send("POST", "/api/providers/liar/sign-in", {});
    assert.equal(answer.code, "providers.away", JSON.stringify(bad).slice(0, 200));
    assert.equal(answer.status, 503);
  }
});

test("the operator's file is read strictly, and says where it is wrong", async (t) => {
  const data = await demo(t);
  const path = join(folder(t), "providers.json");
  const row = { id: "one", name: "One", issuer: "https://id.example", client_id: "c" };
  const wrong = [
    ["{", /providers\.json/],
    [[{ ...row, issuer: "http://id.example" }], /providers\[0\]\.issuer: must be an https/],
    [[{ ...row, id: "Big One" }], /providers\[0\]\.id/],
    [[row, row], /providers\[\d\]\.id: stands twice/],
    [[{ ...row, scopes: "email profile", gets: { en: "e", id: "i" } }], /scopes: must hold openid/],
    [[{ ...row, scopes: "openid email" }], /gets: must say/],
    [[{ ...row, gets: { en: "only English" } }], /id: Please fill in/],
    [[{ ...row, color: "red" }], /color: This field is not known/],
    [[{ id: "one", name: "One", client_id: "c" }], /issuer: Please fill in/],
    [Array.from({ length: 11 }, (_, i) => ({ ...row, id: `p${i}` })), /providers: /],
    [[{ ...row, terms_url: "https://user:pw@id.example/" }], /terms_url/],
  ];
  for (const [content, says] of wrong) {
    const made = await bauta(
      "serve",
      "--data",
      data,
      "--listen",
      "127.0.0.1:0",
      "--providers",
      providersFile(path, content),
    );
    assert.notEqual(made.code, 0);
    assert.match(made.err, says);
  }
  const open = await bauta(
    "serve",
    "--data",
    data,
    "--providers",
    providersFile(path, [row], 0o644),
  );
  assert.match(open.err, /chmod 600/);
  const missing = await bauta("serve", "--data", data, "--providers", `${path}.none`);
  assert.match(missing.err, /cannot be read/);
  const check = await bauta(
    "check",
    "--data",
    data,
    "--providers",
    providersFile(path, [{ ...row, id: "Big One" }]),
  );
  assert.match(check.err + check.out, /providers\[0\]\.id/);
});
