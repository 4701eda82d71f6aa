// Looks as VRM files, before judges that others made: node tools/looks/vrm.mjs. Needs tests/peers.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { openLooks } from "./open.mjs";
import { runtime } from "./runtime.mjs";

const peers = createRequire(
  fileURLToPath(new URL("../../tests/peers/package.json", import.meta.url)),
);
const { prepared, library, tools } = await openLooks();
const { lay, vrmOf } = await runtime("export/vrm");
const { catalogue } = library;
const { base } = prepared;
/* One grey point: how a look is painted is the browser's, and seen there. */
const PNG = Uint8Array.from(
  Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==",
    "base64",
  ),
);
const ABOUT = {
  name: "A look",
  version: "1",
  authors: ["Whoever made it", "Bauta contributors"],
  copyright: "theirs",
  licences: "Shape: somebody",
  licenceUrl: "https://www.gnu.org/licenses/agpl-3.0.html",
};

const fileOf = (recipe) => {
  const laid = lay(tools.assemble(prepared, library, recipe, { level: 0 }));
  return { laid, bytes: vrmOf(laid, base, PNG, ABOUT) };
};
const preset = (id) => catalogue.file.presets.find((one) => one.id === id).recipe;

test("every preset is a file in which Khronos' validator finds nothing wrong", async () => {
  const { validateBytes } = peers("gltf-validator");
  for (const { id, recipe } of catalogue.file.presets) {
    const { bytes } = fileOf(recipe);
    const { issues } = await validateBytes(bytes, {
      maxIssues: 20,
      ignoredIssues: ["UNSUPPORTED_EXTENSION"],
    });
    assert.deepEqual(
      issues.messages.filter(({ severity }) => severity < 2),
      [],
      id,
    );
  }
});

test("no two places of a look lie on one place of its picture, and none shows its inside", () => {
  const {
    laid: { flat },
  } = fileOf(preset("siti"));
  const SIDE = 1024;
  const owner = new Int32Array(SIDE * SIDE).fill(-1);
  let [all, twice, inside] = [0, 0, 0];
  for (let i = 0; i < flat.index.length; i += 3) {
    const [a, b, c] = [0, 1, 2].map((k) =>
      [0, 1].map((n) => flat.uv[flat.index[i + k] * 2 + n] * SIDE),
    );
    const cross = (p, q, x, y) => (q[0] - p[0]) * (y - p[1]) - (q[1] - p[1]) * (x - p[0]);
    const turn = Math.sign(cross(a, b, ...c));
    /* Down is more here: what is seen from outside goes round as a clock does not. */
    if (turn > 0) inside++;
    const span = (k) => [Math.ceil(Math.min(a[k], b[k], c[k])), Math.max(a[k], b[k], c[k])];
    const [[x0, x1], [y0, y1]] = [span(0), span(1)];
    for (let y = y0; y <= y1; y++)
      for (let x = x0; x <= x1; x++) {
        if (
          [
            [a, b],
            [b, c],
            [c, a],
          ].some(([p, q]) => cross(p, q, x, y) * turn <= 0)
        )
          continue;
        all++;
        if (owner[y * SIDE + x] >= 0) twice++;
        owner[y * SIDE + x] = i;
      }
  }
  assert.equal(inside, 0);
  assert.ok(all > SIDE * SIDE * 0.2, `${all} points are painted`);
  assert.ok(twice < all * 0.02, `${twice} of ${all} are painted twice`);
});

test("three-vrm finds the whole person, moves the face and reads whose it is", async (t) => {
  globalThis.self ??= globalThis;
  globalThis.createImageBitmap ??= async () => ({ width: 1, height: 1, close() {} });
  /* As modules: of what is required there would be another three. */
  const at = (name) =>
    import(
      pathToFileURL(
        fileURLToPath(new URL(`../../tests/peers/node_modules/${name}`, import.meta.url)),
      ).href
    );
  const { GLTFLoader } = await at("three/examples/jsm/loaders/GLTFLoader.js");
  const { VRMLoaderPlugin, VRMUtils } = await at("@pixiv/three-vrm/lib/three-vrm.module.js");
  const warned = t.mock.method(console, "warn");
  const loader = new GLTFLoader();
  loader.register((parser) => new VRMLoaderPlugin(parser));
  const { laid, bytes } = fileOf(preset("mia"));
  const {
    userData: { vrm },
  } = await loader.parseAsync(bytes.buffer, "");
  assert.deepEqual(
    warned.mock.calls.map(({ arguments: words }) => words.join(" ")),
    [],
  );
  for (const name of base.joints) assert.ok(vrm.humanoid.getRawBoneNode(name), name);

  const { scene } = vrm;
  const face = scene.getObjectByName("Face");
  const whole = () => {
    scene.updateMatrixWorld(true);
    scene.traverse((one) => one.skeleton?.update());
    return face.geometry.attributes.position.count;
  };
  whole();
  const point = face.position.clone();
  const moved = (mesh, v) => mesh.localToWorld(mesh.getVertexPosition(v, point.clone()));
  const still = Array.from({ length: 40 }, (_, k) => moved(face, k * 50));
  for (const name of [
    "happy",
    "angry",
    "sad",
    "relaxed",
    "surprised",
    "aa",
    "ih",
    "ou",
    "ee",
    "oh",
    "blink",
    "blinkLeft",
    "blinkRight",
    "doubt",
  ]) {
    vrm.expressionManager.setValue(name, 1);
    vrm.expressionManager.update();
    const most = Math.max(
      ...Array.from({ length: whole() }, (_, v) => v)
        .filter((v) => v % 7 === 0)
        .map((v) =>
          moved(face, v).distanceTo(
            point.fromBufferAttribute(face.geometry.attributes.position, v),
          ),
        ),
    );
    assert.ok(most > 0.001, `${name} moves nothing`);
    vrm.expressionManager.setValue(name, 0);
  }
  vrm.expressionManager.update();
  whole();
  still.forEach((was, k) =>
    assert.ok(moved(face, k * 50).distanceTo(was) < 1e-6, "and is still again"),
  );

  /* Who looks to their left turns both eyes there. */
  vrm.lookAt.yaw = 45;
  vrm.update(0);
  scene.updateMatrixWorld(true);
  const eye = vrm.humanoid.getRawBoneNode("leftEye");
  assert.ok(Math.abs(eye.rotation.y) > 0.03);
  const box = Array.from(laid.rest.position).filter((_, i) => i % 3 === 1);
  assert.ok(
    Math.min(...box) > -0.02 && Math.max(...box) > 1.2 && Math.max(...box) < 2.4,
    "stands on the floor",
  );

  assert.equal(vrm.meta.metaVersion, "1");
  assert.equal(vrm.meta.name, ABOUT.name);
  assert.deepEqual(vrm.meta.authors, ABOUT.authors);
  assert.equal(vrm.meta.thirdPartyLicenses, ABOUT.licences);
  assert.equal(vrm.meta.avatarPermission, "onlyAuthor");
  assert.ok([face.material].flat().some(({ isMToonMaterial }) => isMToonMaterial));
  VRMUtils.deepDispose(scene);
});
