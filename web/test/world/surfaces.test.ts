import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { SURFACES, type Surface } from "../../src/world/surfaces.ts";

const ASSETS = join(process.cwd(), "../assets");

interface Model {
  meshes: {
    primitives: { material: number; attributes: Record<string, number>; targets?: unknown[] }[];
  }[];
  materials: {
    alphaMode?: Surface["mode"];
    doubleSided?: boolean;
    extensions?: Record<string, object>;
    normalTexture?: object;
    emissiveTexture?: object;
  }[];
}

/** What a file of glTF says of each part of it. */
function surfaces(path: string): Surface[] {
  const bytes = readFileSync(join(ASSETS, path));
  const begin = 20 + bytes.readUInt32LE(12);
  const { meshes, materials } = JSON.parse(bytes.toString("utf8", 20, begin)) as Model;
  return meshes.flatMap(({ primitives }) =>
    primitives.map(({ material, attributes, targets = [] }) => {
      const {
        alphaMode = "OPAQUE",
        doubleSided = false,
        extensions = {},
        ...more
      } = materials[material]!;
      assert.ok(!more.normalTexture && !more.emissiveTexture && targets.length === 0, path);
      assert.ok("COLOR_0" in attributes && "NORMAL" in attributes, path);
      assert.ok(!("JOINTS_0" in attributes), path);
      return {
        two: doubleSided,
        mode: alphaMode,
        unlit: "KHR_materials_unlit" in extensions,
      };
    }),
  );
}

const named = (folder: string, end: string) =>
  readdirSync(join(ASSETS, folder))
    .filter((name) => name.endsWith(end))
    .map((name) => `${folder}/${name}`);
const kinds = (list: Surface[]) =>
  [...new Set(list.map(({ two, mode, unlit }) => JSON.stringify({ two, mode, unlit })))].sort();

test("the graphics learn ahead all that scenes are made of, and nothing else", () => {
  const files = named("scenes", ".glb");
  assert.ok(files.length > 1);
  assert.deepEqual(kinds(SURFACES), kinds(files.flatMap(surfaces)));
});
