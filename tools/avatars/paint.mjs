// Pictures: skin, cloth, hair, eyes. Colourable ones come out near-neutral light grey, so that
// picture x slot colour is the wanted colour. Sizes in pixels, colours "#rrggbb".
import sharp from "sharp";

export const hex = (colour) => [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
const toLinear = (c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
export const linear = (colour) => hex(colour).map((c) => toLinear(c / 255));

const byte = (x) => Math.max(0, Math.min(255, Math.round(x)));
const luminance = (d, i) => d[i] * 0.3 + d[i + 1] * 0.59 + d[i + 2] * 0.11;

async function load(file, w, h, channels = 3) {
  const picture = sharp(file).resize(w, h, { fit: "fill" });
  const plain = channels === 4 ? picture.ensureAlpha() : picture.removeAlpha();
  return { d: await plain.toColourspace("srgb").raw().toBuffer(), w, h, c: channels };
}

const blurred = (im, sigma) =>
  sharp(im.d, { raw: { width: im.w, height: im.h, channels: im.c } }).blur(sigma).raw().toBuffer();

/** Where in a skin picture the face lies (uv box), and the hands' strip. */
const inFace = (u, v) => u > 0.63 && v > 0.17 && v < 0.87;
const inHands = (u, v) => u < 0.63 && v > 0.83;
/** In the corner of the skin picture that no face uses: teeth, tongue, white for flat cloth. */
export const TEETH = { x: 1, y: 1, size: 38 };
export const TONGUE = { x: 8, y: 52 };
export const WHITE = { x: 28, y: 52 };

const BLUSH = [1.04, 0.86, 0.86], BLUSH_RADIUS = 0.034;
/** Factors of colour that make round, warm cheeks at the uv places given. */
function blush(u, v, cheeks) {
  const near = cheeks.map(([x, y]) => Math.exp(-((u - x) ** 2 + (v - y) ** 2) / BLUSH_RADIUS ** 2));
  return BLUSH.map((factor) => 1 + (factor - 1) * Math.min(1, near[0] + near[1]));
}

/**
 * Skin: only the ratio of the photograph to its own face colour is kept and laid on the wanted
 * tone, calmer in shade and richer in colour (lips, cheeks). Off the face and hands the photograph
 * is blurred away.
 */
export async function skinPicture(file, tone, teeth, cheeks) {
  const size = 512, calm = 0.7, lips = 1.35;
  const photo = await load(file, size, size);
  const face = await blurred(photo, size / 380);
  const rest = await blurred(photo, size / 18);
  const wanted = hex(tone);
  const median = [0, 1, 2].map((k) => {
    const list = [];
    for (let y = Math.floor(0.36 * size); y < 0.62 * size; y += 2)
      for (let x = Math.floor(0.77 * size); x < 0.92 * size; x += 2)
        list.push(photo.d[(y * size + x) * 3 + k]);
    return list.sort((a, b) => a - b)[list.length >> 1];
  });
  const out = Buffer.alloc(size * size * 3);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const i = (y * size + x) * 3;
      const detail = inFace(x / size, y / size) ? 1 : inHands(x / size, y / size) ? 0.55 : 0;
      const ratio = [0, 1, 2].map((k) => {
        const soft = (rest[i + k] / median[k]) * 0.35 + 0.65;
        return Math.max(0.05, (face[i + k] / median[k]) * detail + soft * (1 - detail));
      });
      const shade = luminance(ratio, 0);
      const rich = 1 + (lips - 1) * detail;
      const red = blush(x / size, y / size, cheeks);
      for (let k = 0; k < 3; k++)
        out[i + k] = byte(wanted[k] * shade ** calm * (ratio[k] / shade) ** rich * red[k]);
    }
  const fill = (x0, y0, w, h, colourAt) => {
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++) out.set(colourAt(x, y), ((y0 + y) * size + x0 + x) * 3);
  };
  fill(0, 44, 16, 16, () => [196, 92, 92]);
  fill(20, 44, 16, 16, () => [255, 255, 255]);
  const teethPicture = await load(teeth, 40, 40);
  const isGum = (i) => teethPicture.d[i] - teethPicture.d[i + 2] > 55;
  fill(0, 0, 40, 40, (x, y) => (isGum((y * 40 + x) * 3) ? [198, 100, 98] : [240, 236, 228]));
  return { d: out, w: size, h: size, c: 3 };
}

