// What is carried, worn at neck, wrists and back, sat in and walked with; and whiskers.
import { joined } from "./bind.mjs";
import { add, smooth } from "./hair.mjs";
import { rings, sphere, tube } from "./things.mjs";

const circle = (n, at) => Array.from({ length: n }, (_, i) => at((i / n) * 2 * Math.PI));

/** A ring that lies around neck and collar: low in front. */
function neckRing(on, r, low, front = 0) {
  const [, ny, nz] = on.neck;
  return circle(28, (a) => [
    r * Math.sin(a),
    ny - 0.1 - low * (0.5 + 0.5 * Math.cos(a)),
    nz + 0.1 + (r * 0.85 + front * (0.5 + 0.5 * Math.cos(a))) * Math.cos(a),
  ]);
}

export function necks(on) {
  const [, ny, nz] = on.neck;
  const knot = [0, ny - 0.55, nz + 1.0];
  return {
    necklace: {
      shape: joined(
        tube(neckRing(on, 0.78, 0.7, 0.25), 0.025, { closed: true, sides: 5 }),
        sphere([0, ny - 0.85, nz + 1.02], 0.09, { zone: 1 }),
      ),
      kind: "shiny",
    },
    beads: {
      shape: joined(
        ...neckRing(on, 0.82, 0.9, 0.3).map((p, i) => sphere(p, 0.075, { zone: i % 2 })),
      ),
      kind: "shiny",
    },
    scarf: {
      shape: joined(
        tube(neckRing(on, 0.72, 0.25, 0.1), 0.24, { closed: true, sides: 8 }),
        tube(neckRing(on, 0.8, 0.5, 0.2), 0.22, { closed: true, sides: 8 }),
        tube(
          [0, 0.25, 0.5, 0.75, 1].map((t) => [
            0.42 + 0.1 * t,
            ny - 0.5 - 2.2 * t,
            nz + 1.05 + 0.25 * Math.sin(t * 3),
          ]),
          (t) => 0.26 + 0.06 * t,
          { sides: 8, flat: 0.35 },
        ),
      ),
      kind: "cloth",
    },
    bow_tie: {
      shape: joined(
        sphere(knot, 0.1, { zone: 1 }),
        ...[1, -1].map((s) =>
          tube(
            [knot, add(knot, [s * 0.2, 0, 0.03]), add(knot, [s * 0.42, 0, 0])],
            (t) => 0.07 + 0.13 * t,
            { sides: 8, flat: 0.5 },
          ),
        ),
      ),
      kind: "cloth",
    },
    tie: {
      shape: joined(
        tube([knot, add(knot, [0, -0.16, 0.05])], 0.13, { sides: 6, flat: 0.6 }),
        tube(
          [0, 0.2, 0.5, 0.85, 1].map((t) =>
            add(knot, [0, -0.16 - 2.3 * t, 0.08 + 0.22 * Math.sin(t * 2.2)]),
          ),
          (t) => (t > 0.9 ? 0.06 : 0.1 + 0.13 * t),
          { sides: 6, flat: 0.25 },
        ),
      ),
      kind: "cloth",
    },
    lanyard: {
      shape: joined(
        tube(neckRing(on, 0.8, 1.9, 0.45), 0.035, { closed: true, sides: 5 }),
        rings(
          1,
          4,
          (t, a) => [
            0.36 * Math.SQRT2 * Math.cos(a * 6.283 + 0.785) * t,
            ny - 2.35 + 0.5 * Math.SQRT2 * Math.sin(a * 6.283 + 0.785) * t,
            nz + 1.5,
          ],
          { zone: 1, flip: true },
        ),
      ),
      kind: "cloth",
    },
  };
}

