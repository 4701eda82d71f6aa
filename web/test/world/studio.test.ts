// Faces for lists, drawn from the bodies of a room.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { sceneText, stand, type Stand } from "./stand.ts";

let it: Stand;
before(async () => {
  it = await stand(160, 90);
});
after(() => it.close());

function run<T>(script: string): Promise<T> {
  return it.page.evaluate(`(async () => {
    const { kit } = window;
    const host = document.getElementById("host");
    ${script}
  })()`) as Promise<T>;
}

test("the face of who is here is drawn from their body, as those of layers are, and leaves nothing behind", async () => {
  const seen = await run<{
    nobody: Blob | null;
    size: number[];
    skin: number[];
    chest: number[];
    corner: number[];
    holds: number[];
    held: number[];
    picture: string;
  }>(`
    const { presets } = await (await fetch("/assets/looks/catalogue.json")).json();
    const nothing = () => undefined;
    const ev = { walkTo: nothing, sit: nothing, person: nothing, ready: nothing, lost: nothing };
    const world = await kit.createWorld(host, ${sceneText("lounge")}, ev, { quality: "low",
      reducedMotion: false, t: (key) => key, look: () => Promise.resolve(presets[0].recipe) });
    world.put({ slot: 1, id: "p", name: "Mia", avatar: "mia", colours: [], look: "mine", x: 0, z: 2,
      yaw: 0, seat: 0, away: false, role: "member" }, true);
    await world.frame(2);
    const holds = async () => {
      await world.frame(1);
      const { calls, geometries, textures } = world.stats();
      return [calls, geometries, textures];
    };
    const nobody = await world.portrait("another");
    await world.portrait("mine");
    const before = await holds();
    const faces = await Promise.all([world.portrait("mine"), world.portrait("mine")]);
    const after = await holds();
    world.close();
    const image = await createImageBitmap(faces[1]);
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    const at = (x, y) => [...context.getImageData(x, y, 1, 1).data];
    const bytes = new Uint8Array(await faces[1].arrayBuffer());
    return { nobody, size: [image.width, image.height], skin: at(88, 88), chest: at(92, 188), corner: at(2, 2),
      holds: after, held: before, picture: btoa(String.fromCharCode(...bytes)) };`);
  const { picture, ...rest } = seen;
  if (process.env["BAUTA_LOOK"])
    writeFileSync(process.env["BAUTA_LOOK"], Buffer.from(picture, "base64"));
  assert.equal(rest.nobody, null, "who is not here is not drawn");
  assert.deepEqual(rest.size, [192, 192]);
  assert.equal(rest.corner[3], 0);
  assert.equal(rest.chest[3], 255);
  const [r, g, b] = rest.skin as [number, number, number];
  assert.ok(r > g && g > b && r > 90, `skin is lit: ${rest.skin}`);
  assert.deepEqual(rest.holds, rest.held);
  assert.deepEqual(it.wrong, []);
});
