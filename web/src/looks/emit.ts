// Cloth into the packer: how patterns lie, colours of zones, edges turned in, what it hangs on.
import type { Piece } from "./assemble";
import type { Person } from "./body";
import type { Cloth } from "./cloth";
import { Kind, type Packer } from "./packer";
import { type Marks, PLACE } from "./prepare";
import { type Vec, cross, dot, smooth, sub, unit } from "./vec";

/** Parts of a garment that patterns run on whole; between them lies a seam. */
const PART = { trunk: 0, leftArm: 1, rightArm: 2, leftLeg: 3, rightLeg: 4, skirt: 5 } as const;
const ROUND_DM = [1.55, 0.5, 0.5, 0.8, 0.8, 1.75] as const;

/** Where a place of the neutral body lies on the flat cloth of a part: [across, up, turn]. */
function flat(part: number, x: number, y: number, z: number, marks: Marks, arm: ArmFrame): Vec {
  if (part === PART.leftArm || part === PART.rightArm) {
    const q = sub([Math.abs(x), y, z], marks.shoulder);
    const t = dot(q, arm.along);
    const turn = Math.atan2(dot(q, arm.side), dot(q, arm.front));
    return [turn * ROUND_DM[part]!, -t, turn];
  }
  if (part === PART.leftLeg || part === PART.rightLeg) {
    const turn = Math.atan2(x > 0 ? x - marks.knee[0] : x + marks.knee[0], z - marks.knee[2] + 0.2);
    return [turn * ROUND_DM[part]!, y, turn];
  }
  const middle = 0.25;
  const turn = Math.atan2(x, z - middle);
  if (part === PART.skirt) return [turn * ROUND_DM[part]!, y, turn];
  /* Around the ribs by the turn, straight across the shoulders. */
  const [, sy] = marks.shoulder;
  const high = smooth(sy - 1.5, sy - 0.4, y);
  const across = z > middle ? x : Math.sign(x || 1) * (Math.PI * ROUND_DM[0] - Math.abs(x));
  const up = y - 0.55 * Math.abs(z - middle) * high;
  return [turn * ROUND_DM[0] * (1 - high) + across * high, up, turn];
}

interface ArmFrame {
  along: Vec;
  front: Vec;
  side: Vec;
}

function armFrame({ shoulder, wrist }: Marks): ArmFrame {
  const along = unit(sub(wrist, shoulder));
  const side = unit(cross(along, [0, 0, 1]));
  return { along, side, front: cross(side, along) };
}

function partOf(cloth: Cloth, v: number): number {
  const o = v * PLACE.size;
  const x = cloth.place[o]!;
  if (cloth.panel.on === "skirt") return PART.skirt;
  if (cloth.place[o + PLACE.arm]! > 0.45) return x > 0 ? PART.leftArm : PART.rightArm;
  if (cloth.panel.on !== "torso" && cloth.place[o + PLACE.leg]! > 0.55)
    return x > 0 ? PART.leftLeg : PART.rightLeg;
  return PART.trunk;
}

export interface Look {
  piece: Piece;
  pattern: number;
}

/** Sends the cloth; vertices are doubled along seams of the pattern. Returns their first number. */
export function emitCloth(
  packer: Packer,
  person: Person,
  cloth: Cloth,
  { piece, pattern }: Look,
): void {
  const before = packer.indices;
  const { marks } = person.prepared;
  const frame = armFrame(marks);
  const { tris } = cloth.cut;
  const seen = new Map<number, number>();
  const copy = (v: number, part: number, turns: number): number => {
    const key = (v * 8 + part) * 3 + turns + 1;
    const known = seen.get(key);
    if (known !== undefined) return known;
    const o = packer.begin(1, Kind.cloth);
    put(packer, person, cloth, piece, pattern, v, o);
    const p = v * 3;
    const [across, up] = flat(
      part,
      cloth.lie[p]!,
      cloth.lie[p + 1]!,
      cloth.lie[p + 2]!,
      marks,
      frame,
    );
    packer.place[o * 2] = across + turns * 2 * Math.PI * ROUND_DM[part]!;
    packer.place[o * 2 + 1] = up;
    seen.set(key, o);
    return o;
  };
  const parts = pattern ? cornersParts(cloth) : null;
  for (let i = 0; i < tris.length; i += 3) {
    const corners = [tris[i]!, tris[i + 1]!, tris[i + 2]!];
    const part = parts ? parts[i / 3]! : PART.trunk;
    const turns = parts ? turnsOf(cloth, corners, part, marks, frame) : [0, 0, 0];
    const [a, b, c] = corners.map((v, k) => copy(v, part, turns[k]!));
    packer.triangle(a!, b!, c!);
  }
  if (person.level < 2) turnIn(packer, person, cloth, piece);
  packer.count_as("cloth", before);
}

