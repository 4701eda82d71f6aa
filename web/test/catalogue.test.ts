// Keys in the program against keys in the catalogue, both ways.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";

const SRC = join(process.cwd(), "src");

function files(dir: string, ext: RegExp): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) return entry.name === "gen" ? [] : files(path, ext);
    return ext.test(path) ? [path] : [];
  });
}

function keys(language: string): Set<string> {
  const found = files(SRC, new RegExp(`\\.${language}\\.po$`)).flatMap((path) =>
    [...readFileSync(path, "utf8").matchAll(/^msgid "(.+)"$/gm)].map((match) => match[1]!),
  );
  return new Set(found);
}

const code =
  files(SRC, /\.tsx?$/)
    .map((path) => readFileSync(path, "utf8"))
    .join("\n") + readFileSync(join(process.cwd(), "build.mjs"), "utf8");
const english = keys("en");
const { asksFor } = await import(pathToFileURL(join(process.cwd(), "texts.mjs")).href);

test("every language has every text", () => {
  const indonesian = keys("id");
  assert.deepEqual(
    [...english].filter((key) => !indonesian.has(key)),
    [],
  );
  assert.deepEqual(
    [...indonesian].filter((key) => !english.has(key)),
    [],
  );
});

test("every text that the program asks for is there", () => {
  const asked = [...code.matchAll(/\bt\(\s*"([^"]+)"/g)].map((match) => match[1]!);
  assert.deepEqual(
    asked.filter((key) => !english.has(key)),
    [],
  );
  for (const [, start] of code.matchAll(/\bt\(\s*`([a-z_]+\.[a-z_]*)\$\{/g))
    assert.ok(
      [...english].some((key) => key.startsWith(start!)),
      `nothing begins with ${start}`,
    );
});

test("no text is there that nobody asks for", () => {
  const used = asksFor(code);
  assert.deepEqual(
    [...english].filter((key) => !used(key)),
    [],
  );
});
