// What the client is made of, for the credits page: the table of assets/CREDITS.md and the
// licences of the packages that end up in the bundle.
import { promises as fs } from "node:fs";
import { join } from "node:path";

const SHIPPED = [
  "preact",
  "@preact/signals",
  "@preact/signals-core",
  "three",
  "meshoptimizer",
  "@fontsource-variable/plus-jakarta-sans",
  "@fontsource-variable/atkinson-hyperlegible-next",
  "lucide-static",
];

/** Rows of the first Markdown tables of the file: [{item, author, licence, source}]. */
function rows(markdown) {
  return markdown
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\|[\s:|-]+\|$/.test(line))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("`", "")),
    )
    .filter((cells) => cells.length >= 4 && !/^items?$/i.test(cells[0]))
    .map(([item, author, licence, source]) => ({ item, author, licence, source }));
}

async function licence(dir) {
  const file = (await fs.readdir(dir)).find((name) => /^licen[cs]e/i.test(name));
  return file ? await fs.readFile(join(dir, file), "utf8") : "";
}

export async function credits(web, assets) {
  const markdown = await fs.readFile(join(assets, "CREDITS.md"), "utf8").catch(() => "");
  const packages = [];
  for (const name of SHIPPED) {
    const dir = join(web, "node_modules", name);
    const about = JSON.parse(await fs.readFile(join(dir, "package.json"), "utf8"));
    packages.push({
      name,
      version: about.version,
      licence: about.license,
      text: await licence(dir),
    });
  }
  return { assets: rows(markdown), packages };
}
