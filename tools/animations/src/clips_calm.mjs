// Standing, walking, running, sitting. A clip has keys [seconds, pose] and may have a motion(t, p)
// that adds to the curve: breath, sway, the cycle of a gait.
import { STAND, pose } from './rig.mjs';
import { curve } from './math.mjs';

const wave = (t, period, shift = 0) => Math.sin(2 * Math.PI * (t / period + shift));

function breathe(t, p, period, depth = 1) {
  const b = wave(t, period) * depth;
  p['chest.pitch'] -= b * 1.3;
  p['shoulderL.up'] += b * 1.1;
  p['shoulderR.up'] += b * 1.1;
  p['armL.down'] += b * 0.9;
  p['armR.down'] += b * 0.9;
  p['neck.pitch'] += b * 0.7;
  p['hips.y'] += b * 0.0012;
}

// Standing at ease: the pelvis hangs a little towards the leg that carries.
const ease = (side) => {
  const [on, off, s] = side === 'L' ? ['L', 'R', 1] : ['R', 'L', -1];
  return pose(STAND, {
    hips: { x: 0.024 * s, y: -0.012, roll: 2.6 * s, yaw: -2.5 * s },
    spine: { roll: -2 * s, pitch: 1 },
    chest: { roll: -1.6 * s, yaw: 2 * s, pitch: -1 },
    neck: { roll: 1.2 * s, pitch: 3 },
    head: { roll: 1.5 * s, pitch: -2 },
    [`leg${on}`]: { x: -0.012 },
    [`leg${off}`]: { x: 0.015, z: 0.045, yaw: 16, knee: 15 },
    [`arm${on}`]: { down: 77, fwd: 1, bend: 14, turn: 8 },
    [`arm${off}`]: { down: 74, fwd: 6, bend: 22, turn: 14, flex: 4 },
  });
};

const idle = {
  loop: true,
  seconds: 4,
  keys: [
    [0, ease('L')],
    [
      1.6,
      pose(ease('L'), {
        head: { yaw: 7, pitch: -1 },
        hips: { x: 0.017 },
        armR: { fwd: 8, bend: 24 },
      }),
    ],
    [
      2.9,
      pose(ease('L'), {
        head: { yaw: -5, pitch: 1, roll: 0.5 },
        hips: { x: 0.028 },
        armL: { fwd: 3, bend: 16 },
      }),
    ],
    [4, ease('L')],
  ],
  motion: (t, p) => breathe(t, p, 4),
};

const idle2 = {
  loop: true,
  seconds: 8,
  keys: [
    [0, ease('L')],
    [1.2, pose(ease('L'), { head: { yaw: -9 } })],
    [2.2, pose(ease('L'), { head: { yaw: -16, pitch: -3, roll: 3 }, chest: { yaw: -3 } })],
    [3.1, pose(STAND, { hips: { y: -0.004 }, head: { yaw: -4 }, armR: { fwd: 5 } })],
    [3.9, pose(ease('R'), { head: { yaw: 4 } })],
    [
      5.4,
      pose(ease('R'), {
        head: { yaw: 18, pitch: 2 },
        chest: { yaw: 3 },
        armL: { bend: 30, fwd: 10 },
      }),
    ],
    [6.4, pose(ease('R'), { head: { yaw: 6 } })],
    [7.3, pose(STAND, { hips: { y: -0.004 }, head: { yaw: 2 }, armL: { fwd: 5 } })],
    [8, ease('L')],
  ],
  motion: (t, p) => breathe(t, p, 4),
};

// Hands joined before the body, and one on the hip: other ways of waiting.
const JOINED = pose(ease('L'), {
  armR: { reach: 1, x: -0.15, y: -0.4, z: 0.15, px: 0.9, py: -0.5, pz: -0.4, turn: 10, curl: 30 },
  armL: { reach: 1, x: -0.17, y: -0.42, z: 0.17, px: 0.9, py: -0.5, pz: -0.4, turn: 10, curl: 34 },
  shoulders: { fwd: 6 },
});
const idle3 = {
  loop: true,
  seconds: 6,
  keys: [
    [0, JOINED],
    [1.6, pose(JOINED, { head: { yaw: 12, roll: 2 }, hips: { x: 0.016 } })],
    [3, pose(JOINED, { head: { yaw: 12, pitch: 3 }, hips: { x: 0.02, y: -0.014 } })],
    [4.4, pose(JOINED, { head: { yaw: -10, pitch: -3 }, chest: { yaw: -3 }, hips: { x: 0.028 } })],
    [6, JOINED],
  ],
  motion: (t, p) => breathe(t, p, 3),
};

