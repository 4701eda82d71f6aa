import assert from "node:assert/strict";
import { test } from "node:test";
import { ownPath } from "../src/lib/trip.ts";

test("a way back leads to a path of ours, whatever a browser drops out of an address", () => {
  for (const own of ["/rooms", "/rooms/abc?x=1#y", "/a%09b"])
    assert.equal(ownPath(own, "/no"), own);
  const others = [
    "//a.example",
    "/\\a.example",
    "/\t/a.example",
    "/\n/a.example",
    "/\r/a",
    "https://a.example",
    "",
    "/ü",
  ];
  for (const other of others) assert.equal(ownPath(other, "/no"), "/no", JSON.stringify(other));
  assert.equal(ownPath(null, "/no"), "/no");
});