/** Calls visit(pixel, s, r) for the pixels each uv triangle (0..1 of the picture) touches, with
 * the shares of its first two corners; and the number of the triangle. */
function rasterise(tris, w, h, visit) {
  tris.forEach((t, number) => {
    const [ax, ay, bx, by, cx, cy] = t.map((q, i) => q * (i % 2 ? h : w));
    const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    if (!area) return;
    const x0 = Math.max(0, Math.floor(Math.min(ax, bx, cx)));
    const x1 = Math.min(w - 1, Math.ceil(Math.max(ax, bx, cx)));
    const y0 = Math.max(0, Math.floor(Math.min(ay, by, cy)));
    const y1 = Math.min(h - 1, Math.ceil(Math.max(ay, by, cy)));
    for (let y = y0; y <= y1; y++)
      for (let x = x0; x <= x1; x++) {
        const p = x + 0.5, q = y + 0.5;
        const s = ((bx - p) * (cy - q) - (cx - p) * (by - q)) / area;
        const r = ((cx - p) * (ay - q) - (ax - p) * (cy - q)) / area;
        if (s >= -0.01 && r >= -0.01 && s + r <= 1.01) visit(y * w + x, s, r, number);
      }
  });
}

/** Bleeds colours beyond the mask by `rounds` pixels, so that mipmaps show no seams. */
function bleed({ d, w, h, c }, mask, rounds) {
  const sides = [[1, 0], [-1, 0], [0, 1], [0, -1]];
  for (let r = 0; r < rounds; r++) {
    const fresh = [];
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++) {
        if (mask[y * w + x]) continue;
        const near = sides
          .map(([dx, dy]) => [x + dx, y + dy])
          .filter(([X, Y]) => X >= 0 && Y >= 0 && X < w && Y < h && mask[Y * w + X])
          .map(([X, Y]) => (Y * w + X) * c);
        if (!near.length) continue;
        const mean = (k) => near.reduce((sum, j) => sum + d[j + k], 0) / near.length;
        fresh.push([y * w + x, (c === 1 ? [0] : [0, 1, 2]).map(mean)]);
      }
    for (const [i, colour] of fresh) {
      d.set(colour, i * c);
      mask[i] = 1;
    }
  }
}

/** Brightness of a neutral picture where nothing shades it: leaves room for highlights. */
const NEUTRAL = 236;
const SOURCE = 512;

/** The used uv box of a garment in pixels of its source picture. */
function usedBox(cloth) {
  const PAD = 6;
  const us = cloth.faces.flatMap((f) => f.t.map((t) => cloth.uv[t * 2] * SOURCE));
  const vs = cloth.faces.flatMap((f) => f.t.map((t) => (1 - cloth.uv[t * 2 + 1]) * SOURCE));
  const low = (list) => Math.max(0, Math.floor(list.reduce((a, b) => Math.min(a, b)) - PAD));
  const high = (list) => Math.min(SOURCE, Math.ceil(list.reduce((a, b) => Math.max(a, b)) + PAD));
  const [left, top] = [low(us), low(vs)];
  return { left, top, width: high(us) - left, height: high(vs) - top };
}

/**
 * A garment's picture, cropped to what it uses. `photo` takes the light and dark of its photograph
 * (denim, leather), `colours` the photograph as it is; otherwise only painted
 * folds and occlusion, which drops prints and logos.
 * `box` is its place in the source uv, for mapping.
 */
