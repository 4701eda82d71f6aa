// Passkeys over sockets, with a device made of Node's own keys: whom a browser cannot be told to
// imitate, a program can.
import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import test from "node:test";
import { cityFile, Client, demo, serve } from "../support/server.mjs";

const text64 = (bytes) => Buffer.from(bytes).toString("base64url");
const sha256 = (bytes) => createHash("sha256").update(bytes).digest();

/** An ES256 passkey, and the browser around it. */
class Device {
  constructor(origin) {
    this.origin = origin;
    this.id = randomBytes(24);
    this.count = 0;
    this.keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  }

  client(type, challenge) {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.origin }));
  }

  data(site, made) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.count);
    const head = Buffer.concat([sha256(site), Buffer.from([made ? 0x45 : 0x05]), count]);
    if (!made) return head;
    const { x, y } = this.keys.publicKey.export({ format: "jwk" });
    return Buffer.concat([
      head,
      Buffer.alloc(16),
      Buffer.from([0, this.id.length]),
      this.id,
      Buffer.from("a5010203262001215820", "hex"),
      Buffer.from(x, "base64url"),
      Buffer.from("225820", "hex"),
      Buffer.from(y, "base64url"),
    ]);
  }

  make({ challenge, site, user }) {
    this.user = user;
    const data = this.data(site, true);
    const object = Buffer.concat([
      Buffer.from("a363666d74646e6f6e656761747453746d74a068617574684461746158", "hex"),
      Buffer.from([data.length]),
      data,
    ]);
    return {
      client_data: text64(this.client("webauthn.create", challenge)),
      attestation: text64(object),
      label: "Node",
    };
  }

  prove({ challenge, site }) {
    const client = this.client("webauthn.get", challenge);
    const data = this.data(site, false);
    const signed = Buffer.concat([data, sha256(client)]);
    return {
      id: text64(this.id),
      client_data: text64(client),
      auth_data: text64(data),
      signature: text64(sign("sha256", signed, this.keys.privateKey)),
      user: this.user,
    };
  }
}

async function registers(server, name) {
  const client = new Client(server.port);
  const send = async (path, body, method = "POST") => {
    const answer = await fetch(`${server.url}${path}`, {
      method,
      headers: { "x-bauta": "1", "content-type": "application/json", cookie: client.cookie },
      body: body && JSON.stringify(body),
    });
    const set = answer.headers.get("set-cookie");
    if (set) client.cookie = set.split(";")[0];
    const text = await answer.text();
    return { status: answer.status, json: text ? JSON.parse(text) : undefined, text };
  };
  const device = new Device(server.url);
  const options = await send("/api/accounts/passkey/options");
  assert.equal(options.status, 200, options.text);
  assert.equal(options.json.site, "localhost");
  const made = await send("/api/accounts", {
    avatar_name: name,
    passkey: device.make(options.json),
    email: "kunci@example.org",
    birth_date: "1990-01-01",
    country: "ID",
    marketing: false,
  });
  assert.equal(made.status, 201, made.text);
  return { device, send };
}

test("a program with keys of its own registers, signs in, and is refused in one way", async (t) => {
  const server = await serve(await demo(t), { t });
  const { device, send } = await registers(server, "Kunci Node");
  const signIn = async (change = (proof) => proof) => {
    const { json } = await send("/api/sessions/passkey/options");
    return await send("/api/sessions/passkey", { passkey: change(device.prove(json)) });
  };
  assert.equal((await signIn()).status, 201);

  const other = new Device(server.url);
  const wrong = {
    "another key": (proof) => ({
      ...proof,
      signature: other.prove({ challenge: "", site: "" }).signature,
    }),
    "an unknown passkey": (proof) => ({ ...proof, id: text64(other.id) }),
    "another owner": (proof) => ({ ...proof, user: text64(randomBytes(32)) }),
    "no owner": ({ user: _, ...proof }) => proof,
    "no signature of that form": (proof) => ({ ...proof, signature: "AAAA" }),
    "not base64url": (proof) => ({ ...proof, auth_data: "!!!!" }),
    "client data of another page": (proof) => ({
      ...proof,
      client_data: text64(
        Buffer.from(proof.client_data, "base64url").toString().replace("localhost", "evil.example"),
      ),
    }),
  };
  const answers = new Set();
  for (const [what, change] of Object.entries(wrong)) {
    const { status, text } = await signIn(change);
    assert.equal(status, 403, what);
    answers.add(text);
  }
  // Signed as it should be, for a page elsewhere that passes our challenge on.
  for (const [origin, site] of [
    ["http://localhost.evil.example", "localhost"],
    ["http://localhost:1", "localhost"],
    [server.url, "evil.example"],
  ]) {
    const { json } = await send("/api/sessions/passkey/options");
    device.origin = origin;
    const passkey = device.prove({ ...json, site });
    device.origin = server.url;
    const { status, text } = await send("/api/sessions/passkey", { passkey });
    assert.equal(status, 403, `${origin} ${site}`);
    answers.add(text);
  }
  assert.equal((await signIn()).status, 201);
  assert.deepEqual(answers.size, 1, "one and the same refusal");
  assert.match([...answers][0], /passkeys\.refused/);

  const { json } = await send("/api/sessions/passkey/options");
  const proof = device.prove(json);
  const both = await Promise.all([
    send("/api/sessions/passkey", { passkey: proof }),
    send("/api/sessions/passkey", { passkey: proof }),
  ]);
  assert.deepEqual(both.map((one) => one.status).sort(), [201, 403], "one proof, one session");
});

test("a session begun by a passkey knows its town", async (t) => {
  const server = await serve(await demo(t), { t, flags: ["--place-db", cityFile(t)] });
  const { device, send } = await registers(server, "Kunci Kota");
  const { json } = await send("/api/sessions/passkey/options");
  assert.equal((await send("/api/sessions/passkey", { passkey: device.prove(json) })).status, 201);
  const { items } = (await send("/api/sessions", undefined, "GET")).json;
  const [now] = items.filter((one) => one.current);
  assert.equal(now.proof, "passkey");
  assert.equal(now.town, "Bandung, West Java");
});

test("at an address of numbers there are no passkeys", async (t) => {
  const server = await serve(await demo(t), { t });
  const { status, json } = await new Client(server.port).send(
    "POST",
    "/api/sessions/passkey/options",
  );
  assert.equal(status, 403);
  assert.equal(json.error.code, "passkeys.no_place");
});
