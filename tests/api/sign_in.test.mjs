// Signing in over real sockets, on both stores: cookies, two steps, devices and their places, a flood.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bauta, cityFile, Client, folder, forProgram, serve, STORES } from "../support/server.mjs";
import { Socket } from "../support/socket.mjs";

const PASSWORD = "grey tram over kelapa";

/** RFC 6238 with the test's own hands. */
function codeOf(secret, at = Date.now()) {
  const bits = [...secret]
    .map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0"))
    .join("");
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30000)));
  const mac = createHmac("sha1", Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2))))
    .update(step)
    .digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1e6).padStart(6, "0");
}

/** A browser: keeps each cookie that it is given. */
class Browser extends Client {
  jar = new Map();

  async ask(method, path, body) {
    this.cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await this.send(method, path, body);
    this.set = (answer.headers.get("set-cookie") ?? "").split(/, (?=bauta_)/).filter(Boolean);
    for (const one of this.set) {
      const [, name, value] = /^(\w+)=([^;]*)/.exec(one);
      if (/Max-Age=0/.test(one)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return answer;
  }

  static async registers(port, name) {
    const browser = new Browser(port);
    const made = await browser.ask("POST", "/api/accounts", {
      avatar_name: name,
      password: PASSWORD,
      email: `${name.toLowerCase()}@example.org`,
      birth_date: "1990-01-01",
      country: "ID",
      marketing: false,
    });
    assert.equal(made.status, 201, JSON.stringify(made.json));
    return browser;
  }

  signIn(name, password = PASSWORD) {
    return this.ask("POST", "/api/sessions", { name, password });
  }
}

const code = (answer) => answer.json?.error?.code;

for (const [store, fresh] of STORES) {
  test(`signing in on ${store}`, async (t) => {
    const data = join(folder(t), "world");
    const flags = fresh(t);
    const made = await bauta("demo", "--data", data, ...flags);
    assert.equal(made.code, 0, made.err);
    const server = await serve(data, {
      t,
      flags: [...flags, "--limit-scale", "1000", "--hashers", "1", "--place-db", cityFile(t)],
    });
    const { port } = server;
    const kartika = await Browser.registers(port, "Kartika");

    await t.test(
      "a device gets a cookie of its own that scripts cannot read and that outlives the session",
      async () => {
        const device = kartika.set.find((one) => one.startsWith("bauta_device="));
        assert.match(device, /HttpOnly/);
        assert.match(device, /SameSite=Lax/);
        assert.match(device, /Max-Age=31536000/);
        const kept = kartika.jar.get("bauta_device");
        await kartika.ask("DELETE", "/api/sessions/current");
        assert.equal(kartika.jar.has("bauta_session"), false);
        assert.equal((await kartika.signIn("Kartika")).status, 201);
        assert.equal(kartika.jar.get("bauta_device"), kept);
      },
    );

    // proves: REG-7d
    await t.test(
      "sessions say device, town and proof, and end with what they have open; the town is sealed where it is stored",
      async () => {
        const other = new Browser(port);
        assert.equal((await other.signIn("kartika")).status, 201);
        const { items } = (await kartika.ask("GET", "/api/sessions")).json;
        assert.equal(items.length, 2);
        for (const one of items) {
          assert.equal(one.town, "Bandung, West Java");
          assert.equal(one.country, "ID");
          assert.equal(one.proof, "password");
        }
        assert.equal(items.filter((one) => one.current).length, 1);
        const stranger = items.find((one) => !one.current);
        const mallory = await Browser.registers(port, `Mallory${store.slice(0, 3)}`);
        assert.equal((await mallory.ask("DELETE", `/api/sessions/${stranger.id}`)).status, 404);
        const cookie = [...other.jar].map((pair) => pair.join("=")).join("; ");
        const socket = await Socket.open(port, "/api/live", { cookie, origin: server.url });
        await socket.until((message) => message.t === "hello");
        const closed = new Promise((done) => socket.on("gone", done));
        assert.equal((await kartika.ask("DELETE", `/api/sessions/${stranger.id}`)).status, 204);
        await closed;
        assert.equal((await other.ask("GET", "/api/me")).status, 401);
        if (store === "SQLite")
          for (const file of readdirSync(data).filter((name) => name.startsWith("world.db")))
            assert.equal(readFileSync(join(data, file)).includes("Bandung"), false, file);
      },
    );

    await t.test("two steps: no session before the second one, and each code once", async () => {
      const app = (await kartika.ask("POST", "/api/factors/app")).json;
      assert.equal(new URL(app.uri).searchParams.get("secret"), app.secret);
      const used = codeOf(app.secret);
      const on = await kartika.ask("POST", "/api/factors/app/confirm", { code: used });
      assert.equal(on.status, 200, JSON.stringify(on.json));
      const other = new Browser(port);
      const first = await other.signIn("Kartika");
      assert.equal(first.status, 201);
      assert.deepEqual(first.json.ways.split(" "), ["code", "recovery"]);
      assert.equal(other.jar.size, 0);
      const wrong = await other.ask("POST", "/api/sessions/second", {
        ticket: first.json.ticket,
        code: used,
      });
      assert.equal(code(wrong), "factors.wrong"); // it was used to switch on
      const recovery = on.json.codes[0].code;
      const both = await Promise.all(
        [1, 2, 3].map(() =>
          new Browser(port).ask("POST", "/api/sessions/second", {
            ticket: first.json.ticket,
            recovery,
          }),
        ),
      );
      assert.equal(both.filter((one) => one.status === 201).length, 1);
      for (const refused of both.filter((one) => one.status !== 201))
        assert.ok(["factors.wrong", "tickets.gone"].includes(code(refused)), code(refused));
    });

    await t.test(
      "a proof is asked of browsers, and a program with a token is refused",
      async () => {
        const token = (await kartika.ask("POST", "/api/tokens", forProgram("bot"))).json.token;
        const program = new Client(port, token);
        assert.equal(code(await program.send("DELETE", "/api/factors")), "api.no_token");
        assert.equal(
          code(await program.send("POST", "/api/sessions/current/proof", { password: PASSWORD })),
          "api.no_token",
        );
        assert.equal((await new Client(port).send("GET", "/api/factors")).status, 401);
        const ways = (await kartika.ask("GET", "/api/sessions/current/proof")).json.ways.split(" ");
        assert.deepEqual(ways, ["code", "password", "recovery"]);
      },
    );

    await t.test(
      "a flood of sign-ins waits in a short queue or is sent away; other calls go on",
      async () => {
        const statuses = new Map();
        const flood = Array.from({ length: 60 }, async () => {
          const answer = await new Client(port).send("POST", "/api/sessions", {
            name: "Nobody Here",
            password: PASSWORD,
          });
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
          if (answer.status === 503) assert.ok(Number(answer.headers.get("retry-after")) > 0);
        });
        assert.equal((await new Client(port).send("GET", "/api/site")).status, 200);
        await Promise.all(flood);
        assert.deepEqual([...statuses.keys()].sort(), [401, 503]);
      },
    );

    await t.test("signing out everywhere ends every session, this one too", async () => {
      assert.equal((await kartika.ask("DELETE", "/api/sessions/everywhere")).status, 204);
      assert.equal(kartika.jar.has("bauta_session"), false);
      assert.equal((await kartika.ask("GET", "/api/me")).status, 401);
    });
  });
}
