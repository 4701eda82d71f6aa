// The avatars. `clothes` go from inner to outer; `slot` names the colourable part they belong to.
const HAIR = ["#1d1613", "#3b2417", "#5f3a22", "#8a5a33", "#b98449", "#dcb878", "#9c3f22",
  "#8d8d93", "#b0476f", "#3f5f9e"];
const CLOTH = ["#e8735a", "#f2b84b", "#7fae5a", "#3f8f8a", "#3b6fd4", "#6a4fa3", "#d4628f",
  "#f3f1ec", "#8b8f98", "#2b2e38"];
const DENIM = ["#3f5f8f", "#6d8fbd", "#26344f", "#2b2e38", "#7a6a58", "#a33f3a", "#4f6b4a",
  "#e9e4d8"];
const JACKET = ["#66703f", "#2f4560", "#b5532f", "#c9a878", "#3a3d45", "#7d3550", "#2f7d7a",
  "#e8e2d6", "#d9a441"];
const SHOES = ["#f3f1ec", "#2b2e38", "#7a4a2a", "#c9a27a", "#c8453b", "#3b6fd4", "#4f6b4a"];

const SKIRT = ["#c9b48c", "#2b2e38", "#3f5f8f", "#6a4fa3", "#7d3550", "#4f6b4a", "#e9e4d8"];

/** A slot whose default is the given colour of its palette. */
const slot = (part, colours, colour) => ({ part, colours, default: colours.indexOf(colour) });
const LIGHT_F = "young_caucasian_female/textures/young_lightskinned_female_diffuse.png";
const ASIAN_F = "young_asian_female/textures/young_lightskinned_female_diffuse3.png";
const DARK_F = "young_african_female/textures/young_darkskinned_female_diffuse.png";
const LIGHT_M = "young_caucasian_male/textures/young_lightskinned_male_diffuse.png";
const ASIAN_M = "young_asian_male/textures/young_lightskinned_male_diffuse3.png";
const DARK_M = "young_african_male/textures/young_darkskinned_male_diffuse.png";
/** Tests for the middle of a face: uv boxes [u0, v0, u1, v1] of an item's picture. */
const within = (...boxes) => ({ u, v }) =>
  boxes.some(([u0, v0, u1, v1]) => u >= u0 && u <= u1 && v >= v0 && v <= v1);
const not = (test) => (middle) => !test(middle);

const isSneakerSole = within([0, 0, 1, 0.25]);
const isSuitShirt = within([0.35, 0, 0.5, 0.12], [0.35, 0.11, 0.43, 0.17],
  [0.32, 0.11, 0.386, 0.47], [0.36, 0.31, 0.4, 0.39], [0.89, 0.39, 0.93, 0.47]);
const isSuitButton = within([0.89, 0.22, 0.93, 0.39], [0.1, 0, 0.33, 0.11],
  [0.72, 0.65, 0.83, 0.75]);
const isBuckle = (p) => p.y > 2.5 && within([0.19, 0.58, 0.35, 1])(p);
/** The coat's fur: its hem. */
const isCoatFur = (p) => p.y < -3.45;
/** Hems: the band's width in decimetres and its brightness. */
const HEM = { width: 0.2, band: 1.03 };
const RIBBED = { width: 0.5, band: 0.84 };
const sneakers = [
  { item: "clothes/shoes02", where: not(isSneakerSole), slot: "shoes", photo: 0.3,
    dropBelow: 200 },
  { item: "clothes/shoes02", where: isSneakerSole, flat: true, colour: "#eceae4" },
];
const laced = [{ item: "clothes/shoes01", slot: "shoes", photo: 0.8 }];

