// The first eight emotes; clips_gestures.mjs has the others. Each begins and ends in the same standing pose, so that it can be cut in.
import { STAND, pose } from './rig.mjs';

export const REST = pose(STAND, {
  hips: { x: 0.008, roll: 0.8 },
  spine: { roll: -0.6 },
  neck: { pitch: 3 },
  head: { pitch: -2 },
  armR: { bend: 18 },
});
export const at = (...changes) => pose(REST, ...changes);
export const wobble = (t, period, shift = 0) => Math.sin(2 * Math.PI * (t / period + shift));
// 1 inside [a, b], 0 outside, with soft edges of the given width.
export const within = (t, a, b, edge = 0.25) => {
  const up = Math.min(1, Math.max(0, (t - a) / edge)),
    down = Math.min(1, Math.max(0, (b - t) / edge));
  const k = Math.min(up, down);
  return k * k * (3 - 2 * k);
};

const RAISED = {
  armR: { down: 22, fwd: 4, across: 16, roll: -84, bend: 92, turn: 0, curl: 6, thumb: -6 },
  shoulderR: { up: 12 },
  spine: { roll: -3 },
  chest: { roll: -4, yaw: 5 },
  head: { roll: 5, pitch: -4, yaw: -3 },
  hips: { x: 0.026, roll: 2.5 },
};

const wave = {
  loop: false,
  seconds: 3,
  keys: [
    [0, REST],
    [0.25, at({ armR: { down: 80, bend: 30, fwd: -4 }, hips: { x: 0.014 } })],
    [0.48, at({ armR: { down: 52, fwd: 8, roll: -50, bend: 112, curl: 20 }, hips: { x: 0.02 } })],
    [0.8, at(RAISED)],
    [2.2, at(RAISED, { head: { roll: 6, pitch: -3 } })],
    [2.75, REST],
    [3, REST],
  ],
  motion: (t, p) => {
    const k = within(t, 0.55, 2.35, 0.3),
      s = wobble(t - 0.55, 0.52);
    p['armR.bend'] += 22 * k * s;
    p['armR.flex'] += 6 * k;
    p['armR.cock'] += 14 * k * wobble(t - 0.66, 0.52);
    p['chest.roll'] += 1.4 * k * wobble(t - 0.6, 0.52);
    p['head.roll'] += 1.2 * k * wobble(t - 0.7, 0.52);
  },
};

// Side step with a bounce on every beat; 120 beats a minute, eight beats a loop.
const DANCE = at({
  hips: { y: -0.035, pitch: 3, x: 0, roll: 0 },
  spine: { roll: 0 },
  legs: { x: 0.035, yaw: 16, knee: 16 },
  arms: { down: 52, fwd: 26, bend: 84, turn: 20, curl: 44, thumb: 20 },
});
const side = (s, extra = {}) =>
  pose(
    DANCE,
    {
      hips: { x: 0.07 * s, roll: 5 * s, yaw: 9 * s, y: -0.05 },
      spine: { roll: -4 * s },
      chest: { roll: -5 * s, yaw: -13 * s },
      head: { roll: 5 * s, yaw: 5 * s },
      [s > 0 ? 'legR' : 'legL']: { heel: 26, x: 0.05, z: 0.01 },
      [s > 0 ? 'armL' : 'armR']: { fwd: 10, bend: 96, down: 60 },
      [s > 0 ? 'armR' : 'armL']: { fwd: 46, bend: 70, down: 44 },
    },
    extra,
  );
const high = (s) =>
  side(s, {
    [s > 0 ? 'armL' : 'armR']: { down: -26, fwd: 8, roll: -80, bend: 46, across: 10 },
    [s > 0 ? 'shoulderL' : 'shoulderR']: { up: 10 },
    head: { pitch: -9, roll: -4 * s },
  });

const dance = {
  loop: true,
  seconds: 4,
  keys: [
    [0, side(1)],
    [0.5, side(-1)],
    [1, side(1)],
    [1.5, side(-1)],
    [2, high(1)],
    [2.5, side(-1)],
    [3, side(1)],
    [3.5, high(-1)],
    [4, side(1)],
  ],
  motion: (t, p) => {
    const beat = wobble(t, 0.5, 0.25);
    p['hips.y'] -= 0.018 * beat;
    p['chest.pitch'] += 3.5 * beat;
    p['head.pitch'] += 4 * wobble(t - 0.06, 0.5, 0.25);
    p['armL.down'] += 4 * beat;
    p['armR.down'] += 4 * beat;
    p['shoulderL.up'] += 4 - 4 * beat;
    p['shoulderR.up'] += 4 - 4 * beat;
  },
};

