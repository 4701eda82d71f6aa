// Draws cells of looks into one canvas: the picture that sheet.mjs takes.
import {
  ACESFilmicToneMapping,
  CanvasTexture,
  Color,
  PCFShadowMap,
  PerspectiveCamera,
  Scene,
  Vector3,
  WebGLRenderer,
  type Object3D,
} from "three";
import { assemble, type Library } from "../../../web/src/looks/assemble";
import { type Base, type Level, readBase } from "../../../web/src/looks/base";
import { readBound } from "../../../web/src/looks/bound";
import { readCatalogue, type CatalogueFile } from "../../../web/src/looks/catalogue";
import { drawn, lookMaterial, shapesOf } from "../../../web/src/looks/material";
import { drawPatterns } from "../../../web/src/looks/patterns";
import { type Prepared, prepare } from "../../../web/src/looks/prepare";
import { studioLights } from "../../../web/src/looks/studio";
import type { Recipe } from "../../../web/src/looks/recipe";

export interface Cell {
  recipe: Recipe;
  level?: Level;
  yaw?: number;
  clip?: [name: string, seconds: number];
  /** Camera: its height above the middle of the head or above the floor, distance, field of view. */
  view: { at: "face" | "body"; up?: number; look?: number; far: number; angle: number };
  morphs?: Record<string, number>;
  plain?: boolean;
  /** How far (m, to the right and back) the ends of hair and the hem are from where they hang. */
  sway?: [number, number];
}

interface Sheet {
  cells: Cell[];
  columns: number;
  width: number;
  height: number;
  /** Behind everybody; "": nothing. */
  back: string;
}

const fetched = (url: string) =>
  fetch(url)
    .then((r) => r.arrayBuffer())
    .then((b) => new Uint8Array(b));

export async function load(): Promise<{
  base: Base;
  prepared: Prepared;
  library: Library;
  clips: Clips;
}> {
  const file = (await (await fetch("/assets/looks/catalogue.json")).json()) as CatalogueFile;
  const base = readBase(await fetched(`/assets/looks/${file.base}`));
  const catalogue = readCatalogue(file);
  const bound = new Map();
  await Promise.all(
    file.items
      .filter((item) => item.file)
      .map(async (item) => {
        bound.set(item.id, readBound(await fetched(`/assets/looks/${item.file}`), base.count));
      }),
  );
  const clips = await (await fetch("/assets/animations/clips.json")).json();
  return { base, prepared: prepare(base), library: { catalogue, bound }, clips };
}

interface Clips {
  fps: number;
  clips: Record<
    string,
    { seconds: number; tracks: Record<string, { q: number[][]; p?: number[][] }> }
  >;
}

export function pose(
  bones: Map<string, Object3D>,
  clips: Clips,
  [name, seconds]: [string, number],
): void {
  const clip = clips.clips[name]!;
  const frame = Math.round((seconds % clip.seconds) * clips.fps);
  const legs = bones.get("hips")!.position.y / 0.93;
  for (const [bone, track] of Object.entries(clip.tracks)) {
    const one = bones.get(bone);
    const q = track.q[frame] ?? track.q[0];
    if (one && q) one.quaternion.set(q[0]!, q[1]!, q[2]!, q[3]!).normalize();
    const p = track.p?.[frame];
    if (one && p && bone === "hips")
      one.position.add(new Vector3(...p.map((x) => (x / 1000) * legs)));
  }
}

async function show({ cells, columns, width, height, back }: Sheet): Promise<object> {
  const { base, prepared, library, clips } = await load();
  const rows = Math.ceil(cells.length / columns);
  const renderer = new WebGLRenderer({
    antialias: true,
    preserveDrawingBuffer: true,
    alpha: !back,
  });
  renderer.setPixelRatio(1);
  renderer.setSize(width * columns, height * rows);
  renderer.toneMapping = ACESFilmicToneMapping;
  renderer.toneMappingExposure = 1.05;
  renderer.shadowMap.enabled = true;
  renderer.shadowMap.type = PCFShadowMap;
  document.body.style.margin = "0";
  document.body.append(renderer.domElement);
  if (back) {
    renderer.setClearColor(back);
    renderer.clear();
  }
  renderer.setScissorTest(true);
  const scene = new Scene();
  if (back) scene.background = new Color(back);
  scene.add(...studioLights());
  const patterns = new CanvasTexture(drawPatterns());
  patterns.flipY = false;
  patterns.anisotropy = 4;
  const report: object[] = [];
  cells.forEach((cell, i) => {
    const started = performance.now();
    const packed = assemble(prepared, library, cell.recipe, { level: cell.level ?? 0 });
    report.push({
      ms: Math.round(performance.now() - started),
      triangles: packed.triangles,
      count: packed.count,
    });
    const jointAt = (name: string) => packed.joints[base.joints.indexOf(name) * 3 + 1]!;
    const hang = [jointAt("head"), jointAt("leftUpperLeg"), base.joints.length] as const;
    const shapes = shapesOf(packed);
    const material = lookMaterial({
      patterns,
      plain: cell.plain ?? false,
      marks: cell.recipe.marks ?? {},
      hang,
      moving: shapes.moving,
    });
    const look = drawn(packed, base.joints, base.parents, material, shapes);
    if (cell.clip) pose(look.bones, clips, cell.clip);
    look.root.rotation.y = cell.yaw ?? -0.3;
    look.root.updateMatrixWorld(true);
    if (cell.sway)
      for (const bone of look.sway) bone.matrixWorld.setPosition(cell.sway[0], 0, cell.sway[1]);
    for (const [name, w] of Object.entries(cell.morphs ?? {})) {
      const at = look.shows?.names[name];
      if (at !== undefined) look.shows!.weights[at] = w;
    }
    scene.add(look.root);
    const head = look.bones.get("head")!.getWorldPosition(new Vector3());
    const { at, up = 0, look: aim = 0, far, angle } = cell.view;
    const camera = new PerspectiveCamera(angle, width / height, 0.05, 20);
    const y = at === "face" ? head.y + 0.1 : 0;
    camera.position.set(0, y + up, far);
    camera.lookAt(0, y + aim, at === "face" ? head.z : 0);
    const [x, row] = [(i % columns) * width, rows - 1 - Math.floor(i / columns)];
    renderer.setViewport(x, row * height, width, height);
    renderer.setScissor(x, row * height, width, height);
    renderer.render(scene, camera);
    scene.remove(look.root);
    look.dispose();
  });

  return report;
}

Object.assign(window, { show });
