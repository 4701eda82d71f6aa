// Addresses over real sockets with a real mail server, on both stores: what a mailbox gets is
// what opens the doors, and nobody learns who has an account.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import http from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { smtpPeer } from "../peers/smtp.mjs";
import { bauta, Client, folder, root, serve, STORES } from "../support/server.mjs";

const PASSWORD = "grey tram over kelapa";

async function world(t, peer, flags) {
  const data = join(folder(t), "world");
  const made = await bauta("demo", "--data", data, ...flags);
  assert.equal(made.code, 0, made.err);
  return serve(data, {
    t,
    flags: [
      "--limit-scale",
      "1000",
      "--smtp-url",
      `smtp://127.0.0.1:${peer.port}`,
      "--mail-retry-s",
      "1",
      ...flags,
    ],
  });
}

async function join_(port, name, email, more = {}) {
  const client = new Client(port);
  const made = await client.send("POST", "/api/accounts", {
    avatar_name: name,
    password: PASSWORD,
    email,
    birth_date: "1990-01-01",
    country: "ID",
    marketing: false,
    language: "en",
    ...more,
  });
  assert.equal(made.status, 201, JSON.stringify(made.json));
  return client;
}

/** The secret of the link in the newest mail of this subject to this address. */
async function ticket(peer, address, path) {
  const mail = await peer.to(address, (read) => read.text.includes(`${path}#`));
  return mail.read.text.match(new RegExp(`${path}#([\\w-]{43})`))[1];
}

/** The whole answer as it goes over the wire, without the moment it was made. */
function bytes(port, path, body) {
  return new Promise((done, failed) => {
    const text = JSON.stringify(body);
    const request = http.request(
      {
        port,
        host: "127.0.0.1",
        method: "POST",
        path,
        headers: {
          "content-type": "application/json",
          "x-bauta": "1",
          "content-length": Buffer.byteLength(text),
        },
      },
      (answer) => {
        let got = "";
        answer.on("data", (data) => (got += data));
        answer.on("end", () => {
          const heads = answer.rawHeaders.filter(
            (_, i, all) => !/^(date|x-request-id)$/i.test(all[i - (i % 2)]),
          );
          done(JSON.stringify([answer.statusCode, heads, got]));
        });
      },
    );
    request.on("error", failed);
    request.end(text);
  });
}

