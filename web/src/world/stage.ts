// The renderer, the light and the furnished room, in three qualities.
import {
  ACESFilmicToneMapping,
  AmbientLight,
  Color,
  DirectionalLight,
  Group,
  HemisphereLight,
  Mesh,
  Object3D,
  PCFShadowMap,
  Plane,
  PMREMGenerator,
  PointLight,
  type Raycaster,
  Scene,
  Vector3,
  WebGLRenderer,
  type Texture,
  type WebGLRenderTarget,
} from "three";
import { RoomEnvironment } from "three/addons/environments/RoomEnvironment.js";
import { caughtUp, takeCanvas } from "./canvas";
import { Looks } from "./looks";
import type { Body } from "./models";
import type { Orbit } from "./orbit";
import type { Level } from "./quality";
import type { SceneData, Vec3 } from "./scene";

const EXPOSURE = 1.05;
const ENVIRONMENT = 0.35;
const SUN_FAR_MORE_M = 1;
/** Stands in for the environment's light on the lower levels. */
const FILL: Record<Level, number> = { low: 1.5, medium: 1.2, high: 0 };
const FILL_COLOUR = "#ffffff";
const PIXELS_MAX: Record<Level, number> = { low: 1.25, medium: 1.75, high: 2 };
const SHADOW_PX: Record<Level, number> = { low: 0, medium: 1024, high: 2048 };
const SHADOW_EVERY: Record<Level, number> = { low: 1, medium: 2, high: 1 };
/** The wall's thickness inwards that the cutaway takes off: pictures on it go too. */
const CUT_M = 0.14;
const FAR_M = 1e4;

/** On a canvas of its own; takes a while on a phone, and needs no scene yet. */
export function makeRenderer(smooth: boolean): WebGLRenderer {
  const canvas = takeCanvas(smooth);
  canvas.className = "world-canvas";
  // Dragging and pinching are ours; the rest of the page scrolls as ever.
  canvas.style.cssText = "display:block;width:100%;height:100%;touch-action:none";
  canvas.setAttribute("aria-hidden", "true");
  const renderer = new WebGLRenderer({
    canvas,
    antialias: smooth,
    powerPreference: "high-performance",
  });
  // Asking what a program complains of waits for the graphics, several times for each.
  renderer.debug.checkShaderErrors = false;
  // A frame is all that is drawn in it, pictures of people first.
  renderer.info.autoReset = false;
  // Asked for with the first texture otherwise, behind all that the graphics have to do by then.
  renderer.capabilities.getMaxAnisotropy();
  return renderer;
}

export function freeRenderer(renderer: WebGLRenderer): void {
  renderer.dispose();
  renderer.forceContextLoss();
}

export class Stage {
  readonly scene = new Scene();
  private readonly looks = new Looks();
  private readonly fill = new AmbientLight(FILL_COLOUR);
  private readonly sun: DirectionalLight;
  private readonly lamps = new Group();
  private readonly cuts: { plane: Plane; axis: "x" | "z"; sign: 1 | -1 }[] = [];
  private environment: WebGLRenderTarget | null = null;
  private level: Level = "medium";
  private frames = 0;
  private size = "";
  private room: Group | null = null;

  constructor(
    readonly renderer: WebGLRenderer,
    private readonly data: SceneData,
  ) {
    const { scene } = this;
    renderer.toneMapping = ACESFilmicToneMapping;
    renderer.toneMappingExposure = EXPOSURE;
    renderer.shadowMap.type = PCFShadowMap;
    renderer.shadowMap.autoUpdate = false;
    scene.background = new Color(data.background);
    const { sky, ground, intensity } = data.ambient;
    this.sun = sunOf(data);
    scene.add(new HemisphereLight(sky, ground, intensity), this.fill);
    scene.add(this.sun, this.sun.target, this.lamps);
    for (const lamp of data.lamps) {
      const light = new PointLight(lamp.colour, lamp.intensity, lamp.distance, 1.8);
      light.position.set(...lamp.position);
      this.lamps.add(light);
    }
    if (data.cutaway) this.addCuts();
  }

