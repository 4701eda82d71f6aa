import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { file } from "./looks/open.ts";

interface Row {
  author: string;
  licence: string;
  base: boolean;
  patterns: string[];
  slots: { items: string[] }[];
}
const { looksBy }: { looksBy(of: object): Row[] } = await import(
  pathToFileURL(join(process.cwd(), "credits.mjs")).href
);

test("the page of credits names a maker for every item and pattern that a look can have", () => {
  const all = looksBy(file);
  const items = all.flatMap(({ slots }) => slots.flatMap((one) => one.items));
  assert.deepEqual(items.sort(), file.items.map(({ id }) => id).sort());
  assert.deepEqual(
    all.flatMap(({ patterns }) => patterns),
    file.patterns.slice(1),
  );
  assert.equal(all.filter(({ base }) => base).length, 1);
  for (const { author, licence } of all) assert.ok(author && licence);
});

test("an item for which nobody is named stops the build", () => {
  const [first, ...others] = file.items;
  const { credit: _, ...nobodys } = first!;
  assert.throws(() => looksBy({ ...file, items: [nobodys, ...others] }), /nobody is named for/);
  assert.throws(
    () => looksBy({ ...file, items: [{ ...first!, credit: "who" }, ...others] }),
    /nobody is named for/,
  );
});
