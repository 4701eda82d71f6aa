// People to begin with: the eleven of before, and twenty faces that differ in every way a face can.
import { GARMENTS } from "./wardrobe.mjs";

const C = Object.fromEntries(["white", "cream", "sand", "tan", "brown", "cocoa", "yellow", "orange", "coral", "red",
  "wine", "pink", "rose", "plum", "lilac", "violet", "indigo", "blue", "sky", "denim", "navy", "mint", "teal", "pine",
  "leaf", "olive", "moss", "silver", "grey", "slate", "ink", "black"].map((name, i) => [name, i]));
const H = { black: 0, soft_black: 1, dark: 2, brown: 3, chestnut: 4, light_brown: 5, honey: 6, gold: 7, blond: 8,
  pale: 9, auburn: 10, ginger: 11, grey: 12, silver: 13, white: 14, pink: 15, blue: 16, teal: 17, violet: 18 };
const EYE = { dark: 0, brown: 1, hazel: 2, amber: 3, green: 5, blue: 6, pale: 7, grey: 8, olive: 4 };
const SLOTS = ["brows", "lashes", "hair", "beard", "base", "legs", "top", "dress", "over", "outer", "feet", "head",
  "eyewear", "ears", "neck", "hands", "back", "hearing", "limb", "hand"];
const PREFIX = { brows_: "brows", hair_: "hair", beard_: "beard", glasses_: "eyewear", sunglasses: "eyewear", ear_: "ears",
  hat_: "head", scarf_: "head", neck_: "neck", wrist_: "hands", back_: "back", hearing_aids: "hearing", cochlear: "hearing",
  cane: "hand", white_cane: "hand", leg_prosthesis: "limb", wheelchair: "hand" };
const slotOf = (id) => GARMENTS.find((one) => one.id === id)?.slot ??
  Object.entries(PREFIX).find(([start]) => id.startsWith(start))[1];

/** wear: {id: colours or [colours, pattern, its colour]}. Members and items in the order of recipes. */
function recipe({ body = {}, face = {}, skin, eyes, marks = {}, hair, wear }) {
  const [style, shade = H.dark, tips = shade < 9 ? shade + 1 : shade] = hair ?? [];
  const all = { brows_soft: [shade], lashes: [], ...(style ? { [`hair_${style}`]: [shade, tips] } : {}), ...wear };
  if (Object.keys(wear).some((id) => /^brows_(?!soft)/.test(id))) delete all.brows_soft;
  const worn = Object.entries(all).map(([id, given]) => {
    const [colours, pattern, pattern_colour] = Array.isArray(given[0]) ? given : [given];
    return { id, ...(colours.length ? { colours } : {}), ...(pattern ? { pattern, pattern_colour } : {}) };
  }).sort((a, b) => SLOTS.indexOf(slotOf(a.id)) - SLOTS.indexOf(slotOf(b.id)));
  const some = (name, given) => (Object.keys(given).length ? { [name]: given } : {});
  return { v: 1, ...some("body", body), ...some("face", face), skin, eyes, ...some("marks", marks), wear: worn };
}

