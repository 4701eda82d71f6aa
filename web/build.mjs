// Builds the web client: node web/build.mjs OUTDIR GENDIR
//   OUTDIR gets what the server serves: index.html, sw.js, manifest.webmanifest, /a/** with content
//   hashes in the names, and .br/.gz beside everything that compresses; and pages.txt, by which the
//   server knows a page from an address that leads nowhere.
//   GENDIR holds what the build made before (locale.en.json, locale.id.json, promises.json) and keeps the cache of
//   compressed files, so that a second build compresses only what changed.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { promises as fs } from "node:fs";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { divideClips } from "./clips.mjs";
import { credits } from "./credits.mjs";
import { inventory } from "./inventory.mjs";
import { lacks, pagePaths, partNames } from "./parts.mjs";
import { divide } from "./texts.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const ASSETS = join(HERE, "..", "assets");
const LANGUAGES = ["en", "id"];
const ASSET_KINDS = new Set([".avif", ".bin", ".glb", ".json", ".webp"]);
const COMPRESSED = new Set([
  ".js",
  ".css",
  ".html",
  ".json",
  ".svg",
  ".webmanifest",
  ".glb",
  ".bin",
]);
/* A variant that saves less than this share is not worth a second file. */
const WORTH_IT = 0.95;
const MAIN = "src/shell/main.tsx";
const STYLE = "src/shell/app.css";
/* What the first page, registering, signing in and the list of rooms need, on the wire. */
const SHELL_KB = 60;

const [out, gen] = process.argv.slice(2);
if (!out || !gen) {
  console.error("usage: node web/build.mjs OUTDIR GENDIR");
  process.exit(2);
}

/** Everything that will be served: path under OUTDIR → bytes. */
const files = new Map();
/** Logical name → address, for assetUrl(). */
const names = {};

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");

function publish(name, bytes) {
  const ext = extname(name);
  const flat = name.slice(0, -ext.length).replaceAll("/", "-");
  const path = `a/${flat}.${hash(bytes).slice(0, 10)}${ext}`;
  files.set(path, bytes);
  names[name] = `/${path}`;
  return `/${path}`;
}

async function walk(dir) {
  const found = [];
  for (const entry of await fs.readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) found.push(...(await walk(path)));
    else if (ASSET_KINDS.has(extname(path))) found.push(path);
  }
  return found.sort();
}

const bundled = (entries, options) =>
  build({
    absWorkingDir: HERE,
    entryPoints: entries,
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    target: ["safari16.4", "chrome128", "firefox128"],
    outdir: join(HERE, "a"),
    publicPath: "/a",
    entryNames: "[name].[hash]",
    chunkNames: "[name].[hash]",
    assetNames: "[name].[hash]",
    jsx: "automatic",
    jsxImportSource: "preact",
    loader: { ".woff2": "file", ".svg": "text" },
    legalComments: "none",
    logLevel: "warning",
    plugins: [assetNames],
    ...options,
  });

/** Bundles, publishes, and says where each entry came to lie and what it imports. */
async function bundle(entries, options) {
  const { outputFiles, metafile } = await bundled(entries, options);
  const entry = {};
  for (const file of outputFiles) {
    const path = `a/${basename(file.path)}`;
    files.set(path, Buffer.from(file.contents));
    const { entryPoint, imports } = metafile.outputs[relative(HERE, file.path)] ?? {};
    if (entryPoint)
      entry[entryPoint] = {
        url: `/${path}`,
        imports: imports
          .filter((one) => one.kind === "import-statement")
          .map((one) => `/a/${basename(one.path)}`),
      };
  }
  return entry;
}

/** What `entry` needs to run, and what it and its parts fetch later, as paths below HERE. */
async function survey(entry) {
  const { inputs } = (await bundled([entry], { format: "esm", splitting: true })).metafile;
  const reached = new Set([entry]);
  for (const path of reached)
    for (const one of inputs[path].imports)
      if (one.kind !== "dynamic-import" && one.path in inputs) reached.add(one.path);
  const later = Object.values(inputs)
    .flatMap((one) => one.imports)
    .filter((one) => one.kind === "dynamic-import");
  return { shell: [...reached], later: new Set(later.map((one) => one.path)) };
}

/*
 * The bundler makes a file of whatever the same set of entries needs, which was thirty files for the
 * shell alone.  So each part that is fetched later is made to need the whole shell, which it has anyway:
 * then the shell is one file.
 */