const CROUCH = {
  hips: { y: -0.12, pitch: 16 },
  spine: { pitch: 10 },
  chest: { pitch: 6 },
  head: { pitch: -14 },
  arms: { down: 74, fwd: -26, bend: 62, curl: 70 },
};
const UP = {
  hips: { y: 0.13, pitch: -3 },
  spine: { pitch: -4 },
  chest: { pitch: -7 },
  head: { pitch: -12 },
  legs: { heel: 34, y: 0.075 },
  shoulders: { up: 16 },
  arms: { down: -58, fwd: 4, roll: -76, bend: 20, curl: 74, thumb: 30 },
};
const FISTS = {
  hips: { y: -0.03 },
  spine: { pitch: -2 },
  chest: { pitch: -4 },
  head: { pitch: -9 },
  shoulders: { up: 11 },
  arms: { down: -18, fwd: 4, across: 12, roll: -80, bend: 58, curl: 74, thumb: 30 },
};

const cheer = {
  loop: false,
  seconds: 3,
  keys: [
    [0, REST],
    [0.35, at(CROUCH)],
    [0.62, at(UP)],
    [0.88, at(FISTS, { hips: { y: -0.08 } })],
    [1.15, at(FISTS)],
    [2.1, at(FISTS)],
    [2.35, at(FISTS, { arms: { bend: 64 } })],
    [2.8, REST],
    [3, REST],
  ],
  motion: (t, p) => {
    const k = within(t, 1, 2.35, 0.2),
      s = wobble(t - 1.1, 0.4);
    for (const a of ['armL', 'armR']) {
      p[`${a}.bend`] += 20 * k * s;
      p[`${a}.down`] += 9 * k * s;
    }
    p['hips.y'] += -0.016 * k * (1 - s);
    p['chest.yaw'] += 6 * k * wobble(t, 0.8);
    p['hips.yaw'] -= 3 * k * wobble(t, 0.8);
  },
};

// Doubled over a little, a hand to the belly, shoulders shaking.
const LAUGH = {
  hips: { y: -0.03, z: -0.03, pitch: 8, x: 0.01 },
  spine: { pitch: 9 },
  chest: { pitch: 8, roll: 2 },
  neck: { pitch: -3 },
  head: { pitch: 2, roll: 5 },
  armR: { reach: 1, x: -0.17, y: -0.3, z: 0.16, px: 0.8, py: -0.5, pz: -0.2, turn: 0, curl: 22 },
  armL: { down: 70, fwd: 12, bend: 48, turn: 20 },
  shoulders: { up: 5, fwd: 5 },
};
const BACK = {
  hips: { y: -0.02, z: 0.015, pitch: -4, x: 0.01 },
  spine: { pitch: -4 },
  chest: { pitch: -6, roll: -2 },
  head: { pitch: -16, roll: -4, yaw: 4 },
  armL: { down: 66, fwd: 14, bend: 66, turn: 20 },
  shoulders: { up: 6, fwd: 0 },
};

const laugh = {
  loop: false,
  seconds: 3.4,
  keys: [
    [0, REST],
    [0.4, at(LAUGH, BACK)],
    [1.1, at(LAUGH, BACK)],
    [1.65, at(LAUGH)],
    [2.35, at(LAUGH, { head: { pitch: 6, yaw: -6 } })],
    [2.75, at(LAUGH, BACK, { head: { pitch: -4 }, armR: { reach: 0.4 } })],
    [3.2, REST],
    [3.4, REST],
  ],
  motion: (t, p) => {
    const k = within(t, 0.3, 2.7, 0.3),
      s = wobble(t, 0.27);
    p['chest.pitch'] += 2.6 * k * s;
    p['spine.pitch'] += 1.4 * k * s;
    p['shoulderL.up'] += 4 * k * s;
    p['shoulderR.up'] += 4 * k * s;
    p['head.pitch'] -= 2.4 * k * wobble(t - 0.05, 0.27);
    p['hips.y'] += 0.006 * k * s;
  },
};

// Palms meet in front of the breastbone: both hands reach for the middle.
export const PALMS = {
  arms: {
    reach: 1,
    x: -0.125,
    y: -0.14,
    z: 0.3,
    px: 0.7,
    py: -1,
    pz: -0.3,
    turn: -22,
    flex: -36,
    cock: 14,
    curl: 5,
    thumb: 0,
  },
  chest: { pitch: 1 },
  head: { pitch: -1 },
};

