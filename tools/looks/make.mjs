// Makes everything under assets/looks again: node tools/looks/make.mjs
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bakeBase, edgesOf, POINTS, UNIT } from "./base.mjs";
import { catalogueOf } from "./catalogue.mjs";
import { makeItems } from "./items.mjs";
import { fans, IN_FACE } from "./mesh.mjs";
import { brotli, hashed, pack, sortedTriangles } from "./pack.mjs";
import { runtime } from "./runtime.mjs";

const ASSETS = fileURLToPath(new URL("../../assets", import.meta.url));
const folder = process.env.LOOKS_OUT ?? path.join(ASSETS, "looks");

const round = (list, scale) => Array.from(list, (x) => Math.round(x * scale));

/** The base as bytes; see web/src/looks/base.ts, which reads it. */
function packBase(baked) {
  const { mesh, main, moves } = baked;
  const scales = main.basis.map((b, k) => {
    const most = b.reduce((m, x) => Math.max(m, Math.abs(x)), 0);
    /* A step no finer than shows: half a tenth of a millimetre at twice the usual spread. */
    return +Math.max(most / 127, 0.005 / (2 * main.spread[k])).toPrecision(6);
  });
  const COORDINATE = 64;
  const meta = {
    v: 1,
    unit: UNIT,
    vertices: mesh.vertices.length,
    skin: mesh.body,
    points: POINTS,
    parents: baked.parents,
    head_size: baked.headSize,
    scales,
    coordinate: COORDINATE,
    rows: { body: baked.rows.body.map((r) => r.words), head: baked.rows.head.map((r) => r.words) },
    moves: moves.map(({ id, scale, at }) => [id, scale, at.length]),
  };
  const tris = (name, idx) => ({ name, type: "u16", codec: "tris", data: sortedTriangles(idx) });
  const edges = edgesOf(baked);
  const chunks = [
    ...mesh.levels.flatMap((level, i) =>
      ["head", "limbs"].map((part) => tris(`${part}${i}`, level[part])),
    ),
    ...Object.entries(mesh.cages).flatMap(([name, list]) =>
      list.map((idx, i) => tris(`${name}${i}`, idx)),
    ),
    ...IN_FACE.map((name) => tris(name, fans(mesh.groups[name]))),
    { name: "pos", type: "i16", stride: 3, data: round(baked.pos, UNIT) },
    { name: "head", type: "u8", data: round(baked.head, 255) },
    { name: "paint", type: "u8", stride: 4, data: baked.paint },
    { name: "joints", type: "u8", stride: 8, data: baked.skin },
    {
      name: "at",
      type: "u16",
      data: moves.flatMap(({ at }) => at.map((p, i) => p - (i ? at[i - 1] : 0))),
      codec: "raw",
    },
    {
      name: "by",
      type: "i8",
      stride: 1,
      codec: "raw",
      data: moves.flatMap(({ values }) =>
        [0, 1, 2].flatMap((k) => values.filter((_, i) => i % 3 === k)),
      ),
    },
    {
      name: "coords",
      type: "i16",
      codec: "raw",
      data: round([...main.body, ...main.head].flat(), COORDINATE).map((x) =>
        Math.max(-32767, Math.min(32767, x)),
      ),
    },
    ...main.basis.map((b, k) => ({
      name: `basis${k}`,
      type: "i8",
      stride: 3,
      codec: "mesh",
      data: round(b, 1 / scales[k]),
    })),
  ];
  return pack(meta, chunks, edges);
}

const started = Date.now();
const say = (...words) => console.log(((Date.now() - started) / 1000).toFixed(1), ...words);

/** The base is written anew unless only items are asked for. */
async function base(only) {
  const old = fs.readdirSync(folder).filter((name) => /^base\./.test(name));
  if (only && old.length === 1) return old[0];
  const bytes = packBase(await bakeBase());
  for (const name of old) fs.rmSync(path.join(folder, name));
  const name = hashed("base", bytes);
  fs.writeFileSync(path.join(folder, name), bytes);
  say(name, bytes.length, "brotli", brotli(bytes).length);
  return name;
}

async function items(name) {
  const tools = await runtime("tools");
  const prepared = tools.prepare(tools.readBase(fs.readFileSync(path.join(folder, name))));
  fs.rmSync(path.join(folder, "items"), { recursive: true, force: true });
  fs.mkdirSync(path.join(folder, "items"));
  return makeItems(prepared, tools).map(({ entry, bytes }) => {
    const file = `items/${hashed(entry.id, bytes)}`;
    fs.writeFileSync(path.join(folder, file), bytes);
    return { ...entry, file };
  });
}

fs.mkdirSync(folder, { recursive: true });
const name = await base(process.argv.includes("--items"));
const bound = await items(name);
say(bound.length, "items with files");
const catalogue = catalogueOf({ base: name, bound });
const lines = (list) => `[\n${list.map((one) => JSON.stringify(one)).join(",\n")}\n]`;
const { items: all, presets, ...rest } = catalogue;
fs.writeFileSync(
  path.join(folder, "catalogue.json"),
  `${JSON.stringify(rest).slice(0, -1)},
"items":${lines(all)},
"presets":${lines(presets)}}\n`,
);
say(all.length, "items in all");
