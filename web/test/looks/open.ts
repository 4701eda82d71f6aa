// The looks of assets, opened for tests.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Library } from "../../src/looks/assemble.ts";
import { readBase } from "../../src/looks/base.ts";
import { readBound } from "../../src/looks/bound.ts";
import { type CatalogueFile, readCatalogue } from "../../src/looks/catalogue.ts";
import { prepare } from "../../src/looks/prepare.ts";
import type { Recipe } from "../../src/looks/recipe.ts";

const FOLDER = join(process.env["BAUTA_ASSETS"] ?? join(process.cwd(), "../assets"), "looks");
export const bytes = (name: string) => new Uint8Array(readFileSync(join(FOLDER, name)));

export const file = JSON.parse(
  readFileSync(join(FOLDER, "catalogue.json"), "utf8"),
) as CatalogueFile;
export const catalogue = readCatalogue(file);
export const base = readBase(bytes(file.base));
export const prepared = prepare(base);
export const library: Library = {
  catalogue,
  bound: new Map(
    file.items
      .filter((item) => item.file)
      .map((item) => [item.id, readBound(bytes(item.file!), base.count)]),
  ),
};
export const preset = (id: string) =>
  structuredClone(file.presets.find((one) => one.id === id)!.recipe) as Recipe;
