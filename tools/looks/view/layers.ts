// Draws what portraits are made of: parts of looks as grey planes, and how sliders move the picture.
import {
  CanvasTexture, PerspectiveCamera, Scene, Vector3, WebGLRenderer, type Material, type Mesh, type SkinnedMesh,
  BufferAttribute,
} from "three";
import { assemble, type Library } from "../../../web/src/looks/assemble";
import { readCatalogue, type Item } from "../../../web/src/looks/catalogue";
import { drawn, lookMaterial } from "../../../web/src/looks/material";
import { drawPatterns } from "../../../web/src/looks/patterns";
import type { Recipe, Worn } from "../../../web/src/looks/recipe";
import { lights, load, pose } from "./page";

/** Pixels of a portrait's side, and how much finer it is drawn first. */
const SIZE = 192;
const FINE = 2;
const CELL = 8;
const EYES_END = 112;
const HEAD_END = 104;
const NODES = SIZE / CELL + 1;
const YAW = -0.24;
const CAMERA = { angle: 14, far: 2.2, up: -0.005, look: -0.035 };
const MORPHS: Record<string, number> = { happy: 0.3 };
/** What a plane's 255 stands for, in light. */
const LIGHT_MAX = 2;
/** Stands for "the trunk is covered": the bare body is needed below whatever is worn, and never kept whole. */
const COVER = "socks";

type Plane = Float32Array;
export interface Drawing {
  /** x, y, width, height in the portrait. */
  box: [number, number, number, number];
  /** Bytes, one plane after the other. */
  planes: Record<string, number[]>;
  press?: boolean;
  scalp?: boolean;
}

type Mode = "light" | "mark" | "tone" | "kind";

/** The look's material, or one that writes what it knows of a point instead. */
function materialOf(mode: Mode, only: (number | "skin" | "eye" | "lash")[] | null, patterns: CanvasTexture): Material {
  const material = lookMaterial({ patterns, marks: {} });
  const compile = material.onBeforeCompile.bind(material);
  material.onBeforeCompile = (shader, renderer) => {
    compile(shader, renderer);
    shader.vertexShader = `attribute float layer;\nvarying float vLayer;\n${shader.vertexShader}`
      .replace("#include <begin_vertex>", "#include <begin_vertex>\nvLayer = layer;");
    const tests = only?.map((one) => (one === "skin" ? "(own < .5 && k < .5)"
      : one === "eye" ? "(own < .5 && k > 2.5 && k < 3.5)" : one === "lash" ? "(own < .5 && k > 3.5 && k < 4.5)"
        : `abs(own - ${one.toFixed(1)}) < .5`)) ?? [];
    const cut = only ? `{ float own = floor(vLayer + .5), k = floor(vTone.a + .5); if (!(${tests.join(" || ")})) discard; }` : "";
    shader.fragmentShader = `varying float vLayer;\n${shader.fragmentShader}`
      .replace("void main() {", `void main() {\n${cut}`)
      .replace("if (kind < .5) painted = skinOf(painted);",
        "if (kind < .5) painted = vTone.rgb * mix(vec3(1.), vec3(.60, .40, .36), 1. - vMask.w);");
    if (mode !== "light") {
      const value = { mark: "vMask.xyz", tone: "vTone.rgb", kind: "vec3(vLayer / 255., floor(vTone.a + .5) / 8., 1.)" }[mode];
      shader.fragmentShader = shader.fragmentShader.replace("#include <dithering_fragment>", `gl_FragColor = vec4(${value}, 1.);`);
    }
  };
  material.customProgramCacheKey = () => `${mode} ${only?.join() ?? ""}`;
  return material;
}

class Studio {
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly patterns = new CanvasTexture(drawPatterns());
  private readonly materials = new Map<string, Material>();
  readonly items: Item[];

