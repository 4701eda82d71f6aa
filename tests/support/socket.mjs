// A small WebSocket client for tests: whole text messages as JSON, binary ones as buffers.
import net from "node:net";
import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";

export class Socket extends EventEmitter {
  /** Resolves when the server has upgraded the connection. */
  static open(port, path, headers = {}) {
    const socket = new Socket();
    const lines = [
      `GET ${path} HTTP/1.1`,
      `Host: localhost:${port}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      "",
      "",
    ];
    return new Promise((done, fail) => {
      socket.net = net.connect(port, "127.0.0.1", () => socket.net.write(lines.join("\r\n")));
      socket.held = Buffer.alloc(0);
      socket.closed = false;
      socket.seen = [];
      socket.net.on("error", fail);
      socket.net.on("close", () => {
        socket.closed = true;
        socket.emit("gone");
        fail(new Error("closed"));
      });
      socket.net.on("data", (data) => {
        socket.held = Buffer.concat([socket.held, data]);
        if (!socket.upgraded) {
          const end = socket.held.indexOf("\r\n\r\n");
          if (end < 0) return;
          const head = socket.held.subarray(0, end).toString();
          if (!head.startsWith("HTTP/1.1 101")) return fail(new Error(head));
          socket.upgraded = true;
          socket.held = socket.held.subarray(end + 4);
          done(socket);
        }
        socket.#frames();
      });
    });
  }

  #frames() {
    for (;;) {
      const { held } = this;
      if (held.length < 2) return;
      let size = held[1] & 0x7f;
      let head = 2;
      if (size === 126) {
        if (held.length < 4) return;
        size = held.readUInt16BE(2);
        head = 4;
      } else if (size === 127) {
        if (held.length < 10) return;
        size = Number(held.readBigUInt64BE(2));
        head = 10;
      }
      if (held.length < head + size) return;
      const payload = held.subarray(head, head + size);
      this.held = held.subarray(head + size);
      const opcode = held[0] & 0x0f;
      if (opcode === 1) {
        const message = JSON.parse(payload.toString());
        this.seen.push(message);
        this.emit("message", message);
      } else if (opcode === 2) {
        this.emit("moves", Buffer.from(payload));
      } else if (opcode === 8) {
        this.code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
        this.emit("closing", this.code);
      } else if (opcode === 9) {
        this.#write(10, payload);
      }
    }
  }

  #write(opcode, payload) {
    if (this.closed) return;
    const mask = randomBytes(4);
    const head =
      payload.length < 126
        ? Buffer.from([0x80 | opcode, 0x80 | payload.length])
        : Buffer.from([0x80 | opcode, 0x80 | 126, payload.length >> 8, payload.length & 255]);
    this.net.write(Buffer.concat([head, mask, payload.map((byte, i) => byte ^ mask[i & 3])]));
  }

  send(message) {
    this.#write(1, Buffer.from(JSON.stringify(message)));
  }

  sendBytes(bytes) {
    this.#write(2, Buffer.from(bytes));
  }

  /** The next message, or one that came before, that fits. */
  until(fits, patienceMs = 60_000) {
    const had = this.seen.find(fits);
    if (had) return Promise.resolve(had);
    return new Promise((done, fail) => {
      const over = (how, what) => {
        clearTimeout(timer);
        this.off("message", look);
        this.off("gone", gone);
        how(what);
      };
      const look = (message) => fits(message) && over(done, message);
      const gone = () => over(fail, new Error("the socket is gone"));
      const timer = setTimeout(() => over(fail, new Error(`nothing fits: ${fits}`)), patienceMs);
      this.on("message", look);
      this.on("gone", gone);
    });
  }

  end() {
    this.net.destroy();
  }
}