const AKIMBO = pose(ease('R'), {
  armL: { reach: 1, x: 0.02, y: -0.37, z: 0.06, px: 1, py: 0.1, pz: -0.7, turn: 30, flex: 24, curl: 30 },
  chest: { yaw: 4 },
});
const idle4 = {
  loop: true,
  seconds: 6,
  keys: [
    [0, AKIMBO],
    [1.4, pose(AKIMBO, { head: { yaw: -14, roll: -2 } })],
    [2.6, pose(AKIMBO, { head: { yaw: -6, pitch: 4 }, hips: { x: -0.018 } })],
    [4.2, pose(AKIMBO, { head: { yaw: 14, pitch: -4 }, armR: { bend: 30, fwd: 8 } })],
    [6, AKIMBO],
  ],
  motion: (t, p) => breathe(t, p, 3),
};

// One foot over a cycle that starts with its heel touching down in front.
function gait({ stride, lift, push, stance, strike }) {
  const s = stride / 2,
    path = (keys, i) =>
      curve(
        keys.map((k) => k[0]),
        keys.map((k) => k[i]),
        1,
      );
  const keys = [
    [0, s, 0.012, 0, -strike],
    [stance * 0.16, s * 0.68, 0, 0, -2],
    [stance * 0.62, -s * 0.24, 0, 0, 0],
    [stance, -s * 0.96, 0.004, push, 4],
    [stance + (1 - stance) * 0.3, -s * 0.8, lift, push * 0.72, 16],
    [stance + (1 - stance) * 0.62, s * 0.25, lift * 0.72, 0, 8],
    [stance + (1 - stance) * 0.9, s * 1.03, 0.035, 0, -strike],
    [1, s, 0.012, 0, -strike],
  ];
  const [z, y, heel, pitch] = [1, 2, 3, 4].map((i) => path(keys, i));
  return (phase) => ({
    z: z(phase),
    y: Math.max(0, y(phase)),
    heel: heel(phase),
    pitch: pitch(phase),
  });
}

function stepping(t, p, seconds, foot, m) {
  const phase = t / seconds;
  for (const [side, shift] of [
    ['L', 0],
    ['R', 0.5],
  ]) {
    const f = foot((phase + shift) % 1);
    for (const [k, v] of Object.entries(f)) p[`leg${side}.${k}`] += v;
    const lead = wave(phase, 1, shift + 0.25 - 0.04);
    p[`arm${side}.fwd`] += -m.arm * lead + m.armFwd;
    p[`arm${side}.bend`] += m.elbow * (0.5 - 0.5 * wave(phase, 1, shift + 0.25 - 0.1));
    p[`arm${side}.across`] += m.across * (0.5 - 0.5 * lead);
  }
  p['hips.y'] += -m.drop + m.bob * wave(phase, 0.5, m.bobShift);
  p['hips.x'] += m.sway * wave(phase, 1, -0.03);
  p['hips.roll'] += m.roll * wave(phase, 1, 0.0);
  p['hips.yaw'] += -m.twist * wave(phase, 1, 0.25);
  p['spine.yaw'] += m.twist * 0.8 * wave(phase, 1, 0.24);
  p['chest.yaw'] += m.twist * 1.0 * wave(phase, 1, 0.22);
  p['spine.roll'] += -m.roll * 0.8 * wave(phase, 1, -0.02);
  p['chest.roll'] += -m.roll * 0.5 * wave(phase, 1, -0.05);
  p['head.yaw'] += -m.twist * 0.7 * wave(phase, 1, 0.2);
  p['head.pitch'] += m.nod * wave(phase, 0.5, 0.1);
}

const WALK_S = 14 / 15,
  RUN_S = 10 / 15;
const walkFoot = gait({ stride: 0.82, lift: 0.07, push: 38, stance: 0.6, strike: 16 });
const runFoot = gait({ stride: 0.72, lift: 0.2, push: 46, stance: 0.4, strike: 6 });

const walk = {
  loop: true,
  seconds: WALK_S,
  speed: 0.82 / 0.6 / WALK_S,
  keys: [
    [
      0,
      pose(STAND, {
        legs: { x: -0.045, yaw: 5, knee: 4 },
        spine: { pitch: 2 },
        hips: { pitch: 2 },
        head: { pitch: -2 },
        arms: { down: 78, bend: 12, turn: 10, curl: 28 },
      }),
    ],
  ],
  motion: (t, p) =>
    stepping(t, p, WALK_S, walkFoot, {
      arm: 26,
      armFwd: 0,
      elbow: 16,
      across: 3,
      drop: 0.045,
      bob: 0.015,
      bobShift: -0.34,
      sway: 0.016,
      roll: 3.6,
      twist: 5.5,
      nod: 1.2,
    }),
};

