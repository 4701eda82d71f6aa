// Pages of pictures to judge looks by eye: node tools/looks/sheet.mjs [--webp] FOLDER [name...]
// Names: faces bodies sitting walking expressions expressions_far hair wardrobe outfits levels things carried sliders patterns clips sway room portraits.
import fs from "node:fs";
import path from "node:path";
import { FOLDER } from "./open.mjs";
import { onPage, shoot } from "./shoot.mjs";

const webp = process.argv.includes("--webp");
const [out, ...wanted] = process.argv.slice(2).filter((word) => word !== "--webp");
const fileOf = (name) => path.join(out, `${name}.${webp ? "webp" : "png"}`);
if (!out) {
  console.error("usage: node tools/looks/sheet.mjs [--webp] FOLDER [name...]");
  process.exit(2);
}
const { items, presets, slots, patterns, sliders } = JSON.parse(
  fs.readFileSync(path.join(FOLDER, "catalogue.json"), "utf8"),
);
const CLIPS = JSON.parse(fs.readFileSync(path.join(FOLDER, "../animations/clips.json"), "utf8"));
const itemOf = (id) => items.find((one) => one.id === id);
const order = slots.map(({ id }) => id);
const person = (id) => structuredClone(presets.find((one) => one.id === id).recipe);

/* A head with its hair fills the picture, shoulders are its foot. */
const FACE = { at: "face", far: 1.42, angle: 20, up: 0.05, look: 0 };
const BODY = { at: "body", far: 5, angle: 22, up: 1.15, look: 0.87 };
const seated = (recipe) => recipe.wear.some(({ id }) => itemOf(id).slot === "seat");
const cell = (recipe, view, more = {}) => ({
  recipe,
  view,
  yaw: -0.35,
  clip: [seated(recipe) ? "sit" : "idle", 0.4],
  ...more,
});

/** A recipe with these put on, in the order of slots, and what they exclude taken off. */
function wearing(recipe, given) {
  const fresh = given.map(([id, colours, pattern, pattern_colour]) => ({
    id,
    colours: colours.slice(0, itemOf(id).zones.length),
    ...(pattern ? { pattern, pattern_colour } : {}),
  }));
  const mine = new Set(fresh.map(({ id }) => itemOf(id).slot));
  const gone = new Set(fresh.flatMap(({ id }) => itemOf(id).excludes ?? []));
  const kept = recipe.wear.filter(
    ({ id }) =>
      !mine.has(itemOf(id).slot) &&
      !gone.has(itemOf(id).slot) &&
      !(itemOf(id).excludes ?? []).some((slot) => mine.has(slot)),
  );
  const wear = [...kept, ...fresh].sort(
    (a, b) => order.indexOf(itemOf(a.id).slot) - order.indexOf(itemOf(b.id).slot),
  );
  return { ...recipe, wear };
}

const plain = (strong) => ({
  v: 1,
  body: { figure: strong ? 70 : -70 },
  skin: strong ? 5 : 3,
  eyes: strong ? 1 : 5,
  wear: [
    ["brows_soft", [3]],
    ["lashes", []],
    [strong ? "hair_quiff" : "hair_low_bun", [4, 5]],
    ["tee", [0, 0]],
    ["jeans", [19, 19]],
    ["sneakers", [0, 0]],
  ].reduce((r, one) => wearing(r, [one]), { wear: [] }).wear,
});
const SHADES = [8, 22, 6, 17, 13, 25, 3, 15, 0, 27, 9, 19, 11, 24, 4, 30];
const shade = (i) => SHADES[i % SHADES.length];
const everyone = (view, more) =>
  presets.map(({ recipe }) =>
    cell(recipe, view, { ...more, ...(seated(recipe) ? { clip: ["sit", 0.4] } : {}) }),
  );

const EXPRESSIONS = [
  {},
  { happy: 1 },
  { sad: 1 },
  { angry: 1 },
  { surprised: 1 },
  { relaxed: 1 },
  { doubt: 1 },
  { blink_left: 1, blink_right: 1 },
  { blink_left: 1, happy: 0.5 },
  { aa: 1 },
  { ih: 1 },
  { ou: 1 },
  { ee: 1 },
  { oh: 1 },
];
/** [item, its colours, pattern, the pattern's colour]... */
const OUTFITS = [
  [
    ["tee", [8, 8]],
    ["jeans", [19, 19]],
    ["sneakers", [0, 0]],
  ],
  [
    ["camp_shirt", [5, 5], 10, 6],
    ["chinos", [2, 2]],
    ["loafers", [4, 5]],
  ],
  [
    ["sweater", [17, 17]],
    ["joggers", [28, 28]],
    ["high_tops", [0, 9]],
  ],
  [
    ["boat_top", [0, 0], 2, 20],
    ["knee_skirt", [23, 23]],
    ["flats", [10, 10]],
  ],
  [
    ["summer_dress", [6, 6], 28, 7],
    ["flats", [9, 9]],
  ],
  [
    ["tee", [8, 8]],
    ["blazer", [20, 20]],
    ["wide_trousers", [1, 1]],
    ["brogues", [4, 5]],
  ],
  [
    ["lace_blouse", [1, 13]],
    ["sarong", [13, 6], 23, 6],
    ["flats", [13, 13]],
  ],
  [
    ["short_shirt", [22, 22], 19, 0],
    ["long_shorts", [2, 2]],
    ["espadrilles", [3, 1]],
  ],
];

