// What looks cost: node tools/looks/bench.mjs. Figures are told, not asserted; times are of the
// processor, so that what else runs on the machine does not count.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotli } from "./pack.mjs";
import { outfits } from "./random.mjs";
import { openLooks } from "./open.mjs";

const FOLDER = fileURLToPath(new URL("../../assets/looks", import.meta.url));
const PEOPLE = 25,
  ROUNDS = 4;
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const most = (list) => Math.max(...list);

const started = performance.now();
const { tools, prepared, library } = await openLooks();
console.log(`opened and prepared in ${(performance.now() - started).toFixed(0)} ms`);
const people = outfits(library.catalogue, PEOPLE, 25);
for (const level of [0, 1, 2]) {
  const times = [],
    triangles = [],
    bytes = [],
    vertices = [];
  for (let round = 0; round < ROUNDS; round++)
    for (const recipe of people) {
      const from = process.cpuUsage();
      const look = tools.assemble(prepared, library, recipe, { level });
      const { user, system } = process.cpuUsage(from);
      times.push((user + system) / 1000);
      triangles.push(look.index.length / 3);
      vertices.push(look.count);
      bytes.push(look.count * 36 + look.index.byteLength);
    }
  const later = times.slice(PEOPLE);
  console.log(
    `level ${level}: CPU ms median ${median(later).toFixed(1)} max ${most(later).toFixed(1)}, first ${times[0].toFixed(0)};`,
    `triangles median ${median(triangles)} max ${most(triangles)}; vertices ${median(vertices)};`,
    `KB median ${(median(bytes) / 1024).toFixed(0)}`,
  );
}
const size = (file) => brotli(fs.readFileSync(path.join(FOLDER, file))).length;
const { items, base } = library.catalogue.file;
console.log(`base ${size(base)} bytes brotli`);
const slots = new Map();
for (const { slot, file } of items)
  if (file) slots.set(slot, [...(slots.get(slot) ?? []), size(file)]);
for (const [slot, sizes] of slots)
  console.log(
    `${slot}: ${sizes.length} files, bytes brotli median ${median(sizes)} max ${most(sizes)}`,
  );
console.log(
  `catalogue ${size("catalogue.json")} bytes brotli;`,
  `a recipe ${median(people.map((one) => JSON.stringify(one).length))} bytes, largest ${most(people.map((one) => JSON.stringify(one).length))}`,
);
const worn = new Set(people.flatMap((one) => one.wear.map(({ id }) => id)));
const parts = items
  .filter(({ id, file }) => file && worn.has(id))
  .reduce((sum, { file }) => sum + size(file), 0);
console.log(
  `a room of ${PEOPLE} strangers, cold: ${((size(base) + size("catalogue.json") + parts) / 1024).toFixed(0)} KB`,
);
