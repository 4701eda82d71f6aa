// Notices and Web Push over real sockets: equal counts, sealed pushes to a service on this machine.
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { claims, open, Service, subscribe } from "../peers/push.mjs";
import { bauta, Client, folder, serve, STORES } from "../support/server.mjs";
import { Socket } from "../support/socket.mjs";

const FLAGS = ["--limit-scale", "1000", "--outbound-loopback", "yes"];
const PASSWORD = "grey tram over kelapa";
const TOLD = (message) => message.t === "notices";

async function start(t, store) {
  const data = join(folder(t), "world");
  const made = await bauta("demo", "--data", data, ...store);
  assert.equal(made.code, 0, made.err);
  return {
    data,
    flags: [...FLAGS, ...store],
    server: await serve(data, { t, flags: [...FLAGS, ...store] }),
  };
}

const come = (client) =>
  Socket.open(client.port, "/api/live", { authorization: `Bearer ${client.token}` });
/** A member who has read what there is: that a token was made is a notice, too. */
async function joins(port, name) {
  const client = await Client.register(port, name);
  assert.equal((await client.send("POST", "/api/notices/read", {})).status, 204);
  return client;
}
const counted = async (client) => (await client.send("GET", "/api/notices/count")).json.unread;
/* A device that the account does not know makes a notice. */
const signInElsewhere = async (port, name) =>
  assert.equal(
    (await new Client(port).send("POST", "/api/sessions", { name, password: PASSWORD })).status,
    201,
  );

async function listens(client, service, path) {
  const browser = await subscribe(service.origin + path);
  const put = await client.send("POST", "/api/push", browser.wish, client.browser);
  assert.equal(put.status, 204, JSON.stringify(put.json));
  return browser;
}
const here = async (client) => {
  const told = await client.send("GET", "/api/me/notices", undefined, client.browser);
  return told.json.here;
};
/* The pusher says so by settling: asked again until it did. */
async function until(what) {
  while (!(await what())) await new Promise((go) => setImmediate(go));
}