const ELEVEN = {
  mia: { body: { figure: -80, height: -30, weight: -5 }, face: { cheek_volume: 20 }, skin: 3, eyes: EYE.brown, marks: { blush: 30 },
    hair: ["long", H.chestnut], wear: { tee: [C.coral, C.coral], jeans: [C.denim], sneakers: [C.white, C.white] } },
  budi: { body: { figure: 80, height: 5, muscle: 10 }, face: { jaw_width: 15, chin_height: 10, eye_fold: 40, nose_width: 15 }, skin: 5, eyes: EYE.dark,
    hair: ["side_part", H.soft_black], wear: { brows_bold: [H.black], sweater: [C.blue, C.blue], chinos: [C.ink], brogues: [C.brown, C.cocoa] } },
  amara: { body: { figure: -80, height: 10, weight: 15 }, face: { lip_upper: 45, lip_lower: 45, nose_width: 40, cheek_bones: 20 }, skin: 10, eyes: EYE.dark,
    hair: ["afro", H.black], wear: { brows_arched: [H.black], summer_dress: [[C.yellow, C.orange], 9, C.orange], brogues: [C.red, C.red], ear_hoops: [4] } },
  leo: { body: { figure: 80, height: 60, weight: 5 }, face: { jaw_width: 45, chin_height: 25, nose_length: 20 }, skin: 2, eyes: EYE.blue, marks: { stubble: 30 },
    hair: ["quiff", H.light_brown], wear: { brows_straight: [H.chestnut], shirt: [C.white, C.silver], jeans: [C.denim], parka: [C.olive, C.cream], brogues: [C.brown, C.cocoa] } },
  elsa: { body: { figure: -75, height: 15, weight: -5 }, face: { face_length: 15, nose_tip: 20 }, skin: 1, eyes: EYE.green,
    hair: ["ponytail", H.gold], wear: { boat_top: [C.violet], pencil_skirt: [C.ink], tights: [C.ink], sneakers: [C.white, C.white] } },
  nia: { body: { figure: -80, height: -20, weight: 50 }, face: { face_round: 40, lip_lower: 25, nose_width: 20 }, skin: 7, eyes: EYE.brown,
    hair: ["braids", H.soft_black], wear: { tee: [C.white, C.white], jeans: [C.sky], dungaree_bib: [C.sky, C.ink], sneakers: [C.blue, C.white] } },
  omar: { body: { figure: 75, height: 40 }, face: { nose_length: 40, nose_bridge: 40, jaw_width: 15, brow_ridge: 20 }, skin: 6, eyes: EYE.brown, marks: { stubble: 60 },
    hair: ["crop", H.black], wear: { brows_bold: [H.black], shirt: [C.white, C.white], chinos: [C.ink], suit_jacket: [C.navy, C.ink], neck_tie: [C.wine], loafers: [C.ink, C.black] } },
  rosa: { body: { figure: -85, height: -40, weight: 40, age: 20 }, face: { cheek_volume: 40, face_round: 30 }, skin: 4, eyes: EYE.hazel,
    hair: ["bob_part", H.dark], wear: { round_collar_blouse: [C.pink, C.rose], knee_skirt: [C.olive], tights: [C.cocoa], loafers: [C.brown, C.cocoa] } },
  kofi: { body: { figure: 80, height: 45, weight: 50, muscle: 15 }, face: { jaw_width: 40, nose_width: 60, lip_upper: 30, lip_lower: 30 }, skin: 11, eyes: EYE.dark,
    hair: ["fade", H.black], wear: { brows_bold: [H.black], beard_short: [H.black], tee: [C.teal, C.teal], jeans: [C.ink], sneakers: [C.red, C.white], glasses_round: [0] } },
  yuki: { body: { figure: -75, height: -55, weight: -25 }, face: { eye_fold: 70, eye_tilt: 20, nose_bridge: -30, face_round: 20 }, skin: 1, eyes: EYE.dark,
    hair: ["pixie", H.soft_black], wear: { brows_straight: [H.soft_black], turtleneck: [C.cream], slim_trousers: [C.ink], overcoat: [C.orange, C.brown], tall_boots: [C.brown, C.cocoa] } },
  siti: { body: { figure: -80, height: -35, weight: 15 }, face: { eye_fold: 25, cheek_volume: 20 }, skin: 5, eyes: EYE.dark,
    wear: { brows_soft: [H.dark], scarf_hijab: [C.teal], long_tunic_shirt: [C.teal, C.mint], long_skirt: [C.sand], flats: [C.brown, C.brown] } },
};

