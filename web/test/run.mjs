// Bundles the tests and runs them: node test/run.mjs [part of a name …]
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const WEB = join(dirname(fileURLToPath(import.meta.url)), "..");
const OUT = join(WEB, ".test-build");
const wanted = process.argv.slice(2);

function find(dir) {
  return readdirSync(join(WEB, dir), { withFileTypes: true }).flatMap((entry) => {
    const path = `${dir}/${entry.name}`;
    if (entry.isDirectory()) return find(path);
    return path.endsWith(".test.ts") || path.endsWith(".test.tsx") ? [path] : [];
  });
}

const entryPoints = find("test").filter(
  (path) => wanted.length === 0 || wanted.some((w) => path.includes(w)),
);
rmSync(OUT, { recursive: true, force: true });
await build({
  absWorkingDir: WEB,
  entryPoints,
  outdir: OUT,
  outbase: "test",
  inject: ["test/page.ts"],
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node18",
  packages: "external",
  sourcemap: "inline",
  outExtension: { ".js": ".mjs" },
  loader: { ".svg": "text" },
  jsx: "automatic",
  jsxImportSource: "preact",
  logLevel: "warning",
  plugins: [
    {
      name: "assets",
      setup(esbuild) {
        esbuild.onResolve({ filter: /^bauta:assets$/ }, () => ({
          path: "assets",
          namespace: "bauta",
        }));
        esbuild.onLoad({ filter: /.*/, namespace: "bauta" }, () => ({
          contents: "{}",
          loader: "json",
        }));
        /* Icons are texts of the bundle, though packages are not in it. */
        esbuild.onResolve({ filter: /^[^.].*\.svg$/ }, ({ path }) => ({
          path: join(WEB, "node_modules", path),
        }));
      },
    },
  ],
});
const files = entryPoints.map((path) =>
  join(OUT, path.replace(/^test\//, "").replace(/\.tsx?$/, ".mjs")),
);
/* People read what node says; tools/test wants to know which test stands in which file. */
const how = process.stdout.isTTY ? ["--test"] : [join(WEB, "../tools/node_tests.mjs")];
const run = spawnSync(process.execPath, ["--enable-source-maps", ...how, ...files], {
  cwd: WEB,
  stdio: "inherit",
});
process.exit(run.status ?? 1);
