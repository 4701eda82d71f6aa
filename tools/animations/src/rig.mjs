// A pose is a flat table of numbers; this turns it into humanoid bone rotations.
// Body of the reference person, in metres at the T-pose: avatars differ, but the feet of anyone
// of ordinary build stay on the ground with the angles found for this one.
import {
  add,
  blend,
  cross,
  euler,
  fromAxes,
  inverse,
  mul,
  reach,
  rotate,
  scale,
  sub,
  turn,
} from './math.mjs';

export const BODY = {
  hips: [0, 0.885, -0.065],
  hipJoint: [0.098, -0.005, 0.073],
  thigh: 0.385,
  shin: 0.415,
  ankle: [0.12, 0.083, 0.02],
  ball: [0, -0.06, 0.115],
  upperArm: 0.242,
  lowerArm: 0.235,
};
const FINGERS = ['Index', 'Middle', 'Ring', 'Little'];

// Arm: down from the T-pose, fwd like a pendulum, across in front of the chest, roll on its axis.
const ARM = {
  down: 76,
  fwd: 3,
  across: 0,
  roll: 0,
  bend: 16,
  turn: 0,
  flex: 0,
  cock: 0,
  reach: 0,
  x: 0.2,
  y: -0.3,
  z: 0.2,
  px: 0.6,
  py: -1,
  pz: -0.4,
  curl: 24,
  thumb: 12,
};
// Leg by target (foot offsets in metres) or, when sitting, by angles.
const LEG = {
  x: 0,
  y: 0,
  z: 0,
  heel: 0,
  pitch: 0,
  yaw: 8,
  knee: 6,
  sit: 0,
  fwd: 80,
  out: 6,
  bend: 74,
  foot: 0,
};
const SPINE = { pitch: 0, yaw: 0, roll: 0 };

const flat = (table, prefix) =>
  Object.fromEntries(Object.entries(table).map(([k, v]) => [`${prefix}.${k}`, v]));

export const STAND = {
  'hips.x': 0,
  'hips.y': -0.006,
  'hips.z': 0,
  ...flat(SPINE, 'hips'),
  ...flat(SPINE, 'spine'),
  ...flat(SPINE, 'chest'),
  ...flat(SPINE, 'neck'),
  ...flat(SPINE, 'head'),
  'shoulderL.up': 0,
  'shoulderL.fwd': 0,
  'shoulderR.up': 0,
  'shoulderR.fwd': 0,
  ...flat(ARM, 'armL'),
  ...flat(ARM, 'armR'),
  ...flat(LEG, 'legL'),
  ...flat(LEG, 'legR'),
};

// {armL:{fwd:3}, arms:{bend:9}, legs:{…}} over a pose; arms, legs and shoulders mean both sides.
export function pose(base, ...changes) {
  const out = { ...base };
  for (const change of changes) {
    for (const [part, values] of Object.entries(change)) {
      const parts =
        /s$/.test(part) && part !== 'hips'
          ? [`${part.slice(0, -1)}L`, `${part.slice(0, -1)}R`]
          : [part];
      for (const p of parts) {
        for (const [k, v] of Object.entries(values)) {
          if (!(`${p}.${k}` in STAND)) throw new Error(`no such channel: ${p}.${k}`);
          out[`${p}.${k}`] = v;
        }
      }
    }
  }
  return out;
}

// How long a part trails behind the hips, in seconds: this is what makes a move look loose.
export function lag(channel) {
  const [part, name] = channel.split('.');
  if (part.startsWith('leg') || part === 'hips') return 0;
  if (part.startsWith('arm')) {
    if (name === 'curl' || name === 'thumb') return 0.13;
    if (name === 'flex' || name === 'cock') return 0.11;
    return ['bend', 'turn'].includes(name) ? 0.07 : 0.04;
  }
  return { spine: 0.015, chest: 0.03, neck: 0.05, head: 0.07 }[part] ?? 0.03;
}

const mirrorQ = ([x, y, z, w]) => [x, -y, -z, w];

