// Draws what portraits are made of: parts of looks as grey planes, and how sliders move the picture.
import {
  CanvasTexture,
  PerspectiveCamera,
  Scene,
  Vector3,
  WebGLRenderer,
  type Material,
  type Mesh,
  type SkinnedMesh,
  BufferAttribute,
} from "three";
import { assemble, type Library } from "../../../web/src/looks/assemble";
import { readCatalogue, type Item } from "../../../web/src/looks/catalogue";
import { drawn, lookMaterial } from "../../../web/src/looks/material";
import { drawPatterns } from "../../../web/src/looks/patterns";
import type { Recipe, Worn } from "../../../web/src/looks/recipe";
import { studioLights } from "../../../web/src/looks/studio";
import { CELL, field, holds, NODES, placeOf, type Points } from "./fields";
import { load, pose } from "./page";
import {
  boxed,
  type Drawing,
  encode,
  grey,
  LIGHT_MAX,
  lin,
  type Plane,
  SIZE,
  WHITE,
} from "./planes";

/** How much finer than it is kept a portrait is drawn. */
const FINE = 2;
const EYES_END = 112;
const HEAD_END = 104;
const YAW = -0.24;
const CAMERA = { angle: 14, far: 2.2, up: -0.005, look: -0.035 };
const MORPHS: Record<string, number> = { happy: 0.3 };
/** Stands for "the trunk is covered": the bare body is needed below whatever is worn, and never kept whole. */
const COVER = "socks";

/** Layers and parts of the person that are drawn; null: all. */
type Only = (number | "skin" | "eye" | "lash")[] | null;
type Mode = "light" | "mark" | "tone" | "kind";

