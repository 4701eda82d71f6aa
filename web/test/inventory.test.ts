// Every word of the data inventory that a member reads has its translation.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";

const here = (path: string) => join(process.cwd(), path);
const { inventory } = await import(pathToFileURL(here("inventory.mjs")).href);
const english = new Map(
  readdirSync(here("src"), { recursive: true })
    .map(String)
    .filter((path) => path.endsWith(".en.po"))
    .flatMap((path) => [
      ...readFileSync(join(here("src"), path), "utf8").matchAll(/^msgid "(.+)"\nmsgstr "(.*)"$/gm),
    ])
    .map((match) => [match[1]!, match[2]!]),
);
const slug = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");

test("what the site knows of a member is told in every language", async () => {
  const missing = new Set<string>();
  const has = (key: string) => english.has(key) || missing.add(key);
  for (const { table, rows } of await inventory(here("../privacy"))) {
    has(`data.table_${table}`);
    for (const { what, use, basis, keep, also = [], who } of rows) {
      for (const label of what) {
        if (has(`data.what_${slug(label)}`) === true)
          assert.equal(english.get(`data.what_${slug(label)}`), label);
      }
      has(`data.use_${slug(use)}`);
      has(`data.basis_${slug(basis)}`);
      for (const time of [keep, ...also])
        if (typeof time === "string") has(`data.with_${time}`);
        else has(`data.${time.length === 0 ? "at" : "after"}_${time.after}`);
      for (const one of who) has(`data.who_${one}`);
    }
  }
  assert.deepEqual([...missing], [], "sentences missing below web/src");
});