  furnish(room: Group): void {
    this.room = room;
    room.traverse((one) => {
      one.updateMatrix();
      one.matrixAutoUpdate = false;
      if (one instanceof Mesh) shade(one);
    });
    this.scene.add(room);
    this.looks.apply(room, this.level === "low", false);
  }

  /** How much is drawn; before there is anything to draw, too. */
  be(level: Level): void {
    if (level !== this.level || this.frames === 0) this.apply(level);
  }

  /** Level, size in CSS pixels, part of the full resolution. */
  fit(level: Level, width: number, height: number, scale: number): void {
    const ratio = Math.min(window.devicePixelRatio || 1, PIXELS_MAX[level]) * scale;
    const size = [width, height, ratio].join();
    // Each new size waits for the graphics, so it is told once, and only when it is another.
    if (size !== this.size) this.renderer.setDrawingBufferSize(width, height, ratio);
    this.size = size;
    this.be(level);
  }

  /** Materials for a person's body in the present level. */
  dress(body: Object3D, away: boolean, paint?: Body["paint"]): void {
    const low = this.level === "low";
    this.looks.apply(body, low, away);
    paint?.(this.level, away);
    body.traverse((one) => {
      one.castShadow = !low && !away;
      one.receiveShadow = !low;
    });
  }

  /**
   * The graphics learn what they will be asked for while the page goes on: whoever draws before they
   * have, waits for them with a page that stands still. A program is half of it; the other half is made
   * when something is drawn by it.
   */
  async learn(what: Object3D, orbit: Orbit): Promise<void> {
    this.dress(what, false);
    for (const one of [what, this.scene]) this.renderer.compile(one, orbit.camera, this.scene);
    await this.caughtUp();
    // What else three.js asks once of each: later they would be in the middle of a picture.
    for (const one of this.renderer.info.programs ?? []) one.getUniforms();
    this.scene.add(what);
    this.render(orbit);
    this.scene.remove(what);
  }

  /** The graphics have done all that they were asked for, or are gone; programs are made beside the rest. */
  async caughtUp(): Promise<void> {
    const gl = this.renderer.getContext() as WebGL2RenderingContext;
    const aside = gl.getExtension("KHR_parallel_shader_compile");
    const making = ({ program }: { program: WebGLProgram }) =>
      aside !== null && gl.getProgramParameter(program, aside.COMPLETION_STATUS_KHR) === false;
    await caughtUp(gl, () => programsOf(this.renderer).some(making));
  }

  render(orbit: Orbit): void {
    for (const { plane, axis, sign } of this.cuts) {
      const half = this.data.size[axis === "x" ? 0 : 1] / 2;
      plane.constant = orbit.beyond(axis, sign) ? half - CUT_M : FAR_M;
    }
    const { shadowMap } = this.renderer;
    shadowMap.needsUpdate = shadowMap.enabled && this.frames % SHADOW_EVERY[this.level] === 0;
    this.frames++;
    this.renderer.render(this.scene, orbit.camera);
  }

  /** Where a ray meets what is seen of the room, or null. */
  hit(ray: Raycaster): Vector3 | null {
    if (!this.room) return null;
    const hits = ray.intersectObject(this.room, true);
    const seen = hits.find(({ point }) =>
      this.cuts.every(({ plane }) => plane.distanceToPoint(point) >= 0),
    );
    return seen?.point ?? null;
  }

  /** All must be drawn anew, shadows too: after a restored context. */
  refresh(): void {
    this.environment = null;
    this.frames = 0;
    this.apply(this.level);
  }

  dispose(): void {
    this.sun.dispose();
    this.environment?.dispose();
    this.looks.dispose();
    freeRenderer(this.renderer);
  }

