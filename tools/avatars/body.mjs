// The body: shape, face, expressions, humanoid bones and the turn from the A to the T pose.
import * as THREE from "three";
import { addTarget, loadBase, tagCategory, targetNames } from "./source.mjs";

const clamp = (x) => Math.max(0, Math.min(1, x));

/** Macro sliders (0..1, 0.5 = average) -> factor of each word used in target names. */
function macroFactors(macro) {
  const { male, age, weight, muscle, height, proportions, cup, firmness, race } = macro;
  const three = (x, name) => ({
    [`min${name}`]: clamp(1 - 2 * x),
    [`average${name}`]: 1 - Math.abs(2 * x - 1),
    [`max${name}`]: clamp(2 * x - 1),
  });
  const grown = age >= 0.5;
  const young = grown ? clamp(2 - 2 * age) : clamp((age - 0.1875) * 3.2);
  const races = { caucasian: 0, asian: 0, african: 0, ...race };
  const sum = races.caucasian + races.asian + races.african;
  return {
    male,
    female: 1 - male,
    young,
    old: clamp(2 * age - 1),
    baby: grown ? 0 : clamp(1 - age * 5.333),
    child: grown ? 0 : Math.max(0, clamp(5.333 * age) - young),
    ...three(weight, "weight"),
    ...three(muscle, "muscle"),
    ...three(height, "height"),
    ...three(cup, "cup"),
    ...three(firmness, "firmness"),
    idealproportions: clamp(2 * proportions - 1),
    regularproportions: 1 - Math.abs(2 * proportions - 1),
    uncommonproportions: clamp(1 - 2 * proportions),
    caucasian: races.caucasian / sum,
    asian: races.asian / sum,
    african: races.african / sum,
  };
}

const macroTargets = targetNames
  .filter((name) => /^macrodetails\/|^breast\/(fe)?male-/.test(name))
  .map((name) => ({
    name,
    tags: name.split("/").pop().split("-").filter((word) => tagCategory[word]),
  }));

/** The weight of a macro target is the product of the factors of the words in its name. */
function macroList(macro) {
  const factor = macroFactors(macro);
  return macroTargets
    .map(({ name, tags }) => [name, tags.reduce((w, tag) => w * factor[tag], 1)])
    .filter(([, weight]) => weight > 1e-4);
}

const sides = (name, weight) => ["l", "r"].map((s) => [name.replace("@", s), weight]);
const unit = (name, weight = 1) => [`expression/units/caucasian/${name}`, weight];
const units = (name, weight = 1) =>
  ["left", "right"].map((side) => unit(name.replace("@", side), weight));

/** Humanoid bone -> [parent, base-mesh bones whose weights it takes (the first is its joint)]. */
export const BONES = {
  hips: [null, "root", "pelvis.L", "pelvis.R"],
  spine: ["hips", "spine05", "spine04"],
  chest: ["spine", "spine03"],
  upperChest: ["chest", "spine02", "spine01", "breast.L", "breast.R"],
  neck: ["upperChest", "neck01", "neck02", "neck03"],
  head: ["neck", "head"],
  leftEye: ["head", "eye.L"],
  rightEye: ["head", "eye.R"],
};
for (const [side, s] of [["left", "L"], ["right", "R"]]) {
  const bone = (name, parent, ...from) => {
    BONES[side + name] = [parent, ...from.map((x) => `${x}.${s}`)];
  };
  bone("Shoulder", "upperChest", "clavicle", "shoulder01");
  bone("UpperArm", `${side}Shoulder`, "upperarm01", "upperarm02");
  bone("LowerArm", `${side}UpperArm`, "lowerarm01", "lowerarm02");
  bone("Hand", `${side}LowerArm`, "wrist", ...[1, 2, 3, 4].map((k) => `metacarpal${k}`));
  bone("ThumbMetacarpal", `${side}Hand`, "finger1-1");
  bone("ThumbProximal", `${side}ThumbMetacarpal`, "finger1-2");
  bone("ThumbDistal", `${side}ThumbProximal`, "finger1-3");
  ["Index", "Middle", "Ring", "Little"].forEach((finger, i) => {
    bone(`${finger}Proximal`, `${side}Hand`, `finger${i + 2}-1`);
    bone(`${finger}Intermediate`, `${side}${finger}Proximal`, `finger${i + 2}-2`);
    bone(`${finger}Distal`, `${side}${finger}Intermediate`, `finger${i + 2}-3`);
  });
  bone("UpperLeg", "hips", "upperleg01", "upperleg02");
  bone("LowerLeg", `${side}UpperLeg`, "lowerleg01", "lowerleg02");
  bone("Foot", `${side}LowerLeg`, "foot");
  const toes = [1, 2, 3, 4, 5].flatMap((t) => [1, 2, 3].map((k) => `toe${t}-${k}`));
  bone("Toes", `${side}Foot`, "toe2-1", ...toes);
}

