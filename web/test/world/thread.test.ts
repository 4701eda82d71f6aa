import assert from "node:assert/strict";
import { test } from "node:test";
import { build } from "esbuild";
import { join } from "node:path";

const WEB = process.cwd();
/* What makes a look of a recipe; the page has what asks for it and what draws it. */
const MAKES = ["assemble", "dress", "cloth"];

/** Files of the bundle of this one, with all that it brings later. */
async function partsOf(entry: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [join(WEB, entry)],
    absWorkingDir: WEB,
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    outdir: "nowhere",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    external: ["bauta:assets"],
    loader: { ".svg": "text" },
    logLevel: "error",
  });
  return Object.keys(Object.values(metafile.outputs).find((one) => one.entryPoint)!.inputs);
}

const makers = (parts: string[]): string[] =>
  MAKES.filter((name) => parts.includes(`src/looks/${name}.ts`));

test("no look is assembled by the page: only the worker has what that takes", async () => {
  assert.deepEqual(makers(await partsOf("src/world/index.ts")), []);
  assert.deepEqual(makers(await partsOf("src/shell/main.tsx")), []);
  assert.deepEqual(makers(await partsOf("src/looks/worker.ts")), MAKES);
});