function cornersParts(cloth: Cloth): Uint8Array {
  const { tris } = cloth.cut;
  const of = Uint8Array.from({ length: cloth.n }, (_, v) => partOf(cloth, v));
  return Uint8Array.from({ length: tris.length / 3 }, (_, i) => {
    const [a, b, c] = [of[tris[i * 3]!]!, of[tris[i * 3 + 1]!]!, of[tris[i * 3 + 2]!]!];
    return b === c ? b : a;
  });
}

/** Corners behind the seam at the back are counted on from the others. */
function turnsOf(
  cloth: Cloth,
  corners: number[],
  part: number,
  marks: Marks,
  frame: ArmFrame,
): number[] {
  const turns = corners.map((v) => {
    const p = v * 3;
    return flat(part, cloth.lie[p]!, cloth.lie[p + 1]!, cloth.lie[p + 2]!, marks, frame)[2];
  });
  const most = Math.max(...turns);
  return turns.map((t) => (most - t > Math.PI ? 1 : 0));
}

const EDGE_MAX = 1.5;
/** Whether a band at the edge has a colour of its own; of cloth that is looked into a little off either end. */
const BAND = { plain: 0, linedPlain: 13, linedOwn: 242 } as const;

function put(
  packer: Packer,
  person: Person,
  cloth: Cloth,
  piece: Piece,
  pattern: number,
  v: number,
  o: number,
): void {
  const { rule } = cloth.panel;
  const { base } = person.prepared;
  packer.pos.set(cloth.pos.subarray(v * 3, v * 3 + 3), o * 3);
  packer.nrm.set(cloth.nrm.subarray(v * 3, v * 3 + 3), o * 3);
  const { shade } = person;
  const a = cloth.cut.a[v]!;
  const dark = shade && piece.item.layer < shade.layer ? shade.share[a]! : 0;
  packer.colour(o, piece.colours[0]!, 1 - dark);
  const zone = rule.trim_zone ?? 0;
  packer.second(o, pattern ? piece.second : (piece.colours[zone] ?? piece.second), pattern);
  const sky = Math.min(255, 30 + base.paint[a * 4 + 3]! * 0.95) * (1 - dark);
  const edge = Math.max(0, Math.min(1, cloth.edge[v]! / EDGE_MAX));
  const band = zone && !pattern ? BAND.linedOwn : BAND.linedPlain;
  packer.mask.set([edge * 255, ((rule.trim ?? 0) / EDGE_MAX) * 255, band, sky], o * 4);
  hangCloth(packer, person, cloth, v, o);
}

/** In the third of a mask, which is all or none elsewhere: half of it stays what it was. */
export const SKIRT = 64;

