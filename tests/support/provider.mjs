// Sign-in providers for tests: the real oidc-provider, and one of our own that lies as it is told.
import assert from "node:assert/strict";
import { generateKeyPairSync, createHmac, createHash, sign, randomBytes } from "node:crypto";
import { chmodSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cookiesOf, root } from "./server.mjs";

const require = createRequire(join(root, "tests/peers/package.json"));

async function listen(handler) {
  const server = http.createServer(handler);
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const close = () =>
    new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    });
  return { server, port: server.address().port, close };
}

/** The operator's file, as it must be. */
export function providersFile(path, providers, mode = 0o600) {
  writeFileSync(path, typeof providers === "string" ? providers : JSON.stringify({ providers }));
  chmodSync(path, mode);
  return path;
}

const b64 = (data) => Buffer.from(data).toString("base64url");

function newKey(kid) {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = { ...pair.publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
  return { kid, jwk, ...pair };
}

/**
 * A provider of our own.  `say` changes what it answers:
 *   claims, header   functions that change the ID token before it is signed
 *   key              signs with this key instead
 *   signed           function (text, provider) -> signature, instead of a right one
 *   discovery, token, jwks   functions (answer, request) -> true when they answered themselves
 */
export class Liar {
  static async start() {
    const liar = new Liar();
    Object.assign(liar, await listen((request, answer) => liar.#answer(request, answer)));
    liar.issuer = `http://localhost:${liar.port}`;
    return liar;
  }

  constructor() {
    this.asked = [];
    this.keys = [newKey("first")];
    this.subject = "liar-subject-1";
    this.say = {};
    this.codes = new Map();
  }

  /** The row of the operator's file. */
  row(more = {}) {
    return {
      id: "liar",
      name: "Liar",
      issuer: this.issuer,
      client_id: "bauta",
      client_secret: "s3cret/+ %",
      ...more,
    };
  }

  /** What a browser would bring back from the authorization endpoint. */
  agree(url) {
    const query = new URL(url).searchParams;
    const code = randomBytes(16).toString("hex");
    this.codes.set(code, Object.fromEntries(query));
    return { state: query.get("state"), code, iss: this.issuer };
  }

  rotate() {
    this.keys = [newKey(`key-${randomBytes(4).toString("hex")}`)];
  }

  #answer(request, answer) {
    this.asked.push(`${request.method} ${request.url}`);
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      if (request.url === "/.well-known/openid-configuration") this.#discovery(answer, request);
      else if (request.url === "/keys") this.#keys(answer, request);
      else if (request.url === "/token") this.#token(answer, request, new URLSearchParams(body));
      else answer.writeHead(404).end();
    });
  }

  json(answer, value, status = 200) {
    answer.writeHead(status, { "content-type": "application/json" });
    answer.end(typeof value === "string" ? value : JSON.stringify(value));
  }

  #discovery(answer, request) {
    if (this.say.discovery?.(answer, request)) return;
    this.json(answer, {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/authorize?tenant=1`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/keys`,
      authorization_response_iss_parameter_supported: true,
    });
  }

  #keys(answer, request) {
    if (this.say.jwks?.(answer, request)) return;
    this.json(answer, { keys: this.keys.map((key) => key.jwk) });
  }

  #token(answer, request, form) {
    if (this.say.token?.(answer, request)) return;
    const code = this.codes.get(form.get("code"));
    this.codes.delete(form.get("code"));
    const encode = (text) =>
      encodeURIComponent(text).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16));
    const wanted = "Basic " + Buffer.from(`bauta:${encode("s3cret/+ %")}`).toString("base64");
    const challenge = createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    const good =
      code &&
      request.headers.authorization === wanted &&
      code.code_challenge_method === "S256" &&
      code.code_challenge === challenge &&
      form.get("redirect_uri") === code.redirect_uri &&
      form.get("grant_type") === "authorization_code";
    if (!good) return this.json(answer, { error: "invalid_grant" }, 400);
    this.json(answer, {
      access_token: "access",
      token_type: "Bearer",
      id_token: this.idToken(code),
    });
  }

  idToken(code) {
    const now = Math.floor(Date.now() / 1000);
    const key = this.say.key ?? this.keys[0];
    let claims = {
      iss: this.issuer,
      aud: "bauta",
      sub: this.subject,
      nonce: code.nonce,
      iat: now,
      exp: now + 300,
      ...(code.max_age === "0" ? { auth_time: now } : {}),
    };
    let header = { alg: "RS256", kid: key.kid };
    claims = this.say.claims?.(claims) ?? claims;
    header = this.say.header?.(header) ?? header;
    const text = `${b64(JSON.stringify(header))}.${b64(JSON.stringify(claims))}`;
    const signature = this.say.signed
      ? this.say.signed(text, this)
      : sign("sha256", Buffer.from(text), key.privateKey);
    return `${text}.${b64(signature)}`;
  }

  /** The provider's public key, known to all, used as an HMAC's secret. */
  hmac(text) {
    return createHmac("sha256", this.keys[0].publicKey.export({ format: "pem", type: "spki" }))
      .update(text)
      .digest();
  }

  static stranger() {
    return newKey("first");
  }
}

