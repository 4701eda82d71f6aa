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
    pbrMetallicRoughness?: { baseColorTexture?: object };
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
  const { meshes, materials } = JSON.parse(
    bytes.toString("utf8", 20, 20 + bytes.readUInt32LE(12)),
  ) as Model;
  return meshes.flatMap(({ primitives }) =>
    primitives.map(({ material, attributes, targets = [] }) => {
      const {
        pbrMetallicRoughness,
        alphaMode = "OPAQUE",
        doubleSided = false,
        extensions = {},
        ...more
      } = materials[material]!;
      assert.ok(!more.normalTexture && !more.emissiveTexture && targets.length === 0, path);
      assert.ok("COLOR_0" in attributes && "NORMAL" in attributes, path);
      return {
        map: pbrMetallicRoughness?.baseColorTexture !== undefined,
        two: doubleSided,
        mode: alphaMode,
        unlit: "KHR_materials_unlit" in extensions,
        body: "JOINTS_0" in attributes,
      };
    }),
  );
}

const named = (folder: string, end: string) =>
  readdirSync(join(ASSETS, folder))
    .filter((name) => name.endsWith(end))
    .map((name) => `${folder}/${name}`);
const kinds = (list: Surface[]) =>
  [
    ...new Set(
      list.map(({ map, two, mode, unlit, body }) =>
        JSON.stringify({ map, two, mode, unlit, body }),
      ),
    ),
  ].sort();

test("the graphics learn ahead all that scenes and small bodies are made of, and nothing else", () => {
  const files = [...named("scenes", ".glb"), ...named("avatars", ".lod1.glb")];
  assert.ok(files.length > 3);
  assert.deepEqual(kinds(SURFACES), kinds(files.flatMap(surfaces)));
});