/** From where a garment is looked at. */
const part = (up, far) => ({ ...BODY, up: up + 0.12, look: up, far });
const CLOSE = {
  feet: part(0.19, 1.9),
  base: part(0.34, 2.6),
  legs: part(0.56, 3.5),
  top: part(1.1, 2.6),
  over: part(1.06, 2.7),
  outer: part(0.98, 3.1),
  dress: part(0.83, 4.9),
};

const SHEETS = {
  faces: () => ({ cells: everyone(FACE), columns: 8, width: 240, height: 240 }),
  bodies: () => ({ cells: everyone(BODY), columns: 11, width: 160, height: 380 }),
  sitting: () => ({
    cells: everyone(BODY, { clip: ["sit", 0.4] }),
    columns: 11,
    width: 180,
    height: 400,
  }),
  walking: () => ({
    cells: everyone(BODY, { clip: ["walk", 0.3] }),
    columns: 11,
    width: 180,
    height: 400,
  }),
  expressions: () => ({
    columns: EXPRESSIONS.length / 2,
    width: 200,
    height: 200,
    cells: ["mia", "leo", "siti", "gloria"].flatMap((id) =>
      EXPRESSIONS.map((morphs) =>
        cell(person(id), { ...FACE, far: 1.12, up: 0.03, look: -0.02 }, { morphs, yaw: -0.2 }),
      ),
    ),
  }),
  expressions_far: () => ({
    columns: EXPRESSIONS.length,
    width: 110,
    height: 110,
    cells: ["mia", "budi", "gloria"].flatMap((id) =>
      EXPRESSIONS.map((morphs) =>
        cell(
          person(id),
          { ...FACE, far: 1.12, up: 0.03, look: -0.02 },
          { morphs, yaw: -0.2, level: 1, plain: true },
        ),
      ),
    ),
  }),
  hair: () => ({
    columns: 12,
    width: 160,
    height: 160,
    cells: items
      .filter(({ slot }) => slot === "hair")
      .flatMap(({ id }, i) =>
        [-0.5, 2.5].map((yaw) =>
          cell(
            {
              ...wearing(plain(i % 2), [
                [id, [[1, 4, 7, 0, 10, 12, 3, 8][i % 8], [2, 5, 8, 1, 10, 12, 4, 9][i % 8]]],
              ]),
              skin: [1, 4, 7, 10, 2, 12][i % 6],
            },
            { ...FACE, far: 1.6, look: -0.01 },
            { yaw },
          ),
        ),
      ),
  }),
  wardrobe: () => ({
    columns: 15,
    width: 125,
    height: 165,
    cells: items
      .filter(({ rule }) => rule)
      .map((item, i) =>
        cell(
          wearing(plain(i % 2), [
            [
              item.id,
              [shade(i), shade(i * 7 + 5)],
              ...(item.patterns && i % 4 === 1
                ? [1 + ((i * 3) % (patterns.length - 1)), shade(i * 5 + 3)]
                : []),
            ],
          ]),
          CLOSE[item.slot],
        ),
      ),
  }),
  outfits: () => ({
    columns: OUTFITS.length,
    width: 170,
    height: 380,
    cells: ["elsa", "gloria", "dmitri"].flatMap((id) =>
      OUTFITS.map((list) =>
        cell(
          wearing(
            {
              ...person(id),
              wear: person(id).wear.filter((w) => /brows|lashes|hair|beard/.test(w.id)),
            },
            list,
          ),
          BODY,
        ),
      ),
    ),
  }),
  levels: () => ({
    columns: 12,
    width: 170,
    height: 380,
    cells: [0, 1, 2].flatMap((level) =>
      presets.slice(0, 12).map(({ recipe }) => cell(recipe, BODY, { level, plain: level > 0 })),
    ),
  }),
  things: () => ({
    columns: 12,
    width: 190,
    height: 210,
    cells: items
      .filter(({ slot }) => /head|eyewear|ears|neck|beard|brows/.test(slot))
      .map(({ id, palette }, i) =>
        cell(
          wearing({ ...plain(i % 2), skin: [2, 5, 8, 11][i % 4] }, [
            [
              id,
              palette === "hair"
                ? [2]
                : palette === "metal"
                  ? [i % 9, (i + 4) % 9]
                  : [shade(i), shade(i * 7 + 5)],
            ],
          ]),
          FACE,
        ),
      ),
  }),
  carried: () => ({
    columns: 11,
    width: 180,
    height: 400,
    cells: items
      .filter(({ slot }) => /hearing|limb|hand|back/.test(slot))
      .flatMap(({ id, slot }, i) =>
        [-0.6, 2.4].map((yaw) =>
          cell(
            wearing(plain(i % 2), [
              [id, [shade(i), shade(i * 7 + 5)].map((c) => (slot === "hands" ? c % 10 : c % 12))],
            ]),
            BODY,
            { yaw },
          ),
        ),
      ),
  }),
  sliders: () => ({
    columns: 14,
    width: 140,
    height: 150,
    cells: sliders
      .filter(({ part }) => part === "face")
      .flatMap(({ id, min, max }) =>
        [min, max].map((x) =>
          cell(
            { ...plain(0), face: x ? { [id]: x } : {} },
            { ...FACE, far: 1.35, look: 0 },
            { yaw: -0.45 },
          ),
        ),
      ),
  }),
  patterns: () => ({
    columns: 10,
    width: 170,
    height: 200,
    cells: patterns.slice(1).map((_, i) =>
      cell(wearing(plain(i % 2), [["short_shirt", [shade(i), 0], i + 1, shade(i * 7 + 5)]]), {
        at: "body",
        far: 2.4,
        angle: 22,
        up: 1.2,
        look: 1.12,
      }),
    ),
  }),
};

