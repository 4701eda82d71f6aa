// Gathers what the parts of the client bring: node web/parts.mjs OUTDIR
//   A part is a folder below src/parts/.  Its files of these names have rows, typed by src/rows.ts:
//     pages.ts     its pages, its place in the navigation, windows over any page: a piece of the shell
//     settings.tsx sections of the account's settings
//     person.ts    what can be done with somebody
//     admin.tsx    parts of the administration
//     seen.tsx     what somebody else is shown of oneself: sections of that page
//     reports.ts   how officers are shown what was reported
//     reminders.ts what is said above the list of rooms until it is done
//   and visits.mjs, of tests alone: how a page is visited whose address says nothing by itself.
//   OUTDIR gets a list of each kind, and style.css, which puts every style sheet but the two lowest
//   (src/shell/app.css) into its layer: a folder is one.
import { promises as fs } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const SRC = join(dirname(fileURLToPath(import.meta.url)), "src");
const PARTS = join(SRC, "parts");
/* Layers of their own, which src/shell/app.css begins with. */
const BELOW = ["kit/tokens.css", "kit/base.css"];
const LAYERS = ["kit", "shell", "room", "parts"];
const KINDS = {
  pages: "PagesOf",
  settings: "SettingsOf",
  person: "PersonOf",
  admin: "AdminOf",
  seen: "SeenOf",
  reports: "ReportsOf",
  reminders: "RemindersOf",
};

async function filesOf(fits) {
  const found = [];
  for (const part of (await fs.readdir(PARTS)).sort())
    for (const file of (await fs.readdir(join(PARTS, part))).sort())
      if (fits(file)) found.push({ part, file, path: join(PARTS, part, file) });
  return found;
}

/** The files with rows of one kind. */
export const rowsOf = (kind) => filesOf((file) => file === `${kind}.ts` || file === `${kind}.tsx`);

/** The paths of all pages, and who they are for. */
export async function pagePaths() {
  const rows = [];
  for (const { path } of await rowsOf("pages"))
    for (const [, at, who] of (await fs.readFile(path, "utf8")).matchAll(
      /path: "([^"]+)",\s*who: "(\w+)"/g,
    ))
      rows.push({ path: at, who });
  if (!rows.some(({ path }) => path === "/")) throw new Error("no rows of pages");
  return rows;
}

/** How a test visits pages whose addresses say nothing by themselves: path to a function (tests/browser). */
export async function visitsOf() {
  const rows = await filesOf((file) => file === "visits.mjs");
  const all = await Promise.all(rows.map(({ path }) => import(pathToFileURL(path))));
  return Object.assign({}, ...all.map((row) => row.visits));
}

/** What `:part` of the settings or of the administration may be. */
export async function partNames(kind) {
  const names = [];
  for (const { path } of await rowsOf(kind))
    names.push(
      ...[...(await fs.readFile(path, "utf8")).matchAll(/\bname: "([^"]+)",\s+place:/g)].map(
        ([, name]) => name,
      ),
    );
  if (names.length === 0) throw new Error(`no rows of ${kind}`);
  return names;
}

/**
 * What rows of the server want of the client and do not find: a view of each kind that can be reported,
 * sentences, pages. `catalogues` are all languages', `paths` the pages.
 */
export async function lacks(catalogues, paths) {
  const made = await fs.readFile(join(SRC, "gen", "wants.ts"), "utf8");
  const { reports, texts, pages } = JSON.parse(/ WANTS = (.*);/.exec(made)[1]);
  const views = [];
  for (const { path } of await rowsOf("reports"))
    for (const [, kind] of (await fs.readFile(path, "utf8")).matchAll(/\bkind: "([^"]+)"/g))
      views.push(kind);
  return [
    ...reports
      .filter((kind) => views.filter((one) => one === kind).length !== 1)
      .map((kind) => `one view of what is reported as "${kind}" (reports.ts)`),
    ...texts
      .filter((key) => !catalogues.every((catalogue) => key in catalogue))
      .map((key) => `the sentence ${key}`),
    ...pages.filter((path) => !paths.includes(path)).map((path) => `the page ${path}`),
  ];
}

/** The style sheets that lie in a layer by their folder. */
export async function sheets() {
  const found = (await filesOf((file) => file.endsWith(".css"))).map(({ part, file }) => ({
    path: `parts/${part}/${file}`,
    layer: "parts",
  }));
  for (const layer of LAYERS.filter((name) => name !== "parts"))
    for (const file of (await fs.readdir(join(SRC, layer))).sort())
      if (file.endsWith(".css")) found.push({ path: `${layer}/${file}`, layer });
  return found.filter(({ path }) => ![...BELOW, "shell/app.css"].includes(path));
}

async function put(path, text) {
  if ((await fs.readFile(path, "utf8").catch(() => null)) !== text) await fs.writeFile(path, text);
}

async function gather(out) {
  await fs.mkdir(out, { recursive: true });
  for (const [kind, type] of Object.entries(KINDS)) {
    const rows = await rowsOf(kind);
    const lines = rows.map(
      ({ part, file }) => `import * as ${part} from "../../parts/${part}/${file}";\n`,
    );
    const list = rows.map(({ part }) => part).join(", ");
    await put(
      join(out, `${kind}.ts`),
      `// Made by web/parts.mjs; do not edit.\nimport type { ${type} } from "../../rows.ts";\n${lines.join("")}` +
        `export const parts: ${type}[] = [${list}];\n`,
    );
  }
  await put(
    join(out, "style.css"),
    (await sheets())
      .map(({ path, layer }) => `@import "../../${path}" layer(${layer});\n`)
      .join(""),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await gather(process.argv[2]);