  constructor(private readonly loaded: Awaited<ReturnType<typeof load>>) {
    this.renderer = new WebGLRenderer({ antialias: true, preserveDrawingBuffer: true, alpha: true, premultipliedAlpha: true });
    this.renderer.setPixelRatio(1);
    this.renderer.setSize(SIZE * FINE, SIZE * FINE);
    this.renderer.setClearColor("#000000", 0);
    this.renderer.toneMappingExposure = 1.05;
    this.renderer.shadowMap.enabled = true;
    document.body.append(this.renderer.domElement);
    lights(this.scene);
    this.patterns.flipY = false;
    const { library } = loaded;
    const file = structuredClone(library.catalogue.file);
    /* Two colours are enough to tell the zones of anything; the greater one stays below what a byte holds. */
    for (const name of ["skin", "hair", "eyes", "cloth", "metal"]) file.palettes[name] = ["000000", "bcbcbc"];
    const cover = file.items.find(({ id }) => id === COVER)!;
    cover.cover = ["chest", "belly", "hip", "thigh"];
    this.items = file.items;
    this.library = { catalogue: readCatalogue(file), bound: library.bound };
  }
  private readonly library: Library;
  get bound() {
    return this.library.bound;
  }


  /** Puts a recipe before the camera. */
  stand(recipe: Recipe, morphs = true) {
    const { base, prepared, clips } = this.loaded;
    const packed = assemble(prepared, this.library, recipe, { level: 0, layers: true });
    const look = drawn(packed, base.joints, base.parents, lookMaterial({ patterns: this.patterns, marks: {} }));
    const meshes: SkinnedMesh[] = [];
    look.root.traverse((one) => {
      if ((one as SkinnedMesh).isSkinnedMesh) meshes.push(one as SkinnedMesh);
    });
    const layers = Float32Array.from(packed.layers!);
    for (const { geometry } of meshes)
      geometry.setAttribute("layer", new BufferAttribute(layers.subarray(0, geometry.getAttribute("position").count), 1));
    pose(look.bones, clips, ["idle", 0.4]);
    look.root.rotation.y = YAW;
    look.root.updateMatrixWorld(true);
    if (morphs)
      for (const [name, w] of Object.entries(MORPHS)) {
        const at = look.face?.morphTargetDictionary?.[name];
        if (at !== undefined) look.face!.morphTargetInfluences![at] = w;
      }
    const head = look.bones.get("head")!.getWorldPosition(new Vector3());
    const { angle, far, up, look: aim } = CAMERA;
    const camera = new PerspectiveCamera(angle, 1, 0.05, 20);
    camera.position.set(head.x, head.y + 0.1 + up, head.z + far);
    camera.lookAt(head.x, head.y + 0.1 + aim, head.z);
    camera.updateMatrixWorld(true);
    return { look, meshes, camera, packed };
  }

  /** A picture of it: light 0..1 four numbers a pixel; what `only` doesn't name is not drawn. */
  private picture(stood: ReturnType<Studio["stand"]>, mode: Mode, only: (number | "skin" | "eye" | "lash")[] | null): Plane {
    const key = `${mode} ${only?.join() ?? ""}`;
    let material = this.materials.get(key);
    if (!material) this.materials.set(key, (material = materialOf(mode, only, this.patterns)));
    for (const mesh of stood.meshes) mesh.material = material as never;
    this.scene.add(stood.look.root);
    this.renderer.render(this.scene, stood.camera);
    this.scene.remove(stood.look.root);
    const big = Object.assign(document.createElement("canvas"), { width: SIZE * FINE, height: SIZE * FINE });
    const from = big.getContext("2d", { willReadFrequently: true })!;
    from.drawImage(this.renderer.domElement, 0, 0);
    const { data } = from.getImageData(0, 0, SIZE * FINE, SIZE * FINE);
    const out = new Float32Array(SIZE * SIZE * 4);
    const light = (b: number) => (mode === "light" ? lin(b / 255) : b / 255);
    for (let py = 0; py < SIZE; py++)
      for (let px = 0; px < SIZE; px++) {
        const o = (py * SIZE + px) * 4;
        let weight = 0;
        for (let dy = 0; dy < FINE; dy++)
          for (let dx = 0; dx < FINE; dx++) {
            const i = ((py * FINE + dy) * SIZE * FINE + px * FINE + dx) * 4;
            const a = data[i + 3]! / 255;
            weight += a;
            for (let k = 0; k < 3; k++) out[o + k]! += a * light(data[i + k]!);
          }
        if (weight) for (let k = 0; k < 3; k++) out[o + k]! /= weight;
        out[o + 3] = weight / (FINE * FINE);
      }
    return out;
  }

