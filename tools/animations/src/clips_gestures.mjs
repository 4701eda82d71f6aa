// More gestures, and hands that go along with talking. As in clips_emotes.mjs each begins and ends in
// the same standing pose; what is looped (two dances) comes round to where it began.
import { PALMS, REST, at, within, wobble } from './clips_emotes.mjs';

/** There, held with small changes, and back: most gestures are no more than that. */
const held = (seconds, there, { up = 0.5, more = [], motion, before } = {}) => ({
  loop: false,
  seconds,
  keys: [
    [0, REST],
    ...(before ? [[up * 0.5, at(before)]] : []),
    [up, at(there)],
    ...more.map(([t, change]) => [t, at(there, change)]),
    [seconds - 0.6, more.length ? at(there, more.at(-1)[1]) : at(there)],
    [seconds - 0.15, REST],
    [seconds, REST],
  ],
  ...(motion && { motion }),
});
const hand = (side, x, y, z, more = {}) => ({
  [`arm${side}`]: { reach: 1, x, y, z, px: 0.6, py: -1, pz: -0.2, turn: 0, curl: 18, ...more },
});

const nod = held(2, { head: { pitch: 2 }, chest: { pitch: 1 } }, {
  up: 0.3,
  motion: (t, p) => {
    const k = within(t, 0.15, 1.5, 0.25);
    p['head.pitch'] += k * (6 - 11 * wobble(t - 0.15, 0.5, 0.25));
    p['neck.pitch'] += 3 * k * (1 - wobble(t - 0.15, 0.5, 0.25));
  },
});

const shake = held(2.2, { head: { pitch: 4 } }, {
  up: 0.3,
  motion: (t, p) => {
    const k = within(t, 0.15, 1.7, 0.25);
    p['head.yaw'] += 24 * k * wobble(t - 0.15, 0.62);
    p['neck.yaw'] += 6 * k * wobble(t - 0.15, 0.62);
    p['chest.yaw'] -= 3 * k * wobble(t - 0.2, 0.62);
  },
});

const POINT = {
  armR: { down: 84, fwd: 78, across: 2, bend: 8, roll: 0, turn: 60, curl: 10, thumb: 18 },
  shoulderR: { up: 4, fwd: 8 },
  chest: { yaw: 10, roll: -1 },
  hips: { yaw: 4, x: 0.02 },
  head: { pitch: -1, yaw: -6 },
};
const point = held(2.4, POINT, { more: [[1.2, { armR: { ...POINT.armR, fwd: 84, bend: 3 } }]] });

const THUMB = {
  armR: { down: 74, fwd: 26, across: 6, bend: 72, roll: 0, turn: 2, flex: 0, curl: 80, thumb: -22 },
  shoulderR: { up: 4, fwd: 4 },
  chest: { yaw: 4 },
  head: { roll: 4, pitch: -3 },
};
const thumbs = held(2.2, THUMB, {
  motion: (t, p) => (p['armR.fwd'] += 6 * within(t, 0.5, 1.5) * Math.max(0, wobble(t - 0.5, 0.5))),
});

const BECKON = {
  armR: { down: 58, fwd: 58, across: 6, bend: 62, roll: -20, turn: -70, flex: 10, curl: 10 },
  shoulderR: { up: 4 },
  chest: { yaw: 5, pitch: 2 },
  head: { roll: 4, pitch: -3 },
};
const beckon = held(2.8, BECKON, {
  motion: (t, p) => {
    const k = within(t, 0.45, 2.1, 0.2) * (0.5 + 0.5 * wobble(t - 0.5, 0.55));
    p['armR.bend'] += 26 * k;
    p['armR.flex'] += 34 * k;
    p['armR.curl'] += 44 * k;
    p['head.pitch'] -= 4 * k;
  },
});

