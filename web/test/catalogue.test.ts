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

/** Key by key what a language says. */
function texts(language: string): Map<string, string> {
  const found = files(SRC, new RegExp(`\\.${language}\\.po$`)).flatMap((path) =>
    [
      ...readFileSync(path, "utf8").matchAll(
        /^msgid "(.+)"\n(?:.+\n)*?msgstr(?:\[0\])? (.*(?:\n".*)*)/gm,
      ),
    ].map((match): [string, string] => [match[1]!, match[2]!.replace(/^"|"\n"|"$/g, "")]),
  );
  return new Map(found);
}

const code =
  files(SRC, /\.tsx?$/)
    .map((path) => readFileSync(path, "utf8"))
    .join("\n") + readFileSync(join(process.cwd(), "build.mjs"), "utf8");
const spoken = { en: texts("en"), id: texts("id") };
const english = new Set(spoken.en.keys());
const { asksFor } = await import(pathToFileURL(join(process.cwd(), "texts.mjs")).href);

test("every language has every text", () => {
  const indonesian = new Set(spoken.id.keys());
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

test("what is said of a button in a list of people holds the words that are seen on it", () => {
  for (const [language, said] of Object.entries(spoken))
    for (const [key, seen] of said) {
      const whole = said.get(`${key}_name`);
      if (whole?.includes("{name}"))
        assert.ok(
          whole.toLowerCase().includes(seen.toLowerCase()),
          `${language}, ${key}: ${whole}`,
        );
    }
});
