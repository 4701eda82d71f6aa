// The portraits of the ready avatars, drawn from their looks: node tools/looks/portraits.mjs [FOLDER]
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { FOLDER } from "./open.mjs";
import { shoot } from "./shoot.mjs";

const AVATARS = fileURLToPath(new URL("../../assets/avatars", import.meta.url));
const out = process.argv[2] ?? path.join(AVATARS, "portraits");
const SIZE = 256;
const VIEW = { at: "face", far: 2.2, angle: 12, up: 0.03, look: -0.03 };

const { presets } = JSON.parse(fs.readFileSync(path.join(FOLDER, "catalogue.json"), "utf8"));
const { avatars } = JSON.parse(fs.readFileSync(path.join(AVATARS, "avatars.json"), "utf8"));
fs.mkdirSync(out, { recursive: true });
for (const { id } of avatars) {
  const { recipe } = presets.find((one) => one.id === id);
  const cell = { recipe, view: VIEW, yaw: -0.3, clip: ["idle", 0.4], morphs: { happy: 0.35 } };
  await shoot({ cells: [cell], columns: 1, width: SIZE, height: SIZE, back: "" }, path.join(out, `${id}.webp`));
  console.log(id);
}
