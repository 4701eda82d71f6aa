// The layers that portraits are made of, drawn from the looks: node tools/looks/layers.mjs [ITEM...]
// With items only these are drawn anew, and the skin, the eyes and how sliders move stay as they are.
import fs from "node:fs";
import path from "node:path";
import { createHash } from "node:crypto";
import { FOLDER } from "./open.mjs";
import { brotli } from "./pack.mjs";
import { onPage } from "./shoot.mjs";

const QUALITY = 0.6;
/** Pixels a step of a field: finer is not seen. */
const STEP = 0.5;
/** A slider that moves nothing so far has no field. */
const LEAST = 0.7;
const OUT = path.join(FOLDER, "layers");
const LIST = path.join(FOLDER, "layers.json");

const only = process.argv.length > 2 ? process.argv.slice(2) : null;
const made = await onPage("portraitLayers", { only, quality: QUALITY }, null, "layers.ts");
const old = only ? JSON.parse(fs.readFileSync(LIST, "utf8")) : null;
fs.mkdirSync(OUT, { recursive: true });

function write(id, bytes, ending) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  fs.writeFileSync(path.join(OUT, `${id}.${hash}.${ending}`), bytes);
  return `layers/${id}.${hash}.${ending}`;
}

function fieldsOf(fields) {
  const names = Object.keys(fields).filter((id) => fields[id].some((x) => Math.abs(x) > LEAST));
  const bytes = Int8Array.from(
    names.flatMap((id) => fields[id]),
    (x) => Math.max(-127, Math.min(127, Math.round(x / STEP))),
  );
  console.log(names.length, "fields", brotli(Buffer.from(bytes.buffer)).length);
  return { file: write("fields", Buffer.from(bytes.buffer), "bin"), scale: STEP, names };
}

const drawn = Object.entries(made.drawings).filter(([id]) => !only || only.includes(id));
const layers = { ...old?.layers };
for (const [id, { webp, ...entry }] of drawn)
  layers[id] = { file: write(id, Buffer.from(webp, "base64"), "webp"), ...entry };
const { size, cell, light, place } = made;
const fields = old?.fields ?? fieldsOf(made.fields);
const file = { v: 1, size, cell, light, place: place.map((x) => +x.toFixed(5)), fields };
const rows = Object.keys(layers)
  .sort()
  .map((id) => `${JSON.stringify(id)}:${JSON.stringify(layers[id])}`);
fs.writeFileSync(
  LIST,
  `${JSON.stringify(file).slice(0, -1)},\n"layers":{\n${rows.join(",\n")}}}\n`,
);
const named = new Set(
  [fields.file, ...Object.values(layers).map((one) => one.file)].map((name) => path.basename(name)),
);
for (const name of fs.readdirSync(OUT)) if (!named.has(name)) fs.rmSync(path.join(OUT, name));
console.log(rows.length, "layers");
