// A push service and a browser, as they are on the other side: RFC 8030's address, RFC 8291 and
// RFC 8188 undone with WebCrypto, RFC 8292's signature checked. Shares no code with the server.
import { once } from "node:events";
import { createServer } from "node:http";
import { webcrypto } from "node:crypto";

const { subtle } = webcrypto;
const ascii = (text) => new TextEncoder().encode(text);
const join = (...parts) => new Uint8Array(Buffer.concat(parts));

/** A browser's keys, and what PushSubscription.toJSON() would say of them. */
export async function subscribe(endpoint) {
  const pair = await subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, [
    "deriveBits",
  ]);
  const point = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
  const auth = webcrypto.getRandomValues(new Uint8Array(16));
  const text = (bytes) => Buffer.from(bytes).toString("base64url");
  return { wish: { endpoint, p256dh: text(point), auth: text(auth) }, pair, point, auth };
}

async function hkdf(salt, ikm, info, bytes) {
  const key = await subtle.importKey("raw", ikm, "HKDF", false, ["deriveBits"]);
  return new Uint8Array(
    await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info }, key, bytes * 8),
  );
}

/** The JSON that the server sent to this browser. */
export async function open(body, { pair, point, auth }) {
  const salt = body.subarray(0, 16);
  const keyLen = body[20];
  const sender = body.subarray(21, 21 + keyLen);
  const theirs = await subtle.importKey(
    "raw",
    sender,
    { name: "ECDH", namedCurve: "P-256" },
    false,
    [],
  );
  const shared = new Uint8Array(
    await subtle.deriveBits({ name: "ECDH", public: theirs }, pair.privateKey, 256),
  );
  const ikm = await hkdf(auth, shared, join(ascii("WebPush: info\0"), point, sender), 32);
  const key = await hkdf(salt, ikm, ascii("Content-Encoding: aes128gcm\0"), 16);
  const nonce = await hkdf(salt, ikm, ascii("Content-Encoding: nonce\0"), 12);
  const aes = await subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  const plain = Buffer.from(
    await subtle.decrypt({ name: "AES-GCM", iv: nonce }, aes, body.subarray(21 + keyLen)),
  );
  const end = plain.lastIndexOf(2); // the padding is zeros
  if (plain.subarray(end + 1).some((byte) => byte !== 0)) throw new Error("padding that is none");
  return JSON.parse(plain.subarray(0, end).toString("utf8"));
}

/** The claims of `Authorization: vapid t=…, k=…`, when `key` signed them; else it throws. */
export async function claims(authorization, key) {
  const [, head, body, signature, sender] =
    /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(authorization);
  if (sender !== key) throw new Error("signed by somebody else");
  const point = await subtle.importKey(
    "raw",
    Buffer.from(key, "base64url"),
    { name: "ECDSA", namedCurve: "P-256" },
    false,
    ["verify"],
  );
  const good = await subtle.verify(
    { name: "ECDSA", hash: "SHA-256" },
    point,
    Buffer.from(signature, "base64url"),
    ascii(`${head}.${body}`),
  );
  if (!good) throw new Error("a signature that does not fit");
  const read = (text) => JSON.parse(Buffer.from(text, "base64url").toString());
  if (read(head).alg !== "ES256") throw new Error(`alg ${read(head).alg}`);
  return read(body);
}

/** Takes what is sent to it; `answers` says how. */
export class Service {
  constructor() {
    this.got = [];
    this.waiting = [];
    this.answers = (answer) => answer.writeHead(201).end();
    this.server = createServer((request, answer) => {
      const parts = [];
      request.on("data", (part) => parts.push(part));
      request.on("end", () => {
        this.got.push({ path: request.url, headers: request.headers, body: Buffer.concat(parts) });
        this.waiting.splice(0).forEach((go) => go());
        this.answers(answer);
      });
    });
  }

  async start() {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    this.origin = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  stop() {
    this.server.close();
    this.server.closeAllConnections?.();
  }

  /** The next that came to this path. */
  async next(path) {
    for (;;) {
      const at = this.got.findIndex((one) => one.path === path);
      if (at >= 0) return this.got.splice(at, 1)[0];
      await new Promise((go) => this.waiting.push(go));
    }
  }
}
