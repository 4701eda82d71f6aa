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
    pbrMetallicRoughness: { baseColorTexture: { index: number } };
    alphaMode?: Surface["mode"];
    doubleSided?: boolean;
    extensions?: Record<string, object>;
    normalTexture?: object;
    emissiveTexture?: object;
  }[];
  textures: { extensions: { EXT_texture_webp: { source: number } } }[];
  images: { bufferView: number }[];
  bufferViews: { byteOffset?: number }[];
}

/** What a file of glTF says of each part of it. */
function surfaces(path: string): Surface[] {
  const bytes = readFileSync(join(ASSETS, path));
  const begin = 20 + bytes.readUInt32LE(12);
  const model = JSON.parse(bytes.toString("utf8", 20, begin)) as Model;
  const { meshes, materials } = model;
  /* The plain kind of WebP has no transparency. */
  const opaque = (texture: number) => {
    const { source } = model.textures[texture]!.extensions.EXT_texture_webp;
    const at = model.bufferViews[model.images[source]!.bufferView]!.byteOffset ?? 0;
    return bytes.toString("latin1", begin + 8 + at + 12, begin + 8 + at + 16) === "VP8 ";
  };
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
      const body = "JOINTS_0" in attributes;
      // What a person has no holes in has none when they are looked for, either.
      if (body && alphaMode === "OPAQUE")
        assert.ok(opaque(pbrMetallicRoughness.baseColorTexture.index), path);
      return {
        two: doubleSided,
        mode: body && alphaMode === "OPAQUE" ? "MASK" : alphaMode,
        unlit: "KHR_materials_unlit" in extensions,
        body,
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
      list.map(({ two, mode, unlit, body }) => JSON.stringify({ two, mode, unlit, body })),
    ),
  ].sort();

test("the graphics learn ahead all that scenes and small bodies are made of, and nothing else", () => {
  const files = [...named("scenes", ".glb"), ...named("avatars", ".lod1.glb")];
  assert.ok(files.length > 3);
  assert.deepEqual(kinds(SURFACES), kinds(files.flatMap(surfaces)));
});