export const RECIPES = [
  {
    id: "mia", height_m: 1.62, wears: "coral T-shirt, blue jeans, white trainers",
    macro: { male: 0, race: { asian: 0.55, caucasian: 0.45 }, height: 0.45 },
    skin: { file: ASIAN_F, tone: "#dba984" }, eye: "#5b3a20",
    hair: { item: "hair/long01", contrast: 0.55 }, brow: "eyebrows/eyebrow001",
    clothes: [
      ...sneakers,
      { item: "clothes/female_casualsuit01", parts: [1], slot: "bottom", photo: 0.75 },
      { item: "clothes/female_casualsuit01", parts: [0], slot: "top", hem: HEM },
    ],
    slots: [slot("top", CLOTH, "#e8735a"), slot("bottom", DENIM, "#3f5f8f"),
      slot("shoes", SHOES, "#f3f1ec"), slot("hair", HAIR, "#5f3a22")],
  },
  {
    id: "budi", height_m: 1.72, wears: "blue sweater, dark trousers, brown lace-up shoes",
    macro: { male: 1, race: { asian: 0.7, african: 0.15, caucasian: 0.15 }, muscle: 0.55 },
    skin: { file: ASIAN_M, tone: "#c08a62" }, eye: "#3d2615",
    hair: { item: "hair/short02" }, brow: "eyebrows/eyebrow012",
    clothes: [
      ...laced,
      { item: "clothes/male_casualsuit02", parts: [1], slot: "bottom", photo: 0.35 },
      { item: "clothes/male_casualsuit02", parts: [0], slot: "top", hem: RIBBED },
    ],
    slots: [slot("top", CLOTH, "#3b6fd4"), slot("bottom", DENIM, "#2b2e38"),
      slot("shoes", SHOES, "#7a4a2a"), slot("hair", HAIR, "#1d1613")],
  },
  {
    id: "amara", height_m: 1.7, wears: "yellow summer dress, red lace-up shoes",
    macro: { male: 0, race: { african: 0.8, caucasian: 0.2 }, weight: 0.55 },
    skin: { file: DARK_F, tone: "#74462e" }, eye: "#3a2414",
    hair: { item: "hair/afro01", size: 320, contrast: 0.5, relief: 0.08 },
    brow: "eyebrows/eyebrow001", lash: "eyelashes/eyelashes03",
    hose: { to: 0.35, slot: "dress" },
    clothes: [
      { ...laced[0], dropBelow: 200 },
      { item: "clothes/F_Dress_02", slot: "dress", skirt: true, lengthen: 1.35,
        far: 0.25, hem: HEM },
    ],
    slots: [slot("dress", CLOTH, "#f2b84b"), slot("shoes", SHOES, "#c8453b"),
      slot("hair", HAIR, "#1d1613")],
  },
  {
    id: "leo", height_m: 1.82,
    wears: "olive jacket with a fleece collar over a shirt, blue jeans, brown shoes",
    macro: { male: 1, race: { caucasian: 0.9, asian: 0.1 }, weight: 0.52 },
    skin: { file: LIGHT_M, tone: "#dca583" }, eye: "#4f7fae",
    hair: { item: "hair/short04", size: 416 }, brow: "eyebrows/eyebrow009",
    clothes: [
      ...laced,
      { item: "clothes/male_casualsuit05", parts: [1], slot: "bottom", photo: 0.75 },
      { item: "clothes/male_casualsuit05", parts: [2], slot: "top", photo: 0.25 },
      { item: "clothes/male_casualsuit05", parts: [0], slot: "jacket", photo: 0.7 },
      { item: "clothes/male_casualsuit05", parts: [3], colour: "#efe7d8", photo: 0.4, rigid: true },
    ],
    slots: [slot("jacket", JACKET, "#66703f"), slot("top", CLOTH, "#f3f1ec"),
      slot("bottom", DENIM, "#3f5f8f"), slot("shoes", SHOES, "#7a4a2a"),
      slot("hair", HAIR, "#8a5a33")],
  },
  {
    id: "elsa", height_m: 1.68, wears: "violet T-shirt, black skirt, dark tights, white trainers",
    macro: { male: 0, race: { caucasian: 0.85, asian: 0.15 }, weight: 0.48, height: 0.55 },
    skin: { file: LIGHT_F, tone: "#e6b08f" }, eye: "#4c7c53",
    hair: { item: "hair/ponytail01" }, brow: "eyebrows/eyebrow001",
    hose: { to: 1.2, colour: "#2a2a33" },
    clothes: [
      ...sneakers,
      { item: "clothes/miniskirt", parts: [0], slot: "bottom", skirt: true, lengthen: 1.3,
        far: 0.25 },
      { item: "clothes/female_casualsuit02", parts: [1], slot: "top", hem: HEM },
    ],
    slots: [slot("top", CLOTH, "#6a4fa3"), slot("bottom", DENIM, "#2b2e38"),
      slot("shoes", SHOES, "#f3f1ec"), slot("hair", HAIR, "#dcb878")],
  },
  {
    id: "nia", height_m: 1.64, wears: "blue denim dungarees, white T-shirt, blue trainers",
    macro: { male: 0, race: { african: 0.5, asian: 0.2, caucasian: 0.3 }, weight: 0.72 },
    skin: { file: ASIAN_F, tone: "#a06a48" }, eye: "#4a2e1a",
    hair: { item: "hair/Braid01" }, brow: "eyebrows/eyebrow001",
    clothes: [
      ...sneakers,
      { item: "clothes/male_worksuit01", parts: [1], slot: "top", hem: HEM },
      { item: "clothes/male_worksuit01", parts: [0], where: not(isBuckle), slot: "bottom",
        photo: 0.8, gap: 0.16 },
      { item: "clothes/male_worksuit01", parts: [0], where: isBuckle, rigid: true, flat: true,
        colour: "#2b2d33", keep: 0.3 },
    ],
    slots: [slot("top", CLOTH, "#f3f1ec"), slot("bottom", DENIM, "#6d8fbd"),
      slot("shoes", SHOES, "#3b6fd4"), slot("hair", HAIR, "#1d1613")],
  },
  {
    id: "omar", height_m: 1.78,
    wears: "blue suit jacket, white shirt and tie, dark trousers, black shoes",
    macro: { male: 1, race: { caucasian: 0.55, african: 0.3, asian: 0.15 }, muscle: 0.5 },
    skin: { file: LIGHT_M, tone: "#b98460" }, eye: "#4a3018",
    hair: { item: "hair/short01", size: 416 }, brow: "eyebrows/eyebrow012",
    clothes: [
      { item: "clothes/shoes03", slot: "shoes", photo: 0.5 },
      { item: "clothes/male_elegantsuit01", parts: [1], slot: "bottom", photo: 0.4 },
      { item: "clothes/male_elegantsuit01", where: isSuitShirt, photo: 1, colours: true },
      { item: "clothes/male_elegantsuit01", parts: [0], slot: "jacket",
        where: (p) => !isSuitShirt(p) && !isSuitButton(p),
        photo: 0.4 },
    ],
    slots: [slot("jacket", JACKET, "#2f4560"), slot("bottom", DENIM, "#2b2e38"),
      slot("shoes", SHOES, "#2b2e38"), slot("hair", HAIR, "#1d1613")],
  },
  {
    id: "rosa", height_m: 1.6, wears: "rose blouse, green skirt, dark tights, brown shoes",
    macro: { male: 0, race: { caucasian: 0.6, asian: 0.25, african: 0.15 }, weight: 0.66 },
    skin: { file: LIGHT_F, tone: "#c99170" }, eye: "#5a3a1e",
    hair: { item: "hair/bob02", sweep: 0.7 },
    brow: "eyebrows/eyebrow001", lash: "eyelashes/eyelashes03",
    hose: { to: 1.2, colour: "#3a3038" },
    clothes: [
      { ...laced[0], dropBelow: 200 },
      { item: "clothes/female_elegantsuit01", parts: [1], slot: "bottom", skirt: true,
        lengthen: 1.2, far: 0.25 },
      { item: "clothes/female_elegantsuit01", parts: [0], slot: "top", gap: 0.12 },
    ],
    slots: [slot("top", CLOTH, "#d4628f"), slot("bottom", DENIM, "#4f6b4a"),
      slot("shoes", SHOES, "#7a4a2a"), slot("hair", HAIR, "#3b2417")],
  },
  {
    id: "kofi", height_m: 1.8, wears: "teal T-shirt, black jeans, red trainers",
    macro: { male: 1, race: { african: 0.85, caucasian: 0.15 }, weight: 0.68, muscle: 0.55 },
    skin: { file: DARK_M, tone: "#5f3b28" }, eye: "#2e1c12",
    hair: { item: "hair/short04", size: 416 }, brow: "eyebrows/eyebrow012",
    clothes: [
      ...sneakers,
      { item: "clothes/male_casualsuit06", parts: [1], slot: "bottom", photo: 0.6 },
      { item: "clothes/male_casualsuit06", parts: [0], slot: "top", hem: HEM },
    ],
    slots: [slot("top", CLOTH, "#3f8f8a"), slot("bottom", DENIM, "#2b2e38"),
      slot("shoes", SHOES, "#c8453b"), slot("hair", HAIR, "#1d1613")],
  },
  {
    id: "yuki", height_m: 1.58, wears: "long rust winter coat with fur trim, brown boots",
    macro: { male: 0, race: { asian: 0.95, caucasian: 0.05 }, weight: 0.42, height: 0.4 },
    skin: { file: ASIAN_F, tone: "#ecc3a1" }, eye: "#3a2616",
    hair: { item: "hair/short03", sweep: 0.5 }, brow: "eyebrows/eyebrow001",
    hose: { to: 1.2, colour: "#2a2a33" },
    clothes: [
      { item: "clothes/WinterBoots", parts: [0, 1], slot: "shoes", photo: 0.7 },
      { item: "clothes/WinterBoots", parts: [2, 3], flat: true, colour: "#4a4442" },
      { item: "clothes/Coat", where: not(isCoatFur), slot: "jacket", skirt: true, far: 0.3,
        photo: 0.7 },
      { item: "clothes/Coat", where: isCoatFur, colour: "#efe7d8", skirt: true, far: 0.3,
        photo: 0.6 },
    ],
    slots: [slot("jacket", JACKET, "#b5532f"), slot("shoes", SHOES, "#7a4a2a"),
      slot("hair", HAIR, "#1d1613")],
  },
  {
    id: "siti", height_m: 1.61,
    wears: "teal headscarf and long-sleeved top, long sand-coloured skirt, brown shoes",
    macro: { male: 0, race: { asian: 0.75, caucasian: 0.15, african: 0.1 }, weight: 0.55 },
    skin: { file: ASIAN_F, tone: "#c98f66" }, eye: "#3a2414",
    brow: "eyebrows/eyebrow001", browColour: "#3b2417",
    clothes: [
      { ...laced[0], dropBelow: 200 },
      { item: "own/skirt", slot: "bottom", skirt: true, far: 0.25 },
      { item: "clothes/male_casualsuit02", parts: [0], slot: "top", hem: HEM },
      { item: "own/scarf", slot: "top" },
    ],
    hose: { to: 1.2, colour: "#3a3038" },
    slots: [slot("top", CLOTH, "#3f8f8a"), slot("bottom", SKIRT, "#c9b48c"),
      slot("shoes", SHOES, "#7a4a2a")],
  },
];
