import assert from "node:assert/strict";
import test from "node:test";
import { wrongPart, type Birth } from "../src/parts/accounts/birth_date.ts";

const year = new Date().getFullYear();
const good: Birth = { day: "5", month: "4", year: "1990", country: "ID" };
const wrong = (change: Partial<Birth>) => wrongPart({ ...good, ...change });

test("what is wrong with a birth date is said at the field that is wrong", () => {
  assert.equal(wrong({}), null);
  assert.equal(wrong({ day: "" }), "day");
  assert.equal(wrong({ day: "32" }), "day");
  assert.equal(wrong({ day: "31" }), "day", "April has thirty days");
  assert.equal(wrong({ day: "29", month: "2", year: "2001" }), "day");
  assert.equal(wrong({ day: "29", month: "2", year: "2004" }), null);
  assert.equal(wrong({ month: "" }), "month");
  assert.equal(wrong({ year: "" }), "year");
  assert.equal(wrong({ year: "90" }), "year");
  assert.equal(wrong({ year: "1899" }), "year");
  assert.equal(wrong({ day: "31", month: "12", year: String(year + 1) }), "year");
});