/** Rings around a limb at a share between two joints. */
function cuff(on, from, to, t, r, wide) {
  return [1, -1].map((side) => {
    const a = on.joint(`left${from}`),
      b = on.joint(`left${to}`);
    const at = (s) => a.map((x, k) => (x + (b[k] - x) * s) * (k === 0 ? side : 1));
    return rings(
      3,
      16,
      (u, turn) => {
        const p = at(t + (u - 0.5) * wide);
        const bulge = r * (u === 0 || u === 1 ? 0.8 : 1);
        return add(p, [
          bulge * Math.cos(turn * 6.283) * 0.8,
          bulge * Math.cos(turn * 6.283) * 0.6 * side * 0,
          bulge * Math.sin(turn * 6.283),
        ]).map((x, k) => x + (k === 1 ? bulge * Math.cos(turn * 6.283) * 0.6 * side : 0));
      },
      { flip: side < 0 },
    );
  });
}

export function wrists(on) {
  const [left, right] = cuff(on, "LowerArm", "Hand", 0.93, 0.33, 0.07);
  const a = on.joint("leftHand");
  return {
    watch: {
      shape: joined(left, sphere(add(a, [0.16, 0.24, -0.1]), 0.17, { zone: 1 })),
      kind: "shiny",
    },
    bracelet: { shape: right, kind: "shiny" },
    bangles: {
      shape: joined(
        ...[0.8, 0.87, 0.94].flatMap((t) => cuff(on, "LowerArm", "Hand", t, 0.36, 0.025)),
      ),
      kind: "shiny",
    },
    wristbands: { shape: joined(...cuff(on, "LowerArm", "Hand", 0.86, 0.35, 0.16)), kind: "cloth" },
  };
}

const box = ([x, y, z], [w, h, d], zone = 0, round = 0.5) =>
  rings(
    8,
    20,
    (t, a) => {
      const down = t * Math.PI,
        turn = a * 2 * Math.PI;
      const bent = (v) => Math.sign(v) * Math.abs(v) ** round;
      return [
        x + w * bent(Math.sin(down)) * bent(Math.cos(turn)),
        y + h * bent(Math.cos(down)),
        z + d * bent(Math.sin(down)) * bent(Math.sin(turn)),
      ];
    },
    { zone, flip: true },
  );

export function backs(on) {
  const [sx, sy] = on.shoulder;
  const [, ny, nz] = on.neck;
  const strap = (x, wide) =>
    tube(
      [
        [x, sy - 2.6, nz - 0.95],
        [x * 1.05, sy - 0.3, nz - 1.05],
        [x, sy + 0.42, nz - 0.1],
        [x * 0.95, sy - 0.2, nz + 0.95],
        [x * 1.05, sy - 1.6, nz + 1.0],
        [x * 1.5, sy - 2.6, nz + 0.3],
      ],
      wide,
      { sides: 6, flat: 0.4, zone: 1 },
    );
  return {
    backpack: {
      shape: joined(
        box([0, ny - 2.2, nz - 1.65], [1.15, 1.6, 0.62]),
        box([0, ny - 2.9, nz - 2.2], [0.85, 0.7, 0.25], 1),
        strap(sx * 0.62, 0.17),
        strap(-sx * 0.62, 0.17),
      ),
      kind: "cloth",
    },
    satchel: {
      shape: joined(
        box([-2.0, on.hip[1] - 0.1, 0.3], [0.32, 0.8, 1.0]),
        box([-2.3, on.hip[1] + 0.2, 0.3], [0.1, 0.55, 0.9], 1),
        tube(
          [
            [-1.9, on.hip[1] + 0.6, 0.1],
            [-0.6, sy - 1.2, nz + 1.15],
            [sx * 0.62, sy + 0.25, nz + 0.35],
            [sx * 0.6, sy + 0.1, nz - 0.7],
            [-0.4, sy - 1.8, nz - 1.25],
            [-1.8, on.hip[1] + 0.6, -0.2],
          ],
          0.12,
          { sides: 6, flat: 0.4, zone: 1 },
        ),
      ),
      kind: "cloth",
    },
    cape: {
      shape: rings(
        12,
        36,
        (t, a) => {
          const az = ((68 + 224 * a) / 180) * Math.PI;
          const out = smooth(0, 0.32, t),
            fold = 0.09 * Math.sin(a * 44) * t;
          return [
            Math.sin(az) * (0.78 + 1.6 * out + 0.7 * t + fold),
            ny + 0.15 - 0.75 * out - 4.6 * t,
            nz - 0.12 + Math.cos(az) * (0.66 + 0.75 * out + 0.7 * t + fold),
          ];
        },
        { closed: false },
      ),
      kind: "cloth",
    },
  };
}