const clap = {
  loop: false,
  seconds: 3,
  keys: [
    [0, REST],
    [0.35, at(PALMS, { arms: { x: -0.02 } })],
    [2.45, at(PALMS, { arms: { x: -0.03 } })],
    [2.85, REST],
    [3, REST],
  ],
  motion: (t, p) => {
    const k = within(t, 0.3, 2.5, 0.15),
      s = wobble(t - 0.35, 0.34, 0.25);
    for (const a of ['armL', 'armR']) p[`${a}.x`] += k * (-0.05 + 0.052 * s);
    p['armL.y'] += 0.02 * k;
    p['armR.y'] -= 0.012 * k;
    p['chest.pitch'] += 1.2 * k * s;
    p['head.pitch'] += 2 * k * wobble(t - 0.42, 0.34, 0.25);
    p['head.roll'] += 4 * k * wobble(t, 1.36);
    p['hips.x'] += 0.014 * k * wobble(t, 1.36);
    p['hips.roll'] += 1.6 * k * wobble(t, 1.36);
    p['hips.y'] -= 0.006 * k * (1 + s);
  },
};

const BOW = {
  hips: { pitch: 24, z: -0.06, y: -0.012 },
  spine: { pitch: 16 },
  chest: { pitch: 12 },
  neck: { pitch: 6 },
  head: { pitch: 8 },
  arms: { down: 80, fwd: 40, bend: 6, turn: 10 },
};

const bow = {
  loop: false,
  seconds: 2.8,
  keys: [
    [0, REST],
    [0.25, at({ spine: { pitch: -2 }, chest: { pitch: -3 }, legs: { x: -0.04 } })],
    [0.95, at(BOW, { legs: { x: -0.04 } })],
    [1.5, at(BOW, { legs: { x: -0.04 }, chest: { pitch: 13 } })],
    [2.3, at({ chest: { pitch: -2 }, head: { pitch: -4 } })],
    [2.6, REST],
    [2.8, REST],
  ],
};

const SHRUG = {
  shoulders: { up: 22, fwd: 4 },
  arms: { down: 74, fwd: 4, across: -22, bend: 86, turn: -78, flex: -22, curl: 12, thumb: -10 },
  head: { roll: 11, pitch: 3, yaw: 4 },
  chest: { pitch: 3 },
  spine: { pitch: 1 },
  hips: { y: -0.014, x: 0.02, roll: 2 },
};

const shrug = {
  loop: false,
  seconds: 2.4,
  keys: [
    [0, REST],
    [0.2, at({ shoulders: { up: -3 }, arms: { bend: 26 } })],
    [0.6, at(SHRUG)],
    [0.85, at(SHRUG, { shoulders: { up: 18 }, head: { roll: 8 } })],
    [1.45, at(SHRUG, { shoulders: { up: 19 }, head: { roll: 12, yaw: -6 }, arms: { bend: 88 } })],
    [2.1, REST],
    [2.4, REST],
  ],
};

// Chin on the right hand, the left forearm carrying its elbow, eyes up and aside.
const THINK = {
  armR: {
    reach: 1,
    x: -0.13,
    y: 0.075,
    z: 0.15,
    px: 0.35,
    py: -1,
    pz: 0.35,
    turn: -60,
    flex: 18,
    curl: 58,
    thumb: 0,
  },
  shoulderR: { up: 3, fwd: 10 },
  armL: { reach: 1, x: -0.26, y: -0.25, z: 0.17, px: 0.8, py: -0.8, pz: -0.1, turn: 0, curl: 24 },
  hips: { x: 0.03, roll: 3, yaw: -3 },
  spine: { roll: -2, pitch: 1 },
  chest: { roll: -2, pitch: 2 },
  neck: { pitch: 3 },
  head: { pitch: 5, roll: 3 },
};

const think = {
  loop: false,
  seconds: 4,
  keys: [
    [0, REST],
    [0.7, at(THINK)],
    [1.5, at(THINK, { head: { pitch: -7, yaw: 13, roll: 6 }, neck: { pitch: 0 } })],
    [2.4, at(THINK, { head: { pitch: -8, yaw: 15, roll: 7 }, hips: { x: 0.024 } })],
    [2.9, at(THINK, { head: { pitch: 3, yaw: -5, roll: 0 } })],
    [3.2, at(THINK, { head: { pitch: -1, yaw: -3 } })],
    [3.8, REST],
    [4, REST],
  ],
  motion: (t, p) => {
    const k = within(t, 0.8, 3.1);
    p['armR.flex'] += 7 * k * Math.max(0, wobble(t, 0.6));
    p['chest.pitch'] += 0.8 * wobble(t, 2);
  },
};

export const emotes = { wave, dance, cheer, laugh, clap, bow, shrug, think };
