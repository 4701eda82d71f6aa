// What every page must be, however one looks at it: axe finds nothing, and nothing is wider than the
// window.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { settled, until } from "./support.mjs";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
/* In the dark nothing but colours differs. */
const COLOURS = ["color-contrast", "link-in-text-block"];
const WIDE = [1440, 900];
const NARROW = [390, 844];

/** The window has another size, and the page has come to rest in it. */
export async function resize(page, width, height) {
  await page.setViewportSize({ width, height });
  await settled(page);
}

const scroll = (page, side) => page.evaluate((name) => document.documentElement[name], side);

/**
 * What axe finds, as sentences. `runOnly` names the rules, or groups of them. What is well is neither
 * described nor sent here: on a long page that costs more than looking.
 */
async function faults(page, runOnly) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  return await page.evaluate(async (rules) => {
    const asked = { runOnly: rules, resultTypes: ["violations"] };
    const { violations } = await window.axe.run(document, asked);
    return violations.map(
      (one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`,
    );
  }, runOnly);
}

/* In a window as high as the page, so that nothing lies half under the bar at the bottom by chance. */
async function look(page, width, height, rules) {
  await resize(page, width, height);
  const full = await scroll(page, "scrollHeight");
  if (full > height) await resize(page, width, full);
  const found = await faults(page, rules);
  const wide = await scroll(page, "scrollWidth");
  return wide > width ? [...found, `${wide} px wide`] : found;
}

/**
 * What is wrong with the page as it stands, wide and narrow, in light and in dark; `other`: narrow
 * and light, for another language. Leaves it light and narrow.
 */
export async function wrongLooks(page, { other = false } = {}) {
  const wrong = [];
  for (const [colorScheme, rules] of [
    ["dark", COLOURS],
    ["light", RULES],
  ]) {
    if (colorScheme === "dark" && other) continue;
    await page.emulateMedia({ colorScheme });
    // The page hears of it at its next frame, and only then its colours begin to change.
    await until(page, (wanted) => document.documentElement.dataset.theme === wanted, colorScheme);
    for (const [width, height] of other ? [NARROW] : [WIDE, NARROW])
      for (const fault of await look(page, width, height, rules))
        wrong.push(`${colorScheme}, ${width} px: ${fault}`);
  }
  return wrong;
}

/** Nothing is wrong with the page in any of those; it gets its own window and colours back. */
export async function looksWellEverywhere(page, what, how = {}) {
  const size = page.viewportSize();
  assert.deepEqual(await wrongLooks(page, how), [], what);
  await page.setViewportSize(size);
}

/** The same of what is walked in each language: in English everywhere, else where words are tight. */
export const looksWellIn = (language, page, what) =>
  looksWellEverywhere(page, `${what}, ${language}`, { other: language !== "en" });

/** Nothing is wrong with the page in its own window and its own colours. */
export async function looksWell(page, what = page.url()) {
  const { width, height } = page.viewportSize();
  assert.deepEqual(await look(page, width, height, RULES), [], what);
  await page.setViewportSize({ width, height });
}