const humanoidOf = {};
for (const [bone, [, ...from]] of Object.entries(BONES))
  for (const source of from) humanoidOf[source] = bone;

/** Weights on base-mesh bones -> weights on humanoid bones; facial bones count as head. */
export function mapSkin(list) {
  const sums = new Map();
  let total = 0;
  for (const [bone, weight] of list) {
    const to = humanoidOf[bone] ?? "head";
    sums.set(to, (sums.get(to) ?? 0) + weight);
    total += weight;
  }
  return [...sums].map(([bone, weight]) => [bone, weight / total]);
}

/** Expression name -> targets, all relative to the shaped face. */
const EXPRESSIONS = {
  blinkLeft: [unit("eye-left-closure")],
  blinkRight: [unit("eye-right-closure")],
  happy: [unit("mouth-corner-puller", 0.75), unit("mouth-part-later", 0.25),
    ...units("eyebrows-@-up", 0.25), ...units("eye-@-slit", 0.3),
    ...sides("cheek/@-cheek-volume-inflate", 0.5)],
  sad: [unit("mouth-depression", 0.8), ...units("eyebrows-@-inner-up", 0.9)],
  angry: [unit("mouth-compression", 0.6), ...units("eyebrows-@-down", 0.9)],
  surprised: [unit("mouth-open", 0.35), ...units("eyebrows-@-up", 1),
    ...units("eye-@-opened-up", 0.9)],
  aa: [unit("mouth-open", 0.55)],
  ih: [unit("mouth-retraction", 0.6), unit("mouth-open", 0.25)],
  ou: [unit("mouth-pursing", 0.9), unit("mouth-open", 0.2)],
  ee: [unit("mouth-retraction", 0.8), unit("mouth-part-later", 0.5)],
  oh: [unit("mouth-pursing", 0.5), unit("mouth-open", 0.4)],
};

/** What every face gets: large warm eyes, a small soft nose, a smile, kind brows. */
function faceTargets(recipe) {
  const soft = recipe.macro.male > 0.5 ? 0 : 1;
  const { eyes = 0.95, smile = 0.4, kindBrow = 0.4, detail = [] } = recipe.face ?? {};
  return [
    ...sides("eyes/@-eye-size-big", eyes),
    ...units("eye-@-slit", 0.1),
    ...sides("eyes/@-eye-bag-in", 0.4),
    ["nose/nose-scale-horiz-decr", 0.3],
    ["nose/nose-scale-vert-decr", 0.3],
    ["nose/nose-point-up", 0.3],
    ["nose/nose-hump-lesshump", 0.4],
    ["mouth/mouth-angles-up", 0.5],
    ...units("eyebrows-@-inner-up", kindBrow),
    ...units("eyebrows-@-up", 0.2),
    ["head/head-oval", 0.3 * soft],
    ["chin/chin-width-min", 0.3 * soft],
    ["neck/neck-scale-horiz-less", 0.3 * soft],
    ...sides("ears/@-ear-size-small", 0.3),
    ...sides("ears/@-ear-wing-in", 0.4),
    unit("mouth-corner-puller", smile),
    ...detail,
  ];
}

const MACRO = {
  age: 0.5, weight: 0.5, muscle: 0.5, height: 0.5, proportions: 0.75, cup: 0.3, firmness: 0.6,
};
/** The age whose head (only the head) is mixed in for a friendly, drawn look. */
const SOFT_HEAD_AGE = 0.28;

/** Share of the head in every vertex; eyes, teeth, tongue and lashes count whole. */
function headShare(base, skin) {
  const share = new Float32Array(base.n);
  skin.forEach((list, v) => {
    for (const [bone, w] of list) if (/^(head|leftEye|rightEye)$/.test(bone)) share[v] += w;
  });
  for (const face of base.faces)
    if (/teeth|tongue|eyelashes|[lr]-eye/.test(face.group)) for (const v of face.v) share[v] = 1;
  return share;
}

/** Mixes a softer head in and sets it back on the neck, which it would else sink below. */
function softenHead(base, pos, head, macro, amount) {
  const before = Float64Array.from(pos);
  const soft = { ...macro, age: SOFT_HEAD_AGE };
  for (const [name, w] of macroList(soft)) addTarget(pos, name, w * amount, head);
  for (const [name, w] of macroList(macro)) addTarget(pos, name, -w * amount, head);
  const ring = [...head.keys()].filter((v) => head[v] > 0.35 && head[v] < 0.75);
  const RING_SHARE = 0.55;
  for (const k of [1, 2]) {
    let shift = 0;
    for (const v of ring) shift += (before[v * 3 + k] - pos[v * 3 + k]) / ring.length / RING_SHARE;
    for (let v = 0; v < base.n; v++) pos[v * 3 + k] += shift * head[v];
  }
}