  private apply(level: Level): void {
    this.level = level;
    const low = level === "low";
    const { renderer, scene, sun } = this;
    renderer.shadowMap.enabled = !low;
    sun.castShadow = !low;
    if (!low && sun.shadow.mapSize.x !== SHADOW_PX[level]) {
      sun.shadow.mapSize.setScalar(SHADOW_PX[level]);
      sun.shadow.map?.dispose();
      sun.shadow.map = null;
    }
    this.lamps.children.forEach((lamp, n) => (lamp.visible = !low || n === 0));
    // Made by many passes over the picture's blurs: too much for a phone.
    scene.environment = level === "high" ? this.surroundings() : null;
    const share = this.data.environment ?? ENVIRONMENT;
    scene.environmentIntensity = share;
    this.fill.intensity = (FILL[level] * share) / ENVIRONMENT;
    if (this.room) this.looks.apply(this.room, low, false);
    this.frames = 0;
  }

  private surroundings(): Texture {
    if (!this.environment) {
      const generator = new PMREMGenerator(this.renderer);
      const room = new RoomEnvironment();
      this.environment = generator.fromScene(room, 0.04);
      room.dispose();
      generator.dispose();
    }
    return this.environment.texture;
  }

  /** Always four planes, the idle ones far away: their number is part of every shader. */
  private addCuts(): void {
    for (const axis of ["x", "z"] as const) {
      for (const sign of [1, -1] as const) {
        const normal = axis === "x" ? new Vector3(-sign, 0, 0) : new Vector3(0, 0, -sign);
        this.cuts.push({ plane: new Plane(normal, FAR_M), axis, sign });
      }
    }
    this.renderer.clippingPlanes = this.cuts.map((cut) => cut.plane);
  }
}

/** Those that three.js has asked for; its types leave out what they are to the graphics. */
function programsOf(renderer: WebGLRenderer): { program: WebGLProgram }[] {
  return (renderer.info.programs ?? []) as unknown as { program: WebGLProgram }[];
}

function sunOf(data: SceneData): DirectionalLight {
  const sun = new DirectionalLight(data.sun.colour, data.sun.intensity);
  sun.position.set(...data.sun.position);
  const { camera } = sun.shadow;
  const box = reach(data);
  Object.assign(camera, { ...box, near: 0.5 });
  sun.shadow.bias = -0.0004;
  sun.shadow.normalBias = 0.02;
  sun.shadow.radius = 4;
  camera.updateProjectionMatrix();
  return sun;
}

/** The part of the sun's view that the room fills. */
function reach(data: SceneData): Record<"left" | "right" | "top" | "bottom" | "far", number> {
  const eye = new Object3D();
  eye.position.set(...data.sun.position);
  // Lights look along -z, objects' lookAt along +z.
  eye.lookAt(0, 0, 0);
  eye.updateMatrixWorld();
  const inverse = eye.matrixWorld.clone().invert();
  const [x, z] = [data.size[0] / 2, data.size[1] / 2];
  const out = { left: 0, right: 0, top: 0, bottom: 0, far: 0 };
  for (const [cx, cy, cz] of corners(x, z)) {
    const p = new Vector3(cx, cy, cz).applyMatrix4(inverse);
    out.left = Math.min(out.left, -p.x);
    out.right = Math.max(out.right, -p.x);
    out.bottom = Math.min(out.bottom, p.y);
    out.top = Math.max(out.top, p.y);
    out.far = Math.max(out.far, p.z + SUN_FAR_MORE_M);
  }
  return out;
}

function corners(x: number, z: number): Vec3[] {
  return [-x, x].flatMap((cx) => [0, 2.2].flatMap((cy) => [-z, z].map((cz): Vec3 => [cx, cy, cz])));
}

/** The model says what throws a shadow: walls do not, or no sun would come in. */
function shade(mesh: Mesh): void {
  mesh.castShadow = mesh.userData["cast"] === true;
  mesh.receiveShadow = mesh.userData["receive"] !== false;
}