for (const [name, fresh] of STORES) {
  test(`notices and pushes on ${name}`, async (t) => {
    const world = await start(t, fresh(t));
    const { server } = world;
    const service = await new Service().start();
    t.after(() => service.stop());
    const ana = await joins(server.port, "Anna Push");

    await t.test("every device is told at once and counts the same", async () => {
      const sockets = [await come(ana), await come(ana)];
      for (const socket of sockets) await socket.until((m) => m.t === "hello");
      const other = await Client.register(server.port, "Cleo Push");
      const stranger = await come(other);
      await stranger.until((m) => m.t === "hello");
      await signInElsewhere(server.port, "Anna Push");
      await Promise.all(sockets.map((socket) => socket.until(TOLD)));
      assert.equal(await counted(ana), 1);
      const page = (await ana.send("GET", "/api/notices")).json;
      assert.equal(page.unread, 1);
      assert.deepEqual(
        [page.items[0].kind, page.items[0].path],
        ["sessions.new_device", "/settings/sign-in"],
      );
      for (const socket of sockets) socket.seen.length = 0;
      assert.equal(
        (await ana.send("POST", "/api/notices/read", { up_to: page.items[0].id })).status,
        204,
      );
      await Promise.all(sockets.map((socket) => socket.until(TOLD)));
      assert.equal(await counted(ana), 0);
      stranger.send({ t: "ping", n: 1 });
      await stranger.until((m) => m.t === "pong");
      assert.equal(stranger.seen.filter(TOLD).length, 0, "nobody else is told");
      for (const socket of [...sockets, stranger]) socket.end();
    });

    await t.test("a push opens in the browser it is for, and is signed by the site", async () => {
      const { key } = (await ana.send("GET", "/api/push/key")).json;
      const browser = await listens(ana, service, "/a");
      assert.equal(await here(ana), true);
      await signInElsewhere(server.port, "Anna Push");
      const { headers, body } = await service.next("/a");
      const pushed = await open(body, browser);
      assert.deepEqual(
        { ...pushed, title: undefined, tag: undefined },
        {
          title: undefined,
          text: "A new device signed in to your account. Was it you?",
          path: "/settings/sign-in",
          tag: undefined,
          language: "en",
        },
      );
      assert.equal(headers["content-encoding"], "aes128gcm");
      assert.ok(Number(headers.ttl) > 0 && /^[\w-]{1,32}$/.test(headers.topic));
      assert.equal(headers.topic, pushed.tag);
      assert.ok(!body.toString("latin1").includes("Anna"));
      const said = await claims(headers.authorization, key);
      assert.equal(said.aud, service.origin);
      assert.ok(said.exp * 1000 > Date.now() && said.exp * 1000 < Date.now() + 86_400_000);
      assert.match(said.sub, /^(mailto:|https?:)/);
      await assert.rejects(open(body, await subscribe(service.origin)), "nobody else can read it");
    });

    await t.test("a test comes at once; a browser that is gone is forgotten", async () => {
      const browser = await listens(ana, service, "/b");
      assert.equal((await ana.send("POST", "/api/push/test", undefined, ana.browser)).status, 202);
      assert.equal((await open((await service.next("/b")).body, browser)).always, true);
      service.answers = (answer) => answer.writeHead(410).end();
      assert.equal((await ana.send("POST", "/api/push/test", undefined, ana.browser)).status, 202);
      await service.next("/b");
      await until(async () => !(await here(ana)));
      assert.equal((await ana.send("POST", "/api/push/test", undefined, ana.browser)).status, 404);
    });

    await t.test("a service that lies, floods or is silent holds up nothing", async () => {
      const held = [];
      const flood = (answer) => {
        answer.writeHead(200, { "content-type": "text/html" });
        answer.write(Buffer.alloc(8 * 1024 * 1024));
      };
      for (const [path, answers] of [
        [
          "/lies",
          (answer) => answer.writeHead(302, { location: "http://127.0.0.1:1/" }).end("<html>"),
        ],
        ["/floods", flood],
        ["/silent", (answer) => held.push(answer)],
      ]) {
        service.answers = answers;
        await listens(ana, service, path);
        assert.equal(
          (await ana.send("POST", "/api/push/test", undefined, ana.browser)).status,
          202,
        );
        await service.next(path);
        const asked = performance.now();
        assert.equal((await ana.send("POST", "/api/notices/read", {})).status, 204);
        assert.ok(performance.now() - asked < 4500, "a call waits for no push service");
      }
      assert.equal(await here(ana), true);
      held.forEach((answer) => answer.writeHead(201).end());
      service.answers = (answer) => answer.writeHead(201).end();
    });

    await t.test("signing out ends it, and a token cannot ask for it", async () => {
      const { wish } = await subscribe(`${service.origin}/c`);
      assert.equal((await ana.send("POST", "/api/push", wish)).status, 403);
      assert.equal(
        (
          await ana.send(
            "POST",
            "/api/push",
            { ...wish, endpoint: "https://example.org/x" },
            ana.browser,
          )
        ).status,
        400,
      );
      const ben = await Client.register(server.port, "Ben Push");
      await listens(ben, service, "/c");
      assert.equal((await ben.send("GET", "/api/me/notices")).json.devices, 1);
      assert.equal(
        (await ben.send("DELETE", "/api/sessions/current", undefined, ben.browser)).status,
        204,
      );
      assert.equal((await ben.send("GET", "/api/me/notices")).json.devices, 0);
    });

    await t.test("what was posted before kill -9 is pushed after it", async (t) => {
      const cleo = await joins(server.port, "Dora Push");
      const browser = await listens(cleo, service, "/d");
      await signInElsewhere(server.port, "Dora Push");
      await server.kill();
      assert.equal(
        service.got.filter((one) => one.path === "/d").length,
        0,
        "it waits two seconds",
      );
      const again = await serve(world.data, { t, port: server.port, flags: world.flags });
      const pushed = await open((await service.next("/d")).body, browser);
      assert.equal(pushed.path, "/settings/sign-in");
      assert.equal(await counted(cleo), 1);
      await again.stop();
    });
  });
}
