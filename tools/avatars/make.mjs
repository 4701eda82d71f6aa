// Makes everything under assets/avatars again but the portraits, which tools/looks/portraits.mjs draws from looks:
// node tools/avatars/make.mjs [id...]
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { makeAvatar } from "./avatar.mjs";
import { writeCredits } from "./credits.mjs";
import { RECIPES } from "./recipes.mjs";

const ASSETS = fileURLToPath(new URL("../../assets", import.meta.url));
const folder = process.env.AVATARS_OUT ?? path.join(ASSETS, "avatars");

/** What clients read about an avatar; see `slots` for what can be coloured. */
const entry = (recipe) => ({
  id: recipe.id,
  file: `${recipe.id}.glb`,
  lod1: `${recipe.id}.lod1.glb`,
  height_m: recipe.height_m,
  slots: recipe.slots.map((slot, i) => ({ slot: i + 1, ...slot })),
  wears: recipe.wears,
});

fs.mkdirSync(folder, { recursive: true });
const list = { avatars: RECIPES.map(entry) };
const lines = list.avatars.map((avatar) => JSON.stringify(avatar));
fs.writeFileSync(path.join(folder, "avatars.json"), `{"avatars":[\n${lines.join(",\n")}\n]}\n`);

const only = process.argv.slice(2);
const used = new Map();
for (const recipe of RECIPES) {
  if (only.length && !only.includes(recipe.id)) continue;
  for (const item of await makeAvatar(recipe, folder)) used.set(item.id, item);
  const kilobytes = [".glb", ".lod1.glb"].map((suffix) =>
    (fs.statSync(path.join(folder, recipe.id + suffix)).size / 1024).toFixed(0));
  console.log(recipe.id, kilobytes.join(" + "), "KiB");
}
if (!only.length && !process.env.AVATARS_OUT)
  writeCredits(path.join(ASSETS, "CREDITS.md"), [...used.values()]);
