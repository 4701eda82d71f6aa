// A parent's consent over real sockets, on both stores: the mail with the link, forms that are and
// are not what they say, and nothing left of a request that is over.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { crc32, png } from "../support/png.mjs";
import { smtpPeer } from "../peers/smtp.mjs";
import { bauta, Client, folder, serve, STORES, storesOf } from "../support/server.mjs";

const year = new Date().getFullYear();
const CHILD = { birth_date: `${year - 14}-01-05`, country: "DE", language: "en" };
const ANSWER = { account: true, chat: true, marketing: false, performance: false };

async function world(t, peer, store) {
  const data = join(folder(t), "world");
  const made = await bauta("demo", "--data", data, ...store);
  assert.equal(made.code, 0, made.err);
  const flags = ["--limit-scale", "1000", "--smtp-url", `smtp://127.0.0.1:${peer.port}`, ...store];
  return { data, flags, server: await serve(data, { t, flags }) };
}

/** A child asks; the parent's link comes by mail and by nothing else. */
async function ask(server, peer, name, parent) {
  const child = new Client(server.port);
  const asked = await child.send("POST", "/api/guardians", {
    ...CHILD,
    avatar_name: name,
    parent_email: parent,
  });
  assert.equal(asked.status, 201, JSON.stringify(asked.json));
  const mail = await peer.to(parent);
  const [, link] = mail.read.text.match(/\/parent#([\w-]{43})/);
  assert.ok(!JSON.stringify(asked.json).includes(link));
  return { child, link, mail, code: asked.json.code };
}

async function handIn(server, link, type, bytes) {
  const parent = new Client(server.port);
  const answered = await parent.send("POST", "/api/parents/answer", {
    link,
    ...ANSWER,
    method: "form",
  });
  assert.equal(answered.status, 200, JSON.stringify(answered.json));
  const answer = await fetch(
    `http://127.0.0.1:${server.port}/api/parents/form?ticket=${answered.json.upload}`,
    {
      method: "POST",
      headers: { "content-type": type, "x-bauta": "1" },
      body: bytes,
    },
  );
  return { status: answer.status, json: await answer.json(), ticket: answered.json.upload };
}

/** How a text could stand in a file. */
function shapes(text) {
  const plain = Buffer.from(text);
  const found = [
    plain,
    Buffer.from(text.toLowerCase()),
    Buffer.from(text.toUpperCase()),
    Buffer.from(text, "utf16le"),
    Buffer.from(plain.toString("hex")),
  ];
  for (let skip = 0; skip < 3; skip++)
    found.push(
      Buffer.from(
        plain.subarray(skip, skip + Math.floor((plain.length - skip) / 3) * 3).toString("base64"),
      ),
    );
  return found;
}

function* files(path) {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const at = join(path, entry.name);
    if (entry.isDirectory()) yield* files(at);
    else if (entry.isFile()) yield at;
  }
}

/** The files below a folder in which one of the marks stands, whatever its shape. */
function leaks(data, marks) {
  const wanted = marks.flatMap(shapes);
  return [...files(data)].filter((path) => {
    const bytes = readFileSync(path);
    return wanted.some((shape) => bytes.includes(shape));
  });
}

