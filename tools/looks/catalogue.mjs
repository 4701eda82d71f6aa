// The catalogue of looks: sliders, marks, palettes, slots, items. Made into assets/looks/catalogue.json.
import { credited } from "./credits.mjs";
import { BODY_SLIDERS, FACE_SLIDERS } from "./style.mjs";
import { PRESETS } from "./presets.mjs";
import { GARMENTS } from "./wardrobe.mjs";

const MACRO = ["figure", "weight", "muscle", "height", "proportions", "chest"];
const both = (id, part) => ({ id, part, min: -100, max: 100 });

export const SLIDERS = [
  { id: "age", part: "body", min: 0, max: 100 },
  ...[...MACRO, ...Object.keys(BODY_SLIDERS)].map((id) => both(id, "body")),
  both("head_size", "head"),
  ...Object.entries(FACE_SLIDERS).map(([id, [less]]) =>
    ({ ...both(id, "face"), min: less.length ? -100 : 0 })),
];

/** How many motifs the shader has (`motif`). */
const MOTIFS = 8;
const INKS = ["1d2733", "6b3a22", "1f5a46", "24408a", "a02a34", "f3ead9"];
const NAILS = ["c8343f", "7d1f33", "e58fa8", "f3d7cf", "e8735a", "f2b84b", "3f8f7a", "3b6fd4", "6a4fa3",
  "b7a2dc", "1b1c22", "d8d8dc", "f6f2ea"];

/**
 * In the order of web/src/looks/material.ts. Most are shares; of a tattoo it is the number of a motif, and what
 * has a palette is a colour of it (of nails 1 is the first: 0 is none).
 */
export const MARKS = [
  ...["freckles", "vitiligo", "blush", "lips", "shade", "liner", "scar", "mole", "stubble", "brow_scar",
    "spots", "glitter"].map((id) => ({ id, max: 100 })),
  ...["arm_left", "arm_right", "forearm_left", "forearm_right", "neck", "leg_left", "leg_right"]
    .map((place) => ({ id: `tattoo_${place}`, max: MOTIFS })),
  { id: "tattoo_ink", max: INKS.length - 1, palette: "ink" },
  { id: "nails", max: NAILS.length, palette: "nails" },
];

export const PALETTES = {
  skin: ["efc9ab", "eabd98", "e4b08a", "dda47c", "d49a70", "c68a60", "b57850", "a06844", "9a6547",
    "8c583d", "7d4d35", "70452f", "633c29", "573424", "e5b094", "cfa07c", "9bb7d9", "8fc7a3",
    "b79ad1", "d98fa8", "e0c068", "7d8796"],
  hair: ["1d1715", "2a201c", "3b2417", "54331f", "6b4226", "8a5a33", "a8743f", "c79a5b", "e2c384",
    "f1e2bd", "9c3f22", "c25a2b", "8d8d93", "c8c8cd", "f2f0ec", "b0476f", "3f5f9e", "3f8f7a",
    "7a55a3", "e58fb0"],
  eyes: ["3a2415", "5a3a1e", "7a522a", "93702f", "5a6b3a", "4c8a63", "5787b5", "8fb3cf", "6b7078",
    "7a55a3"],
  cloth: ["f6f2ea", "e9dfcc", "c9b48c", "b08a5a", "7a4a2a", "4a3226", "f2b84b", "e08a3c", "e8735a",
    "c8453b", "8f2f38", "d4628f", "f0b8c4", "7d3550", "a98fc9", "6a4fa3", "3b3f78", "3b6fd4",
    "6d8fbd", "3f5f8f", "26344f", "9fc5b5", "3f8f8a", "2f6f5a", "7fae5a", "4f6b4a", "66703f",
    "c9c9c6", "8b8f98", "55585f", "2b2e38", "1b1c22"],
  metal: ["2b2320", "5a4a3a", "a33f3a", "3b6fd4", "c9a24a", "d8d8dc", "8b8f98", "e8735a", "3f8f8a",
    "f6f2ea", "c9a27a", "6a4fa3"],
  ink: INKS,
  nails: NAILS,
};

/** In the order of web/src/looks/patterns.ts. */
export const PATTERNS = ["none", "stripes", "wide_stripes", "pinstripes", "check", "gingham", "tartan", "dots",
  "small_dots", "petals", "waves_diagonal", "rosettes", "clouds", "sprigs", "zigzag", "herringbone", "houndstooth",
  "stars", "hearts", "leaves", "flowers", "waves", "triangles", "diamonds", "knit", "rib", "denim", "camouflage",
  "lozenges", "tapestry", "plus", "confetti", "blocks", "bricks", "scales", "moons", "cubes", "fern", "drops", "grid"];

/* What stands in one slot is never worn together: of what one gets about by, canes and the wheelchair, it is one. */
export const SLOTS = ["brows", "lashes", "hair", "beard", "base", "legs", "top", "dress", "over",
  "outer", "feet", "head", "eyewear", "ears", "neck", "hands", "back", "hearing", "limb", "hand"]
  .map((id, layer) => ({ id, layer }));

export function catalogueOf({ base, bound }) {
  return { v: 1, sliders: SLIDERS, marks: MARKS, palettes: PALETTES, patterns: PATTERNS, slots: SLOTS,
    ...credited([...bound, ...GARMENTS]), base,
    presets: PRESETS };
}