function jointsOf(base, pos, eyeVerts) {
  const centre = (list) =>
    [0, 1, 2].map((k) => list.reduce((sum, v) => sum + pos[v * 3 + k], 0) / list.length);
  const joints = {};
  for (const [bone, [, first]] of Object.entries(BONES))
    joints[bone] = centre(base.joints[`${first}____head`]);
  joints.leftEye = centre([...eyeVerts.l]);
  joints.rightEye = centre([...eyeVerts.r]);
  return joints;
}

/**
 * Shapes one body by a recipe. Positions stay in the A pose and in decimetres; `pose` holds for
 * each bone the rigid A -> T matrix. `unscaled` are the positions before the head is enlarged:
 * proxies are fitted to those and then go through `headScale` themselves.
 */
export function makeBody(recipe) {
  const base = loadBase();
  const pos = Float64Array.from(base.pos);
  const skin = base.skin.map(mapSkin);
  const head = headShare(base, skin);
  const eyeVerts = { l: new Set(), r: new Set() };
  for (const face of base.faces) {
    const eye = /^helper-([lr])-eye$/.exec(face.group);
    if (eye) for (const v of face.v) eyeVerts[eye[1]].add(v);
  }
  const macro = { ...MACRO, ...recipe.macro };
  for (const [name, weight] of macroList(macro)) addTarget(pos, name, weight);
  softenHead(base, pos, head, macro, recipe.youth ?? 0.55);
  for (const [name, weight] of faceTargets(recipe)) addTarget(pos, name, weight);

  const joints = jointsOf(base, pos, eyeVerts);
  const unscaled = Float64Array.from(pos);
  const scale = recipe.head ?? 1.2;
  const headScale = (p, share) =>
    p.map((x, k) => joints.head[k] + (x - joints.head[k]) * (1 + (scale - 1) * share));
  for (const eye of ["leftEye", "rightEye"]) joints[eye] = headScale(joints[eye], 1);
  const morphs = {};
  for (const [name, targets] of Object.entries(EXPRESSIONS)) {
    const delta = (morphs[name] = new Float64Array(base.n * 3));
    for (const [target, weight] of targets) addTarget(delta, target, weight);
  }
  for (let v = 0; v < base.n; v++) {
    pos.set(headScale([...pos.subarray(v * 3, v * 3 + 3)], head[v]), v * 3);
    for (const delta of Object.values(morphs))
      for (let k = 0; k < 3; k++) delta[v * 3 + k] *= 1 + (scale - 1) * head[v];
  }
  const faces = base.faces.filter((face) => face.group === "body");
  return { base, n: base.n, pos, unscaled, skin, head, morphs, joints, faces, headScale,
    headSize: scale, pose: tPose(joints) };
}

/** Rigid A -> T matrices: arms level, palms down, legs nearly upright with flat soles. */
function tPose(joints) {
  const pose = {};
  for (const bone in BONES) pose[bone] = new THREE.Matrix4();
  const under = (bone) =>
    Object.keys(BONES).filter((b) => {
      for (let p = b; p; p = BONES[p][0]) if (p === bone) return true;
      return false;
    });
  const turn = (bone, about, quaternion) => {
    const matrix = new THREE.Matrix4().makeTranslation(about.x, about.y, about.z);
    matrix.multiply(new THREE.Matrix4().makeRotationFromQuaternion(quaternion));
    matrix.multiply(new THREE.Matrix4().makeTranslation(-about.x, -about.y, -about.z));
    for (const b of under(bone)) pose[b].premultiply(matrix);
  };
  const at = (joint, by = joint) => new THREE.Vector3(...joints[joint]).applyMatrix4(pose[by]);
  for (const [side, sign] of [["left", 1], ["right", -1]]) {
    const outward = new THREE.Vector3(sign, 0, 0);
    const aim = (bone, child) => {
      const from = at(side + bone);
      const along = at(side + child, side + bone).sub(from).normalize();
      turn(side + bone, from, new THREE.Quaternion().setFromUnitVectors(along, outward));
    };
    aim("UpperArm", "LowerArm");
    aim("LowerArm", "Hand");
    aim("Hand", "MiddleProximal");
    const hand = `${side}Hand`;
    const across = at(`${side}LittleProximal`, hand).sub(at(`${side}IndexProximal`, hand));
    const roll = Math.atan2(across.y, -across.z);
    const half = new THREE.Quaternion().setFromAxisAngle(new THREE.Vector3(1, 0, 0), roll / 2);
    turn(`${side}LowerArm`, at(`${side}LowerArm`), half);
    turn(hand, at(hand), half);

    const hip = at(`${side}UpperLeg`);
    const leg = at(`${side}Foot`).sub(hip).normalize();
    const wanted = new THREE.Vector3(leg.x * 0.3, leg.y, leg.z).normalize();
    const upright = new THREE.Quaternion().setFromUnitVectors(leg, wanted);
    turn(`${side}UpperLeg`, hip, upright);
    turn(`${side}Foot`, at(`${side}Foot`), upright.clone().invert());
  }
  return pose;
}