/**
 * The real oidc-provider, with a sign-in page of two buttons: its accounts are what is typed.
 * `asked` lists every request, from browser and server alike.  Without `back` it sends people back
 * to any page /sign-in/back of this machine: a journey's server has its port from the system.
 */
export async function realProvider(back, { secret = "peer secret" } = {}) {
  const { default: Provider } = await import(pathToFileURL(require.resolve("oidc-provider")).href);
  const asked = [];
  let handle = (_, answer) => answer.writeHead(503).end();
  const { port, close } = await listen((request, answer) => {
    asked.push(`${request.method} ${request.url.split("?")[0]}`);
    handle(request, answer);
  });
  const issuer = `http://localhost:${port}`;
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "bauta",
        client_secret: secret,
        redirect_uris: [back ?? "http://localhost/sign-in/back"],
      },
    ],
    jwks: {
      keys: [{ ...privateKey.export({ format: "jwk" }), kid: "real", use: "sig", alg: "RS256" }],
    },
    cookies: { keys: ["peer"] },
    pkce: { methods: ["S256"], required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    async loadExistingGrant(context) {
      const grant = new context.oidc.provider.Grant({
        clientId: context.oidc.client.clientId,
        accountId: context.oidc.session.accountId,
      });
      grant.addOIDCScope("openid");
      await grant.save();
      return grant;
    },
    ttl: { Interaction: 600, Session: 600, Grant: 600, IdToken: 600 },
  });
  if (!back)
    provider.Client.prototype.redirectUriAllowed = (uri) =>
      /^http:\/\/localhost:\d+\/sign-in\/back$/.test(uri);
  const page = `<!doctype html><html lang="en"><title>Peer</title><h1>Peer</h1><form method="post">
<label>Who? <input name="login"></label><button name="go" value="yes">Sign in</button>
<button name="go" value="no">Cancel</button></form></html>`;
  const callback = provider.callback();
  handle = (request, answer) => {
    if (request.url === "/favicon.ico") return answer.writeHead(204).end();
    if (!request.url.startsWith("/interaction/")) return callback(request, answer);
    if (request.method === "GET")
      return answer.writeHead(200, { "content-type": "text/html" }).end(page);
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const result =
        form.get("go") === "yes"
          ? { login: { accountId: form.get("login") } }
          : { error: "access_denied", error_description: "cancelled" };
      provider
        .interactionFinished(request, answer, result, { mergeWithLastSubmission: false })
        .catch((error) => {
          answer.writeHead(500).end(String(error));
        });
    });
  };
  return {
    issuer,
    asked,
    close,
    row: (more = {}) => ({
      id: "peer",
      name: "Peer",
      issuer,
      client_id: "bauta",
      client_secret: secret,
      ...more,
    }),
  };
}

/** A browser without pictures: it keeps cookies and sends what our client sends. */
export class Browser {
  constructor(url) {
    this.url = url;
    this.jar = new Map();
  }

  async send(method, path, body) {
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        cookie: [...this.jar].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(method === "GET" ? {} : { "x-bauta": "1" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    for (const line of cookiesOf(answer)) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (/Max-Age=0\b/.test(line)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    const text = await answer.text();
    const json = text ? JSON.parse(text) : undefined;
    return { status: answer.status, json, code: json?.error?.code };
  }

  /** Sets out; answers with the provider's address. */
  async sets(out, id = "liar", body = {}) {
    const answer = await this.send("POST", `/api/providers/${id}/${out}`, body);
    assert.equal(answer.status, 201, JSON.stringify(answer.json));
    return answer.json.url;
  }

  back(brought) {
    return this.send("POST", "/api/providers/back", brought);
  }

  /** There and back at the liar. */
  async goes(liar, out = "sign-in", body = out === "sign-in" ? {} : undefined) {
    return this.back(liar.agree(await this.sets(out, "liar", body)));
  }

  async me() {
    return this.send("GET", "/api/me");
  }

  registers(name, more) {
    return this.send("POST", "/api/accounts", {
      avatar_name: name,
      email: `${name.toLowerCase()}@example.org`,
      birth_date: "1990-01-01",
      country: "ID",
      marketing: false,
      ...more,
    });
  }
}
