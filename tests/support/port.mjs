// A port that nobody listens on, out of those that the system gives to nobody by itself: what it gave
// and got back is soon somebody else's.
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

const FROM = 10_000;
const TO = 32_000;

export async function freePort() {
  for (;;) {
    const port = randomInt(FROM, TO);
    const probe = createServer().listen(port, "127.0.0.1");
    const taken = await once(probe, "listening").catch((error) => error);
    if (taken instanceof Error) continue;
    probe.close();
    await once(probe, "close");
    return port;
  }
}
