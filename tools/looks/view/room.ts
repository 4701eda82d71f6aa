// Ten people in the lounge, as a room shows them: the picture that `sheet.mjs room` takes.
import {
  ACESFilmicToneMapping,
  AmbientLight,
  CanvasTexture,
  Color,
  DirectionalLight,
  HemisphereLight,
  PCFShadowMap,
  PerspectiveCamera,
  Scene,
  WebGLRenderer,
} from "three";
import { MeshoptDecoder } from "three/addons/libs/meshopt_decoder.module.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { assemble } from "../../../web/src/looks/assemble";
import { drawn, lookMaterial } from "../../../web/src/looks/material";
import { drawPatterns } from "../../../web/src/looks/patterns";
import type { Recipe } from "../../../web/src/looks/recipe";
import { load, pose } from "./page";

interface Stand {
  recipe: Recipe;
  x: number;
  z: number;
  yaw: number;
  /** How high it is, of who sits on one. */
  seat?: number;
  clip: [string, number];
  morphs?: Record<string, number>;
}

/** From the hips' joint down to what one sits on. */
const SEAT_M = 0.11;

interface Light {
  ambient: { sky: string; ground: string; intensity: number };
  sun: { colour: string; intensity: number; position: [number, number, number] };
}

async function room({
  stands,
  width,
  height,
  eye,
  aim,
}: {
  stands: Stand[];
  width: number;
  height: number;
  eye: [number, number, number];
  aim: [number, number, number];
}): Promise<object> {
  const { base, prepared, library, clips } = await load();
  const light = (await (await fetch("/assets/scenes/lounge.json")).json()) as Light;
  const renderer = new WebGLRenderer({ antialias: true, preserveDrawingBuffer: true });
  renderer.setPixelRatio(1);
  renderer.setSize(width, height);
  renderer.toneMapping = ACESFilmicToneMapping;
  renderer.toneMappingExposure = 1.05;
  renderer.shadowMap.enabled = true;
  renderer.shadowMap.type = PCFShadowMap;
  document.body.style.margin = "0";
  document.body.append(renderer.domElement);
  const scene = new Scene();
  scene.background = new Color("#f5e9dd");
  const { ambient, sun } = light;
  scene.add(new HemisphereLight(ambient.sky, ambient.ground, ambient.intensity));
  scene.add(new AmbientLight("#ffffff", 0.5));
  const lamp = new DirectionalLight(sun.colour, sun.intensity);
  lamp.position.set(...sun.position);
  lamp.castShadow = true;
  lamp.shadow.mapSize.set(2048, 2048);
  const { camera } = lamp.shadow;
  camera.left = camera.bottom = -7;
  camera.right = camera.top = 7;
  lamp.shadow.normalBias = 0.03;
  scene.add(lamp);
  const loader = new GLTFLoader().setMeshoptDecoder(MeshoptDecoder);
  const furniture = (await loader.loadAsync("/assets/scenes/lounge.glb")).scene;
  furniture.traverse((one) => {
    one.receiveShadow = true;
  });
  scene.add(furniture);
  const patterns = new CanvasTexture(drawPatterns());
  patterns.flipY = false;
  patterns.anisotropy = 4;
  for (const { recipe, x, z, yaw, seat, clip, morphs } of stands) {
    const packed = assemble(prepared, library, recipe, { level: 0 });
    const look = drawn(
      packed,
      base.joints,
      base.parents,
      lookMaterial({ patterns, marks: recipe.marks ?? {} }),
    );
    pose(look.bones, clips, clip);
    const hips = look.bones.get("hips")!.position.y;
    look.root.position.set(
      x,
      seat ? seat + SEAT_M - hips : packed.chair ? packed.chair - hips : 0,
      z,
    );
    look.root.rotation.y = yaw;
    for (const [name, w] of Object.entries(morphs ?? {})) {
      const at = look.face?.morphTargetDictionary?.[name];
      if (at !== undefined) look.face!.morphTargetInfluences![at] = w;
    }
    scene.add(look.root);
  }
  const view = new PerspectiveCamera(36, width / height, 0.1, 60);
  view.position.set(...eye);
  view.lookAt(...aim);
  renderer.render(scene, view);
  return { calls: renderer.info.render.calls, triangles: renderer.info.render.triangles };
}

Object.assign(window, { room });