  /** One more that only `hidden` hides: 0..1, how much of each pixel is seen of it. */
  private seen(stood: ReturnType<Studio["stand"]>, is: (layer: number, kind: number) => boolean): Plane {
    const key = "kind whole";
    let material = this.materials.get(key);
    if (!material) this.materials.set(key, (material = materialOf("kind", null, this.patterns)));
    for (const mesh of stood.meshes) mesh.material = material as never;
    this.scene.add(stood.look.root);
    this.renderer.render(this.scene, stood.camera);
    this.scene.remove(stood.look.root);
    const big = Object.assign(document.createElement("canvas"), { width: SIZE * FINE, height: SIZE * FINE });
    const from = big.getContext("2d", { willReadFrequently: true })!;
    from.drawImage(this.renderer.domElement, 0, 0);
    const { data } = from.getImageData(0, 0, SIZE * FINE, SIZE * FINE);
    const out = new Float32Array(SIZE * SIZE);
    for (let py = 0; py < SIZE; py++)
      for (let px = 0; px < SIZE; px++) {
        let sum = 0;
        for (let dy = 0; dy < FINE; dy++)
          for (let dx = 0; dx < FINE; dx++) {
            const i = ((py * FINE + dy) * SIZE * FINE + px * FINE + dx) * 4;
            const a = data[i + 3]! / 255;
            if (a > 0.3 && is(Math.round(data[i]! / a), Math.round((data[i + 1]! / a / 255) * 8))) sum += a;
          }
        out[py * SIZE + px] = sum / (FINE * FINE);
      }
    return out;
  }

  /** An item's planes: l light, z share of the second zone, a how much is there, f how much is in front. */
  item(item: Item, wear: Worn[], layer: number, skin: Plane | null): Drawing | null {
    const worn = (colours: number[]) => this.stand({ v: 1, wear: wear.map((one) => (one.id === item.id ? { ...one, colours } : one)) });
    const two = item.zones.length > 1;
    const first = worn(two ? [1, 0] : [1]);
    const a = this.picture(first, "light", [layer]);
    const all = this.seen(first, (own) => own === layer);
    if (skin) {
      const bare = this.seen(first, (own) => own === 0);
      bare.forEach((x, i) => { skin[i] = Math.max(skin[i]!, x); });
    }
    let b: Plane | null = null;
    if (two) {
      first.look.dispose();
      const other = worn([0, 1]);
      b = this.picture(other, "light", [layer]);
      other.look.dispose();
    } else first.look.dispose();
    const n = SIZE * SIZE;
    const [l, z, alpha] = [new Float32Array(n), new Float32Array(n), new Float32Array(n)];
    for (let i = 0; i < n; i++) {
      const [x, y] = [grey(a, i), b ? grey(b, i) : 0];
      l[i] = (x + y) / WHITE;
      z[i] = x + y > 1e-4 ? y / (x + y) : 0;
      alpha[i] = a[i * 4 + 3]!;
    }
    const front = all.map((x, i) => Math.min(x, alpha[i]!));
    const behind = alpha.reduce((sum, x, i) => sum + x - front[i]!, 0) > 150;
    return this.boxed({ l, a: alpha, ...(behind ? { f: front } : {}), ...(two ? { z } : {}) }, behind ? alpha : front);
  }