const oneShell = (entry, later) => ({
  name: "one shell",
  setup(esbuild) {
    esbuild.onLoad({ filter: /\.(tsx?|mjs)$/ }, async ({ path }) => {
      if (!later.has(relative(HERE, path))) return;
      const code = await fs.readFile(path, "utf8");
      return {
        contents: `import ${JSON.stringify(join(HERE, entry))};\n${code}`,
        loader: { ".ts": "ts", ".tsx": "tsx", ".mjs": "js" }[extname(path)],
      };
    });
  },
});

/* `import names from "bauta:assets"`: the table that assetUrl() reads. */
const assetNames = {
  name: "assets",
  setup(esbuild) {
    esbuild.onResolve({ filter: /^bauta:assets$/ }, () => ({ path: "assets", namespace: "bauta" }));
    esbuild.onLoad({ filter: /.*/, namespace: "bauta" }, () => ({
      contents: JSON.stringify(names),
      loader: "json",
    }));
  },
};

async function variant(bytes, kind) {
  const cache = join(gen, "web-cache", `${hash(bytes)}.${kind}`);
  const known = await fs.readFile(cache).catch(() => null);
  if (known) return known;
  const made =
    kind === "br"
      ? await promisify(brotliCompress)(bytes, {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: 11,
            [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
          },
        })
      : await promisify(gzip)(bytes, { level: 9 });
  await fs.mkdir(dirname(cache), { recursive: true });
  await fs.writeFile(`${cache}.new`, made);
  await fs.rename(`${cache}.new`, cache);
  return made;
}

async function compress() {
  for (const [path, bytes] of [...files]) {
    if (!COMPRESSED.has(extname(path))) continue;
    for (const kind of ["br", "gz"]) {
      const made = await variant(bytes, kind);
      if (made.length < bytes.length * WORTH_IT) files.set(`${path}.${kind}`, made);
    }
  }
}

/* Writes only what differs and removes what is no longer part of the build. */
async function write() {
  const keep = new Set([...files.keys()].map((path) => resolve(out, path)));
  const sweep = async (dir) => {
    for (const entry of await fs.readdir(dir, { withFileTypes: true }).catch(() => [])) {
      const path = resolve(dir, entry.name);
      if (entry.isDirectory()) await sweep(path);
      else if (!keep.has(path)) await fs.rm(path);
    }
  };
  await sweep(out);
  for (const [path, bytes] of files) {
    const target = join(out, path);
    const old = await fs.readFile(target).catch(() => null);
    if (old?.equals(bytes)) continue;
    await fs.mkdir(dirname(target), { recursive: true });
    await fs.writeFile(target, bytes);
  }
}

async function icons() {
  const dir = join(HERE, "src", "icons");
  const list = {
    svg: "logo.svg",
    192: "icon-192.png",
    512: "icon-512.png",
    maskable: "icon-maskable-512.png",
  };
  const urls = {};
  for (const [name, file] of Object.entries(list))
    urls[name] = publish(`icons/${file}`, await fs.readFile(join(dir, file)));
  return urls;
}

function manifest(urls, catalogue) {
  return JSON.stringify({
    id: "/",
    name: "Bauta",
    short_name: "Bauta",
    description: catalogue["app.description"],
    lang: "en",
    start_url: "/rooms",
    scope: "/",
    display: "standalone",
    background_color: "#fbf7f4",
    theme_color: "#7a2fd0",
    icons: [
      { src: urls.svg, type: "image/svg+xml", sizes: "any" },
      { src: urls[192], type: "image/png", sizes: "192x192" },
      { src: urls[512], type: "image/png", sizes: "512x512" },
      { src: urls.maskable, type: "image/png", sizes: "512x512", purpose: "maskable" },
    ],
  });
}

/** The paths of the client's pages, by which the server knows them. */
async function pages() {
  const paths = [];
  for (const { path } of await pagePaths())
    if (!path.endsWith("/:part")) paths.push(path);
    else
      for (const name of await partNames(path.split("/")[1]))
        paths.push(path.replace(":part", name));
  return paths;
}