/** The look's material, or one that writes what it knows of a point instead. */
function materialOf(mode: Mode, only: Only, patterns: CanvasTexture): Material {
  const material = lookMaterial({ patterns, marks: {} });
  const compile = material.onBeforeCompile.bind(material);
  material.onBeforeCompile = (shader, renderer) => {
    compile(shader, renderer);
    shader.vertexShader =
      `attribute float layer;\nvarying float vLayer;\n${shader.vertexShader}`.replace(
        "#include <begin_vertex>",
        "#include <begin_vertex>\nvLayer = layer;",
      );
    const tests =
      only?.map((one) =>
        one === "skin"
          ? "(own < .5 && k < .5)"
          : one === "eye"
            ? "(own < .5 && k > 2.5 && k < 3.5)"
            : one === "lash"
              ? "(own < .5 && k > 3.5 && k < 4.5)"
              : `abs(own - ${one.toFixed(1)}) < .5`,
      ) ?? [];
    const cut = only
      ? `{ float own = floor(vLayer + .5), k = floor(vTone.a + .5); if (!(${tests.join(" || ")})) discard; }`
      : "";
    shader.fragmentShader = `varying float vLayer;\n${shader.fragmentShader}`
      .replace("void main() {", `void main() {\n${cut}`)
      .replace(
        "if (kind < .5) painted = skinOf(painted);",
        "if (kind < .5) painted = vTone.rgb * mix(vec3(1.), vec3(.60, .40, .36), 1. - vMask.w);",
      );
    if (mode !== "light") {
      const value = {
        mark: "vMask.xyz",
        tone: "vTone.rgb",
        kind: "vec3(vLayer / 255., floor(vTone.a + .5) / 8., 1.)",
      }[mode];
      shader.fragmentShader = shader.fragmentShader.replace(
        "#include <dithering_fragment>",
        `gl_FragColor = vec4(${value}, 1.);`,
      );
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
    this.renderer = new WebGLRenderer({
      antialias: true,
      preserveDrawingBuffer: true,
      alpha: true,
      premultipliedAlpha: true,
    });
    this.renderer.setPixelRatio(1);
    this.renderer.setSize(SIZE * FINE, SIZE * FINE);
    this.renderer.setClearColor("#000000", 0);
    this.renderer.toneMappingExposure = 1.05;
    this.renderer.shadowMap.enabled = true;
    document.body.append(this.renderer.domElement);
    this.scene.add(...studioLights());
    this.patterns.flipY = false;
    const { library } = loaded;
    const file = structuredClone(library.catalogue.file);
    /* Two colours are enough to tell the zones of anything; the greater one stays below what a byte holds. */
    for (const name of ["skin", "hair", "eyes", "cloth", "metal"])
      file.palettes[name] = ["000000", "bcbcbc"];
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
    const look = drawn(
      packed,
      base.joints,
      base.parents,
      lookMaterial({ patterns: this.patterns, marks: {} }),
    );
    const meshes: SkinnedMesh[] = [];
    look.root.traverse((one) => {
      if ((one as SkinnedMesh).isSkinnedMesh) meshes.push(one as SkinnedMesh);
    });
    const layers = Float32Array.from(packed.layers!);
    for (const { geometry } of meshes)
      geometry.setAttribute(
        "layer",
        new BufferAttribute(layers.subarray(0, geometry.getAttribute("position").count), 1),
      );
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

  /** Draws it and calls `each` for every pixel, finer than portraits are, with that of the portrait it lies in. */
  private pixels(
    stood: ReturnType<Studio["stand"]>,
    mode: Mode,
    only: Only,
    each: (pixel: number, r: number, g: number, b: number, a: number) => void,
  ): void {
    const key = `${mode} ${only?.join() ?? ""}`;
    let material = this.materials.get(key);
    if (!material) this.materials.set(key, (material = materialOf(mode, only, this.patterns)));
    for (const mesh of stood.meshes) mesh.material = material as never;
    this.scene.add(stood.look.root);
    this.renderer.render(this.scene, stood.camera);
    this.scene.remove(stood.look.root);
    const side = SIZE * FINE;
    const big = Object.assign(document.createElement("canvas"), { width: side, height: side });
    const from = big.getContext("2d", { willReadFrequently: true })!;
    from.drawImage(this.renderer.domElement, 0, 0);
    const { data } = from.getImageData(0, 0, side, side);
    for (let i = 0; i < side * side; i++) {
      const pixel = Math.floor(i / side / FINE) * SIZE + Math.floor((i % side) / FINE);
      each(pixel, data[i * 4]!, data[i * 4 + 1]!, data[i * 4 + 2]!, data[i * 4 + 3]! / 255);
    }
  }

  /** A picture of it: light 0..1 four numbers a pixel; what `only` doesn't name is not drawn. */
  private picture(stood: ReturnType<Studio["stand"]>, mode: Mode, only: Only): Plane {
    const out = new Float32Array(SIZE * SIZE * 4);
    const light = (b: number) => (mode === "light" ? lin(b / 255) : b / 255);
    this.pixels(stood, mode, only, (pixel, r, g, b, a) => {
      [r, g, b].forEach((x, k) => {
        out[pixel * 4 + k]! += a * light(x);
      });
      out[pixel * 4 + 3]! += a;
    });
    for (let o = 0; o < out.length; o += 4) {
      const weight = out[o + 3]!;
      if (weight) for (let k = 0; k < 3; k++) out[o + k]! /= weight;
      out[o + 3] = weight / (FINE * FINE);
    }
    return out;
  }

  /** One more that only `hidden` hides: 0..1, how much of each pixel is seen of it. */
  private seen(
    stood: ReturnType<Studio["stand"]>,
    is: (layer: number, kind: number) => boolean,
  ): Plane {
    const out = new Float32Array(SIZE * SIZE);
    this.pixels(stood, "kind", null, (pixel, r, g, _, a) => {
      if (a > 0.3 && is(Math.round(r / a), Math.round((g / a / 255) * 8)))
        out[pixel]! += a / (FINE * FINE);
    });
    return out;
  }

  /** An item's planes: l light, z share of the second zone, a how much is there, f how much is in front. */
  item(item: Item, wear: Worn[], layer: number, skin: Plane | null): Drawing | null {
    const worn = (colours: number[]) =>
      this.stand({
        v: 1,
        wear: wear.map((one) => (one.id === item.id ? { ...one, colours } : one)),
      });
    const two = item.zones.length > 1;
    const first = worn(two ? [1, 0] : [1]);
    const a = this.picture(first, "light", [layer]);
    const all = this.seen(first, (own) => own === layer);
    if (skin) {
      const bare = this.seen(first, (own) => own === 0);
      bare.forEach((x, i) => {
        skin[i] = Math.max(skin[i]!, x);
      });
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
    return boxed(
      { l, a: alpha, ...(behind ? { f: front } : {}), ...(two ? { z } : {}) },
      behind ? alpha : front,
    );
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
    const made = [0, 1, 2].map((k) =>
      Float32Array.from({ length: SIZE * SIZE }, (_, i) => mark[i * 4 + k]!),
    );
    const l = Float32Array.from({ length: SIZE * SIZE }, (_, i) => grey(light, i) / WHITE);
    stood.look.dispose();
    const lit = this.stand({ ...bald, skin: 0, eyes: 1 });
    const bright = this.picture(lit, "light", ["eye"]);
    lit.look.dispose();
    const lashed = this.stand({
      v: 1,
      wear: [
        { id: "lashes", colours: [0] },
        { id: COVER, colours: [0] },
      ],
    });
    const long = this.seen(lashed, (own, kind) => own === 0 && kind === 4);
    lashed.look.dispose();
    const buzz = this.stand({
      v: 1,
      skin: 0,
      wear: [
        { id: "hair_buzz", colours: [1, 1] },
        { id: COVER, colours: [0] },
      ],
    });
    const tone = this.picture(buzz, "tone", ["skin"]);
    buzz.look.dispose();
    const scalp = Float32Array.from(
      { length: SIZE * SIZE },
      (_, i) => tone[i * 4]! / (0.6 * WHITE),
    );
    const base = Float32Array.from({ length: SIZE * SIZE }, (_, i) => grey(dark, i));
    const iris = Float32Array.from(
      { length: SIZE * SIZE },
      (_, i) => Math.max(0, grey(bright, i) - grey(dark, i)) / WHITE,
    );
    /* Below the lowest neckline of all there is nothing; above it the head is whole. */
    const a = skin.map((x, i) => Math.min(x, Math.floor(i / SIZE) < HEAD_END ? 1 : open[i]!));
    /* Teeth are of the lashes' kind, and no lash is below the eyes. */
    for (const plane of [eye, short, long]) plane.fill(0, SIZE * EYES_END);
    return {
      skin: boxed({ l, a, m: made[0]!, b: made[1]!, s: made[2]!, h: scalp }, a)!,
      eyes: boxed({ l: base, i: iris, a: eye }, eye)!,
      lashes: boxed({ a: short, f: long }, long)!,
    };
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
        n.set(normal!.getX(v), normal!.getY(v), normal!.getZ(v)).applyAxisAngle(
          new Vector3(0, 1, 0),
          YAW,
        );
        facing.push(Math.max(0, n.z));
        places.push(place!.getX(v) * 64, place!.getY(v) * 64);
      }
    }
    look.dispose();
    return {
      at: Float32Array.from(at),
      facing: Float32Array.from(facing),
      places: Float32Array.from(places),
    };
  }
}

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
    const drawing = studio.item(
      item,
      wear,
      CLOTH.has(slot) ? item.layer + 1 : 255,
      slot === "top" || slot === "dress" ? open : null,
    );
    const meta = studio.bound.get(id)?.meta;
    if (drawing)
      drawings[id] = {
        ...drawing,
        ...(meta?.hat ? { press: true } : {}),
        ...(meta?.scalp ? { scalp: true } : {}),
      };
    else console.log(`nothing is seen of ${id}`);
  }
  Object.assign(drawings, studio.person(open));
  const fields: Record<string, number[]> = {};
  let place: number[] = [];
  {
    const bare = (more: Partial<Recipe>): Recipe => ({
      v: 1,
      wear: [{ id: COVER, colours: [0] }],
      ...more,
    });
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

async function portraitLayers({
  only,
  quality,
}: {
  only: string[] | null;
  quality: number;
}): Promise<object> {
  const made = (await layers(only)) as { drawings: Record<string, Drawing> };
  const files: Record<string, object> = {};
  for (const [id, drawing] of Object.entries(made.drawings)) {
    const { planes, ...rest } = drawing;
    files[id] = {
      ...rest,
      planes: Object.keys(planes).join(""),
      webp: await encode(drawing, quality),
    };
  }
  return { ...made, drawings: files };
}

Object.assign(window, { portraitLayers });
