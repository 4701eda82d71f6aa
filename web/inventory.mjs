// What the site keeps about a member, for the settings page: the data inventory (privacy/), shorter.
// Columns of a table with the same purpose, ground, time and readers are one row.
import { promises as fs } from "node:fs";
import { join } from "node:path";

/* Numbers and fingerprints by which the server finds rows: nobody is shown them. */
export const INTERNAL = "Internal numbers and fingerprints";

const read = async (path) => JSON.parse(await fs.readFile(path, "utf8"));

/** "account", or {after: anchor, length, unit: D | M | Y}. */
function keep(text, tables) {
  if (text.startsWith("parent:")) return keep(tables.get(text.slice(7)).row_retain, tables);
  const [, after, length, unit] = /^(\w+)\+P(\d+)([DMY])$/.exec(text) ?? [];
  return after ? { after, length: Number(length), unit } : text;
}

/** Other times by which its rows end. */
function others(table, tables) {
  const parent = table.row_retain.startsWith("parent:") && tables.get(table.row_retain.slice(7));
  return parent ? others(parent, tables) : (table.also ?? []).map((one) => keep(one, tables));
}

function rows(table, tables) {
  const found = new Map();
  const columns = Object.values(table.columns).filter((one) => one.subj !== "none");
  /* What has a name first: what has none joins a row that is kept as long. */
  for (const one of [...columns].sort((a, b) => !a.export - !b.export)) {
    const row = {
      what: [],
      use: one.use,
      basis: one.basis,
      keep: keep(one.retain === "row" ? table.row_retain : one.retain, tables),
      who: one.rcpt,
    };
    const also = one.retain === "row" ? others(table, tables) : [];
    if (also.length > 0) row.also = also;
    const same = JSON.stringify(one.export ? row : [row.basis, row.keep, row.also]);
    const like = (other) => JSON.stringify([other.basis, other.keep, other.also]) === same;
    const known = found.get(same) ?? (one.export ? undefined : [...found.values()].find(like));
    const label = one.export ?? INTERNAL;
    if (!known) found.set(same, { ...row, what: [label] });
    else if (!known.what.includes(label)) known.what.push(label);
  }
  return [...found.values()];
}

/** What the browser keeps and what the log has, as if they were tables. */
async function elsewhere(privacy) {
  const kept = new Map();
  const places = Object.values(await read(join(privacy, "browser.json")));
  for (const { what, use, keep: until } of places.flatMap((place) => Object.values(place))) {
    const row = { what: [what], use, basis: "A6-1-b", keep: keep(until), who: [] };
    const same = JSON.stringify([row.use, row.keep]);
    if (!kept.has(same)) kept.set(same, row);
    else if (!kept.get(same).what.includes(what)) kept.get(same).what.push(what);
  }
  const log = {
    what: ["Kinds of calls, times and failures: nobody's name, address or words"],
    use: "essential.service.operations",
    basis: "A6-1-f-controller",
    keep: "operator",
    who: ["staff"],
  };
  return [
    { table: "browser", rows: [...kept.values()] },
    { table: "log", rows: [log] },
  ];
}

/** [{table, rows: [{what: [label], use, basis, keep, also?: [keep], who: [recipient]}]}] */
export async function inventory(privacy) {
  const dir = join(privacy, "inventory");
  const names = (await fs.readdir(dir)).filter((name) => name.endsWith(".json")).sort();
  const list = await Promise.all(names.map((name) => read(join(dir, name))));
  const tables = new Map(list.map((table) => [table.table, table]));
  return list
    .map((table) => ({ table: table.table, rows: rows(table, tables) }))
    .filter((one) => one.rows.length > 0)
    .concat(await elsewhere(privacy));
}