/** Each clip in a moment of it, on two bodies. */
SHEETS.clips = () => ({
  columns: 14,
  width: 120,
  height: 250,
  cells: Object.entries(CLIPS.clips).flatMap(([name, { seconds }]) =>
    ["budi", "gloria"].map((id, i) =>
      cell(
        person(id),
        { ...BODY, far: 5.6 },
        { level: 1, plain: true, clip: [name, seconds * (i ? 0.32 : 0.5)] },
      ),
    ),
  ),
});

/** What hangs, as it hangs and as far off as it goes. */
SHEETS.sway = () => ({
  columns: 12,
  width: 150,
  height: 330,
  cells: [
    ["hair_long", "knee_skirt"],
    ["hair_high_ponytail", "summer_dress"],
    ["hair_braids", "sarong"],
  ].flatMap(([hair, skirt]) =>
    [
      [0, 0],
      [0.1, 0],
      [-0.1, 0],
      [0, -0.1],
    ].map((sway) =>
      cell(
        wearing(wearing({ ...plain(0) }, [[itemOf(hair) ? hair : "hair_low_bun", [4, 5]]]), [
          [skirt, [shade(3), shade(9)]],
        ]),
        { ...BODY, far: 4.4 },
        { sway, yaw: 2.6 },
      ),
    ),
  ),
});

/** Ten people in the lounge: [id, x, z, yaw, clip, seconds, expression, height of the seat]. */
const ROOM = [
  ["siti", -0.82, -3.09, 0.1, "sit", 0.4, { relaxed: 1 }, 0.42],
  ["priya", 0.42, -3.09, -0.1, "sit2", 1.6, {}, 0.42],
  ["farid", -2.4, -1.72, 0.9, "sit", 1.6, {}, 0.42],
  ["eun", 2, -1.72, -0.9, "sit", 2.4, {}, 0.42],
  ["sol", -1.8, 0.95, 0.3, "sit", 0.4, { happy: 0.3 }],
  ["budi", -0.85, 0.9, 0.15, "idle", 0.6, { happy: 0.6 }],
  ["kofi", 0.68, 0.95, -0.15, "idle", 1.1, {}],
  ["gloria", -0.08, -1, 0, "wave", 0.8, { happy: 0.8 }],
  ["amara", 1.95, 0.85, -0.4, "idle2", 5.6, { happy: 0.4 }],
  ["elsa", -2.8, -0.2, 0.5, "idle", 2.2, {}],
];
const inRoom = () =>
  onPage(
    "room",
    {
      width: 1500,
      height: 844,
      eye: [0, 1.6, 5.4],
      aim: [0, 0.98, 0],
      stands: ROOM.map(([id, x, z, yaw, clip, at, morphs, seat]) => ({
        recipe: person(id),
        x,
        z,
        yaw,
        seat,
        morphs,
        clip: [clip, at],
      })),
    },
    fileOf("room"),
    "room.ts",
  );

/** Everybody as lists and profiles show them. */
const inLists = () =>
  onPage(
    "portraits",
    { recipes: presets.map(({ recipe }) => recipe), sizes: [96, 32], columns: 8, back: "#ffffff" },
    fileOf("portraits"),
    "portraits.ts",
  );
const OWN = { room: inRoom, portraits: inLists };

fs.mkdirSync(out, { recursive: true });
for (const name of wanted.length ? wanted : [...Object.keys(SHEETS), ...Object.keys(OWN)]) {
  if (OWN[name]) console.log(JSON.stringify(await OWN[name]()));
  else await shoot(SHEETS[name](), fileOf(name));
  console.log(name);
}