const FACES = {
  ada: { body: { figure: -70, age: 75, weight: 25, height: -40 }, face: { face_lines: 70, eye_bag: 40, ear_lobe: 50, nose_length: 30 }, skin: 9, eyes: EYE.dark, marks: { spots: 40 },
    hair: ["afro_short", H.silver], wear: { brows_thin: [H.grey], kaftan: [[C.plum, C.yellow], 29, C.yellow], slippers: [C.wine, C.sand], ear_drops: [4, 9], neck_beads: [4, 9] } },
  bayu: { body: { figure: 65, weight: -45, height: 20 }, face: { face_full: -60, cheek_bones: 60, nose_round: 40, eye_fold: 50, chin_width: -40 }, skin: 6, eyes: EYE.dark,
    hair: ["curtains", H.soft_black], wear: { brows_straight: [H.black], camp_shirt: [[C.cocoa, C.cream], 10, C.sand], wide_trousers: [C.cream], clogs: [C.tan, C.cocoa] } },
  carmen: { body: { figure: -90, weight: 75, height: -10 }, face: { face_full: 60, dimples: 60, lip_lower: 40, eye_size: 20 }, skin: 4, eyes: EYE.brown, marks: { lips: 70, liner: 60, blush: 40 },
    hair: ["curly_long", H.dark], wear: { brows_arched: [H.black], wrap_dress: [[C.red, C.wine], 20, C.cream], ankle_boots: [C.black, C.black], ear_hoops: [4] } },
  dmitri: { body: { figure: 95, weight: 45, muscle: 70, height: 80 }, face: { jaw_width: 90, face_square: 70, brow_ridge: 70, nose_width: 40, chin_cleft: 80, eye_size: -40 }, skin: 0, eyes: EYE.pale,
    hair: ["buzz", H.honey], wear: { brows_bushy: [H.light_brown], beard_full: [H.light_brown], henley: [C.moss, C.cocoa], cargo: [C.tan], hiking_boots: [C.cocoa, C.ink] } },
  eun: { body: { figure: -50, weight: -20, height: -10 }, face: { eye_fold: 90, eye_lid: 40, nose_bridge: -50, face_width: 30, jaw_width: 20, mouth_width: -30 }, skin: 0, eyes: EYE.dark, marks: { blush: 60, lips: 30 },
    hair: ["long_fringe", H.black], wear: { brows_straight: [H.dark], puff_blouse: [C.lilac], pleated_skirt: [[C.slate, C.white], 6, C.cream], knee_socks: [C.white, C.slate], loafers: [C.black, C.black] } },
  farid: { body: { figure: 80, age: 60, weight: 55, height: 5 }, face: { nose_length: 70, nose_bridge: 80, nose_tip: -50, brow_ridge: 40, eye_bag: 50, ear_size: 40 }, skin: 5, eyes: EYE.hazel,
    hair: ["ring", H.grey], wear: { brows_bushy: [H.grey], beard_long: [H.silver], mandarin_shirt: [C.white, C.sand], waistcoat: [C.cocoa, C.yellow], chinos: [C.cream], loafers: [C.tan, C.cocoa] } },
  gloria: { body: { figure: -60, muscle: 50, height: 40 }, face: { cheek_bones: 80, lip_upper: 80, lip_lower: 80, nose_width: 80, forehead_height: 40, eye_tilt: 30 }, skin: 12, eyes: EYE.dark,
    hair: ["cornrows", H.black], wear: { brows_thin: [H.black], sports_top: [C.yellow, C.ink], leggings: [[C.ink], 14, C.yellow], sneakers: [C.yellow, C.white], leg_prosthesis: [C.ink, C.yellow], hooded_zip: [C.ink, C.yellow] } },
  hana: { body: { figure: -70, weight: 5, height: -50 }, face: { face_heart: 70, chin_width: -60, eye_space: 30, eye_open: 50, ear_out: 60 }, skin: 2, eyes: EYE.amber, marks: { freckles: 90 },
    hair: ["space_buns", H.pink], wear: { brows_round: [H.pink], hoodie: [C.mint, C.white], circle_skirt: [C.pink], tights: [C.lilac], platforms: [C.white, C.lilac] } },
  ivan: { body: { figure: 50, weight: -60, height: 60, age: 10 }, face: { face_length: 90, face_full: -80, nose_length: 80, chin_height: 70, eye_height: 20, temples: -60 }, skin: 1, eyes: EYE.grey, marks: { mole: 80 },
    hair: ["messy", H.light_brown], wear: { brows_angled: [H.brown], turtleneck: [C.ink], slim_trousers: [C.slate], overcoat: [C.slate, C.ink], chelsea_boots: [C.black, C.black], glasses_thin: [6], hearing_aids: [7] } },
  jamila: { body: { figure: -75, weight: 10 }, face: { eye_size: 40, nose_bridge: 40, nose_length: 30, lip_bow: 60, brow_angle: 30 }, skin: 6, eyes: EYE.green, marks: { liner: 90, shade: 60, lips: 50 },
    wear: { brows_bold: [H.soft_black], scarf_turban: [C.wine, C.yellow], abaya: [C.plum, C.yellow], flats: [C.plum, C.plum] } },
  kiri: { body: { figure: 20, weight: 35, muscle: 45, height: 15 }, face: { face_square: 60, jaw_width: 50, nose_width: 70, nose_depth: -30, lip_upper: 30, cheek_height: 40 }, skin: 7, eyes: EYE.brown,
    hair: ["long_wave", H.soft_black], wear: { brows_bold: [H.black], muscle_top: [C.pine], shorts: [C.sand], wellingtons: [C.olive, C.cream], wrist_bangles: [4] } },
  lars: { body: { figure: 70, age: 85, weight: -10, height: 10 }, face: { face_lines: 100, nose_round: 80, nose_width: 40, ear_size: 70, ear_lobe: 80, eye_lid: 60 }, skin: 0, eyes: EYE.blue, marks: { spots: 60, blush: 60 },
    hair: ["slick", H.white], wear: { brows_bushy: [H.white], beard_moustache: [H.white], v_sweater: [[C.navy, C.navy], 23, C.slate], chinos: [C.tan], brogues: [C.cocoa, C.ink], cane: [C.cocoa, C.tan] } },
  mei: { body: { figure: -40, age: 45, weight: 20, height: -30 }, face: { face_round: 80, eye_fold: 60, mouth_corners: 40, cheek_volume: 60, nose_round: 40 }, skin: 2, eyes: EYE.brown,
    hair: ["bob", H.soft_black], wear: { brows_soft: [H.dark], lace_blouse: [C.rose, C.wine], sarong: [[C.wine, C.yellow], 28, C.yellow], slip_ons: [C.rose, C.cream], glasses_cat: [2], cochlear_implant: [7, 9] } },
  noor: { body: { figure: -20, weight: -15, height: 30 }, face: { face_length: 40, nose_length: 50, eye_space: -40, brow_height: -30, jaw_drop: 40 }, skin: 8, eyes: EYE.amber, marks: { vitiligo: 70 },
    hair: ["dreads", H.soft_black, H.honey], wear: { brows_bold: [H.black], raglan: [C.cream, C.orange], joggers: [C.pine], high_tops: [C.orange, C.white], hat_headphones: [C.ink, C.orange] } },
  otis: { body: { figure: 85, weight: 85, height: 35 }, face: { face_full: 80, chin_height: -20, nose_width: 90, nose_round: 60, lip_lower: 50, eye_size: -20 }, skin: 13, eyes: EYE.dark,
    hair: ["afro_short", H.black], wear: { brows_bold: [H.black], beard_goatee: [H.black], short_shirt: [[C.teal, C.cream], 19, C.cream], long_shorts: [C.sand], espadrilles: [C.tan, C.sand], sunglasses: [0, 0] } },
  priya: { body: { figure: -85, weight: 20, age: 25 }, face: { eye_size: 30, nose_depth: 40, lip_upper: 30, chin_forward: 30, eye_bag: 20 }, skin: 7, eyes: EYE.dark, marks: { lips: 60, liner: 50, nails: 1 },
    hair: ["braid", H.black], wear: { brows_arched: [H.black], tunic: [[C.orange, C.wine], 12, C.yellow], bloomers: [C.wine], flats: [C.yellow, C.yellow], ear_drops: [4, 2], wrist_bangles: [4], back_cape: [C.wine] } },
  quinn: { body: { figure: 0, weight: -10, muscle: 10 }, face: { ear_point: 80, eye_tilt: 70, cheek_bones: 50, chin_width: -50, nose_tip: 60 }, skin: 16, eyes: 9, marks: { shade: 40, glitter: 80, tattoo_neck: 7, nails: 9 },
    hair: ["undercut", H.violet, H.teal], wear: { brows_angled: [H.violet], leather_jacket: [C.ink, C.silver], tank: [C.lilac], flares: [C.indigo], platforms: [C.ink, C.violet], ear_rings: [5] } },
  rafael: { body: { figure: 75, muscle: 40, height: 25, weight: 5 }, face: { jaw_width: 60, chin_forward: 50, nose_bridge: 60, eye_height: -20, dimples: 50 }, skin: 4, eyes: EYE.olive, marks: { scar: 90, stubble: 70, tattoo_forearm_left: 2, tattoo_neck: 5 },
    hair: ["curly", H.dark], wear: { brows_bold: [H.soft_black], denim_jacket: [C.denim, C.tan], v_tee: [C.white], jeans: [C.ink], chelsea_boots: [C.tan, C.cocoa] } },
  sol: { body: { figure: -65, weight: 40, height: -20 }, face: { nose_width: 30, mouth_width: 70, lip_bow: -40, eye_tilt: -50, cheek_volume: 30 }, skin: 3, eyes: EYE.hazel, marks: { freckles: 60 },
    hair: ["lob", H.ginger], wear: { brows_soft: [H.auburn], chunky_knit: [C.cream, C.cream], jeans: [C.navy], sneakers: [C.sand, C.white], wheelchair: [C.teal, C.ink] } },
  tomas: { body: { figure: 60, weight: 15, height: -40, age: 35 }, face: { face_width: 60, face_length: -50, ear_out: 90, nose_length: -60, nose_round: 60, mouth_width: 40 }, skin: 2, eyes: EYE.hazel,
    hair: ["crest", H.teal], wear: { brows_angled: [H.dark], bomber: [C.orange, C.ink], tee: [[C.black, C.black], 17, C.yellow], slim_trousers: [C.slate], snow_boots: [C.ink, C.orange] } },
};

export const PRESETS = Object.entries({ ...ELEVEN, ...FACES }).map(([id, given]) => ({ id, recipe: recipe(given) }));
