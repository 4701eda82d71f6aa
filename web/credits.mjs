// What the client is made of, for the credits page: the table of assets/CREDITS.md, whose each thing
// of the wardrobe is, and the licences of the packages that end up in the bundle.
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

/**
 * Who made what looks are made of, as the catalogue has it: of each maker the things by slot. Throws
 * when nobody is named for one.
 */
export function looksBy({ credits, credit_of, items, patterns, slots }) {
  for (const { id, credit } of items)
    if (!credits.some((row) => row.id === credit)) throw new Error(`nobody is named for ${id}`);
  return credits.map(({ id, author, licence, source }) => ({
    author,
    licence,
    source,
    base: credit_of.base === id,
    patterns: credit_of.patterns === id ? patterns.filter((name) => name !== "none") : [],
    slots: slots
      .map(({ id: slot }) => ({
        slot,
        items: items.filter((one) => one.slot === slot && one.credit === id).map((one) => one.id),
      }))
      .filter((one) => one.items.length > 0),
  }));
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
  const catalogue = JSON.parse(await fs.readFile(join(assets, "looks", "catalogue.json"), "utf8"));
  /* Looks have a place of their own on the page. */
  const others = rows(markdown).filter(({ item }) => !item.startsWith("looks: "));
  return { assets: others, looks: looksBy(catalogue), packages };
}