/** Cloth moves as the body under it, skirts as the thighs. */
export function hangCloth(
  packer: Packer,
  person: Person,
  cloth: Cloth,
  v: number,
  o: number,
): void {
  const { base } = person.prepared;
  const from = cloth.cut.t[v]! > 0.5 ? cloth.cut.b[v]! : cloth.cut.a[v]!;
  if (cloth.panel.on !== "skirt") {
    packer.hang(o, base.weights, from * 8);
    return;
  }
  const { pos } = person.shape;
  const hip = pos[base.joint("leftUpperLeg") * 3 + 1]!;
  const knee = pos[base.joint("leftLowerLeg") * 3 + 1]!;
  const [x, y] = [cloth.pos[v * 3]!, cloth.pos[v * 3 + 1]!];
  /* Behind it passes from hips to thighs more slowly: seated, it lies on the seat and its hem under the thighs. */
  const behind = smooth(
    0.1,
    -0.8,
    cloth.under[v * 3 + 2]! - pos[base.joint("leftUpperLeg") * 3 + 2]!,
  );
  /* A wide one sinks a little between the thighs in front, too; over them it would let them through. */
  const between = 1 - smooth(0, 0.95, Math.abs(x));
  const loose = Math.min(0.05, Math.max(0, cloth.panel.rule.wide ?? 0)) * between;
  const leg = smooth(0, 1, (hip + 0.7 - y) / (0.9 + 1.1 * behind)) * (1 - loose - 0.08 * behind);
  if (leg < 0.02) {
    packer.hang(o, base.weights, from * 8);
    return;
  }
  const left = smooth(0, 1, (x / 0.8 + 1) / 2);
  const shin = smooth(0, 1, (knee - y) / 0.6);
  const shares: [string, number][] = [
    ["hips", 1 - leg],
    ["leftUpperLeg", leg * left * (1 - shin)],
    ["rightUpperLeg", leg * (1 - left) * (1 - shin)],
    ["leftLowerLeg", leg * left * shin],
    ["rightLowerLeg", leg * (1 - left) * shin],
  ];
  shares.sort((p, q) => q[1] - p[1]).length = 4;
  const sum = shares.reduce((total, [, w]) => total + w, 0);
  let rest = 255;
  shares.forEach(([bone, w], k) => {
    const share = k === 3 ? rest : Math.min(rest, Math.round((w / sum) * 255));
    packer.joint[o * 4 + k] = base.joints.indexOf(bone);
    packer.weight[o * 4 + k] = share;
    rest -= share;
  });
  // Neither none nor all of a share: so the shader knows what hangs free.
  packer.mask[o * 4 + 2] = packer.mask[o * 4 + 2]! > 127 ? SKIRT + 128 : SKIRT;
}

const THICK = 0.09;

/** A strip turned inward along the edges gives the cloth a thickness. */
function turnIn(packer: Packer, person: Person, cloth: Cloth, piece: Piece): void {
  const outer = new Map<number, number>();
  const inner = new Map<number, number>();
  const vertex = (v: number, inward: boolean): number => {
    const made = inward ? inner : outer;
    const known = made.get(v);
    if (known !== undefined) return known;
    const o = packer.begin(1, Kind.cloth);
    put(packer, person, cloth, piece, 0, v, o);
    packer.colour(
      o,
      piece.colours[(cloth.panel.rule.trim_zone ?? 0) && cloth.panel.rule.trim ? 1 : 0] ??
        piece.colours[0]!,
      inward ? 0.45 : 0.85,
    );
    packer.mask[o * 4 + 1] = 0;
    /* A skirt's hem goes on hanging as the skirt does. */
    if (cloth.panel.on !== "skirt") packer.mask[o * 4 + 2] = BAND.plain;
    for (let k = 0; k < 3; k++) {
      const n = cloth.nrm[v * 3 + k]!;
      packer.pos[o * 3 + k]! -= inward ? n * THICK : 0;
      packer.nrm[o * 3 + k] = n * (inward ? -0.2 : 0.6) - (k === 1 ? 0.3 : 0);
    }
    made.set(v, o);
    return o;
  };
  const { borders, edge } = cloth;
  for (let i = 0; i < borders.length; i += 2) {
    const [p, q] = [borders[i]!, borders[i + 1]!];
    /* Where an outer garment hides the rest there is no edge to be seen. */
    if (edge[p]! > 0.02 || edge[q]! > 0.02) continue;
    const [a, b, c, d] = [vertex(p, false), vertex(q, false), vertex(p, true), vertex(q, true)];
    packer.triangle(a, c, b);
    packer.triangle(b, c, d);
  }
}
