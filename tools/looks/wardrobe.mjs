// Garments that are cut from the base's cage: numbers, no files. Lengths as in web/src/looks/rule.ts.
// Layers go from inside out: socks, shoes, trousers, skirts, tops, overs, coats.
const LAYER = { base: 0, feet: 1, legs: 2, skirt: 4, top: 3, long: 5, dress: 3, over: 6, outer: 7, boots: 3 };
const COVER = { legs: ["hip", "thigh"], top: ["chest", "belly"], dress: ["chest", "belly", "hip", "thigh"] };

const Collar = { shirt: 1, stand: 2, roll: 3, hood: 4, lapels: 5, round: 6, ruffle: 7, cowl: 8, band: 9 };
const collar = (kind, size = 1, zone = 0) => ["collar", Collar[kind], size, zone];
/** which: 0 sleeves, 1 hem, 2 waist, 3 ankles */
const band = (which, wide = 0.3, thick = 0.05, zone = 0, ruffle = 0) => ["band", which, wide, thick, zone, ruffle];
const pocket = (x, y, w = 0.6, h = 0.65, flap = 0, back = 0, zone = 0) => ["pocket", x, y, w, h, flap, back, zone];
const stripe = (x, from, to, w = 0.16, zone = 0, back = 0) => ["stripe", x, from, to, w, zone, back];
const buttons = (n, from = 0.9, to = 0.3, x = 0, r = 0.075) => ["buttons", n, from, to, x, 1, r];

function item(slot, id, rule, more = {}) {
  const { zones = ["main", "second"], layer = LAYER[slot], ...rest } = more;
  return { id, slot, layer, ...(COVER[slot] ? { cover: COVER[slot] } : {}),
    ...(slot === "dress" ? { excludes: ["top", "legs"] } : {}), zones, palette: "cloth",
    patterns: slot !== "feet", free: true, ...rest, rule };
}
const top = (id, rule, more) => item("top", id, { on: "torso", neck: "crew", sleeve: 0.5, hem: 0.1, fit: 0.09, ...rule },
  { layer: (rule.hem ?? 0) > 0.5 ? LAYER.long : LAYER.top, ...more });
const outer = (id, rule, more) => item("outer", id,
  { on: "torso", neck: "open", sleeve: 1.93, hem: 0.35, fit: 0.19, gap: 0.1, ...rule }, more);
const over = (id, rule, more) => item("over", id, { on: "torso", neck: "open", sleeve: -0.05, hem: 0.15, fit: 0.14, ...rule }, more);
const legs = (id, rule, more) => item("legs", id, { on: "legs", len: 1.94, fit: 0.08, ...rule }, more);
const skirt = (id, rule, more) => item("legs", id, { on: "skirt", len: 0.95, rise: -0.2, fit: 0.07, ...rule },
  { layer: LAYER.skirt, ...more });
const dress = (id, rule, more) => item("dress", id, { on: "dress", neck: "scoop", sleeve: 0.4, fit: 0.07, len: 0.95, ...rule }, more);
const shoe = (id, rule, more = {}) => item("feet", id, { on: "shoe", fit: 0.07, sole: 0.14, ...rule },
  { zones: ["main", "sole"], layer: (rule.shaft ?? 0) > 0.9 ? LAYER.boots : LAYER.feet, ...more });

const RIB = [collar("band"), band(0, 0.16, 0.035), band(1, 0.16, 0.035)];
const SHIRT = [collar("shirt"), stripe(0, 5.1, -0.1, 0.26), buttons(6, 1.0, 0.35)];

