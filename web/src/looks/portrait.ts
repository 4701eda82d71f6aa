// A portrait from layers: grey planes of light that the recipe colours, one over the other, and the
// picture as a whole moved as its sliders would move the face. Sums on numbers: no canvas, no 3D.
import type { Catalogue, Item } from "./catalogue";
import { type Colour, lightOf } from "./packer";
import { isReady, readyRecipe } from "./ready";
import { isCovered, readRecipe, type Recipe, type Worn } from "./recipe";
import { moved, movesOf } from "./portrait_shape";
import { type SkinMasks, skinPainter } from "./portrait_skin";

/** assets/looks/layers.json. */
export interface LayersFile {
  v: number;
  /** Pixels a side; of a cell of the grid that moves; what a plane's 255 is, in light. */
  size: number;
  cell: number;
  light: number;
  /** From pixels to the shader's place on a face: x = a + b·px + c·py, and y. */
  place: [number, number, number, number, number, number];
  fields: { file: string; scale: number; names: string[] };
  layers: Record<string, LayerEntry>;
}

export interface LayerEntry {
  file: string;
  box: [x: number, y: number, width: number, height: number];
  /** l light, a how much is there, f how much of it is in front, z the second zone's share; of skin
   *  and eyes: see `person`. */
  planes: string;
  /** Hair is flat under it. */
  press?: boolean;
  /** Colours the skin below it. */
  scalp?: boolean;
}

/** A layer as it came: a byte a pixel and plane, in the order of `planes`. */
export interface Layer {
  entry: LayerEntry;
  bytes: Uint8Array;
}

export interface Fields {
  names: Map<string, number>;
  scale: number;
  steps: Int8Array;
}

export interface Stock {
  catalogue: Catalogue;
  file: LayersFile;
  layers: ReadonlyMap<string, Layer>;
  fields: Fields;
  /** How much of the pattern is at a place of its tile, 0..1. */
  pattern(id: number, u: number, v: number): number;
}

/** What of a look is seen in a portrait, from the back to the front. */
const SLOTS = [
  "brows",
  "beard",
  "top",
  "dress",
  "neck",
  "over",
  "outer",
  "ears",
  "hearing",
  "eyewear",
  "hair",
  "head",
];
const BEHIND = ["head", "hair", "outer", "over", "dress", "top", "neck"];
/** Worn over everything else at the neck. */
const LAST_AT_NECK = new Set(["neck_scarf", "neck_lanyard"]);
/** The size of a pattern's tile, in pixels. */
const TILE = 39;
const LASH: Colour = [0.012, 0.008, 0.007];
/** The studio's light is warm, in its shadows more so. */
const LIT: Colour = [1.09, 0.98, 0.83];
const SHADED: Colour = [1.14, 0.96, 0.82];

/** The recipe in what was sent, or of a ready avatar; null for what is none, or leaves the trunk bare. */
export function drawable(given: unknown, catalogue: Catalogue): Recipe | null {
  const recipe = readRecipe(isReady(given) ? readyRecipe(given, catalogue) : given, catalogue);
  return typeof recipe === "string" || !isCovered(recipe, catalogue) ? null : recipe;
}

/** The names of the layers that a recipe needs. */
export function layersOf(recipe: Recipe, file: LayersFile): string[] {
  const worn = recipe.wear.map(({ id }) => id).filter((id) => id in file.layers && id !== "lashes");
  return ["skin", "eyes", "lashes", ...worn];
}

class Canvas {
  readonly rgb: Float32Array;
  readonly a: Float32Array;
  constructor(readonly size: number) {
    this.rgb = new Float32Array(size * size * 3);
    this.a = new Float32Array(size * size);
  }

  over(i: number, r: number, g: number, b: number, a: number): void {
    const rest = 1 - a;
    this.rgb[i * 3] = this.rgb[i * 3]! * rest + r * a;
    this.rgb[i * 3 + 1] = this.rgb[i * 3 + 1]! * rest + g * a;
    this.rgb[i * 3 + 2] = this.rgb[i * 3 + 2]! * rest + b * a;
    this.a[i] = this.a[i]! * rest + a;
  }
}

/** What is below so much is the noise of its packing. */
const FLOOR = 10;
const COVER = Float32Array.from({ length: 256 }, (_, byte) =>
  byte <= FLOOR ? 0 : Math.min(1, (byte - FLOOR) / (250 - FLOOR)),
);
const cover = (byte: number): number => COVER[byte]!;
/** The roots of light that planes hold. */
const LIGHT = Float32Array.from({ length: 256 }, (_, byte) => (byte / 255) ** 2);

