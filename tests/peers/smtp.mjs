// A real SMTP server (npm smtp-server) for tests: keeps what it took, refuses as told.
import { once } from "node:events";
import { createRequire } from "node:module";
import { freePort } from "../support/port.mjs";

const require = createRequire(import.meta.url);
const { SMTPServer } = require("smtp-server");
const { simpleParser } = require("mailparser");

/**
 * `rules` may hold: rcpt(address), mail(address), data(raw): return an SMTP code to refuse
 * with ("550 5.1.1 no such user"); users: {name: password} asks for a login; key, cert: STARTTLS.
 */
export async function smtpPeer(t, rules = {}) {
  const took = [];
  const sockets = new Set();
  const waiting = [];
  const refuse = (line) =>
    Object.assign(new Error(line.slice(4)), { responseCode: Number(line.slice(0, 3)) });
  const server = new SMTPServer({
    authOptional: !rules.users,
    disabledCommands: rules.key ? [] : ["STARTTLS"],
    ...(rules.key ? { key: rules.key, cert: rules.cert } : {}),
    logger: false,
    maxClients: 100,
    onConnect(session, done) {
      done(rules.connect?.(session) ? refuse(rules.connect(session)) : undefined);
    },
    onAuth(auth, session, done) {
      took.secure = session.secure;
      if (rules.users?.[auth.username] !== auth.password) return done(refuse("535 5.7.8 wrong"));
      return done(null, { user: auth.username });
    },
    onMailFrom(address, _session, done) {
      const line = rules.mail?.(address.address);
      done(line ? refuse(line) : undefined);
    },
    onRcptTo(address, _session, done) {
      const line = rules.rcpt?.(address.address);
      done(line ? refuse(line) : undefined);
    },
    onData(stream, session, done) {
      const parts = [];
      stream.on("data", (part) => parts.push(part));
      stream.on("end", async () => {
        const raw = Buffer.concat(parts).toString("latin1");
        const line = await rules.data?.(raw);
        if (line) return done(refuse(line));
        const mail = {
          raw,
          from: session.envelope.mailFrom.address,
          to: session.envelope.rcptTo.map((one) => one.address),
          secure: session.secure,
        };
        took.push(mail);
        for (const one of waiting.splice(0)) one();
        return done();
      });
    },
  });
  server.on("error", () => {});
  server.server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  const listen = async (port) => {
    server.listen(port, "127.0.0.1");
    await once(server.server, "listening");
    return server.server.address().port;
  };
  const peer = {
    took,
    port: await listen(await freePort()), // it goes away and comes back, at the same one
    /** Resolves when `count` mails were taken. */
    async count(count, patienceMs = 60_000) {
      const end = Date.now() + patienceMs;
      while (took.length < count) {
        const left = end - Date.now();
        if (left <= 0) throw new Error(`${took.length} mails of ${count} came`);
        let timer;
        await Promise.race([
          new Promise((done) => waiting.push(done)),
          new Promise((done) => (timer = setTimeout(done, left))),
        ]);
        clearTimeout(timer);
      }
      return took.slice(0, count);
    },
    /** The first mail to this address that fits; its parts read. */
    async to(address, fits = () => true) {
      for (let at = 0; ; at++) {
        await peer.count(at + 1);
        const mail = took[at];
        if (!mail.to.includes(address)) continue;
        const read = await simpleParser(Buffer.from(mail.raw, "latin1"));
        if (fits(read, mail)) return { ...mail, read };
      }
    },
    async down() {
      server.server.close();
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => setImmediate(done));
    },
    up: () => listen(peer.port),
  };
  t?.after(() => peer.down());
  return peer;
}
