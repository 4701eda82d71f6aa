// Makes one panel of cloth: cut from the cage, stood off the body, smoothed, kept outside of what is
// worn below it.
import type { Person } from "./body";
import { bordersOf, type Cut, cut, loopsOf } from "./cut";
import { fieldAt, fieldOf, type Panel, unjoined } from "./field";
import { type Marks, NOBODY, PLACE, type Prepared } from "./prepare";
import type { Rule } from "./rule";
import { normalsOf } from "./shape";
import { smooth } from "./vec";

export interface Cloth {
  panel: Panel;
  cut: Cut;
  n: number;
  pos: Float32Array;
  nrm: Float32Array;
  /** The body under it and the way out. */
  under: Float32Array;
  out: Float32Array;
  /** Where it lies on the neutral body: PLACE.size numbers a vertex. */
  place: Float32Array;
  /** Where the pattern lies: the neutral place, moved along as evening moved the cloth. */
  lie: Float32Array;
  /** About the distance from its edge. */
  edge: Float32Array;
  borders: Uint16Array;
  loops: { line: number[]; closed: boolean }[];
}

/** What the layers so far have left: how far cloth stands off each base vertex. */
export interface Layers {
  height: Float32Array;
  tights: Float32Array;
  skirt: Float32Array | null;
}

const GAP = 0.05;
/** Between coarse triangles of two layers there has to be more room. */
const GAP_FAR = 0.1;
/** Cloth this deep under an outer garment isn't drawn. */
const DEEP = 0.45;
const DEEP_FAR = 0.12;
const COARSE = 0.03;

export function newLayers({ prepared, shape }: Person): Layers {
  const { base } = prepared;
  return {
    height: new Float32Array(base.vertices),
    tights: normalsOf(shape.pos, base.tights[0]!, base.vertices),
    skirt: null,
  };
}

/** How far the cloth of a rule stands off at a place. */
function offsetOf({ rule, on }: Panel, marks: Marks): (p: ArrayLike<number>, o: number) => number {
  const fit = rule.fit ?? 0.08;
  const { flare = 0.5 * fit, sleeve_flare = 0, puff = 0, leg_flare = 0.06 } = rule;
  const sleeve = rule.sleeve ?? -0.05;
  const bottom = marks.hip[1] - (rule.hem ?? 0.1);
  const len = rule.len ?? 1.93;
  const bell = (x: number, at: number, wide: number) => Math.exp(-(((x - at) / wide) ** 2));
  if (on === "torso")
    return (p, o) => {
      const arm = smooth(0.1, 0.5, p[o + PLACE.arm]!);
      const along = p[o + PLACE.along]!;
      const hang = flare * smooth(2.6, 0, p[o + 1]! - bottom) * (1 - arm);
      const end = sleeve_flare * smooth(sleeve - 0.9, sleeve, along);
      const slack = sleeve > 1.4 ? fit * 0.45 * bell(along, 1, 0.18) : 0;
      return fit * (1 - 0.25 * arm) + hang + arm * (end + slack + puff * bell(along, 0.22, 0.24));
    };
  if (on === "legs")
    return (p, o) => {
      const down = p[o + PLACE.down]!;
      return fit + leg_flare * smooth(0.35, len, down) + fit * 0.2 * bell(down, 1, 0.15);
    };
  return () => fit;
}

/** A skirt hangs from the hips: wider and in folds as it goes down. */
function hangSkirt(cloth: Cloth, rule: Rule, hip: number, middle: number): void {
  const { pos, n } = cloth;
  const { wide = 0.12, folds = 0.06, fold_count = 9 } = rule;
  for (let i = 0; i < n; i++) {
    const down = Math.max(0, hip + 0.9 - pos[i * 3 + 1]!);
    const x = pos[i * 3]!;
    const z = pos[i * 3 + 2]! - middle;
    const r = Math.hypot(x, z) || 1;
    const fold = folds * Math.sin(Math.atan2(x, z) * fold_count) * smooth(0.3, 4, down);
    const k = 1 + wide * smooth(0, 5.5, down) + fold / r;
    pos[i * 3] = x * k;
    pos[i * 3 + 2] = middle + z * k;
  }
}

interface Edges {
  start: Uint32Array;
  list: Uint16Array;
}

function neighboursOf(n: number, tris: Uint16Array): Edges {
  const start = new Uint32Array(n + 1);
  for (let i = 0; i < tris.length; i++) start[tris[i]! + 1]!++;
  for (let v = 0; v < n; v++) start[v + 1]! += start[v]!;
  const at = start.slice(0, n);
  const list = new Uint16Array(tris.length);
  for (let i = 0; i < tris.length; i += 3)
    for (let k = 0; k < 3; k++) list[at[tris[i + k]!]!++] = tris[i + ((k + 1) % 3)]!;
  return { start, list };
}

