// The helpers themselves: what they wait for comes, whatever the page does.
import assert from "node:assert/strict";
import { journey, settled, until } from "./support.mjs";

journey(
  "a page that draws no frames any more comes to rest, at the end of what moved",
  async (world) => {
    const { page } = await world.someone();
    await page.setContent(`<p style="transition: opacity 600s; opacity: 1">…</p>
    <style>@keyframes shimmer { to { opacity: 0 } }</style>
    <i style="animation: shimmer 1s infinite">…</i>`);
    await page.evaluate(() => {
      const p = document.querySelector("p");
      getComputedStyle(p).opacity;
      p.style.opacity = "0.5";
      window.requestAnimationFrame = () => 0;
    });
    await settled(page);
    assert.equal(
      await page.evaluate(() => getComputedStyle(document.querySelector("p")).opacity),
      "0.5",
    );
    await until(page, () => true);
    assert.equal(
      await page.evaluate(() => document.getAnimations().length),
      1,
      "the shimmer goes on",
    );
  },
);