  /** The bare person's planes, the skin as far as any garment leaves it open. */
  person(open: Plane): Record<string, Drawing> {
    const bald: Recipe = { v: 1, wear: [{ id: COVER, colours: [0] }] };
    const stood = this.stand({ ...bald, skin: 1, eyes: 0 });
    const light = this.picture(stood, "light", ["skin"]);
    const mark = this.picture(stood, "mark", ["skin"]);
    const dark = this.picture(stood, "light", ["eye"]);
    const skin = Float32Array.from({ length: SIZE * SIZE }, (_, i) => light[i * 4 + 3]!);
    const eye = this.seen(stood, (own, kind) => own === 0 && kind === 3);
    const short = this.seen(stood, (own, kind) => own === 0 && kind === 4);
    const made = [0, 1, 2].map((k) => Float32Array.from({ length: SIZE * SIZE }, (_, i) => mark[i * 4 + k]!));
    const l = Float32Array.from({ length: SIZE * SIZE }, (_, i) => grey(light, i) / WHITE);
    stood.look.dispose();
    const lit = this.stand({ ...bald, skin: 0, eyes: 1 });
    const bright = this.picture(lit, "light", ["eye"]);
    lit.look.dispose();
    const lashed = this.stand({ v: 1, wear: [{ id: "lashes", colours: [0] }, { id: COVER, colours: [0] }] });
    const long = this.seen(lashed, (own, kind) => own === 0 && kind === 4);
    lashed.look.dispose();
    const buzz = this.stand({ v: 1, skin: 0, wear: [{ id: "hair_buzz", colours: [1, 1] }, { id: COVER, colours: [0] }] });
    const tone = this.picture(buzz, "tone", ["skin"]);
    buzz.look.dispose();
    const scalp = Float32Array.from({ length: SIZE * SIZE }, (_, i) => tone[i * 4]! / (0.6 * WHITE));
    const base = Float32Array.from({ length: SIZE * SIZE }, (_, i) => grey(dark, i));
    const iris = Float32Array.from({ length: SIZE * SIZE }, (_, i) => Math.max(0, grey(bright, i) - grey(dark, i)) / WHITE);
    /* Below the lowest neckline of all there is nothing; above it the head is whole. */
    const a = skin.map((x, i) => Math.min(x, Math.floor(i / SIZE) < HEAD_END ? 1 : open[i]!));
    /* Teeth are of the lashes' kind, and no lash is below the eyes. */
    for (const plane of [eye, short, long]) plane.fill(0, SIZE * EYES_END);
    return {
      skin: this.boxed({ l, a, m: made[0]!, b: made[1]!, s: made[2]!, h: scalp }, a)!,
      eyes: this.boxed({ l: base, i: iris, a: eye }, eye)!,
      lashes: this.boxed({ a: short, f: long }, long)!,
    };
  }

  private boxed(planes: Record<string, Plane>, by: Plane): Drawing | null {
    let [x0, y0, x1, y1] = [SIZE, SIZE, 0, 0];
    by.forEach((x, i) => {
      if (x < 0.02) return;
      const [px, py] = [i % SIZE, Math.floor(i / SIZE)];
      [x0, y0, x1, y1] = [Math.min(x0, px), Math.min(y0, py), Math.max(x1, px + 1), Math.max(y1, py + 1)];
    });
    if (x1 <= x0) return null;
    const out: Record<string, number[]> = {};
    for (const [name, plane] of Object.entries(planes)) {
      const grown = name === "a" || name === "f" ? plane : spread(plane, by);
      const bytes: number[] = [];
      for (let y = y0; y < y1; y++)
        for (let x = x0; x < x1; x++) {
          const v = grown[y * SIZE + x]!;
          bytes.push(Math.round(255 * Math.min(1, name === "l" || name === "i" ? Math.sqrt(v / LIGHT_MAX) : v)));
        }
      out[name] = bytes;
    }
    return { box: [x0, y0, x1 - x0, y1 - y0], planes: out };
  }

  /** Where the points of the skin are in the picture, and how much each faces who looks. */
  points(recipe: Recipe): Points {
    const { meshes, camera, look } = this.stand(recipe);
    const at: number[] = [];
    const facing: number[] = [];
    const places: number[] = [];
    const [p, n] = [new Vector3(), new Vector3()];
    for (const mesh of meshes as Mesh[]) {
      const { position, normal, tone, place } = mesh.geometry.attributes;
      for (let v = 0; v < position!.count; v++) {
        if (Math.round(tone!.getW(v) * 255) !== 0) continue;
        mesh.getVertexPosition(v, p);
        p.applyMatrix4(mesh.matrixWorld).project(camera);
        at.push((p.x * 0.5 + 0.5) * SIZE, (0.5 - p.y * 0.5) * SIZE);
        n.set(normal!.getX(v), normal!.getY(v), normal!.getZ(v)).applyAxisAngle(new Vector3(0, 1, 0), YAW);
        facing.push(Math.max(0, n.z));
        places.push(place!.getX(v) * 64, place!.getY(v) * 64);
      }
    }
    look.dispose();
    return { at: Float32Array.from(at), facing: Float32Array.from(facing), places: Float32Array.from(places) };
  }
}