/** Evens the cloth out; its borders only along themselves, so that hems stay where they are. */
function even(cloth: Cloth, rounds: number): void {
  const {
    pos,
    n,
    cut: { tris },
    borders,
  } = cloth;
  const { start, list } = neighboursOf(n, tris);
  const onBorder = new Uint8Array(n);
  for (const v of borders) onBorder[v] = 1;
  const old = new Float32Array(pos.length);
  for (let round = 0; round < rounds; round++) {
    old.set(pos);
    for (let v = 0; v < n; v++) {
      const [from, to] = [start[v]!, start[v + 1]!];
      if (onBorder[v] || to === from) continue;
      let [x, y, z] = [0, 0, 0];
      for (let i = from; i < to; i++) {
        const u = list[i]! * 3;
        x += old[u]!;
        y += old[u + 1]!;
        z += old[u + 2]!;
      }
      const k = 0.5 / (to - from);
      pos[v * 3] = old[v * 3]! * 0.5 + x * k;
      pos[v * 3 + 1] = old[v * 3 + 1]! * 0.5 + y * k;
      pos[v * 3 + 2] = old[v * 3 + 2]! * 0.5 + z * k;
    }
    /* A skirt is cut where it ends; what opens in front keeps its corners. */
    if (round < 8 && cloth.panel.on !== "skirt") evenLoops(cloth, old);
  }
}

function evenLoops({ pos, loops }: Cloth, old: Float32Array): void {
  for (const { line, closed } of loops) {
    const m = line.length;
    for (let i = 0; i < m; i++) {
      if (!closed && (i === 0 || i === m - 1)) continue;
      const [p, v, q] = [line[(i + m - 1) % m]! * 3, line[i]! * 3, line[(i + 1) % m]! * 3];
      /* A corner of a front stays a corner. */
      if (isCorner(old, p, v, q)) continue;
      for (let k = 0; k < 3; k++)
        pos[v + k] = old[v + k]! * 0.5 + (old[p + k]! + old[q + k]!) * 0.25;
    }
  }
}

function isCorner(a: Float32Array, p: number, v: number, q: number): boolean {
  let [d, l, m] = [0, 0, 0];
  for (let k = 0; k < 3; k++) {
    const [x, y] = [a[v + k]! - a[p + k]!, a[q + k]! - a[v + k]!];
    d += x * y;
    l += x * x;
    m += y * y;
  }
  return d < 0.35 * Math.sqrt(l * m);
}

/** Pushes what came too near the body or the layer below out again. */
function keepOff(cloth: Cloth, least: Float32Array): void {
  const { pos, under, out, n } = cloth;
  for (let i = 0; i < n * 3; i += 3) {
    const d =
      (pos[i]! - under[i]!) * out[i]! +
      (pos[i + 1]! - under[i + 1]!) * out[i + 1]! +
      (pos[i + 2]! - under[i + 2]!) * out[i + 2]!;
    const more = least[i / 3]! - d;
    if (more <= 0) continue;
    pos[i]! += out[i]! * more;
    pos[i + 1]! += out[i + 1]! * more;
    pos[i + 2]! += out[i + 2]! * more;
  }
}

/** Evening draws cloth along the body, too: what is printed on it stays where it was. */
function followEven({ pos, out, place, lie, n }: Cloth, before: Float32Array): void {
  for (let i = 0; i < n; i++) {
    let off = 0;
    for (let k = 0; k < 3; k++) off += (pos[i * 3 + k]! - before[i * 3 + k]!) * out[i * 3 + k]!;
    for (let k = 0; k < 3; k++)
      lie[i * 3 + k] =
        place[i * PLACE.size + k]! + pos[i * 3 + k]! - before[i * 3 + k]! - off * out[i * 3 + k]!;
  }
}

const nearEdge = new Float32Array(PLACE.size);

/** Bands follow the hem: an edge's distance is told where the cloth came to lie. */
function edgesWhereItLies({ edge, lie, place, n, panel }: Cloth, marks: Marks): void {
  const field = fieldOf(unjoined(panel), marks);
  for (let i = 0; i < n; i++) {
    if (edge[i]! <= 0 || edge[i]! > 1) continue;
    nearEdge.set(place.subarray(i * PLACE.size, (i + 1) * PLACE.size));
    nearEdge.set(lie.subarray(i * 3, i * 3 + 3));
    edge[i] = Math.max(0.001, field(nearEdge, 0));
  }
}