function arm(p, side, tracks) {
  const v = (k) => p[`arm${side}.${k}`],
    name = side === 'L' ? 'left' : 'right';
  const set = (bone, q) => {
    tracks[name + bone] = side === 'L' ? q : mirrorQ(q);
  };
  const shoulder = mul(turn('z', p[`shoulder${side}.up`]), turn('y', -p[`shoulder${side}.fwd`]));
  let upper = mul(
    turn('y', -v('across')),
    turn('x', -v('fwd')),
    turn('z', -v('down')),
    turn('x', v('roll')),
  );
  let lower = turn('y', -v('bend'));
  if (v('reach') > 0) {
    // The target is given from the left shoulder; y up, x outwards, z forwards.
    const hit = reach(
      [v('x'), v('y'), v('z')],
      [v('px'), v('py'), v('pz')],
      BODY.upperArm,
      BODY.lowerArm,
    );
    const along = hit.first,
      hand = sub([v('x'), v('y'), v('z')], scale(along, BODY.upperArm));
    const yAxis = cross(hand, along),
      size = Math.hypot(...yAxis) || 1;
    const y = scale(yAxis, 1 / size),
      z = cross(along, y);
    const found = mul(inverse(shoulder), fromAxes(along, y, z));
    upper = blend(upper, found, v('reach'));
    lower = blend(lower, turn('y', -hit.bend), v('reach'));
  }
  set('Shoulder', shoulder);
  set('UpperArm', upper);
  set('LowerArm', mul(lower, turn('x', v('turn'))));
  set('Hand', mul(turn('y', -v('cock')), turn('z', -v('flex'))));
  FINGERS.forEach((finger, i) => {
    const curl = v('curl') * (0.85 + 0.12 * i);
    set(`${finger}Proximal`, mul(turn('y', (i - 1.2) * -2.5), turn('z', -curl * 0.8)));
    set(`${finger}Intermediate`, turn('z', -curl));
  });
  set('ThumbProximal', mul(turn('y', v('thumb')), turn('z', -v('thumb') * 0.5)));
}

function leg(p, side, hips, hipsAt, tracks) {
  const v = (k) => p[`leg${side}.${k}`],
    s = side === 'L' ? 1 : -1;
  const name = side === 'L' ? 'left' : 'right';
  const mirror = (x, y, z) => [x * s, y, z];
  if (v('sit')) {
    const upper = mul(turn('y', s * v('out')), turn('x', -v('fwd'))),
      lower = turn('x', v('bend'));
    tracks[`${name}UpperLeg`] = upper;
    tracks[`${name}LowerLeg`] = lower;
    tracks[`${name}Foot`] = mul(
      inverse(mul(hips, upper, lower)),
      turn('y', s * v('yaw')),
      turn('x', v('foot') + v('heel')),
    );
    tracks[`${name}Toes`] = turn('x', -v('heel'));
    return;
  }
  const foot = mul(turn('y', s * v('yaw')), turn('x', v('pitch') + v('heel')));
  const ankleRest = mirror(...BODY.ankle);
  // The heel lifts around the ball of the foot, which stays where it is.
  const ball = rotate(turn('y', s * v('yaw')), BODY.ball);
  const lifted = sub(ball, rotate(mul(turn('y', s * v('yaw')), turn('x', v('heel'))), BODY.ball));
  const ankle = add(add(ankleRest, lifted), [s * v('x'), v('y'), v('z')]);
  const joint = add(hipsAt, rotate(hips, mirror(...BODY.hipJoint)));
  const local = rotate(inverse(hips), sub(ankle, joint));
  const pole = rotate(inverse(hips), rotate(turn('y', s * v('knee')), [0, 0, 1]));
  const hit = reach(local, pole, BODY.thigh, BODY.shin);
  const xAxis = cross(hit.side, hit.along),
    y = scale(hit.first, -1);
  const upper = fromAxes(xAxis, y, cross(xAxis, y)),
    lower = turn('x', hit.bend);
  tracks[`${name}UpperLeg`] = upper;
  tracks[`${name}LowerLeg`] = lower;
  tracks[`${name}Foot`] = mul(inverse(mul(hips, upper, lower)), foot);
  tracks[`${name}Toes`] = turn('x', -v('heel'));
}

// Bone rotations of a pose, and where the hips are from their rest place, in metres.
export function solve(p) {
  const part = (k) => euler(p[`${k}.pitch`], p[`${k}.yaw`], p[`${k}.roll`]);
  const tracks = { hips: part('hips') };
  const at = [p['hips.x'], p['hips.y'], p['hips.z']];
  const third = (k) => euler(p[`${k}.pitch`] / 2, p[`${k}.yaw`] / 2, p[`${k}.roll`] / 2);
  tracks.spine = part('spine');
  tracks.chest = third('chest');
  tracks.upperChest = third('chest');
  tracks.neck = part('neck');
  tracks.head = part('head');
  arm(p, 'L', tracks);
  arm(p, 'R', tracks);
  leg(p, 'L', tracks.hips, add(BODY.hips, at), tracks);
  leg(p, 'R', tracks.hips, add(BODY.hips, at), tracks);
  return { tracks, at };
}