export const TOPS = [
  top("tee", { sewn: [collar("band")], trim: 0.05, sleeve_flare: 0.05 }, { default: true }),
  top("v_tee", { neck: "v", trim: 0.1 }),
  top("tank", { neck: "scoop", sleeve: -0.05, strap: -0.12, fit: 0.06, trim: 0.07 }),
  top("muscle_top", { sleeve: -0.02, strap: 0.25, fit: 0.11, sewn: [collar("band")] }),
  top("boat_top", { neck: "boat", sleeve: 1.35, fit: 0.07, trim: 0.06 }),
  top("long_tee", { sleeve: 1.93, fit: 0.08, sewn: [collar("band"), band(0, 0.12, 0.03)] }),
  top("raglan", { sleeve: 1.25, sewn: [collar("band", 1, 1)], trim: 0.14, trim_zone: 1 }),
  top("henley", { sleeve: 1.9, fit: 0.08, sewn: [collar("band"), stripe(0, 5.15, 3.7, 0.24), buttons(3, 0.9, 3.6)] }),
  top("turtleneck", { sleeve: 1.94, fit: 0.055, neck: "high", sewn: [collar("roll")] }),
  top("mock_neck", { sleeve: -0.04, strap: 0.12, fit: 0.055, neck: "high", sewn: [collar("stand", 0.6)] }),
  top("sweater", { sleeve: 1.93, fit: 0.19, sewn: [collar("band", 1.4), band(0, 0.34, 0.05), band(1, 0.38, 0.05)] }),
  top("chunky_knit", { sleeve: 1.95, fit: 0.25, hem: 0.25, sewn: [collar("cowl"), band(0, 0.4, 0.06), band(1, 0.4, 0.06)] }),
  top("v_sweater", { neck: "v", sleeve: 1.92, fit: 0.17, trim: 0.2, sewn: [band(0, 0.3, 0.05), band(1, 0.34, 0.05)] }),
  top("hoodie", { sleeve: 1.93, fit: 0.22, hem: 0.25, sewn: [collar("hood"), band(0, 0.34, 0.05), band(1, 0.36, 0.05),
    pocket(-0.01, 2.3, 1.9, 1.1)] }),
  top("boxy_tee", { hem: -0.2, fit: 0.24, sleeve: 0.7, sleeve_flare: 0.12, sewn: [collar("band", 1.2)] }),
  top("tunic", { sleeve: 1.35, hem: 1.75, fit: 0.12, flare: 0.28, neck: "v", sleeve_flare: 0.12, trim: 0.16, trim_zone: 1 }),
  top("peplum", { sleeve: 0.3, hem: 0.7, fit: 0.06, flare: 0.5, neck: "boat", puff: 0.1 }),
  top("puff_blouse", { sleeve: 0.62, puff: 0.34, neck: "square", fit: 0.06, sewn: [band(0, 0.14, 0.03)] }),
  top("bell_blouse", { sleeve: 1.7, sleeve_flare: 0.42, neck: "v", fit: 0.09, hem: 0.4 }),
  top("ruffle_blouse", { sleeve: 1.9, puff: 0.1, fit: 0.09, sewn: [collar("ruffle"), band(0, 0.35, 0.05, 0, 1), stripe(0, 4.9, 0, 0.22), buttons(5)] }),
  top("shirt", { sleeve: 1.93, fit: 0.13, hem: 0.35, sewn: [...SHIRT, band(0, 0.3, 0.05), pocket(0.78, 3.9)], trim: 0 }),
  top("short_shirt", { sleeve: 0.72, fit: 0.15, hem: 0.3, sleeve_flare: 0.07, sewn: [...SHIRT, band(0, 0.22, 0.03), pocket(0.78, 3.9)] }),
  top("camp_shirt", { neck: "v", sleeve: 0.78, fit: 0.2, hem: 0.15, sleeve_flare: 0.12, sewn: [collar("shirt", 1.2), buttons(4, 1.7, 0.3)] }),
  top("polo", { sleeve: 0.6, fit: 0.1, sewn: [collar("shirt", 0.8), stripe(0, 5.1, 3.6, 0.26), buttons(2, 0.95, 3.6), band(0, 0.14, 0.03)] }),
  top("mandarin_shirt", { sleeve: 1.93, fit: 0.12, hem: 0.5, sewn: [collar("stand"), stripe(0, 5.2, 0, 0.22, 1), buttons(6)] }),
  top("long_tunic_shirt", { sleeve: 1.93, fit: 0.13, hem: 3.3, flare: 0.3, sewn: [collar("stand"), stripe(0, 5.2, 2.6, 0.22, 1), buttons(4, 0.8, 6)] }),
  top("lace_blouse", { sleeve: 1.92, neck: "deep_v", fit: 0.05, hem: 0.9, flare: 0.16, sleeve_flare: 0.06, trim: 0.2, trim_zone: 1 }),
  top("wrap_top", { neck: "wrap", sleeve: 1.3, fit: 0.08, trim: 0.18, sleeve_flare: 0.1, hem: 0.2 }),
  top("round_collar_blouse", { sleeve: 1.0, puff: 0.14, fit: 0.09, sewn: [collar("round", 1, 1), stripe(0, 5, 0, 0.2), buttons(5), band(0, 0.18, 0.03, 1)] }),
  top("sports_top", { neck: "scoop", sleeve: -0.05, strap: -0.2, fit: 0.035, hem: 0.0, trim: 0.1, trim_zone: 1 }),
  top("rash_top", { neck: "high", sleeve: 1.94, fit: 0.03, hem: 0.3, trim: 0.1, trim_zone: 1 }),
];