for (const [name, fresh] of STORES) {
  test(`on ${name}`, async (t) => {
    const peer = await smtpPeer(t);
    const { server } = await world(t, peer, fresh(t));

    await t.test(
      "the parent is asked by mail, in the child's language, and the link alone grants nothing",
      async () => {
        const { child, link, mail } = await ask(server, peer, "Rotkehlchen", "mutter@example.org");
        assert.match(mail.read.subject, /consent/);
        assert.match(mail.read.text, /Rotkehlchen/);
        assert.ok(!mail.raw.includes("List-Unsubscribe"), "a necessary mail");
        const opened = await new Client(server.port).send("POST", "/api/parents/open", { link });
        assert.equal(opened.json.state, "asked");
        assert.ok(opened.json.collected.length > 5);
        const joined = await child.send("POST", "/api/guardians/join", {
          password: "grey tram over kelapa",
          email: "kind@example.org",
          marketing: false,
        });
        assert.equal(joined.status, 409);
      },
    );

    await t.test("a link that is cut, changed or another's opens nothing", async () => {
      const { link } = await ask(server, peer, "Zaunkönig", "vater@example.org");
      const parent = new Client(server.port);
      for (const wrong of [
        link.slice(0, -1),
        `${link.slice(0, -1)}${link.endsWith("A") ? "B" : "A"}`,
        "x",
      ]) {
        const answer = await parent.send("POST", "/api/parents/open", { link: wrong });
        assert.equal(answer.status, 404);
        assert.equal(answer.json.error.code, "guardians.link");
      }
    });

    await t.test(
      "a form that is a picture is taken, once a ticket; what it is not is refused",
      async () => {
        const { child, link } = await ask(server, peer, "Goldammer", "eltern@example.org");
        const text = await handIn(
          server,
          link,
          "image/png",
          Buffer.from("this is no picture at all"),
        );
        assert.equal(text.status, 400, JSON.stringify(text.json));
        assert.match(text.json.error.code, /^sandbox\./);
        const good = png(200, 280);
        const cut = await handIn(server, link, "image/png", good.subarray(0, good.length / 2));
        assert.equal(cut.status, 400, JSON.stringify(cut.json));
        const script = await handIn(
          server,
          link,
          "application/pdf",
          Buffer.from("%PDF-1.7\nnothing follows"),
        );
        assert.equal(script.status, 400, JSON.stringify(script.json));
        const type = await handIn(server, link, "text/html", Buffer.from("<b>x</b>"));
        assert.equal(type.status, 415);
        const large = await handIn(server, link, "image/png", Buffer.alloc(5 * 1024 * 1024 + 1));
        assert.equal(large.status, 413);
        const before = await child.send("POST", "/api/guardians/waiting", {});
        assert.equal(before.json.state, "asked");
        const taken = await handIn(server, link, "image/png", good);
        assert.equal(taken.status, 200, JSON.stringify(taken.json));
        assert.equal(taken.json.pages, 1);
        const after = await child.send("POST", "/api/guardians/waiting", {});
        assert.equal(after.json.state, "proving");
        const again = await fetch(
          `http://127.0.0.1:${server.port}/api/parents/form?ticket=${taken.ticket}`,
          {
            method: "POST",
            headers: { "content-type": "image/png", "x-bauta": "1" },
            body: good,
          },
        );
        assert.equal(again.status, 404, "a ticket is used up");
      },
    );

    await t.test("a code brings the child back on another device, dashes or not", async () => {
      const { code } = await ask(server, peer, "Haubenmeise", "oma@example.org");
      const other = new Client(server.port);
      const typed = code.match(/.{4}/g).join("-").toUpperCase();
      const found = await other.send("POST", "/api/guardians/waiting", { code: typed });
      assert.equal(found.json.avatar_name, "Haubenmeise");
      assert.match(other.cookie, /bauta_claim/);
      assert.equal(
        (await other.send("POST", "/api/guardians/waiting", { code: "abcd" })).status,
        404,
      );
    });

    await t.test("every route of officers is closed to members and nobody", async () => {
      const ana = await Client.register(server.port, "Ana Member");
      const id = "a".repeat(26);
      for (const [method, path, body] of [
        ["GET", "/api/staff/cases"],
        ["GET", `/api/staff/cases/${id}`],
        ["GET", `/api/staff/cases/${id}/pages/1`],
        ["POST", `/api/staff/cases/${id}/decision`, { grant: true, answered_ms: 1, reason: "x" }],
        ["GET", "/api/admin/staff"],
        ["POST", "/api/admin/staff", { avatar_name: "Ana Member", role: "moderator" }],
        ["DELETE", `/api/admin/staff/${id}/moderator`],
        ["GET", "/api/admin/log"],
      ]) {
        assert.equal((await ana.send(method, path, body)).status, 403, `${method} ${path}`);
        assert.equal(
          (await new Client(server.port).send(method, path, body)).status,
          401,
          `${method} ${path}`,
        );
      }
    });
    await server.stop();
  });
}

test("of a request that a parent refused no byte is left in any file", async (t) => {
  const peer = await smtpPeer(t);
  const { data, flags, server } = await world(t, peer, []);
  const marks = ["Eisvogelmarke", "MutterMarke@example.org", CHILD.birth_date];
  const { child, link, code } = await ask(server, peer, marks[0], marks[1].replace("M", "m"));
  const taken = await handIn(server, link, "image/png", png(120, 160, marks[0]));
  assert.equal(taken.status, 200, JSON.stringify(taken.json));
  assert.ok(Object.values(storesOf(data)).every(Boolean), "an upload leaves no file of its own");
  assert.ok(leaks(data, [marks[0]]).length > 0, "the search sees the name while it is held");
  assert.deepEqual(leaks(data, marks.slice(1)), [], "address and birth date are sealed");
  assert.equal(
    (await new Client(server.port).send("POST", "/api/parents/end", { link })).status,
    204,
  );
  assert.equal((await child.send("POST", "/api/guardians/waiting", {})).json.state, "none");
  await server.stop();
  const next = await serve(data, { t, flags }); // what a job had not done yet, it does now
  await next.stop();
  assert.deepEqual(leaks(data, [...marks, link, code]), []);
});

test("the search for marks finds each shape", () => {
  const text = "Eisvogelmarke";
  for (const shape of shapes(text)) assert.ok(shape.length >= 12, shape.toString());
  assert.equal(crc32(Buffer.from("123456789")), 0xcbf43926);
});
