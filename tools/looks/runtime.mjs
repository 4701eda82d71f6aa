// The run time of looks as the client has it, for the tools: what they bake is read by the same code.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const WEB = fileURLToPath(new URL("../../web", import.meta.url));
const { buildSync } = createRequire(path.join(WEB, "package.json"))("esbuild");

/** Imports files of web/src/looks by name: `const { shapeOf } = await runtime("shape")`. */
export async function runtime(...names) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "looks-"));
  try {
    const all = {};
    for (const name of names) {
      const outfile = path.join(folder, `${name}.mjs`);
      buildSync({
        entryPoints: [path.join(WEB, `src/looks/${name}.ts`)],
        outfile,
        bundle: true,
        format: "esm",
        platform: "neutral",
        target: "node18",
        logLevel: "warning",
      });
      Object.assign(all, await import(pathToFileURL(outfile).href));
    }
    return all;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}