export const LEGS = [
  legs("jeans", { fit: 0.075, leg_flare: 0.05, sewn: [band(2, 0.28, 0.04), band(3, 0.18, 0.035), pocket(0.62, 0.55, 0.75, 0.75, 0, 1),
    pocket(0.8, 0.8, 0.45, 0.5)] }, { default: true }),
  legs("slim_trousers", { fit: 0.045, leg_flare: 0.02, len: 1.9, sewn: [band(2, 0.24, 0.03)] }),
  legs("chinos", { fit: 0.09, leg_flare: 0.07, sewn: [band(2, 0.28, 0.04), buttons(1, 4.2, 0, 0, 0.09)] }),
  legs("wide_trousers", { fit: 0.1, leg_flare: 0.6, len: 1.97, stiff: 0.4, sewn: [band(2, 0.34, 0.04)] }),
  legs("flares", { fit: 0.05, leg_flare: 0.62, len: 1.97, stiff: 0.3, sewn: [band(2, 0.28, 0.04)] }),
  legs("joggers", { fit: 0.17, leg_flare: 0.1, len: 1.86, sewn: [band(2, 0.36, 0.05), band(3, 0.3, 0.02)] }),
  legs("cargo", { fit: 0.14, leg_flare: 0.14, sewn: [band(2, 0.3, 0.04), pocket(1.45, -1.6, 0.7, 0.85, 1)] }),
  legs("cropped", { fit: 0.1, leg_flare: 0.2, len: 1.55, sewn: [band(2, 0.28, 0.04)] }),
  legs("capri", { fit: 0.06, len: 1.42, leg_flare: 0.04, sewn: [band(3, 0.16, 0.03)] }),
  legs("shorts", { fit: 0.14, len: 0.72, leg_flare: 0.18, sewn: [band(2, 0.3, 0.04)] }),
  legs("long_shorts", { fit: 0.13, len: 1.02, leg_flare: 0.14, sewn: [band(2, 0.28, 0.04), band(3, 0.16, 0.03)] }),
  legs("leggings", { fit: 0.022, leg_flare: 0, len: 1.93 }),
  legs("bloomers", { fit: 0.2, len: 1.86, leg_flare: 0.5, rise: -0.3, sewn: [band(2, 0.4, 0.05), band(3, 0.2, 0.02)] }),
  skirt("knee_skirt", { wide: 0.2, sewn: [band(2, 0.26, 0.04)] }),
  skirt("pencil_skirt", { len: 0.98, wide: -0.05, folds: 0, sewn: [band(2, 0.26, 0.03)] }),
  skirt("circle_skirt", { len: 1.05, wide: 0.62, folds: 0.22, fold_count: 11, sewn: [band(2, 0.24, 0.03)] }),
  skirt("pleated_skirt", { len: 0.85, wide: 0.3, folds: 0.13, fold_count: 22, sewn: [band(2, 0.26, 0.04)] }),
  skirt("midi_skirt", { len: 1.42, wide: 0.26, folds: 0.1 }),
  skirt("long_skirt", { len: 1.88, wide: 0.16, folds: 0.09 }),
  skirt("sarong", { len: 1.86, wide: 0.0, folds: 0.02, fold_count: 3, trim: 0.3, trim_zone: 1 }),
  skirt("maxi_flare", { len: 1.9, wide: 0.52, folds: 0.2, fold_count: 10, trim: 0.24, trim_zone: 1 }),
];

