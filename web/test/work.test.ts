import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";
import { findWork, sha256 } from "../src/lib/sha256.ts";

const hex = (words: Uint32Array) =>
  [...words].map((word) => word.toString(16).padStart(8, "0")).join("");

test("hashes are those of SHA-256 at every length around a block", () => {
  for (const length of [0, 1, 3, 54, 55, 56, 57, 63, 64, 65, 119, 120, 128, 300]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255);
    assert.equal(
      hex(sha256(bytes)),
      createHash("sha256").update(bytes).digest("hex"),
      `${length} bytes`,
    );
  }
});

test("a proof of work is what the server checks", () => {
  const n = findWork("abc", 12, () => undefined);
  assert.match(createHash("sha256").update(`abc:${n}`).digest("hex"), /^000/);
});