for (const [store, fresh] of STORES) {
  test(`on ${store}`, async (t) => {
    const peer = await smtpPeer(t);
    const server = await world(t, peer, fresh(t));
    const { port } = server;
    const nobody = new Client(port);
    const uses = (route, body) => nobody.send("POST", route, body);

    await t.test("registering sends a link, and the link proves the address once", async () => {
      const ana = await join_(port, "Ana Mail", "ana@example.org");
      const link = await ticket(peer, "ana@example.org", "/verify");
      assert.equal((await ana.send("GET", "/api/me")).json.email_verified, false);
      assert.deepEqual((await uses("/api/verifications", { ticket: link })).json, {
        changed: false,
      });
      assert.equal((await ana.send("GET", "/api/me")).json.email_verified, true);
      assert.equal((await uses("/api/verifications", { ticket: link })).status, 404);
    });

    await t.test("who names a used address is told nothing, its owner is", async () => {
      const strip = (it) =>
        JSON.stringify({ ...it, id: 0, avatar_name: 0, email: 0, look: 0, created_ms: 0 });
      const used = await join_(port, "Ben Mail", "ana@example.org");
      const fresh = await join_(port, "Cleo Mail", "cleo@example.org");
      const [one, two] = [await used.send("GET", "/api/me"), await fresh.send("GET", "/api/me")];
      assert.equal(strip(one.json), strip(two.json));
      await peer.to("ana@example.org", (read) => /Somebody used your e-mail/.test(read.subject));
      await ticket(peer, "cleo@example.org", "/verify");
    });

    await t.test("asking for a password is answered byte by byte the same", async () => {
      const answers = [];
      for (const email of ["ana@example.org", "cleo@example.org", "nobody@example.org"])
        answers.push(await bytes(port, "/api/resets", { email }));
      assert.equal(answers[1], answers[0]);
      assert.equal(answers[2], answers[0]);
      const link = await ticket(peer, "ana@example.org", "/reset");
      assert.equal(
        (await uses("/api/passwords", { ticket: link, password: "quiet harbour lemon engine" }))
          .status,
        204,
      );
      assert.equal(
        (await uses("/api/passwords", { ticket: link, password: "quiet harbour lemon engine" }))
          .status,
        404,
      );
      assert.equal(
        (await uses("/api/sessions", { name: "Ana Mail", password: PASSWORD })).status,
        401,
      );
      assert.equal(
        (await uses("/api/sessions", { name: "Ana Mail", password: "quiet harbour lemon engine" }))
          .status,
        201,
      );
      await peer.to("ana@example.org", (read) => /password at .* was changed/.test(read.subject));
      assert.ok(
        !peer.took.some((mail) => mail.to.includes("cleo@example.org") && /reset#/.test(mail.raw)),
        "an address that was not proved gets no link",
      );
    });

    /* proves: REG-8b REG-8c */
    await t.test(
      "a change goes to the new address first, then the old one hears of it",
      async () => {
        const dan = await join_(port, "Dan Mail", "dan@example.org");
        await uses("/api/verifications", {
          ticket: await ticket(peer, "dan@example.org", "/verify"),
        });
        assert.equal(
          (await dan.send("PUT", "/api/me/email", { email: "dan@new.example" })).status,
          202,
        );
        const link = await ticket(peer, "dan@new.example", "/verify");
        assert.equal((await dan.send("GET", "/api/me")).json.email, "dan@example.org");
        const tampered = link.slice(0, -1) + (link.endsWith("A") ? "B" : "A");
        assert.equal((await uses("/api/verifications", { ticket: tampered })).status, 404);
        assert.deepEqual((await uses("/api/verifications", { ticket: link })).json, {
          changed: true,
        });
        assert.equal((await dan.send("GET", "/api/me")).json.email, "dan@new.example");
        const undo = await ticket(peer, "dan@example.org", "/undo");
        assert.ok(
          !peer.took.some((mail) => mail.to.includes("dan@new.example") && /undo#/.test(mail.raw)),
        );
        const undone = await uses("/api/undos", { ticket: undo });
        assert.equal(undone.status, 200);
        assert.equal((await dan.send("GET", "/api/me")).status, 401);
        assert.equal(
          (await uses("/api/sessions", { name: "Dan Mail", password: PASSWORD })).status,
          401,
        );
        assert.equal(
          (
            await uses("/api/passwords", {
              ticket: undone.json.ticket,
              password: "another harbour of lemons",
            })
          ).status,
          204,
        );
        assert.equal(
          (
            await dan.send("POST", "/api/sessions", {
              name: "Dan Mail",
              password: "another harbour of lemons",
            })
          ).status,
          201,
        );
        assert.equal((await dan.send("GET", "/api/me")).json.email, "dan@example.org");
        assert.equal((await uses("/api/undos", { ticket: undo })).status, 404);
      },
    );

    await t.test("mails speak the reader's language", async () => {
      await join_(port, "Edi Surat", "edi@example.org", { language: "id" });
      const mail = await peer.to("edi@example.org");
      assert.match(mail.read.subject, /konfirmasi alamat email/);
    });

    /* proves: REG-5b */
    await t.test("of two who reach for a name at the same moment one holds it", async () => {
      const two = [
        await join_(port, "Fajar Satu", "f1@example.org"),
        await join_(port, "Fajar Dua", "f2@example.org"),
      ];
      const got = await Promise.all(
        two.map((one) => one.send("POST", "/api/me/name/hold", { name: "Matahari" })),
      );
      assert.deepEqual(got.map((one) => one.status).sort(), [200, 409]);
      const winner = two[got.findIndex((one) => one.status === 200)];
      assert.equal((await winner.send("POST", "/api/me/name", {})).status, 204);
      assert.equal((await winner.send("GET", "/api/me")).json.avatar_name, "Matahari");
    });

    await t.test(
      "a closed account is nobody's, and is opened by who signs in and says so",
      async () => {
        const gita = await join_(port, "Gita Tutup", "gita@example.org");
        assert.equal((await gita.send("DELETE", "/api/me")).status, 200);
        const shut = await uses("/api/sessions", { name: "Gita Tutup", password: PASSWORD });
        assert.equal(shut.json.error.code, "sessions.closed");
        assert.equal(
          (await uses("/api/sessions", { name: "Gita Tutup", password: "wrong wrong wrong" }))
            .status,
          401,
        );
        assert.equal(
          (
            await gita.send("POST", "/api/sessions", {
              name: "Gita Tutup",
              password: PASSWORD,
              reopen: true,
            })
          ).status,
          201,
        );
        assert.equal((await gita.send("GET", "/api/me")).json.state, "active");
      },
    );
    await server.stop();
  });
}

/* Where an answer may name a country that the member did not choose, or is no member's. */
const OTHER_COUNTRIES = {
  "GET /api/site": "connection: a hint for the form, before anybody chose",
  "GET /api/sessions": "connection: where a session is, not where a member is from",
  "POST /api/accounts": "the choice itself",
  "POST /api/claims": "the choice itself, of the first administrator",
  "POST /api/guardians/waiting": "a child's choice, before there is a member",
  "POST /api/parents/open": "the same",
  "GET /api/me/parent": "what a parent's page shows; there is no parent here",
  "GET /api/staff/cases": "the same",
  "GET /api/staff/cases/{id}": "the same",
  "GET /api/staff/reports/{id}": "what was reported, as it was then",
  "GET /api/authorities": "where to complain, of every country",
  "GET /api/me/requests": "by whose laws it is answered: as it was when one asked",
  "GET /api/me/requests/{id}": "the same",
  "GET /api/staff/requests": "the same",
  "GET /api/staff/requests/{id}": "the same",
  "POST /api/requests/open": "the choice of somebody without an account",
};
/* Who reads each of the others. */
const countryPaths = (ana) => ({
  "GET /api/me": ["ana", "/api/me"],
  "GET /api/me/profile": ["ana", "/api/me/profile"],
  "GET /api/me/profile/preview": ["ana", "/api/me/profile/preview?by=friend"],
  "GET /api/people/{id}": ["friend", `/api/people/${ana.id}`],
});

/** Whether an answer of this shape can name a country: by that name, or among the fields of a profile. */
function namesCountry(document, schema, seen = new Set()) {
  if (!schema || seen.has(schema)) return false;
  seen.add(schema);
  const inner = (one) => namesCountry(document, one, seen);
  if (schema.$ref) return inner(document.components.schemas[schema.$ref.split("/").pop()]);
  const own = Object.entries(schema.properties ?? {});
  return (
    own.some(([name, one]) => name === "country" || name === "fields" || inner(one)) ||
    inner(schema.items) ||
    (schema.anyOf ?? []).some(inner)
  );
}

/** Every country that an answer names. */
function countriesIn(answer) {
  if (answer === null || typeof answer !== "object") return [];
  const own = answer.name === "country" ? [answer.value] : [];
  if ("country" in answer) own.push(answer.country);
  return [...own, ...Object.values(answer).flatMap(countriesIn)];
}

for (const [store, fresh] of STORES) {
  /* proves: PRO-2b */
  test(`the country that was chosen stands everywhere a member's country is shown, on ${store}`, async (t) => {
    const data = join(folder(t), "world");
    const mmdb = join(folder(t), "place.mmdb");
    execFileSync(join(root, "tests/support/mmdb.py"), [
      mmdb,
      JSON.stringify({
        "203.0.113.0/24": { country: { iso_code: "DE" }, city: { names: { en: "Kiel" } } },
        "198.51.100.0/24": { country_code: "GH", city: "Accra" },
      }),
    ]);
    const flags = fresh(t);
    assert.equal((await bauta("demo", "--data", data, ...flags)).code, 0);
    const server = await serve(data, {
      t,
      flags: [
        "--trusted-proxies",
        "127.0.0.1",
        "--place-db",
        mmdb,
        "--limit-scale",
        "1000",
        ...flags,
      ],
    });
    const from = (address) => ({ headers: { "x-forwarded-for": address } });
    const nobody = new Client(server.port);
    for (const [address, country] of [
      ["203.0.113.7", "DE"],
      ["198.51.100.7", "GH"],
    ]) {
      const site = await nobody.send("GET", "/api/site", undefined, from(address));
      assert.equal(site.json.country, country);
    }
    const ana = await join_(server.port, "Ana Negara", "ana@example.org", { country: "SE" });
    const friend = await join_(server.port, "Ben Negara", "ben@example.org", { country: "GH" });
    const [me, him] = [
      (await ana.send("GET", "/api/me")).json,
      (await friend.send("GET", "/api/me")).json,
    ];
    await ana.send("POST", "/api/friends/requests", { id: him.id });
    const accepted = await friend.send("POST", `/api/friends/requests/${me.id}/accept`);
    assert.equal(accepted.status, 200);
    const { version, fields } = (await ana.send("GET", "/api/me/profile")).json;
    const shown = fields.map((one) =>
      one.name === "country" ? { ...one, audience: "everyone" } : one,
    );
    const kept = await ana.send("PUT", "/api/me/profile", { version, fields: shown });
    assert.equal(kept.status, 200, JSON.stringify(kept.json));

    const document = (await ana.send("GET", "/api/openapi.json")).json;
    const naming = [];
    for (const [path, methods] of Object.entries(document.paths))
      for (const [method, row] of Object.entries(methods))
        for (const [status, one] of Object.entries(row.responses ?? {}))
          if (
            status < "300" &&
            namesCountry(document, one.content?.["application/json"]?.schema) &&
            !OTHER_COUNTRIES[`${method.toUpperCase()} ${path}`]
          )
            naming.push(`${method.toUpperCase()} ${path}`);
    const paths = countryPaths(me);
    assert.deepEqual(naming.sort(), Object.keys(paths).sort(), "each that names one is asked");

    const people = { ana, friend };
    const standsEverywhere = async (country) => {
      for (const [name, [who, path]] of Object.entries(paths))
        for (const address of ["203.0.113.7", "198.51.100.7", "127.0.0.1"]) {
          const got = await people[who].send("GET", path, undefined, from(address));
          assert.equal(got.status, 200, `${name} from ${address}`);
          assert.deepEqual(countriesIn(got.json), [country], `${name} from ${address}`);
        }
    };
    await standsEverywhere("SE");
    const changed = await ana.send("PATCH", "/api/me", { country: "ID" }, from("203.0.113.7"));
    assert.equal(changed.status, 204);
    await standsEverywhere("ID");
  });
}