function planesOf({ entry, bytes }: Layer): (name: string) => Uint8Array | null {
  const n = entry.box[2] * entry.box[3];
  return (name) => {
    const at = entry.planes.indexOf(name);
    return at < 0 ? null : bytes.subarray(at * n, (at + 1) * n);
  };
}

/** Where of a layer there is something: how much, the pixel of the portrait, that of the layer. */
function each(
  { entry }: Layer,
  alpha: Uint8Array,
  size: number,
  at: (share: number, i: number, j: number, x: number, y: number) => void,
): void {
  const [left, top, w, h] = entry.box;
  for (let py = 0, j = 0; py < h; py++)
    for (let px = 0; px < w; px++, j++) {
      const share = cover(alpha[j]!);
      if (share > 0) at(share, (top + py) * size + left + px, j, left + px, top + py);
    }
}

/** The warmth of light so bright, by which a colour is lit; red, green or blue. */
const warm = (light: number, k: 0 | 1 | 2): number =>
  light * (SHADED[k] + (LIT[k] - SHADED[k]) * Math.min(1, light));

/** Above which line hair lies flat under a hat: a row for each column. */
function brimOf(hat: Layer, size: number): Int16Array {
  const [x, , w, h] = hat.entry.box;
  const alpha = planesOf(hat)("a")!;
  const rows = new Int16Array(size).fill(-1);
  for (let px = 0; px < w; px++)
    for (let py = h - 1; py >= 0; py--)
      if (cover(alpha[py * w + px]!) > 0.5) {
        rows[x + px] = hat.entry.box[1] + py;
        break;
      }
  const first = rows.findIndex((row) => row >= 0);
  const last = size - 1 - [...rows].reverse().findIndex((row) => row >= 0);
  return rows.map((row, at) => (row >= 0 || first < 0 ? row : rows[at < first ? first : last]!));
}

interface Cloth {
  layer: Layer;
  worn: Worn;
  item: Item;
}

function draw(
  canvas: Canvas,
  { layer, worn, item }: Cloth,
  stock: Stock,
  front: boolean,
  brim: Int16Array | null,
): void {
  const { catalogue, file } = stock;
  const planes = planesOf(layer);
  const [l, a, f, z] = ["l", "a", "f", "z"].map(planes);
  const alpha = front ? (f ?? a!) : a!;
  const palette = catalogue.colours(item.palette);
  const colour = (at = 0) => lightOf(palette[at] ?? palette[0]!);
  const main = colour(worn.colours?.[0]);
  const second = item.zones.length > 1 ? colour(worn.colours?.[1]) : main;
  const drawn = item.patterns && worn.pattern ? worn.pattern : 0;
  const other = colour(worn.pattern_colour);
  const { size } = file;
  each(layer, alpha, size, (whole, i, j, x, y) => {
    const share = brim ? whole * Math.min(1, Math.max(0, (y - brim[x]! + 3) / 3)) : whole;
    if (!share) return;
    const light = LIGHT[l![j]!]! * file.light;
    const two = z ? z[j]! / 255 : 0;
    const m = drawn ? stock.pattern(drawn, x / TILE, y / TILE) : 0;
    const one = (1 - m) * (1 - two);
    const three = m * (1 - two);
    canvas.over(
      i,
      (main[0] * one + other[0] * three + second[0] * two) * warm(light, 0),
      (main[1] * one + other[1] * three + second[1] * two) * warm(light, 1),
      (main[2] * one + other[2] * three + second[2] * two) * warm(light, 2),
      share,
    );
  });
}

function person(canvas: Canvas, recipe: Recipe, stock: Stock, scalp: Colour | null): void {
  const { catalogue, file, layers } = stock;
  const skin = layers.get("skin")!;
  const plane = planesOf(skin);
  const [l, a, m, b, s, h] = ["l", "a", "m", "b", "s", "h"].map((name) => plane(name)!);
  const base = lightOf(catalogue.colours("skin")[recipe.skin ?? 0] ?? "c48d62");
  const paint = skinPainter(base, recipe.marks ?? {});
  const { size, place } = file;
  const at: SkinMasks = { x: 0, y: 0, lips: 0, blush: 0, shade: 0 };
  const out: [number, number, number] = [0, 0, 0];
  each(skin, a!, size, (share, i, j, x, y) => {
    at.x = place[0] + place[1] * x + place[2] * y;
    at.y = place[3] + place[4] * x + place[5] * y;
    at.lips = m![j]! / 255;
    at.blush = b![j]! / 255;
    at.shade = s![j]! / 255;
    paint(at, out);
    const grown = scalp ? (h![j]! / 255) * 0.92 : 0;
    if (scalp && grown)
      for (let k = 0; k < 3; k++) out[k] = out[k]! * (1 - grown) + scalp[k]! * 0.6 * grown;
    const light = LIGHT[l![j]!]! * file.light;
    canvas.over(
      i,
      out[0] * warm(light, 0),
      out[1] * warm(light, 1),
      out[2] * warm(light, 2),
      share,
    );
  });
  const eyes = layers.get("eyes")!;
  const [white, iris, eye] = ["l", "i", "a"].map((name) => planesOf(eyes)(name)!);
  const [r, g, blue] = lightOf(catalogue.colours("eyes")[recipe.eyes ?? 0] ?? "3a2415");
  each(eyes, eye!, size, (share, i, j) => {
    const [lit, own] = [LIGHT[white![j]!]! * file.light, LIGHT[iris![j]!]! * file.light];
    canvas.over(i, lit + own * r, lit + own * g, (lit + own * blue) * 0.93, share);
  });
  const lashes = layers.get("lashes")!;
  const long = recipe.wear.some(({ id }) => id === "lashes");
  each(lashes, planesOf(lashes)(long ? "f" : "a")!, size, (share, i) =>
    canvas.over(i, ...LASH, share),
  );
}