interface Points {
  at: Float32Array;
  facing: Float32Array;
  /** The shader's place on a face. */
  places: Float32Array;
}

/** The place on a face as sums of pixels: what fits the points of the face best. */
function placeOf({ at, facing, places }: Points): number[] {
  const rows: number[][] = [];
  for (let v = 0; v < facing.length; v++) {
    const [x, y] = [places[v * 2]!, places[v * 2 + 1]!];
    if (facing[v]! > 0.6 && Math.abs(x) < 0.9 && y > -1.6 && y < 0.8) rows.push([at[v * 2]!, at[v * 2 + 1]!, x, y]);
  }
  const mean = [0, 1, 2, 3].map((k) => rows.reduce((s, row) => s + row[k]!, 0) / rows.length);
  const c = (i: number, j: number) => rows.reduce((s, row) => s + (row[i]! - mean[i]!) * (row[j]! - mean[j]!), 0);
  const det = c(0, 0) * c(1, 1) - c(0, 1) ** 2;
  return [2, 3].flatMap((k) => {
    const b = (c(0, k) * c(1, 1) - c(1, k) * c(0, 1)) / det;
    const d = (c(1, k) * c(0, 0) - c(0, k) * c(0, 1)) / det;
    return [mean[k]! - b * mean[0]! - d * mean[1]!, b, d];
  });
}

const lin = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const WHITE = lin(0xbc / 255);
const grey = (of: Plane, i: number) => of[i * 4]! * 0.3 + of[i * 4 + 1]! * 0.59 + of[i * 4 + 2]! * 0.11;

/** What lies outside takes its neighbours' values: edges stay clean, and there is less to say. */
function spread(plane: Plane, by: Plane): Plane {
  const out = plane.slice();
  const known = Uint8Array.from(by, (x) => Number(x > 0.35));
  for (let round = 0; round < 24; round++) {
    const fresh: [number, number][] = [];
    for (let i = 0; i < out.length; i++) {
      if (known[i]) continue;
      let [sum, n] = [0, 0];
      const x = i % SIZE;
      for (const j of [x > 0 ? i - 1 : -1, x < SIZE - 1 ? i + 1 : -1, i - SIZE, i + SIZE])
        if (j >= 0 && j < out.length && known[j]) [sum, n] = [sum + out[j]!, n + 1];
      if (n) fresh.push([i, sum / n]);
    }
    if (!fresh.length) break;
    for (const [i, x] of fresh) {
      out[i] = x;
      known[i] = 1;
    }
  }
  const mean = out.reduce((s, x, i) => s + (known[i] ? x : 0), 0) / Math.max(1, known.reduce((s, x) => s + x, 0));
  return out.map((x, i) => (known[i] ? x : mean));
}

/** Which points each node of the grid goes with, and how much: near ones, and where there are none, those around. */
function holds({ at, facing }: Points): { v: number; w: number }[][] {
  const out: { v: number; w: number }[][] = [];
  for (let gy = 0; gy < NODES; gy++)
    for (let gx = 0; gx < NODES; gx++) {
      let list: { v: number; w: number }[] = [];
      for (let v = 0; v < facing.length; v++) {
        if (facing[v]! < 0.12) continue;
        const d = (at[v * 2]! - gx * CELL) ** 2 + (at[v * 2 + 1]! - gy * CELL) ** 2;
        if (d > 14400) continue;
        list.push({ v, w: facing[v]! * (Math.exp(-d / 20) + 2e-4 * Math.exp(-d / 300) + 1e-7 * Math.exp(-d / 2500)) });
      }
      const most = Math.max(0, ...list.map(({ w }) => w));
      list = list.filter(({ w }) => w > most * 1e-3);
      const sum = list.reduce((s, { w }) => s + w, 0);
      out.push(list.map(({ v, w }) => ({ v, w: w / sum })));
    }
  return out;
}

