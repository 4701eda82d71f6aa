// The looks as they are in assets, opened by the client's own code: for benches and tests.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { runtime } from "./runtime.mjs";

export const FOLDER =
  process.env.LOOKS_OUT ?? fileURLToPath(new URL("../../assets/looks", import.meta.url));

export async function openLooks() {
  const tools = await runtime("tools");
  const read = (name) => new Uint8Array(fs.readFileSync(path.join(FOLDER, name)));
  const catalogue = tools.readCatalogue(
    JSON.parse(fs.readFileSync(path.join(FOLDER, "catalogue.json"), "utf8")),
  );
  const prepared = tools.prepare(tools.readBase(read(catalogue.file.base)));
  const bound = new Map(
    catalogue.file.items
      .filter(({ file }) => file)
      .map(({ id, file }) => [id, tools.readBound(read(file), prepared.base.count)]),
  );
  return { tools, prepared, library: { catalogue, bound } };
}
