// Cuts a mesh along the line where a field is 0: what is inside stays, with new vertices on the line.
import { PLACE } from "./prepare";
import type { FieldOf } from "./field";

/** A vertex lies between base vertices a and b, at share t. */
export interface Cut {
  n: number;
  a: Uint16Array;
  b: Uint16Array;
  t: Float32Array;
  tris: Uint16Array;
}

const between = new Float32Array(PLACE.size);

/** Where on the edge the field is 0: two steps of false position from the straight guess. */
function root(place: Float32Array, field: FieldOf, a: number, b: number, fa: number, fb: number) {
  let [low, high, f0, f1] = [0, 1, fa, fb];
  let t = fa / (fa - fb);
  for (let step = 0; step < 3; step++) {
    for (let k = 0; k < PLACE.size; k++)
      between[k] = place[a * PLACE.size + k]! * (1 - t) + place[b * PLACE.size + k]! * t;
    const f = field(between, 0);
    if (Math.abs(f) < 1e-3) break;
    if (f < 0 === f0 < 0) [low, f0] = [t, f];
    else [high, f1] = [t, f];
    t = low + ((high - low) * f0) / (f0 - f1);
  }
  return Math.min(1, Math.max(0, t));
}

/** `keep` says of each triangle's corners whether it may be drawn at all. */
export function cut(
  tris: Uint16Array,
  values: Float32Array,
  place: Float32Array,
  field: FieldOf,
  keep: (a: number, b: number, c: number) => boolean,
): Cut {
  const most = tris.length + 4;
  const [a, b] = [new Uint16Array(most), new Uint16Array(most)];
  const t = new Float32Array(most);
  const out = new Uint16Array(tris.length * 2);
  const whole = new Int32Array(values.length).fill(-1);
  const edges = new Map<number, number>();
  let [n, at] = [0, 0];
  const corner = (v: number) => {
    if (whole[v]! < 0) {
      whole[v] = n;
      a[n] = b[n] = v;
      n++;
    }
    return whole[v]!;
  };
  const crossing = (v: number, w: number) => {
    const [p, q] = v < w ? [v, w] : [w, v];
    const key = p * 65536 + q;
    const known = edges.get(key);
    if (known !== undefined) return known;
    a[n] = p;
    b[n] = q;
    t[n] = root(place, field, p, q, values[p]!, values[q]!);
    edges.set(key, n);
    return n++;
  };
  const polygon: number[] = [];
  for (let i = 0; i < tris.length; i += 3) {
    const [u, v, w] = [tris[i]!, tris[i + 1]!, tris[i + 2]!];
    if (values[u]! < 0 && values[v]! < 0 && values[w]! < 0) continue;
    if (!keep(u, v, w)) continue;
    polygon.length = 0;
    for (let k = 0; k < 3; k++) {
      const one = tris[i + k]!;
      const next = tris[i + ((k + 1) % 3)]!;
      if (values[one]! >= 0) polygon.push(corner(one));
      if (values[one]! >= 0 !== values[next]! >= 0) polygon.push(crossing(one, next));
    }
    for (let k = 1; k + 1 < polygon.length; k++) {
      out[at++] = polygon[0]!;
      out[at++] = polygon[k]!;
      out[at++] = polygon[k + 1]!;
    }
  }
  return { n, a: a.slice(0, n), b: b.slice(0, n), t: t.slice(0, n), tris: out.slice(0, at) };
}

/** Edges that only one triangle has, as pairs in its direction. */
export function bordersOf(tris: Uint16Array): Uint16Array {
  const seen = new Map<number, number>();
  const key = (p: number, q: number) => (p < q ? p * 65536 + q : q * 65536 + p);
  for (let i = 0; i < tris.length; i += 3)
    for (let k = 0; k < 3; k++) {
      const id = key(tris[i + k]!, tris[i + ((k + 1) % 3)]!);
      seen.set(id, (seen.get(id) ?? 0) + 1);
    }
  const out: number[] = [];
  for (let i = 0; i < tris.length; i += 3)
    for (let k = 0; k < 3; k++) {
      const [p, q] = [tris[i + k]!, tris[i + ((k + 1) % 3)]!];
      if (seen.get(key(p, q)) === 1) out.push(p, q);
    }
  return Uint16Array.from(out);
}

/** Borders as lines of vertices; a closed one does not repeat its first. */
export function loopsOf(borders: Uint16Array): { line: number[]; closed: boolean }[] {
  const next = new Map<number, number>();
  const into = new Set<number>();
  for (let i = 0; i < borders.length; i += 2) {
    next.set(borders[i]!, borders[i + 1]!);
    into.add(borders[i + 1]!);
  }
  const loops: { line: number[]; closed: boolean }[] = [];
  const starts = [...next.keys()].sort((p, q) => Number(into.has(p)) - Number(into.has(q)));
  for (const start of starts) {
    if (!next.has(start)) continue;
    const line = [start];
    let at = start;
    let closed = false;
    while (next.has(at)) {
      const to = next.get(at)!;
      next.delete(at);
      if (to === start) {
        closed = true;
        break;
      }
      line.push(to);
      at = to;
    }
    loops.push({ line, closed });
  }
  return loops;
}