/** How a change of the shape moves the nodes: two numbers each, in pixels. */
const field = (nodes: { v: number; w: number }[][], rest: Float32Array, moved: Float32Array): number[] =>
  nodes.flatMap((list) => [0, 1].map((k) =>
    list.reduce((sum, { v, w }) => sum + w * (moved[v * 2 + k]! - rest[v * 2 + k]!), 0)));

const CLOTH = new Set(["top", "dress", "over", "outer"]);
const BOUND = new Set(["hair", "brows", "beard", "eyewear", "ears", "hearing", "head", "neck"]);

/** Everything, or the items asked for: drawings by id, `skin`, `eyes`, `lashes`; the fields by slider. */
async function layers(only: string[] | null): Promise<object> {
  const studio = new Studio(await load());
  const open = new Float32Array(SIZE * SIZE);
  const drawings: Record<string, Drawing> = {};
  for (const item of studio.items) {
    const { id, slot } = item;
    /* The skin is kept as far down as any neckline shows it. */
    const opens = only?.includes("skin") && (slot === "top" || slot === "dress");
    if (!(CLOTH.has(slot) || BOUND.has(slot)) || (only && !only.includes(id) && !opens)) continue;
    const below = slot === "over" || slot === "outer" ? [{ id: "tee", colours: [0, 0] }] : [];
    const shirt = slot === "neck" ? [{ id: "tee", colours: [0, 0] }] : [];
    const wear = [...below, ...shirt, { id, colours: [] as number[] }, { id: COVER, colours: [0] }];
    const drawing = studio.item(item, wear, CLOTH.has(slot) ? item.layer + 1 : 255, slot === "top" || slot === "dress" ? open : null);
    const meta = studio.bound.get(id)?.meta;
    if (drawing) drawings[id] = { ...drawing, ...(meta?.hat ? { press: true } : {}), ...(meta?.scalp ? { scalp: true } : {}) };
    else console.log(`nothing is seen of ${id}`);
  }
  Object.assign(drawings, studio.person(open));
  const fields: Record<string, number[]> = {};
  let place: number[] = [];
  {
    const bare = (more: Partial<Recipe>): Recipe => ({ v: 1, wear: [{ id: COVER, colours: [0] }], ...more });
    const rest = studio.points(bare({}));
    place = placeOf(rest);
    const nodes = holds(rest);
    const { sliders } = (await load()).library.catalogue.file;
    for (const { id, part, min, max } of only ? [] : sliders)
      for (const value of [min, max]) {
        if (!value) continue;
        const to = studio.points(bare({ [part === "face" ? "face" : "body"]: { [id]: value } }));
        if (to.at.length !== rest.at.length) throw new Error(`${id}: another mesh`);
        fields[`${id}${value > 0 ? "+" : "-"}`] = field(nodes, rest.at, to.at);
      }
  }
  return { size: SIZE, cell: CELL, nodes: NODES, light: LIGHT_MAX, place, drawings, fields };
}

const BYTES_MAX = 4096;

/** Planes of one drawing, one below the other, as webp (base64). */
async function encode({ box: [, , w, h], planes }: Drawing, quality: number): Promise<string> {
  const list = Object.values(planes);
  const canvas = new OffscreenCanvas(w, h * list.length);
  const x = canvas.getContext("2d")!;
  const image = x.createImageData(w, h * list.length);
  list.forEach((bytes, p) => bytes.forEach((b, i) => {
    image.data.set([b, b, b, 255], (p * w * h + i) * 4);
  }));
  x.putImageData(image, 0, 0);
  let blob: Blob;
  /* Curls are dear: they may be rougher than a straight edge. */
  do {
    blob = await canvas.convertToBlob({ type: "image/webp", quality });
    quality *= 0.85;
  } while (blob.size > BYTES_MAX && quality > 0.1);
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));
}

async function portraitLayers({ only, quality }: { only: string[] | null; quality: number }): Promise<object> {
  const made = (await layers(only)) as { drawings: Record<string, Drawing> };
  const files: Record<string, object> = {};
  for (const [id, drawing] of Object.entries(made.drawings))
    {
    const { planes, ...rest } = drawing;
    files[id] = { ...rest, planes: Object.keys(planes).join(""), webp: await encode(drawing, quality) };
  }
  return { ...made, drawings: files };
}

Object.assign(window, { portraitLayers });
