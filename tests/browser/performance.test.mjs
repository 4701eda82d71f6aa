// What the client tells of its own performance: nothing without the consent, and with it five words.
import assert from "node:assert/strict";
import { asks } from "./asked.mjs";
import { journey } from "./support.mjs";

/* Of the 3D view, from when it stands. */
const WATCHED_MS = 20_000;
const WORDS = {
  frames: /^(under15|15to29|30to49|50up)$/,
  load: /^(under2s|2to5s|5to10s|over10s)$/,
  memory: /^(unknown|2gb|4gb|8gb)$/,
  network: /^(unknown|slow|3g|4g)$/,
  quality: /^(low|medium|high)$/,
};

/* proves: AVA-4a AVA-4b */
journey("how the 3D view runs is told with the consent alone, in five words", async (world) => {
  const one = await world.someone({ webgl: true });
  const { page } = one;
  await page.clock.install();
  await one.registers("Ana Frames");
  const told = [];
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/api/performance") told.push(request);
  });
  const visits = async () => {
    await one.goto("/rooms");
    const asked = page.waitForResponse((answer) => answer.url().endsWith("/api/me/consents"));
    await one.enters();
    await one.sees3d();
    await page.clock.fastForward(WATCHED_MS + 1000);
    await (await asked).finished();
    // Whatever follows from that answer has been asked before this is answered.
    for (let i = 0; i < 3; i++) await asks(one, "GET", "/api/me");
  };
  const agrees = (given) => asks(one, "PUT", "/api/me/consents/performance", { given });

  await visits();
  assert.equal(told.length, 0, "nobody has agreed");
  await agrees(true);
  const telling = page.waitForRequest((request) => request.url().endsWith("/api/performance"));
  await visits();
  assert.equal((await (await telling).response()).status(), 204);
  await agrees(false);
  await visits();
  assert.equal(told.length, 1, "once in the visit between");

  const body = told[0].postDataJSON();
  assert.deepEqual(Object.keys(body).sort(), Object.keys(WORDS).sort());
  for (const [name, words] of Object.entries(WORDS)) assert.match(body[name], words, name);
  assert.equal(new URL(told[0].url()).search, "");
});