const STOP = {
  armR: { down: 84, fwd: 76, across: 2, bend: 16, roll: 0, turn: 82, flex: -66, curl: 2, thumb: -4 },
  shoulderR: { fwd: 10, up: 3 },
  chest: { yaw: 9, pitch: -2 },
  hips: { z: -0.03 },
  head: { pitch: 1, yaw: -5 },
};
const stop = held(2.2, STOP, {
  up: 0.4,
  before: { armR: { down: 60, fwd: 30, bend: 100, curl: 20 } },
});

const GREET = {
  ...PALMS,
  arms: { ...PALMS.arms, x: -0.155, y: -0.1, z: 0.22 },
  spine: { pitch: 5 },
  chest: { pitch: 4 },
  head: { pitch: 12 },
  hips: { pitch: 3 },
};
const greet = held(2.6, GREET, { up: 0.7, more: [[1.6, { head: { pitch: 6 } }]] });

const HEART = {
  ...hand('R', -0.155, -0.13, 0.165, { curl: 8, turn: -10, px: 1, py: -0.6 }),
  chest: { pitch: 3 },
  head: { pitch: 7, roll: 5 },
  spine: { pitch: 2 },
};
const heart = held(2.6, HEART, { up: 0.6, more: [[1.5, { head: { pitch: 3, roll: 6 } }]] });

const PALM = {
  ...hand('R', -0.135, 0.16, 0.2, { curl: 10, turn: -40, flex: 16, px: 0.7, py: -0.8, pz: 0.2 }),
  shoulderR: { up: 6, fwd: 8 },
  neck: { pitch: 12 },
  head: { pitch: 20, yaw: -3 },
  chest: { pitch: 5 },
  spine: { pitch: 4 },
};
const facepalm = held(3, PALM, {
  up: 0.55,
  motion: (t, p) => (p['head.yaw'] += 7 * within(t, 0.9, 2.1) * wobble(t, 0.9)),
});

const CRY = {
  ...hand('R', -0.13, 0.12, 0.185, { curl: 46, turn: -30, flex: 10, px: 0.9, py: -0.8 }),
  ...hand('L', -0.13, 0.12, 0.185, { curl: 46, turn: -30, flex: 10, px: 0.9, py: -0.8 }),
  shoulders: { up: 7, fwd: 8 },
  neck: { pitch: 12 },
  head: { pitch: 16 },
  chest: { pitch: 9 },
  spine: { pitch: 6 },
  hips: { y: -0.02 },
};
const cry = held(3.4, CRY, {
  up: 0.6,
  motion: (t, p) => {
    const k = within(t, 0.6, 2.7);
    p['chest.pitch'] += 2.4 * k * wobble(t, 0.38);
    p['shoulderL.up'] += 3 * k * wobble(t, 0.38);
    p['shoulderR.up'] += 3 * k * wobble(t, 0.38);
    p['head.roll'] += 3 * k * wobble(t, 1.1);
  },
});

const sigh = {
  loop: false,
  seconds: 3,
  keys: [
    [0, REST],
    [0.8, at({ chest: { pitch: -7 }, shoulders: { up: 10 }, head: { pitch: -8 }, hips: { y: 0 } })],
    [1.7, at({ chest: { pitch: 9 }, spine: { pitch: 5 }, shoulders: { up: -5, fwd: 8 }, neck: { pitch: 8 },
      head: { pitch: 14 }, hips: { y: -0.02 }, arms: { down: 82, bend: 8, fwd: 6 } })],
    [2.3, at({ chest: { pitch: 7 }, shoulders: { up: -4, fwd: 6 }, head: { pitch: 10, yaw: 5 } })],
    [2.85, REST],
    [3, REST],
  ],
};

const YAWN = {
  ...hand('R', -0.165, 0.07, 0.19, { curl: 14, turn: -50, flex: 14, px: 0.7, py: -0.9, pz: 0.2 }),
  shoulders: { up: 8 },
  chest: { pitch: -8 },
  spine: { pitch: -3 },
  head: { pitch: -12, roll: 3 },
};
const yawn = held(3.2, YAWN, { up: 0.9, more: [[1.9, { head: { pitch: -15, roll: 4 }, chest: { pitch: -10 } }]] });

