// Starts the built server for a test and talks to it as its clients do.  Loopback only.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { randomUUID } from "node:crypto";
import { freePort } from "./port.mjs";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const program = process.env.BAUTA_PROGRAM ?? join(root, "build/bauta");

/** A new folder that goes when the test ends. */
export function folder(t) {
  const path = mkdtempSync(join(tmpdir(), "bauta-test-"));
  t?.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function runs(...words) {
  const { status, stderr, error } = spawnSync(words[0], words.slice(1), { encoding: "utf8" });
  if (status !== 0) throw error ?? new Error(`${words[0]}: ${stderr}`);
}

/* An empty database of the test's own in the cluster that tests share; it goes with the test. */
function pgFlags(t) {
  const cluster = process.env.BAUTA_TEST_PG; // postgres://…/world?…
  const bin = process.env.BAUTA_PG_BIN ?? "/usr/lib/postgresql/15/bin";
  const name = `t${randomUUID().replaceAll("-", "")}`;
  const at = [`--maintenance-db=${cluster}`, name];
  runs(join(bin, "createdb"), "--template=template0", ...at); // template1 cannot be copied twice at once
  t.after(() => runs(join(bin, "dropdb"), "--force", ...at));
  return ["--database", cluster.replace(/\/world(?=\?|$)/, `/${name}`)];
}

/** What the tests run on: a name, and what gives a test the flags of an empty store. */
export const STORES = [["SQLite", () => []]];
if (process.env.BAUTA_TEST_PG) STORES.push(["PostgreSQL", pgFlags]);

/** A place database that knows where this machine is: Bandung. */
export function cityFile(t) {
  const file = join(folder(t), "city.mmdb");
  const town = {
    country: { iso_code: "ID" },
    city: { names: { en: "Bandung" } },
    subdivisions: [{ iso_code: "JB", names: { en: "West Java" } }],
  };
  runs(join(root, "tests/support/mmdb.py"), file, JSON.stringify({ "127.0.0.0/8": town }));
  return file;
}

/** Where each file of a data folder belongs by privacy/stores.json: "" is nowhere. */
export function storesOf(data) {
  const globs = Object.entries(
    JSON.parse(readFileSync(join(root, "privacy/stores.json"), "utf8")),
  ).flatMap(([store, all]) =>
    all.map((glob) => [
      store,
      new RegExp(`^${glob.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}$`),
    ]),
  );
  const walk = (path) =>
    readdirSync(join(data, path), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? walk(join(path, entry.name)) : [join(path, entry.name)],
    );
  return Object.fromEntries(
    walk("").map((file) => [file, globs.find(([, glob]) => glob.test(file))?.[0] ?? ""]),
  );
}

/** Runs `bauta WORDS…` to its end. */
export async function bauta(...words) {
  return ends(program, words);
}

/** The same without root's power over files, for whoever runs the tests. */
export async function bautaUnprivileged(...words) {
  const bare = ["--bounding-set=-all", "--inh-caps=-all", program, ...words];
  return process.getuid() === 0 ? ends("setpriv", bare) : ends(program, words);
}

async function ends(command, words) {
  const child = spawn(command, words, { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.on("data", (data) => (out += data));
  child.stderr.on("data", (data) => (err += data));
  const [code] = await once(child, "close");
  return { code, out, err };
}

/** A demo world in a new folder. */
export async function demo(t) {
  const data = join(folder(t), "world");
  const made = await bauta("demo", "--data", data);
  if (made.code !== 0) throw new Error(`bauta demo: ${made.err}`);
  return data;
}

async function answers(port, child, patienceMs) {
  const end = Date.now() + patienceMs;
  while (Date.now() < end) {
    if (child.exitCode !== null || child.signalCode)
      throw new Error(`the server ended: ${child.exitCode}`);
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
      if (answer.ok) return;
    } catch {
      // not yet
    }
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error("the server does not answer");
}

/** Serves a folder; `kill` is kill -9, `stop` is SIGTERM; both wait for the end. */
export async function serve(
  data,
  { port, flags = [], t, patienceMs = 60_000, residents = false } = {},
) {
  const at = port ?? (await freePort());
  const alone = residents ? [] : ["--no-demo-residents"];
  const child = spawn(
    program,
    ["serve", "--data", data, "--listen", `127.0.0.1:${at}`, ...alone, ...flags],
    {
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let log = "";
  child.stderr.on("data", (text) => (log = (log + text).slice(-20000)));
  const closed = once(child, "close");
  const end = async (signal) => {
    if (child.exitCode === null && !child.signalCode) child.kill(signal);
    await closed;
  };
  t?.after(() => end("SIGKILL"));
  try {
    await answers(at, child, patienceMs);
  } catch (error) {
    await end("SIGKILL");
    throw new Error(`${error.message}\n${log}`);
  }
  return {
    port: at,
    url: `http://localhost:${at}`,
    child,
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
    log: () => log,
  };
}

/** What makes a token that may all that a token may. */
export const forProgram = (label) => ({ label, read: true, write: true, live: true, days: 30 });

/** One member's program: cookie or token in hand, JSON in and out. */
export class Client {
  constructor(port, token) {
    this.port = port;
    this.token = token;
    this.cookie = "";
  }

  async send(method, path, body, { key = randomUUID(), headers = {} } = {}) {
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method,
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(this.cookie ? { cookie: this.cookie } : {}),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(method === "GET" ? {} : { "x-bauta": "1", "idempotency-key": key }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const set = answer.headers.get("set-cookie");
    if (set) this.cookie = set.split(";")[0];
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      json: text ? JSON.parse(text) : undefined,
    };
  }

  /** A new member, by name; their token is made and kept, if it is a program. */
  static async register(port, name, { program = true } = {}) {
    const client = new Client(port);
    const made = await client.send("POST", "/api/accounts", {
      avatar_name: name,
      password: "grey tram over kelapa",
      email: `${name.toLowerCase().replace(/\W/g, "")}@example.org`,
      birth_date: "1990-01-01",
      country: "ID",
      marketing: false,
    });
    if (made.status !== 201)
      throw new Error(`register ${name}: ${made.status} ${JSON.stringify(made.json)}`);
    client.me = made.json;
    if (!program) return client;
    const token = await client.send("POST", "/api/tokens", forProgram("test"));
    client.token = token.json.token;
    client.browser = { headers: { authorization: "", cookie: client.cookie } }; // what a token may not do
    client.cookie = "";
    return client;
  }
}

/** The cookies that an answer sets; Headers.getSetCookie is newer than the oldest node we run on. */
export const cookiesOf = (answer) =>
  (answer.headers.get("set-cookie") ?? "").split(/, (?=[\w.-]+=)/).filter(Boolean);