export const DRESSES = [
  dress("summer_dress", { neck: "scoop", sleeve: -0.05, strap: -0.1, wide: 0.26 }),
  dress("tea_dress", { neck: "v", sleeve: 0.55, len: 1.25, wide: 0.3, folds: 0.1, puff: 0.12 }),
  dress("shirt_dress", { neck: "crew", sleeve: 1.2, len: 1.0, wide: 0.18, sewn: [collar("shirt"), stripe(0, 5.1, 0.9, 0.26), buttons(5, 1, 1.3)] }),
  dress("knit_dress", { neck: "high", sleeve: 1.93, fit: 0.12, len: 0.85, wide: 0.04, folds: 0.01, sewn: [collar("roll"), band(0, 0.3, 0.05)] }),
  dress("pinafore", { neck: "square", sleeve: -0.05, strap: -0.2, fit: 0.12, len: 0.9, wide: 0.3, sewn: [buttons(2, 1.05, 4, 0.72, 0.11)] }),
  dress("abaya", { neck: "crew", sleeve: 1.97, sleeve_flare: 0.24, fit: 0.15, len: 1.93, wide: 0.3, waist: 1.6, trim: 0.14, trim_zone: 1 }),
  dress("kaftan", { neck: "v", sleeve: 1.6, sleeve_flare: 0.6, fit: 0.2, len: 1.85, wide: 0.34, waist: 1.8, trim: 0.22, trim_zone: 1 }),
  dress("evening_gown", { neck: "wide", sleeve: 0.2, fit: 0.045, len: 1.93, wide: 0.42, folds: 0.16, fold_count: 10 }),
  dress("ball_gown", { neck: "square", sleeve: 0.4, puff: 0.3, fit: 0.05, len: 1.9, wide: 0.95, folds: 0.2, fold_count: 12 }),
  dress("wrap_dress", { neck: "wrap", sleeve: 1.3, fit: 0.07, len: 1.05, wide: 0.16, trim: 0.14, trim_zone: 1 }),
  dress("long_sleeve_gown", { neck: "high", sleeve: 1.95, fit: 0.07, len: 1.93, wide: 0.4, folds: 0.12, sewn: [collar("stand", 0.7, 1), buttons(8, 0.6, 1.2)] }),
  dress("swing_dress", { neck: "boat", sleeve: 0.3, fit: 0.06, len: 0.9, wide: 0.75, folds: 0.2, fold_count: 10 }),
];

export const OVERS = [
  over("waistcoat", { gap: 0.03, lapel: 0.5, hem: 0.2, sewn: [buttons(4, 2.2, 0.5, 0.14)] }),
  over("puffer_vest", { gap: 0.05, lapel: 0.1, fit: 0.3, hem: 0.25, sewn: [collar("stand", 1.1), stripe(0.12, 4.9, 0, 0.12, 1)] }),
  over("cardigan", { sleeve: 1.93, gap: 0.08, lapel: 0.5, fit: 0.17, trim: 0.18, sewn: [buttons(5, 2.2, 0.4, 0.2), band(0, 0.3, 0.04), pocket(0.95, 1.6, 0.7, 0.7)] }),
  over("long_cardigan", { sleeve: 1.93, gap: 0.2, lapel: 0.35, fit: 0.17, hem: 2.9, flare: 0.2, trim: 0.2, sewn: [pocket(1.1, 0.6, 0.7, 0.8)] }),
  over("dungaree_bib", { neck: "square", sleeve: -0.05, strap: -0.25, fit: 0.13, hem: 0.0, sewn: [pocket(-0.01, 3.7, 1.1, 0.8), buttons(2, 1.15, 4.4, 0.7, 0.12)] }),
  over("shrug", { sleeve: 1.3, gap: 0.5, lapel: 0.3, hem: -2.6, fit: 0.12 }),
];