const STRETCH = {
  arms: { down: -74, fwd: -2, across: 0, roll: -70, bend: 18, flex: -30, curl: 10 },
  shoulders: { up: 20 },
  spine: { pitch: -4 },
  chest: { pitch: -9 },
  head: { pitch: -14 },
  hips: { y: 0.022, z: 0.02 },
  legs: { heel: 12, y: 0.02 },
};
const stretch = held(3.2, STRETCH, {
  up: 1,
  before: { arms: { down: 40, fwd: 30, bend: 80 } },
  more: [
    [1.5, { chest: { pitch: -9, roll: 8 }, spine: { roll: 6 } }],
    [2.1, { chest: { pitch: -9, roll: -8 }, spine: { roll: -6 } }],
  ],
});

const LOW = { hips: { y: -0.13, pitch: 14 }, spine: { pitch: 8 }, head: { pitch: -10 }, arms: { down: 72, fwd: -24, bend: 40 } };
const AIR = {
  hips: { y: 0.2, pitch: -2 },
  chest: { pitch: -5 },
  head: { pitch: -8 },
  legs: { heel: 30, y: 0.15, z: -0.03 },
  arms: { down: -30, fwd: 10, roll: -60, bend: 28, curl: 14 },
};
const jump = {
  loop: false,
  seconds: 2.2,
  keys: [
    [0, REST],
    [0.3, at(LOW)],
    [0.55, at(AIR)],
    [0.8, at(LOW, { arms: { down: 60, fwd: 10, bend: 50 } })],
    [1.05, at(AIR)],
    [1.3, at(LOW, { hips: { y: -0.1 } })],
    [1.75, REST],
    [2.2, REST],
  ],
};

const GASP = {
  ...hand('R', -0.14, 0.06, 0.19, { curl: 12, turn: -40, flex: 12, px: 0.9, py: -0.8 }),
  ...hand('L', -0.14, 0.04, 0.2, { curl: 12, turn: -40, flex: 12, px: 0.9, py: -0.8 }),
  shoulders: { up: 12 },
  chest: { pitch: -7 },
  head: { pitch: -7 },
  hips: { z: -0.05, y: -0.02, pitch: -3 },
};
const gasp = held(2.4, GASP, { up: 0.25 });

const FLEX = {
  arms: { down: 2, fwd: 6, across: 4, roll: -88, bend: 112, turn: 0, flex: 20, curl: 84, thumb: 30 },
  shoulders: { up: 8 },
  chest: { pitch: -7 },
  hips: { y: -0.03 },
  legs: { x: 0.03 },
  head: { pitch: -4 },
};
const flex = held(2.8, FLEX, {
  up: 0.6,
  before: { arms: { down: 60, bend: 60, curl: 50 } },
  more: [
    [1.2, { head: { yaw: 24, pitch: 2 }, chest: { yaw: 6, pitch: -7 } }],
    [1.9, { head: { yaw: -24, pitch: 2 }, chest: { yaw: -6, pitch: -7 } }],
  ],
});

const COLD = {
  ...hand('R', -0.3, -0.1, 0.14, { curl: 20, turn: 10, px: 0.9, py: -1, pz: 0.1 }),
  ...hand('L', -0.29, -0.15, 0.17, { curl: 20, turn: 10, px: 0.9, py: -1, pz: 0.1 }),
  shoulders: { up: 13, fwd: 12 },
  chest: { pitch: 7 },
  neck: { pitch: 8 },
  head: { pitch: -2 },
  hips: { y: -0.03 },
  legs: { x: -0.04, knee: 1 },
};
const shiver = held(2.8, COLD, {
  motion: (t, p) => {
    const k = within(t, 0.5, 2.2);
    for (const [c, much] of [['chest.yaw', 1.6], ['head.yaw', 1.8], ['shoulderL.up', 2], ['shoulderR.up', -2]])
      p[c] += much * k * wobble(t, 0.2);
    p['hips.x'] += 0.003 * k * wobble(t, 0.2);
  },
});

