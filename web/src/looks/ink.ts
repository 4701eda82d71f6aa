// Where tattoos and nails lie on the skin, and their colours. The shader draws the motifs (`inkOf`), all of
// them our own: plain geometry, none that belongs to a house, a faith or a people.
import type { Base } from "./base";
import { type Vec, add, at3, clamp01, cross, dot, sub, unit } from "./vec";

/** What a mark of colour chooses from, 1 the first: the catalogue's palettes have the same. */
export const INKS = ["1d2733", "6b3a22", "1f5a46", "24408a", "a02a34", "f3ead9"] as const;
export const NAILS = [
  "c8343f",
  "7d1f33",
  "e58fa8",
  "f3d7cf",
  "e8735a",
  "f2b84b",
  "3f8f7a",
  "3b6fd4",
  "6a4fa3",
  "b7a2dc",
  "1b1c22",
  "d8d8dc",
  "f6f2ea",
] as const;

/**
 * Four bytes a vertex of the skin. The last says where it is; of a limb or the neck the first two are the turn
 * around it (cosine and sine, so that no seam tears a motif), the third how far along. Of a fingertip they
 * are how far along it, across it and towards its back: places, so that an edge between vertices is straight.
 */
export const INK_PLACE = {
  leftArm: 1,
  rightArm: 2,
  leftLeg: 3,
  rightLeg: 4,
  neck: 5,
  fingertip: 6,
} as const;

const FINGERS = ["Index", "Middle", "Ring", "Little"] as const;
const byte = (x: number) => Math.round(clamp01(x) * 255);
const signed = (x: number) => byte(x * 0.5 + 0.5);

interface Places {
  hip: Vec;
  knee: Vec;
  ankle: Vec;
  shoulder: Vec;
  elbow: Vec;
  wrist: Vec;
  neck: Vec;
  head: Vec;
}

/** `place` has the shares of arms and legs of each vertex: arm, along, leg, down. */
export function inkOf(
  base: Base,
  pos: Float32Array,
  marks: Places,
  place: (v: number) => readonly [arm: number, along: number, leg: number, down: number],
): Uint8Array {
  const out = new Uint8Array(base.skin * 4);
  const arm = armOf(marks);
  const neck = base.joints.indexOf("neck");
  for (let v = 0; v < base.skin; v++) {
    const [x, y, z] = at3(pos, v);
    const left = x > 0;
    const p: Vec = [Math.abs(x), y, z];
    const [onArm, along, onLeg, down] = place(v);
    if (onArm > 0.6) {
      const [cos, sin] = arm(p);
      out.set([signed(cos), signed(sin), byte(along / 2), left ? 1 : 2], v * 4);
    } else if (onLeg > 0.6 && down < 2) {
      const [cos, sin] = around(p[0] - marks.knee[0], z - marks.knee[2] + 0.1, 0.6);
      out.set([signed(cos), signed(sin), byte(down / 2), left ? 3 : 4], v * 4);
    } else if (weightOn(base, v, neck) > 0.15) {
      const [cos, sin] = around(x, z - marks.neck[2], 0.9);
      const up = (y - marks.neck[1]) / (marks.head[1] - marks.neck[1]);
      out.set([signed(cos), signed(sin), byte(up * 0.5 + 0.25), INK_PLACE.neck], v * 4);
    }
  }
  for (const side of ["left", "right"] as const) nails(base, pos, side, out);
  return out;
}

function weightOn(base: Base, v: number, joint: number): number {
  for (let k = 0; k < 4; k++)
    if (base.weights[v * 8 + k] === joint) return base.weights[v * 8 + 4 + k]! / 255;
  return 0;
}

/** Cosine and sine of a direction, told from the one that is `turn` forward of the side. */
function around(side: number, front: number, turn: number): [number, number] {
  const l = Math.hypot(side, front) || 1;
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  return [(side * c + front * s) / l, (front * c - side * s) / l];
}

/** The turn around the arm: 1, 0 is its outer side. */
function armOf({ shoulder, elbow, wrist }: Places): (p: Vec) => [number, number] {
  const frames = [
    [shoulder, elbow],
    [elbow, wrist],
  ].map(([from, to]) => {
    const along = unit(sub(to!, from!));
    const inner = unit(cross(along, [0, 0, 1]));
    return { from: from!, along, inner, front: cross(inner, along) };
  });
  return (p) => {
    const below = dot(sub(p, elbow), frames[1]!.along) > 0;
    const { from, inner, front } = frames[below ? 1 : 0]!;
    const q = sub(p, from);
    return around(-dot(q, inner), dot(q, front), 0.25);
  };
}

/** The last joint of each finger, its back known by the fingers beside it. */
function nails(base: Base, pos: Float32Array, side: "left" | "right", out: Uint8Array): void {
  const joint = (name: string) => at3(pos, base.joint(`${side}${name}`));
  const across = sub(joint("IndexProximal"), joint("LittleProximal"));
  const forward = sub(joint("MiddleProximal"), joint("Hand"));
  const back = unit(cross(across, forward));
  const hand = side === "left" ? back : (back.map((x) => -x) as Vec);
  for (const finger of FINGERS)
    tip(base, pos, `${side}${finger}Distal`, joint(`${finger}Intermediate`), hand, out);
  /* A thumb lies across the others: its back looks as theirs, and a little away from them. */
  const beside = unit(sub(joint("ThumbDistal"), joint("MiddleProximal")));
  tip(base, pos, `${side}ThumbDistal`, joint("ThumbProximal"), unit(add(hand, beside, 0.4)), out);
}

function tip(
  base: Base,
  pos: Float32Array,
  bone: string,
  before: Vec,
  back: Vec,
  out: Uint8Array,
): void {
  const at = at3(pos, base.joint(bone));
  const straight = unit(sub(at, before));
  /* The whole finger, at 0 below its last joint: triangles that reach beyond a nail know where it ends. */
  const finger = bone.replace("Distal", "");
  const bones = base.joints.flatMap((name, j) => (name.startsWith(finger) ? [j] : []));
  const mine: number[] = [];
  for (let v = 0; v < base.skin; v++)
    if (bones.some((j) => weightOn(base, v, j) > 0.3)) mine.push(v);
  const from = (v: number) => sub(at3(pos, v), at);
  const ends = mine.filter((v) => dot(from(v), straight) > 0.05);
  /* A joint is not in the finger's middle: from it to the middle of the end is along. */
  const middle = ends.reduce<Vec>((sum, v) => add(sum, from(v), 1 / ends.length), [0, 0, 0]);
  const along = unit(middle);
  const aside = unit(cross(along, back));
  const up = cross(aside, along);
  const most = (d: Vec) => Math.max(...ends.map((v) => Math.abs(dot(from(v), d))));
  const [long, wide, high] = [most(along), most(aside), most(up)];
  for (const v of mine) {
    const q = from(v);
    const across = signed(dot(q, aside) / wide);
    out.set(
      [byte(dot(q, along) / long), across, signed(dot(q, up) / high), INK_PLACE.fingertip],
      v * 4,
    );
  }
}
