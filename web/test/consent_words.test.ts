// What is recorded as the words of a consent must be the words that were on the page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { report } from "../src/lib/report.ts";

const ROOT = join(process.cwd(), "..");

function text(file: string, key: string): string {
  const piece = readFileSync(join(ROOT, file), "utf8");
  const found = piece.match(new RegExp(`msgid "${key}"\\nmsgstr "(.+)"`));
  assert.ok(found, `${file}: ${key}`);
  return found[1]!;
}

test("the checkbox of the registration shows the words that are recorded as agreed to", () => {
  for (const language of ["en", "id"])
    assert.equal(
      text(`web/src/parts/accounts/account.${language}.po`, "register.marketing"),
      text(`src/features/common/consents/consents.${language}.po`, "consents.marketing"),
    );
});

test("a report of performance holds words of closed lists and nothing else", () => {
  assert.deepEqual(
    report(59.7, 1800, "high", { deviceMemory: 8, connection: { effectiveType: "4g" } }),
    {
      frames: "50up",
      load: "under2s",
      memory: "8gb",
      network: "4g",
      quality: "high",
    },
  );
  assert.deepEqual(report(3, 12000, "low", { connection: { effectiveType: "slow-2g" } }), {
    frames: "under15",
    load: "over10s",
    memory: "unknown",
    network: "slow",
    quality: "low",
  });
  assert.deepEqual(report(29, 4000, "medium", {}).network, "unknown");
});