for (const path of await walk(ASSETS)) {
  const name = relative(ASSETS, path);
  const bytes = await fs.readFile(path);
  /* Parts of looks are named by their bytes already, and the catalogue or the list of layers has the names. */
  if (name.endsWith(".bin") || name.startsWith("looks/layers/")) {
    const path = `a/${name.replaceAll("/", "-")}`;
    files.set(path, bytes);
    /* What every look needs is fetched ahead, too, by those who know no catalogue yet. */
    if (name.startsWith("looks/base.")) names["looks/base.bin"] = `/${path}`;
  } else if (name !== "animations/clips.json") publish(name, bytes);
  else
    for (const [part, clips] of Object.entries(divideClips(JSON.parse(bytes))))
      publish(`animations/${part}.json`, Buffer.from(JSON.stringify(clips)));
}
publish("credits.json", Buffer.from(JSON.stringify(await credits(HERE, ASSETS))));
publish("promises.json", await fs.readFile(join(gen, "promises.json")));
publish(
  "inventory.json",
  Buffer.from(JSON.stringify(await inventory(join(HERE, "..", "privacy")))),
);
const catalogue = {};
for (const language of LANGUAGES)
  catalogue[language] = JSON.parse(await fs.readFile(join(gen, `locale.${language}.json`)));
const paths = await pages();
const lacking = await lacks(Object.values(catalogue), paths);
if (lacking.length > 0) throw new Error(`rows of features want more:\n  ${lacking.join("\n  ")}`);
const { shell: inShell, later } = await survey(MAIN);
const code = (
  await Promise.all(
    inShell
      .filter((path) => path.startsWith("src/"))
      .map((path) => fs.readFile(join(HERE, path), "utf8")),
  )
).join("\n");
for (const language of LANGUAGES)
  for (const [part, texts] of Object.entries(divide(catalogue[language], code)))
    publish(`locale/${part}.${language}.json`, Buffer.from(JSON.stringify(texts)));
const urls = await icons();
for (const [name, entry] of [
  ["work.js", "src/lib/work.ts"],
  ["looks.js", "src/looks/worker.ts"],
  ["portraits.js", "src/looks/portrait_worker.ts"],
])
  names[name] = (await bundle([entry], { format: "iife" }))[entry].url;
const firstTexts = Object.fromEntries(LANGUAGES.map((l) => [l, names[`locale/first.${l}.json`]]));
const boot = await bundled(["src/shell/boot.ts"], {
  format: "iife",
  define: { FIRST_TEXTS: JSON.stringify(firstTexts) },
});
const main = await bundle([MAIN, STYLE], {
  format: "esm",
  splitting: true,
  plugins: [assetNames, oneShell(MAIN, later)],
});
/* What stays of the entry itself says only that the shell is to run. */
const [script, ...others] = main[MAIN].imports;
if (others.length > 0) throw new Error(`the shell is in pieces: ${others}`);
files.delete(main[MAIN].url.slice(1));
const style = main[STYLE].url;
const font = [...files.keys()].find((path) => /plus-jakarta.*\.woff2$/.test(path));

const page = (await fs.readFile(join(HERE, "src", "index.html"), "utf8")).replace(
  /\{\{(\w+)\}\}/g,
  (_, key) => {
    const values = {
      boot: boot.outputFiles[0].text.trim(),
      main: script,
      style,
      font: `/${font}`,
      icon: urls.svg,
      touch: urls[192],
      description: catalogue.en["app.description"],
      needs_en: catalogue.en["app.needs_script"],
      needs_id: catalogue.id["app.needs_script"],
    };
    if (!(key in values)) throw new Error(`index.html asks for {{${key}}}`);
    return values[key];
  },
);
files.set("index.html", Buffer.from(page));
files.set("pages.txt", Buffer.from(`${paths.join("\n")}\n`));
files.set("manifest.webmanifest", Buffer.from(manifest(urls, catalogue.en)));

const shell = [
  "/",
  script,
  style,
  `/${font}`,
  urls.svg,
  ...LANGUAGES.flatMap((l) => [names[`locale/first.${l}.json`], names[`locale/rest.${l}.json`]]),
];
const worker = await build({
  entryPoints: [join(HERE, "src", "shell", "sw.ts")],
  bundle: true,
  write: false,
  minify: true,
  format: "iife",
  target: "safari16.4",
  define: {
    SHELL: JSON.stringify(shell),
    VERSION: JSON.stringify(hash(page).slice(0, 10)),
    ICON: JSON.stringify(urls[192]),
  },
});
files.set("sw.js", Buffer.from(worker.outputFiles[0].contents));
await compress();
await write();

const size = (url) => (files.get(`${url.slice(1)}.br`) ?? files.get(url.slice(1))).length;
const first = ["/index.html", script, style, names["locale/first.en.json"]];
const kb = first.reduce((sum, url) => sum + size(url), 0) / 1024;
console.log(`web: ${files.size} files, shell with its texts ${kb.toFixed(1)} KB brotli`);
if (kb > SHELL_KB)
  throw new Error(`the shell is larger than ${SHELL_KB} KB: what does it not need at once?`);