const run = {
  loop: true,
  seconds: RUN_S,
  speed: 0.72 / 0.4 / RUN_S,
  keys: [
    [
      0,
      pose(STAND, {
        legs: { x: -0.055, yaw: 3, knee: 2 },
        spine: { pitch: 6 },
        hips: { pitch: 5 },
        chest: { pitch: 2 },
        neck: { pitch: -4 },
        head: { pitch: -6 },
        arms: { down: 72, bend: 74, turn: 10, curl: 52, thumb: 24 },
      }),
    ],
  ],
  motion: (t, p) =>
    stepping(t, p, RUN_S, runFoot, {
      arm: 40,
      armFwd: -6,
      elbow: 22,
      across: 16,
      drop: 0.045,
      bob: 0.026,
      bobShift: -0.2,
      sway: 0.01,
      roll: 3,
      twist: 8,
      nod: 1.5,
    }),
};

// Sitting: hips rolled back a little, forearms resting on the thighs.
const SEATED = pose(STAND, {
  hips: { y: 0, pitch: -6 },
  spine: { pitch: 3 },
  chest: { pitch: 4 },
  neck: { pitch: 3 },
  head: { pitch: -3 },
  legs: { sit: 1, fwd: 80, out: 3, bend: 73, yaw: 8, foot: 0 },
  arms: {
    reach: 1,
    x: -0.03,
    y: -0.278,
    z: 0.2,
    px: 0.5,
    py: -0.35,
    pz: -0.85,
    turn: 66,
    flex: -8,
    cock: 0,
    curl: 12,
    thumb: 6,
  },
});

const sit = {
  loop: true,
  seconds: 4,
  keys: [
    [0, SEATED],
    [1.5, pose(SEATED, { head: { yaw: 8, roll: 2 }, chest: { yaw: 1.5 } })],
    [2.8, pose(SEATED, { head: { yaw: -6, pitch: 0 }, hips: { roll: 0.8 } })],
    [4, SEATED],
  ],
  motion: (t, p) => breathe(t, p, 4, 0.8),
};

// Leaning back, ankles apart, one forearm on the lap, talking height of the head kept.
const LEAN = pose(SEATED, {
  hips: { pitch: -13 },
  spine: { pitch: 1 },
  chest: { pitch: 5, yaw: 3 },
  neck: { pitch: 6 },
  legL: { fwd: 74, out: 6, bend: 58, foot: -4 },
  legR: { fwd: 74, out: 3, bend: 80, foot: 6 },
  armL: { x: -0.05, y: -0.3, z: 0.2 },
  armR: { x: -0.03, y: -0.3, z: 0.2 },
});

const sit2 = {
  loop: true,
  seconds: 6,
  keys: [
    [0, LEAN],
    [1.3, pose(LEAN, { head: { yaw: -12, roll: -3 } })],
    [2.3, pose(LEAN, { head: { yaw: -12, pitch: 4, roll: -3 } })],
    [
      3.2,
      pose(LEAN, {
        head: { yaw: 4, pitch: -4 },
        armL: { y: -0.28, z: 0.215, flex: 6 },
        legL: { foot: -12 },
      }),
    ],
    [4.4, pose(LEAN, { head: { yaw: 13, roll: 3 }, chest: { yaw: 5, pitch: 5 } })],
    [6, LEAN],
  ],
  motion: (t, p) => {
    breathe(t, p, 3, 0.8);
    // A foot that taps along now and then says that somebody is in there.
    p['legL.foot'] -= 5 * Math.max(0, wave(t, 0.75)) * Math.max(0, wave(t, 6, -0.3));
  },
};

// Bent forward a little, hands together between the knees: who listens.
const BENT = pose(SEATED, {
  hips: { pitch: 4 },
  spine: { pitch: 9 },
  chest: { pitch: 7 },
  neck: { pitch: -4 },
  head: { pitch: -9 },
  legs: { sit: 1, fwd: 82, out: 8, bend: 84, yaw: 12, foot: 0 },
  arms: { x: -0.13, y: -0.245, z: 0.31, px: 0.9, py: -0.5, pz: -0.4, turn: 10, curl: 32 },
});
const sit3 = {
  loop: true,
  seconds: 6,
  keys: [
    [0, BENT],
    [1.5, pose(BENT, { head: { yaw: 10, pitch: -6, roll: 3 } })],
    [3, pose(BENT, { head: { yaw: 3, pitch: -11 }, chest: { yaw: 2 } })],
    [4.5, pose(BENT, { head: { yaw: -11, roll: -2 } })],
    [6, BENT],
  ],
  motion: (t, p) => breathe(t, p, 3, 0.8),
};

export const calm = { idle, idle2, idle3, idle4, walk, run, sit, sit2, sit3 };