// Two quieter dances: swaying from side to side, and a step to and fro with rolling shoulders.
const lean = (s) =>
  at({
    hips: { x: 0.055 * s, roll: 5 * s, y: -0.03, yaw: -4 * s },
    spine: { roll: -5 * s },
    chest: { roll: -6 * s, yaw: 5 * s },
    head: { roll: 9 * s, pitch: -3 },
    legs: { x: 0.02, knee: 12, yaw: 12 },
    [s > 0 ? 'legR' : 'legL']: { heel: 14, x: 0.03, knee: 16, yaw: 14 },
    armL: { down: 44 - 10 * s, fwd: 14, bend: 60 + 14 * s, turn: 20, roll: -14, curl: 26 },
    armR: { down: 44 + 10 * s, fwd: 14, bend: 60 - 14 * s, turn: 20, roll: -14, curl: 26 },
  });
const sway = {
  loop: true,
  seconds: 4,
  keys: [
    [0, lean(1)],
    [1, lean(-1)],
    [2, lean(1)],
    [3, lean(-1)],
    [4, lean(1)],
  ],
  motion: (t, p) => (p['hips.y'] -= 0.012 * wobble(t, 0.5, 0.25)),
};

const step = (s) =>
  at({
    hips: { y: -0.05, pitch: 5, yaw: 12 * s, x: 0.015 * s },
    spine: { pitch: 3 },
    chest: { yaw: -20 * s, pitch: 2 },
    head: { yaw: 10 * s, pitch: -2 },
    legs: { x: 0.03, knee: 14, yaw: 14 },
    [s > 0 ? 'legL' : 'legR']: { heel: 22, x: 0.03, z: 0.05, knee: 14, yaw: 14 },
    [s > 0 ? 'armR' : 'armL']: { down: 62, fwd: 44, bend: 82, turn: 12, curl: 66, thumb: 24 },
    [s > 0 ? 'armL' : 'armR']: { down: 66, fwd: -14, bend: 74, turn: 12, curl: 66, thumb: 24 },
  });
const groove = {
  loop: true,
  seconds: 2,
  keys: [
    [0, step(1)],
    [0.5, step(-1)],
    [1, step(1)],
    [1.5, step(-1)],
    [2, step(1)],
  ],
  motion: (t, p) => {
    const beat = wobble(t, 0.5, 0.25);
    p['hips.y'] -= 0.02 * beat;
    p['head.pitch'] += 6 * beat;
    p['shoulderL.up'] += 5 + 5 * wobble(t, 1);
    p['shoulderR.up'] += 5 - 5 * wobble(t, 1);
  },
};

// Hands while talking: one that explains, and both that weigh.
const talk = held(2.6, {
  armR: { down: 70, fwd: 26, bend: 66, turn: -40, flex: -8, curl: 16, across: -4 },
  shoulderR: { up: 2 },
}, {
  up: 0.45,
  more: [
    [0.9, { armR: { fwd: 34, bend: 52, turn: -62, across: -10, down: 68 } }],
    [1.4, { armR: { fwd: 26, bend: 72, turn: -36, down: 71 } }],
    [1.9, { armR: { fwd: 32, bend: 58, turn: -56, across: -8, down: 69 } }],
  ],
});
const talk2 = held(3, {
  arms: { down: 70, fwd: 22, bend: 70, turn: -46, flex: -10, curl: 18 },
}, {
  up: 0.5,
  more: [
    [1, { armL: { bend: 84, fwd: 28 }, armR: { bend: 62 } }],
    [1.5, { armL: { bend: 64 }, armR: { bend: 84, fwd: 28 } }],
    [2.1, { arms: { across: -12, bend: 62, turn: -60 } }],
  ],
});

export const gestures = {
  nod, shake, point, thumbs, beckon, stop, greet, heart, facepalm, cry, sigh, yawn, stretch, jump,
  gasp, flex, shiver, sway, groove, talk, talk2,
};