/** Small folds where cloth gathers: elbows, waist, knees and ankles. */
function gather({ pos, under, out, place, n, panel: { on, rule } }: Cloth, marks: Marks): void {
  if (on !== "torso" && on !== "legs") return;
  const bell = (x: number, at: number, wide: number) => Math.exp(-(((x - at) / wide) ** 2));
  const depth = 0.026 * Math.sqrt((rule.fit ?? 0.08) / 0.08) * (1 - (rule.stiff ?? 0));
  for (let i = 0; i < n; i++) {
    const o = i * PLACE.size;
    const [arm, along, leg, down] = [place[o + 3]!, place[o + 4]!, place[o + 5]!, place[o + 6]!];
    const w =
      arm > 0.4
        ? bell(along, 1, 0.22) * 0.9 + bell(along, 1.85, 0.15) * 0.6
        : leg > 0.4
          ? bell(down, 1, 0.2) * 0.6 + bell(down, 1.85, 0.14) * 0.9
          : 0.5 * bell(place[o + 1]!, marks.waist, 0.5);
    const [x, y, z] = [under[i * 3]!, under[i * 3 + 1]!, under[i * 3 + 2]!];
    const d = depth * w * Math.sin(y * 16 + Math.atan2(x, z) * 2 + x * 5);
    for (let k = 0; k < 3; k++) pos[i * 3 + k]! += out[i * 3 + k]! * d;
  }
}

function layOut(
  prepared: Prepared,
  pos: Float32Array,
  normals: Float32Array,
  panel: Panel,
  made: Cut,
  values: Float32Array,
): Cloth {
  const { n, a, b, t, tris } = made;
  const cloth: Cloth = {
    panel,
    cut: made,
    n,
    pos: new Float32Array(n * 3),
    nrm: new Float32Array(n * 3),
    under: new Float32Array(n * 3),
    out: new Float32Array(n * 3),
    place: new Float32Array(n * PLACE.size),
    lie: new Float32Array(n * 3),
    edge: new Float32Array(n),
    borders: bordersOf(tris),
    loops: [],
  };
  cloth.loops = loopsOf(cloth.borders);
  const { place } = prepared;
  const unjoinedField = fieldOf(unjoined(panel), prepared.marks);
  const edges = panel.joins ? fieldAt(prepared, unjoined(panel)) : values;
  for (let i = 0; i < n; i++) {
    const [p, q, s] = [a[i]!, b[i]!, t[i]!];
    let l = 0;
    for (let k = 0; k < 3; k++) {
      cloth.under[i * 3 + k] = pos[p * 3 + k]! * (1 - s) + pos[q * 3 + k]! * s;
      const x = normals[p * 3 + k]! * (1 - s) + normals[q * 3 + k]! * s;
      cloth.out[i * 3 + k] = x;
      l += x * x;
    }
    l = Math.sqrt(l) || 1;
    for (let k = 0; k < 3; k++) cloth.out[i * 3 + k]! /= l;
    for (let k = 0; k < PLACE.size; k++)
      cloth.place[i * PLACE.size + k] =
        place[p * PLACE.size + k]! * (1 - s) + place[q * PLACE.size + k]! * s;
    cloth.edge[i] =
      p === q
        ? edges[p]!
        : panel.joins
          ? Math.max(0, unjoinedField(cloth.place, i * PLACE.size))
          : 0;
  }
  return cloth;
}

/** What a skirt has to clear: its own cage's layers, and those of the trunk as far as they reach out. */
function belowSkirt(
  { prepared: { across }, shape: { pos } }: Person,
  { height }: Layers,
  { cut, under, out }: Cloth,
  i: number,
): number {
  let most = 0;
  for (const v of [cut.a[i]!, cut.b[i]!]) {
    most = Math.max(most, height[v]!);
    const t = across[v]!;
    if (t === NOBODY || !height[t]) continue;
    let d = 0;
    for (let k = 0; k < 3; k++) d += (under[i * 3 + k]! - pos[t * 3 + k]!) * out[i * 3 + k]!;
    most = Math.max(most, height[t]! - Math.max(0, d));
  }
  return most;
}

