import assert from "node:assert/strict";
import test from "node:test";
import { colourWords } from "../src/parts/looks/colour_name.ts";

const said = (hex: string) => Object.values(colourWords(hex)).reverse().join(" ").trim();

test("the colours of clothes and hair have the names that people use", () => {
  const wanted: Record<string, string> = {
    "#e8735a": "red",
    "#f2b84b": "yellow",
    "#7fae5a": "green",
    "#3f8f8a": "turquoise",
    "#26344f": "dark blue",
    "#6a4fa3": "violet",
    "#d4628f": "pink",
    "#f3f1ec": "white",
    "#2b2e38": "dark grey",
    "#1d1613": "black",
    "#8a5a33": "brown",
    "#3b2417": "dark brown",
    "#dcb878": "beige",
  };
  for (const [hex, name] of Object.entries(wanted)) assert.equal(said(hex), name, hex);
});

test("every colour has a name, those at the edges, too", () => {
  for (const hex of [
    "#000000",
    "#ffffff",
    "#ff0000",
    "#ff00ff",
    "#00ff00",
    "#0000ff",
    "#808080",
    "#ff0010",
  ])
    assert.ok(colourWords(hex).colour, hex);
});
