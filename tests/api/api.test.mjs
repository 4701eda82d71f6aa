// The api over real sockets, on both stores: what an outside program meets.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { spawnSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import http from "node:http";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { pagePaths } from "../../web/parts.mjs";
import {
  bauta,
  Client,
  folder,
  forProgram,
  program,
  root,
  serve,
  STORES,
} from "../support/server.mjs";

/** fetch hides too much: any method, any header, the raw answer. */
function raw(port, method, path, headers = {}, body = "") {
  return new Promise((done, failed) => {
    const request = http.request({ port, host: "127.0.0.1", method, path, headers }, (answer) => {
      let text = "";
      answer.on("data", (data) => (text += data));
      answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, text }));
    });
    request.on("error", failed);
    request.end(body);
  });
}
const json = { "content-type": "application/json" };
const code = (answer) => JSON.parse(answer.text).error.code;

for (const [store, fresh] of STORES) {
  test(`on ${store}`, async (t) => {
    const data = join(folder(t), "world");
    const flags = fresh(t);
    const made = await bauta("demo", "--data", data, ...flags);
    assert.equal(made.code, 0, made.err);
    const server = await serve(data, {
      t,
      flags: [...flags, "--limit-scale", "1000"],
    });
    const { port } = server;
    const ana = await Client.register(port, "Ana Sockets");

    await t.test("registering signs in by a cookie that scripts cannot read", async () => {
      const answer = await raw(
        port,
        "POST",
        "/api/accounts",
        json,
        JSON.stringify({
          avatar_name: "Ben Sockets",
          password: "grey tram over kelapa",
          email: "ben@example.org",
          birth_date: "1990-01-01",
          country: "ID",
          marketing: false,
        }),
      );
      assert.equal(answer.status, 201, answer.text);
      const cookie = answer.headers["set-cookie"][0];
      assert.match(cookie, /^bauta_session=[\w-]{43}; .*HttpOnly; SameSite=Lax/);
      const me = await raw(port, "GET", "/api/me", { cookie: cookie.split(";")[0] });
      assert.equal(JSON.parse(me.text).avatar_name, "Ben Sockets");
      const out = await raw(port, "DELETE", "/api/sessions/current", {
        cookie: cookie.split(";")[0],
      });
      assert.equal(out.status, 204);
      assert.equal(
        (await raw(port, "GET", "/api/me", { cookie: cookie.split(";")[0] })).status,
        401,
      );
    });

    await t.test(
      "every page of the client answers 200, and an address that leads nowhere 404",
      async () => {
        const listed = readFileSync(join(dirname(program), "web.files.p/web/pages.txt"), "utf8")
          .trim()
          .split("\n");
        const rows = await pagePaths();
        const whole = rows.map((row) => row.path).filter((path) => !path.endsWith("/:part"));
        assert.equal(whole.length, rows.length - 2);
        for (const path of [
          ...whole,
          "/settings/profile",
          "/settings/close",
          "/admin/people",
          "/admin/performance",
        ])
          assert.ok(listed.includes(path), path); // no page was forgotten
        for (const path of listed) {
          const there = path.replace(/:\w+/g, "nobody.by-this-name");
          const page = await raw(port, "GET", `${there}?a=b`);
          assert.equal(page.status, 200, there);
          assert.match(page.text, /^<!doctype html>/i, there);
          if (there !== "/")
            assert.equal((await raw(port, "GET", `${there}/not/there`)).status, 404, there);
        }
        for (const path of [
          "/nowhere-at-all",
          "/people",
          "/rooms/a/b",
          "/settings/nonsense",
          "/admin/nonsense",
          "/%F0%9F%98%80",
        ]) {
          const missing = await raw(port, "GET", path, { "if-none-match": "*" });
          assert.equal(missing.status, 404, path);
          assert.match(missing.text, /^<!doctype html>/i, path); // the client says so, in the reader's language
          assert.equal(missing.headers["cache-control"], "no-store", path);
          assert.equal(missing.headers.etag, undefined, path);
        }
        for (const path of ["/nowhere.js", "/a/gone.0123456789.js"])
          assert.equal(code(await raw(port, "GET", path)), "net.missing", path);
      },
    );

    await t.test(
      "without a source_url the site offers the tree that it was built from, with its changes",
      async () => {
        assert.equal(
          JSON.parse((await raw(port, "GET", "/api/site")).text).source_url,
          "/source.tar.gz",
        );
        const head = await raw(port, "HEAD", "/source.tar.gz");
        assert.equal(head.headers["content-type"], "application/gzip");
        assert.equal(head.headers["content-encoding"], undefined);
        const file = join(folder(t), "source.tar.gz");
        const answer = await fetch(`http://127.0.0.1:${port}/source.tar.gz`, {
          headers: { "accept-encoding": "br" },
        });
        writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
        assert.equal(statSync(file).size, Number(head.headers["content-length"]));
        const again = await raw(port, "GET", "/source.tar.gz", {
          "if-none-match": head.headers.etag,
        });
        assert.equal(again.status, 304);
        const said = (...words) =>
          spawnSync(words[0], words.slice(1), { encoding: "utf8", maxBuffer: 1 << 26, cwd: root });
        const held = said("tar", "tzf", file)
          .stdout.trim()
          .split("\n")
          .map((name) => name.replace(/^[^/]+\//, ""));
        assert.ok(held.includes("src/server/serve.c") && held.includes("README.md"));
        assert.ok(!held.some((name) => /^(build|world|node_modules)\b|world\.db/.test(name)));
      },
    );

    await t.test("a token that was taken back is refused at once", async () => {
      const other = await ana.send("POST", "/api/tokens", forProgram("other"), ana.browser);
      const bearer = { authorization: `Bearer ${other.json.token}` };
      assert.equal((await raw(port, "GET", "/api/me", bearer)).status, 200);
      assert.equal((await ana.send("DELETE", `/api/tokens/${other.json.id}`)).status, 204);
      const after = await raw(port, "GET", "/api/me", bearer);
      assert.equal(after.status, 401);
      assert.equal(code(after), "api.token");
    });

    await t.test("a repeated call with the same key acts once", async () => {
      const key = randomUUID();
      const room = {
        name: "Twice",
        scene: "cafe",
        language: "en",
        capacity: 5,
        visibility: "public",
      };
      const [first, second] = await Promise.all([
        ana.send("POST", "/api/rooms", room, { key }),
        ana.send("POST", "/api/rooms", room, { key }),
      ]);
      const third = await ana.send("POST", "/api/rooms", room, { key });
      const rooms = await ana.send("GET", "/api/rooms?search=Twice");
      assert.equal(rooms.json.items.length, 1, JSON.stringify([first, second, third]));
      const other = await ana.send("POST", "/api/rooms", { ...room, name: "Other" }, { key });
      assert.equal(other.status, 409);
      assert.equal(other.json.error.code, "input.idempotency");
    });

    await t.test("what is wrong is named", async () => {
      const no = await raw(
        port,
        "PATCH",
        "/api/rooms",
        { ...json, authorization: `Bearer ${ana.token}` },
        "{}",
      );
      assert.equal(no.status, 405);
      assert.match(no.headers.allow, /GET, HEAD, POST|POST, GET, HEAD/);
      assert.equal((await raw(port, "GET", "/api/nothing")).status, 404);
      assert.equal((await raw(port, "GET", "/api/rooms/%zz")).status, 400);
      const type = await raw(
        port,
        "POST",
        "/api/sessions",
        { "content-type": "text/plain", "x-bauta": "1" },
        "{}",
      );
      assert.equal(type.status, 415);
      const large = await raw(
        port,
        "POST",
        "/api/sessions",
        json,
        `{"name":"${"x".repeat(70000)}"}`,
      );
      assert.equal(large.status, 413);
      const field = await raw(
        port,
        "POST",
        "/api/sessions",
        json,
        '{"name":"a","password":"b","nmae":1}',
      );
      assert.equal(field.status, 400);
      assert.deepEqual(JSON.parse(field.text).error.field, "nmae");
    });

    await t.test("a foreign page cannot act with our cookie", async () => {
      const foreign = { ...json, origin: "https://evil.example" };
      const answer = await raw(
        port,
        "POST",
        "/api/sessions",
        foreign,
        '{"name":"a","password":"b"}',
      );
      assert.equal(answer.status, 403);
      assert.equal(code(answer), "api.csrf");
    });

    await t.test("the reader's language is spoken", async () => {
      const answer = await raw(port, "GET", "/api/nothing", { "accept-language": "fr, id;q=0.8" });
      assert.match(JSON.parse(answer.text).error.text, /Tidak ada/);
    });

    await t.test("every route of the document answers, and asks who it is", async () => {
      const document = JSON.parse((await raw(port, "GET", "/api/openapi.json")).text);
      assert.equal(document.openapi, "3.1.0");
      for (const [path, methods] of Object.entries(document.paths)) {
        for (const [method, row] of Object.entries(methods)) {
          if (row.security) continue; // open to anybody
          const at = path.replace(/\{\w+\}/g, "1");
          const answer = await raw(port, method.toUpperCase(), at, { "x-bauta": "1" });
          assert.equal(answer.status, 401, `${method} ${path}: ${answer.status}`);
        }
      }
    });
    await server.stop();
  });
}

test("the country of a connection is filled in from the file that ships, and only believed from a proxy", async (t) => {
  const data = join(folder(t), "world");
  const server = await serve(data, { t, flags: ["--trusted-proxies", "127.0.0.1"] });
  const from = async (address) =>
    JSON.parse((await raw(server.port, "GET", "/api/site", { "x-forwarded-for": address })).text)
      .country;
  assert.equal(await from("103.28.12.1"), "ID");
  assert.equal(await from("192.168.1.1"), null);
  const direct = await serve(join(folder(t), "world"), { t });
  assert.equal(
    JSON.parse(
      (await raw(direct.port, "GET", "/api/site", { "x-forwarded-for": "103.28.12.1" })).text,
    ).country,
    null,
  );
});
