// The client's style: every sheet lies in a layer, and no two of one layer style the same thing.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";

const WEB = process.cwd();
const { sheets } = await import(pathToFileURL(join(WEB, "parts.mjs")).href);
const ORDER = ["base", "kit", "shell", "room", "parts"];
/* What <html> says of the window, the letters and the person's wishes: every sheet may ask. */
const STATES = new Set(
  ["narrow", "tiny", "least", "short", "stacked", "upright"].map((name) => `.${name}`),
);

interface Sheet {
  path: string;
  layer: string;
}

const all: Sheet[] = [{ path: "kit/base.css", layer: "base" }, ...(await sheets())];
const textOf = (path: string) =>
  readFileSync(join(WEB, "src", path), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");

/** The list at its commas, those in brackets left alone. */
function splitList(list: string): string[] {
  const found = [""];
  let deep = 0;
  for (const sign of list) {
    if (sign === "(") deep++;
    if (sign === ")") deep--;
    if (sign === "," && deep === 0) found.push("");
    else found[found.length - 1] += sign;
  }
  return found.map((one) => one.trim());
}

/** Every selector of a sheet, those of rules within rules with what they stand in before them. */
function selectors(css: string): string[] {
  const found: string[] = [];
  const around: string[][] = [];
  for (const [, head = "", sign] of css.matchAll(/([^{};]*)([{};])/g)) {
    if (sign === "}") around.pop();
    if (sign !== "{") continue;
    const outer = around.at(-1) ?? [""];
    if (head.trim().startsWith("@")) around.push(outer);
    else {
      const own = splitList(head).flatMap((one) =>
        outer.map((before) => `${before} ${one}`.trim()),
      );
      around.push(own);
      found.push(...own.filter((one) => !/^(from|to|\d+%)$/.test(one)));
    }
  }
  return found;
}

/** What a selector names: classes, and elements. */
const names = (selector: string): string[] => [
  ...new Set(selector.match(/(?<![\w:.[-])\.?[a-z][\w-]*(?![\w-]*[=\]])/gi) ?? []),
  ...new Set(selector.match(/(?<=\w)\.[a-z][\w-]*/gi) ?? []),
];

test("a style sheet lies in the layer of its folder and says nothing of layers itself", () => {
  const known = new Set(["kit/tokens.css", "shell/app.css", ...all.map((one) => one.path)]);
  const there = readdirSync(join(WEB, "src"), { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(".css") && !path.startsWith("gen/"));
  assert.deepEqual(
    there.filter((path) => !known.has(path)),
    [],
  );
  const speaks = all.filter((one) => /@layer|@import/.test(textOf(one.path)));
  assert.deepEqual(speaks, []);
});

/*
 * Whose a name is in a layer: of the sheet there or below that styles it wherever it stands, or else of
 * the only one that speaks of it.
 */
function owners(layer: string): { of: Map<string, string>; twice: string[] } {
  const of = new Map<string, string>();
  const spoken = new Map<string, Set<string>>();
  const twice: string[] = [];
  for (const { path, layer: its } of all) {
    if (ORDER.indexOf(its) > ORDER.indexOf(layer)) continue;
    for (const selector of selectors(textOf(path))) {
      const found = names(selector).filter((name) => !STATES.has(name));
      for (const name of found) spoken.set(name, (spoken.get(name) ?? new Set()).add(path));
      if (found.length !== 1 || /[\s>+~]/.test(selector)) continue;
      const [name] = found;
      if ((of.get(name!) ?? path) !== path) twice.push(`${name} in ${path} and ${of.get(name!)}`);
      of.set(name!, path);
    }
  }
  for (const [name, paths] of spoken)
    if (!of.has(name) && paths.size === 1) of.set(name, [...paths][0]!);
  return { of, twice };
}

test("each rule names something of its own sheet: no other styles that by itself", () => {
  const wrong = ORDER.slice(1).flatMap((layer) => {
    const { of, twice } = owners(layer);
    const strange = all
      .filter((one) => one.layer === layer)
      .flatMap(({ path }) =>
        selectors(textOf(path))
          .map((selector) => ({ selector, found: names(selector).filter((n) => !STATES.has(n)) }))
          .filter(({ found }) => found.length > 0 && !found.some((n) => of.get(n) === path))
          .map(({ selector }) => `${path}: ${selector}`),
      );
    return [...twice, ...strange];
  });
  assert.deepEqual(wrong, []);
});

test("space between things is a step of the scale: what else keeps clear is the size of a thing, by its name", () => {
  const space =
    /(?:^|[{;\s])((?:scroll-)?(?:margin|padding)[\w-]*|(?:row-|column-)?gap|inset[\w-]*|top|right|bottom|left):([^;}]+)/g;
  /* Hairlines, shares, what belongs to the window or to the letters' line, and what has a name. */
  const fine =
    /var\(--[\w-]+\)|env\([\w-]+\)|\b[12]px\b|[\d.]+(?:%|d?v[wh]|lh)|\b(?:calc|min|max|clamp|auto)\b/g;
  const wrong = all.flatMap(({ path }) =>
    [...textOf(path).matchAll(space)]
      .filter(([, , value]) => /\d[a-z]/.test(value!.replace(fine, "")))
      .map(([, property, value]) => `${path}: ${property}:${value}`),
  );
  assert.deepEqual(wrong, []);
});