export const OUTERS = [
  outer("bomber", { hem: 0.05, fit: 0.24, sewn: [collar("band", 1.7), band(0, 0.34, 0.03), stripe(0.16, 4.8, 0, 0.12, 1)] }),
  outer("blazer", { fit: 0.15, hem: 0.75, lapel: 0.42, stiff: 0.5, sewn: [collar("lapels"), buttons(2, 3.6, 1.4, 0.18, 0.1), pocket(1.0, 1.2, 0.75, 0.6, 1)] }),
  outer("suit_jacket", { fit: 0.14, hem: 0.95, lapel: 0.38, gap: 0.04, stiff: 0.6, sewn: [collar("lapels", 0.9), buttons(3, 3, 1.6, 0.12, 0.1), pocket(1.05, 1.0, 0.7, 0.22, 1)] }),
  outer("denim_jacket", { hem: 0.0, fit: 0.17, lapel: 0.12, sewn: [collar("shirt", 1.1), buttons(5, 1.3, 0.4, 0.2), pocket(0.85, 4.0, 0.65, 0.6, 1), band(0, 0.26, 0.04)] }),
  outer("leather_jacket", { hem: 0.05, fit: 0.17, lapel: 0.6, sewn: [collar("lapels", 1.15), stripe(0.2, 3, 0, 0.1, 1), pocket(1.0, 1.4, 0.5, 0.12)] }),
  outer("parka", { hem: 1.9, fit: 0.3, flare: 0.2, lapel: 0.1, sewn: [collar("hood", 1.1, 1), pocket(1.15, 0.6, 0.85, 0.85, 1), stripe(0.18, 5, -1, 0.14, 1), band(0, 0.2, 0.04)] }),
  outer("raincoat", { hem: 2.2, fit: 0.3, flare: 0.4, lapel: 0.06, stiff: 0.4, sewn: [collar("hood"), buttons(5, 1, 0.6, 0.18, 0.1), pocket(1.2, 0.4, 0.85, 0.8, 1)] }),
  outer("overcoat", { hem: 3.4, fit: 0.24, flare: 0.3, lapel: 0.35, stiff: 0.4, sewn: [collar("lapels", 1.1), buttons(3, 3, 3.6, 0.2, 0.11), pocket(1.15, 0.7, 0.8, 0.7, 1)] }),
  outer("puffer", { hem: 0.4, fit: 0.42, lapel: 0.05, sewn: [collar("stand", 1.4), stripe(0.14, 5, 0, 0.12, 1), band(0, 0.2, 0.02)] }),
  outer("kimono_jacket", { hem: 1.5, fit: 0.2, sleeve: 1.5, sleeve_flare: 0.55, gap: 0.3, lapel: 0.1, trim: 0.28, trim_zone: 1 }),
  outer("hooded_zip", { hem: 0.25, fit: 0.22, lapel: 0.1, gap: 0.05, sewn: [collar("hood"), stripe(0.12, 4.8, 0, 0.1, 1), band(0, 0.32, 0.04), pocket(0.95, 1.9, 0.8, 0.75)] }),
  outer("poncho", { neck: "v", sleeve: 1.15, sleeve_flare: 0.75, fit: 0.3, hem: 1.1, flare: 0.6, trim: 0.3, trim_zone: 1 }),
];

export const SHOES = [
  shoe("sneakers", { sole: 0.22, toe: 0.3, fit: 0.09 }), shoe("high_tops", { sole: 0.2, shaft: 0.62, fit: 0.085 }),
  shoe("slip_ons", { sole: 0.16, toe: 0.34, fit: 0.07 }), shoe("loafers", { sole: 0.14, heel: 0.12, toe: 0.2, fit: 0.065 }),
  shoe("flats", { sole: 0.06, toe: 0.0, fit: 0.05 }), shoe("brogues", { sole: 0.14, heel: 0.16, toe: 0.4, fit: 0.075 }),
  shoe("chelsea_boots", { sole: 0.14, heel: 0.16, shaft: 0.85, fit: 0.075 }), shoe("ankle_boots", { sole: 0.16, heel: 0.34, shaft: 0.75, fit: 0.07 }),
  shoe("hiking_boots", { sole: 0.3, shaft: 0.8, fit: 0.13 }), shoe("wellingtons", { sole: 0.2, shaft: 2.6, fit: 0.2, stiff: 0.6 }),
  shoe("tall_boots", { sole: 0.14, heel: 0.3, shaft: 3.1, fit: 0.13 }), shoe("snow_boots", { sole: 0.28, shaft: 1.5, fit: 0.22 }),
  shoe("clogs", { sole: 0.36, heel: 0.1, toe: 0.2, fit: 0.1 }), shoe("slippers", { sole: 0.1, toe: 0.3, fit: 0.13 }),
  shoe("platforms", { sole: 0.5, toe: 0.4, fit: 0.08 }), shoe("espadrilles", { sole: 0.24, toe: 0.1, fit: 0.055 }),
];

export const SOCKS = [
  item("base", "socks", { on: "socks", len: 1.66, fit: 0.03, trim: 0.14, trim_zone: 1 }),
  item("base", "knee_socks", { on: "socks", len: 1.12, fit: 0.03, trim: 0.16, trim_zone: 1 }),
  item("base", "tights", { on: "legs", len: 2.4, rise: -0.5, fit: 0.012, leg_flare: 0 }),
];

export const GARMENTS = [...SOCKS, ...SHOES, ...LEGS, ...TOPS, ...DRESSES, ...OVERS, ...OUTERS,
  { id: "lashes", slot: "lashes", layer: 0, zones: ["main"], palette: "hair", free: true }];