export async function clothPicture(cloth, cell, { photo = 0, folds = 1, colours } = {}) {
  const px = usedBox(cloth);
  const box = [px.left / SOURCE, px.top / SOURCE, px.width / SOURCE, px.height / SOURCE];
  const crop = async (file) => {
    if (!file) return null;
    const whole = await sharp(file).resize(SOURCE, SOURCE, { fit: "fill" }).removeAlpha()
      .toColourspace("srgb").toBuffer();
    return sharp(whole).extract(px).resize(cell, cell, { fit: "fill" }).raw().toBuffer();
  };
  const diffuse = photo ? await crop(cloth.diffuse) : null;
  const occlusion = await crop(cloth.occlusion);
  const normal = await crop(cloth.normal);
  const place = (t) => [
    (cloth.uv[t * 2] - box[0]) / box[2],
    (1 - cloth.uv[t * 2 + 1] - box[1]) / box[3],
  ];
  const tris = cloth.faces.flatMap(({ t }) =>
    t.slice(2).map((_, k) => [t[0], t[k + 1], t[k + 2]].flatMap(place)));
  const mask = new Uint8Array(cell * cell);
  rasterise(tris, cell, cell, (pixel) => (mask[pixel] = 1));
  let mean = 0, count = 0;
  for (let i = 0; diffuse && i < cell * cell; i++)
    if (mask[i]) {
      mean += luminance(diffuse, i * 3);
      count++;
    }
  mean = mean / (count || 1) + 1;
  const d = Buffer.alloc(cell * cell * 3);
  for (let i = 0; i < cell * cell; i++) {
    let grey = NEUTRAL;
    if (occlusion) grey *= 0.5 + (0.5 * occlusion[i * 3]) / 255;
    if (normal) {
      const slope = 1.1 * (normal[i * 3 + 1] / 127.5 - 1) + 0.4 * (normal[i * 3] / 127.5 - 1);
      grey *= Math.max(0.55, Math.min(1.2, 1 + slope * folds));
    }
    if (diffuse && !colours) {
      const light = Math.min(1.9, (luminance(diffuse, i * 3) + 1) / mean);
      grey *= 1 - photo + photo * light;
    }
    for (let k = 0; k < 3; k++)
      d[i * 3 + k] = byte(colours ? (diffuse[i * 3 + k] * grey) / NEUTRAL : grey);
  }
  const picture = { d, w: cell, h: cell, c: 3, box };
  bleed(picture, mask, 10);
  return picture;
}

/** How a hem looks at a distance (dm) from the cloth's edge: a band, and the seam that ends it. */
function hemFactor(distance, { width, band }) {
  const SEAM = 0.025, SEAM_DARK = 0.3;
  const seam = Math.max(0, 1 - Math.abs(distance - width) / SEAM);
  return (distance < width ? band : 1) * (1 - SEAM_DARK * seam);
}

/**
 * Paints a part's shade into its picture, so that its vertex colours are free for the chosen
 * colour; where places share the picture, their mean. `edge` is each vertex's distance from the
 * cloth's border, for the hem.
 */
export function bakeShade(picture, part, edge, hem) {
  const { d, w, h, c } = picture;
  const sum = new Float32Array(w * h), count = new Uint16Array(w * h);
  const tris = Array.from({ length: part.idx.length / 3 }, (_, i) =>
    [...part.idx.slice(i * 3, i * 3 + 3)]);
  const uvs = tris.map((t) => t.flatMap((i) => part.uv.slice(i * 2, i * 2 + 2)));
  rasterise(uvs, w, h, (pixel, s, r, number) => {
    const [a, b, e] = tris[number];
    const mix = (at) => at(a) * s + at(b) * r + at(e) * (1 - s - r);
    const shade = mix((i) => part.shade[i]);
    sum[pixel] += shade * (hem ? hemFactor(mix((i) => edge[part.v[i]]), hem) : 1);
    count[pixel]++;
  });
  const map = { d: sum.map((x, i) => (count[i] ? x / count[i] : 0)), w, h, c: 1 };
  const mask = Uint8Array.from(count, (n) => (n ? 1 : 0));
  bleed(map, mask, 4);
  for (let i = 0; i < w * h; i++)
    if (mask[i]) for (let k = 0; k < 3; k++) d[i * c + k] = byte(d[i * c + k] * map.d[i]);
  part.shade.fill(1);
}