/** Whole on bones: a cane in the right hand, a wheelchair under the hips, a lower leg of carbon. */
export function aids(on) {
  const hand = on.joint("rightHand"),
    tip = on.joint("rightMiddleProximal");
  const grip = hand.map((x, k) => x + (tip[k] - x) * 0.9);
  const floor = on.floor;
  const knee = on.joint("leftLowerLeg"),
    ankle = on.joint("leftFoot"),
    toes = on.joint("leftToes");
  /* Made in the pose of the data, where the arm is away from the trunk; it hangs when the arm does. */
  const LEAN = 0.52;
  const leant = (shape) => {
    for (let i = 0; i < shape.pos.length; i += 3) {
      const [x, y] = [shape.pos[i] - grip[0], shape.pos[i + 1] - grip[1]];
      shape.pos[i] = grip[0] + x * Math.cos(LEAN) + y * Math.sin(LEAN);
      shape.pos[i + 1] = grip[1] + y * Math.cos(LEAN) - x * Math.sin(LEAN);
    }
    return shape;
  };
  const cane = joined(
    tube([add(grip, [0, 0.05, -0.35]), add(grip, [0, 0.12, 0]), add(grip, [0, 0.05, 0.4])], 0.09),
    tube([add(grip, [0, 0.1, 0.05]), [grip[0] - 0.15, floor, grip[2] + 0.3]], 0.06, { zone: 1 }),
  );
  const white = joined(
    tube([add(grip, [0, 0.2, -0.1]), [grip[0] + 0.6, floor, grip[2] + 4.4]], 0.05),
    tube(
      [
        [grip[0] + 0.52, floor + 0.8, grip[2] + 3.7],
        [grip[0] + 0.6, floor, grip[2] + 4.4],
      ],
      0.055,
      { zone: 1 },
    ),
  );
  const blade = joined(
    tube([add(knee, [0, -0.7, 0]), add(knee, [0.03, -1.7, 0])], (t) => 0.5 - 0.2 * t, {
      sides: 12,
    }),
    tube([add(knee, [0.03, -1.6, 0]), add(ankle, [0, 0.8, -0.15]), add(ankle, [0, 0, 0])], 0.14, {
      zone: 1,
      kind: "shiny",
    }),
    tube(
      [add(ankle, [0, 0.1, -0.4]), add(ankle, [0, -0.35, 0.2]), add(toes, [0, 0.05, 0.3])],
      (t) => 0.28 - 0.06 * t,
      { flat: 0.45, zone: 1, kind: "shiny" },
    ),
  );
  return {
    cane: { shape: leant(cane), bone: "rightHand" },
    white_cane: { shape: leant(white), bone: "rightHand" },
    leg_prosthesis: { shape: blade, bone: "leftLowerLeg" },
  };
}