/** `deep`: how deep each base vertex lies under outer garments, or null. Null when nothing is left. */
export function makeCloth(
  person: Person,
  layers: Layers,
  panel: Panel,
  deep: Float32Array | null,
): Cloth | null {
  const { prepared, shape, level } = person;
  const { base, marks } = prepared;
  const { rule, on } = panel;
  const isSkirt = on === "skirt";
  const values = fieldAt(prepared, panel);
  const cage = (isSkirt ? base.skirt : base.tights)[level]!;
  /* Coarser cloth cuts corners: less of what is under it is drawn, and it stands off further. */
  const far = level === 2 ? DEEP_FAR : DEEP;
  const gap = level === 2 ? GAP_FAR : GAP;
  const isDeep = (v: number) => deep !== null && deep[v]! > far;
  const made = cut(
    cage,
    values,
    prepared.place,
    fieldOf(panel, marks),
    (u, v, w) => isSkirt || !(isDeep(u) && isDeep(v) && isDeep(w)),
  );
  if (!made.tris.length) return null;
  if (isSkirt) layers.skirt ??= normalsOf(shape.pos, base.skirt[0]!, base.vertices);
  const normals = isSkirt ? layers.skirt! : layers.tights;
  const cloth = layOut(prepared, shape.pos, normals, panel, made, values);
  const offset = offsetOf(panel, marks);
  const least = new Float32Array(cloth.n);
  const { height } = layers;
  for (let i = 0; i < cloth.n; i++) {
    const below = isSkirt
      ? belowSkirt(person, layers, cloth, i)
      : Math.max(height[made.a[i]!]!, height[made.b[i]!]!);
    const own = offset(cloth.place, i * PLACE.size) + level * COARSE;
    const stand = Math.max(own, below > 0 ? below + gap : 0);
    least[i] = Math.max(stand * 0.72, below > 0 ? below + gap : 0);
    for (let k = 0; k < 3; k++)
      cloth.pos[i * 3 + k] = cloth.under[i * 3 + k]! + cloth.out[i * 3 + k]! * stand;
  }
  const hip = shape.pos[base.joint("leftUpperLeg") * 3 + 1]!;
  if (isSkirt) hangSkirt(cloth, rule, hip, shape.pos[base.joint("leftUpperLeg") * 3 + 2]!);
  const fit = rule.fit ?? 0.08;
  const before = cloth.pos.slice();
  even(cloth, Math.round((4 + fit * 38) * (1 - 0.5 * (rule.stiff ?? 0)) * (level ? 0.6 : 1)));
  keepOff(cloth, least);
  followEven(cloth, before);
  edgesWhereItLies(cloth, marks);
  gather(cloth, marks);
  normalsOf(cloth.pos, made.tris, cloth.n, cloth.nrm);
  raise(person, layers, cloth, values, offset);
  cover(person, values, isSkirt);
  return cloth;
}

/** A skirt stands off far below the waist: tops over it need not go that far. */
const OVER_SKIRT = 0.6;

/** The next layer has to clear this one. Written for the whole field: hems would be scalloped. */
function raise(
  { prepared, shape }: Person,
  { height, tights }: Layers,
  cloth: Cloth,
  values: Float32Array,
  offset: (p: ArrayLike<number>, o: number) => number,
): void {
  const { cages, place } = prepared;
  const isSkirt = cloth.panel.on === "skirt";
  const up = (v: number, stand: number) => {
    height[v] = Math.max(stand, height[v]! > 0 ? height[v]! + GAP : 0);
  };
  for (const v of isSkirt ? cages.skirt : cages.tights)
    if (values[v]! > -0.25) up(v, offset(place, v * PLACE.size) * 1.25);
  if (!isSkirt) return;
  const {
    cut: { a, b },
    pos,
    under,
    out,
    n,
  } = cloth;
  for (let i = 0; i < n; i++) {
    let off = 0;
    for (let k = 0; k < 3; k++) off += (pos[i * 3 + k]! - under[i * 3 + k]!) * out[i * 3 + k]!;
    for (const v of [a[i]!, b[i]!]) height[v] = Math.max(height[v]!, off);
  }
  /* What is worn over it on the trunk has to clear it, too. */
  const { across } = prepared;
  for (const v of cages.tights) {
    const s = across[v]!;
    if (s === NOBODY || values[s]! <= 0) continue;
    let d = 0;
    for (let k = 0; k < 3; k++)
      d += (shape.pos[s * 3 + k]! - shape.pos[v * 3 + k]!) * tights[v * 3 + k]!;
    height[v] = Math.max(height[v]!, Math.min(OVER_SKIRT, Math.max(0, d) + height[s]!));
  }
}

const COVER = 0.28;

/** Skin well under the cloth isn't drawn, near its edge it is drawn a little sunk. */
function cover(
  { prepared: { base, place }, hidden }: Person,
  values: Float32Array,
  isSkirt: boolean,
): void {
  for (let v = 0; v < base.skin; v++) {
    const f = values[v]!;
    if (f <= 0 || (isSkirt && place[v * PLACE.size + PLACE.arm]! > 0.3)) continue;
    /* Seated, one looks into a skirt: thighs under it stay, only what is at the hips goes. */
    const deep = isSkirt ? place[v * PLACE.size + PLACE.down]! < 0.12 && f > COVER : f > COVER;
    hidden[v] = Math.max(hidden[v]!, deep ? 1 : 0.3);
  }
}