/** Hair, brows and lashes: strands in grey, alpha kept, colour bled into the empty part. */
export async function hairPicture(file, size, options = {}) {
  const { level = 190, contrast = 1.1, alphaGain = 1.3 } = options;
  const { d } = await load(file, size, size, 4);
  let mean = 0, count = 0;
  for (let i = 0; i < size * size; i++)
    if (d[i * 4 + 3] > 128) {
      mean += luminance(d, i * 4);
      count++;
    }
  mean = Math.max(6, mean / (count || 1));
  const mask = new Uint8Array(size * size);
  for (let i = 0; i < size * size; i++) {
    const strand = Math.min(2.2, luminance(d, i * 4) / mean) ** 0.8;
    mask[i] = d[i * 4 + 3] > 40 ? 1 : 0;
    const grey = mask[i] ? byte(level * (1 - contrast + contrast * strand)) : level;
    d.fill(grey, i * 4, i * 4 + 3);
    d[i * 4 + 3] = byte(d[i * 4 + 3] * alphaGain);
  }
  const picture = { d, w: size, h: size, c: 4 };
  bleed(picture, mask, 12);
  return picture;
}

const EYE_CENTRES = [[0.703, 0.297], [0.297, 0.703]];
const IRIS_RADIUS = 0.145;

/** Eyes: calm white, a large iris with rays, dark rim, two painted highlights. */
export async function eyePicture(file, size, colour) {
  const picture = await load(file, size, size);
  const iris = hex(colour);
  const set = (i, at) => {
    for (let k = 0; k < 3; k++) picture.d[i + k] = byte(at(k));
  };
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      for (const [cx, cy] of EYE_CENTRES) {
        const dx = x / size - cx, dy = y / size - cy;
        const r = Math.hypot(dx, dy), q = r / IRIS_RADIUS, i = (y * size + x) * 3;
        if (r > 0.29) continue;
        const fade = 1 - 0.25 * Math.max(0, (r - 0.2) / 0.1);
        const rays = 0.08 * Math.sin(Math.atan2(dy, dx) * 34);
        const light = q > 0.9 ? 0.42 : 0.66 + 0.25 * (dy / IRIS_RADIUS + 1) + rays;
        if (q > 1) set(i, (k) => [232, 230, 228][k] * (q < 1.06 ? 0.5 : 1) * fade);
        else set(i, (k) => (q < 0.4 ? 12 : iris[k] * light * 1.15));
        const glint = Math.hypot(dx - 0.04, dy + 0.055) < 0.033;
        const spark = Math.hypot(dx + 0.045, dy - 0.05) < 0.014;
        if (glint || spark) set(i, () => 255);
      }
  return picture;
}

/** Lays pictures out on one; cells: [{picture, x, y}]. */
export function compose(w, h, c, cells, background) {
  const d = Buffer.alloc(w * h * c);
  for (let i = 0; i < w * h; i++) d.set(background, i * c);
  for (const { picture, x, y } of cells)
    for (let r = 0; r < picture.h; r++)
      picture.d.copy(d, ((y + r) * w + x) * c, r * picture.w * c, (r + 1) * picture.w * c);
  return { d, w, h, c };
}

export const encode = ({ d, w, h, c }, { scale = 1, quality, alphaQuality }) =>
  sharp(d, { raw: { width: w, height: h, channels: c } })
    .resize(w * scale, h * scale)
    .webp({ quality, alphaQuality, effort: 6 })
    .toBuffer();