/** Placed for the seated clip: it hangs on the hips, which are its seat. */
export function wheelchair(on) {
  const [, hy, hz] = on.hip;
  const seat = hy - 1.15;
  const wheel = (side) =>
    joined(
      tube(
        circle(36, (a) => [
          side * 2.55,
          seat - 0.9 + 2.9 * Math.cos(a),
          hz - 0.4 + 2.9 * Math.sin(a),
        ]),
        0.17,
        { closed: true, sides: 8, zone: 1 },
      ),
      tube(
        circle(32, (a) => [
          side * 2.8,
          seat - 0.9 + 2.5 * Math.cos(a),
          hz - 0.4 + 2.5 * Math.sin(a),
        ]),
        0.07,
        { closed: true, sides: 6 },
      ),
      ...[0, 1, 2, 3, 4, 5].map((i) =>
        tube(
          [
            [side * 2.55, seat - 0.9, hz - 0.4],
            [
              side * 2.55,
              seat - 0.9 + 2.8 * Math.cos(i * 1.047),
              hz - 0.4 + 2.8 * Math.sin(i * 1.047),
            ],
          ],
          0.045,
          { sides: 5, zone: 1 },
        ),
      ),
    );
  const frame = [1, -1].flatMap((s) => [
    tube(
      [
        [s * 2.1, seat + 2.9, hz - 1.9],
        [s * 2.1, seat + 0.2, hz - 1.4],
        [s * 2.1, seat, hz + 3.4],
        [s * 1.7, seat - 3.2, hz + 4.6],
      ],
      0.12,
    ),
    tube(
      [
        [s * 2.1, seat + 1.4, hz - 1.5],
        [s * 2.1, seat + 1.4, hz + 1.6],
        [s * 2.1, seat, hz + 1.9],
      ],
      0.13,
      { zone: 1 },
    ),
    tube(
      circle(18, (a) => [s * 1.8, seat - 3.1 + 0.75 * Math.cos(a), hz + 2.9 + 0.75 * Math.sin(a)]),
      0.16,
      { closed: true, sides: 6, zone: 1 },
    ),
  ]);
  return joined(
    ...frame,
    wheel(1),
    wheel(-1),
    box([0, seat - 0.05, hz + 0.9], [2.05, 0.2, 2.3], 0, 0.35),
    box([0, seat + 1.7, hz - 1.65], [2.0, 1.3, 0.14], 0, 0.4),
    box([0, seat - 3.3, hz + 4.7], [1.7, 0.08, 0.7], 1, 0.35),
  );
}

/** Whiskers: a shell over the jaw where `inside` (about dm to its edge) is above 0. */
export function beards(on, cutHead) {
  const { mouth, chin, size: S, middle, eye } = on;
  /* Low on the cheeks, and up in front of the ears as a sideburn. */
  const sideburn = eye[1] - 0.12 - mouth[1] - 0.4;
  const jaw = ([x, y, z]) => {
    const az = (Math.atan2(Math.abs(x), z - middle[2]) * 180) / Math.PI;
    const line =
      mouth[1] +
      0.02 +
      0.16 * smooth(9, 24, az) +
      0.22 * smooth(24, 62, az) +
      sideburn * smooth(60, 80, az);
    return Math.min(
      1,
      (line + 0.05 * S - y) / (0.16 * S),
      (z - middle[2] - 0.05) / 0.16,
      (y - chin + 0.02) / 0.04 + 1.2,
    );
  };
  const lips = ([x, y, z]) =>
    Math.min(
      1,
      1 - Math.abs(y - (mouth[1] + 0.115 * S - Math.abs(x) * 0.12)) / (0.075 * S),
      (0.31 * S - Math.abs(x)) / 0.07,
      z > mouth[2] - 0.35 ? 1 : -1,
    );
  const grown = (inside, thick) =>
    cutHead(
      (p) =>
        Math.min(
          inside(p),
          (Math.hypot(p[0] / (0.25 * S), (p[1] - mouth[1] + 0.012 * S) / (0.1 * S)) - 1) * 0.35,
        ),
      thick,
    );
  const full = (p) => Math.max(jaw(p), lips(p));
  return {
    full: grown(full, 0.06),
    long: grown(full, 0.14),
    short: grown(full, 0.025),
    goatee: grown(
      (p) => Math.min(jaw(p), (0.27 * S - Math.abs(p[0])) / 0.07, p[2] > mouth[2] - 0.42 ? 1 : -1),
      0.055,
    ),
    circle: grown(
      (p) =>
        Math.max(
          lips(p),
          Math.min(jaw(p), (0.33 * S - Math.abs(p[0])) / 0.06, p[2] > mouth[2] - 0.42 ? 1 : -1),
        ),
      0.045,
    ),
    moustache: grown(lips, 0.07),
    chinstrap: grown(
      (p) =>
        Math.min(
          jaw(p),
          (0.16 * S - (p[1] - chin) + Math.max(0, Math.abs(p[0]) - 0.3) * 1.6) / 0.1,
        ),
      0.04,
    ),
  };
}