const EXPOSURE = 1.05 / 0.6;
const fit = (v: number) =>
  (v * (v + 0.0245786) - 0.000090537) / (v * (0.983729 * v + 0.432951) + 0.238081);
const STEPS = 4095;
const ENCODED = Uint8Array.from({ length: STEPS + 1 }, (_, i) => {
  const x = i / STEPS;
  return Math.round(255 * (x <= 0.0031308 ? x * 12.92 : 1.055 * x ** (1 / 2.4) - 0.055));
});
const encoded = (c: number) => ENCODED[Math.round(Math.min(1, Math.max(0, c)) * STEPS)]!;

/** Light as rooms show it: the same curve as in 3D. */
function shown({ rgb, a, size }: Canvas): Uint8ClampedArray {
  const out = new Uint8ClampedArray(size * size * 4);
  for (let i = 0; i < size * size; i++) {
    const share = a[i]!;
    if (share < 0.004) continue;
    const by = EXPOSURE / share;
    const r = rgb[i * 3]! * by;
    const g = rgb[i * 3 + 1]! * by;
    const b = rgb[i * 3 + 2]! * by;
    const x = fit(0.59719 * r + 0.35458 * g + 0.04823 * b);
    const y = fit(0.076 * r + 0.90834 * g + 0.01566 * b);
    const z = fit(0.0284 * r + 0.13383 * g + 0.83777 * b);
    out[i * 4] = encoded(1.60475 * x - 0.53108 * y - 0.07367 * z);
    out[i * 4 + 1] = encoded(-0.10208 * x + 1.10813 * y - 0.00605 * z);
    out[i * 4 + 2] = encoded(-0.00327 * x - 0.07276 * y + 1.07602 * z);
    out[i * 4 + 3] = share * 255;
  }
  return out;
}

/** The portrait of a recipe whose trunk is covered, as pixels; all layers that it needs are in stock. */
export function portrait(recipe: Recipe, stock: Stock): Uint8ClampedArray<ArrayBuffer> {
  const { catalogue, file, layers } = stock;
  const canvas = new Canvas(file.size);
  const worn = recipe.wear.flatMap((one): Cloth[] => {
    const [item, layer] = [catalogue.items.get(one.id), layers.get(one.id)];
    return item && layer && item.slot !== "lashes" ? [{ item, layer, worn: one }] : [];
  });
  const inSlot = (slot: string) => worn.filter(({ item }) => item.slot === slot);
  const hat = inSlot("head").find(({ layer }) => layer.entry.press);
  const brim = hat ? brimOf(hat.layer, file.size) : null;
  const brimFor = ({ item }: Cloth) => (item.slot === "hair" ? brim : null);
  for (const one of BEHIND.flatMap(inSlot))
    if (one.layer.entry.planes.includes("f")) draw(canvas, one, stock, false, brimFor(one));
  const hair = inSlot("hair").find(({ layer }) => layer.entry.scalp);
  const scalp = hair && lightOf(catalogue.colours("hair")[hair.worn.colours?.[0] ?? 0]!);
  person(canvas, recipe, stock, scalp ?? null);
  const order = SLOTS.flatMap(inSlot);
  const late = order.filter(({ item }) => LAST_AT_NECK.has(item.id));
  const head = order.findIndex(({ item }) => SLOTS.indexOf(item.slot) > SLOTS.indexOf("outer"));
  const early = order.filter((one) => !late.includes(one));
  early.splice(head < 0 ? early.length : Math.max(0, head - late.length), 0, ...late);
  for (const one of early) draw(canvas, one, stock, true, brimFor(one));
  return moved(shown(canvas), movesOf(recipe, stock), file) as Uint8ClampedArray<ArrayBuffer>;
}
