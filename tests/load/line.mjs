// A slow line to a server, for whatever uses it: pages, workers, service workers and sockets alike,
// which a browser's own throttle is not. All connections share it packet by packet; each begins with
// a round trip and a small window, as TCP does.
import { once } from "node:events";
import net from "node:net";

const PACKET = 1460;
const FIRST_WINDOW = 10 * PACKET;
/* Timers are late by so much; the line makes up for it. */
const TIMER_MS = 20;

/** Runs things at times that only grow, in that order; timers alone do not keep it. */
class Later {
  list = [];

  at(ms, run) {
    if (this.list.push([ms, run]) === 1) this.wait();
  }

  wait() {
    setTimeout(() => {
      const now = performance.now();
      for (let next; (next = this.list[0]) && next[0] <= now + 0.5; this.list.shift()) next[1]();
      if (this.list.length > 0) this.wait();
    }, this.list[0][0] - performance.now());
  }
}

/** One way: packets of all flows in turn, at so many bytes a second, each `delay_ms` later there. */
class Way {
  constructor(rate, delay_ms) {
    Object.assign(this, { rate, delay_ms, flows: [], free_ms: 0, timer: null });
    this.there = new Later();
    this.told = new Later();
  }

  /** What `to` gets, from `start_ms` on. */
  flow(to, start_ms) {
    const flow = {
      to,
      start_ms,
      bytes: [],
      size: 0,
      window: FIRST_WINDOW,
      flying: 0,
      ended: false,
    };
    this.flows.push(flow);
    return {
      write: (bytes) => {
        flow.bytes.push(bytes);
        flow.size += bytes.length;
        this.go();
      },
      end: () => {
        flow.ended = true;
        this.go();
      },
    };
  }

  go() {
    clearTimeout(this.timer);
    const now = performance.now();
    if (this.free_ms > now + 1) return this.again(this.free_ms - now);
    const ready = (flow) => now >= flow.start_ms && flow.size > 0 && flow.flying < flow.window;
    const at = this.flows.findIndex(ready);
    if (at < 0) return this.rest(now);
    const [flow] = this.flows.splice(at, 1);
    this.flows.push(flow);
    const packet = take(flow, PACKET);
    this.free_ms = Math.max(now - TIMER_MS, this.free_ms) + (packet.length / this.rate) * 1000;
    flow.flying += packet.length;
    const there_ms = Math.max(now, this.free_ms) + this.delay_ms;
    this.there.at(there_ms, () => flow.to.destroyed || flow.to.write(packet));
    this.told.at(there_ms + this.delay_ms, () => {
      flow.flying -= packet.length;
      flow.window += packet.length;
      this.go();
    });
    this.again(this.free_ms - now);
  }

  /* Nothing may leave now: what has ended is closed, what begins later is waited for. */
  rest(now) {
    for (const flow of this.flows.filter((one) => one.ended && one.size === 0))
      this.there.at(Math.max(now, this.free_ms) + this.delay_ms, () => flow.to.end());
    this.flows = this.flows.filter((one) => !one.ended || one.size > 0);
    const next = Math.min(
      ...this.flows.filter((one) => one.size > 0 && one.start_ms > now).map((one) => one.start_ms),
    );
    if (next < Infinity) this.again(next - now);
  }

  again(ms) {
    this.timer = setTimeout(() => this.go(), ms);
  }
}

function take(flow, most) {
  const first = flow.bytes[0];
  const packet = first.subarray(0, most);
  if (packet.length === first.length) flow.bytes.shift();
  else flow.bytes[0] = first.subarray(most);
  flow.size -= packet.length;
  return packet;
}

/** A port whose other end is `port`, `trip_ms` there and back; `down` and `up` in bytes a second. */
export async function slowLine(port, { trip_ms, down, up }) {
  const ways = { down: new Way(down, trip_ms / 2), up: new Way(up, trip_ms / 2) };
  const open = new Set();
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    const far = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    const begin_ms = performance.now() + trip_ms;
    for (const [from, to, way] of [
      [near, far, ways.up],
      [far, near, ways.down],
    ]) {
      const flow = way.flow(to, begin_ms);
      from.setNoDelay(true);
      from.on("data", flow.write);
      from.on("end", flow.end);
      from.on("error", () => to.destroy());
      open.add(from);
      from.on("close", () => open.delete(from));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: server.address().port,
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
