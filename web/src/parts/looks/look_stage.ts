// The look that is being made, standing in good light: assembled by the worker, the nearest level once it rests.
import {
  ACESFilmicToneMapping,
  CanvasTexture,
  CircleGeometry,
  CylinderGeometry,
  Mesh,
  MeshLambertMaterial,
  PCFShadowMap,
  PerspectiveCamera,
  Quaternion,
  Scene,
  ShadowMaterial,
  Vector3,
  WebGLRenderer,
} from "three";
import { assetJson, assetUrl } from "../../lib/assets.ts";
import type { Level } from "../../looks/base.ts";
import { Looks, type Port } from "../../looks/looks.ts";
import { type Drawn, drawn, lookMaterial } from "../../looks/material.ts";
import { drawPatterns } from "../../looks/patterns.ts";
import type { Recipe } from "../../looks/recipe.ts";
import { studioLights } from "../../looks/studio.ts";
import { addClips, type ClipFile, type Clips, HIPS_REF_M, readClips } from "../../world/clips.ts";
import { listen } from "./look_input.ts";

const FOV = 26;
const FRAME_MS = 1000 / 30 - 3;
const PIXELS_MAX = 2;
/** From the last move of what is still held to the nearest level. */
const REST_MS = 350;
const FIRST_YAW = -0.35;
/** How fast the camera comes to where it is sent, a second. */
const GLIDE = 7;
/** Metres beside the figure, above the head and below the feet. */
const ROOM_M = 0.16;
const SHOULDERS_M = 0.62;
const FACE_M = 0.46;
/** From 0, the whole body, over 1, the face, to the eyes. */
const NEAREST = 1.3;
/** A movement is begun where it shows what it is, for whoever wants nothing to move. */
const STRIKING_S = 0.6;
/** How high the hips are of who sits on a stool, of legs like those of the clips. */
const SITS_M = 0.56;
const STOOL_M = 0.19;
/** From the hips' joint down to what one sits on. */
const SEAT_M = 0.11;

export interface LookStage {
  /** The last one that is asked for is shown; what came before may be left out. `rests`: it is not being pulled at. */
  wear(recipe: Recipe, rests?: boolean): void;
  turn(radians: number): void;
  near(on: boolean): void;
  /** By the name of a movement; "idle" until another is asked for. */
  pose(clip: string): Promise<void>;
  close(): void;
}

export interface StageEvents {
  /** The first picture stands. */
  ready(): void;
  /** The graphics went away, or are back. */
  lost(away: boolean): void;
}

interface Dressed {
  look: Drawn;
  material: MeshLambertMaterial;
  height: number;
  /** Of who sits in a wheelchair: how high the hips are there. */
  chair: number | undefined;
}

/** Rejects where there are no graphics, or their parts don't come. */
export async function openLookStage(
  host: HTMLElement,
  recipe: Recipe,
  events: StageEvents,
): Promise<LookStage> {
  const clips = readClips(await assetJson<ClipFile>("animations/first.json"));
  const canvas = document.createElement("canvas");
  canvas.className = "look-canvas";
  canvas.setAttribute("aria-hidden", "true");
  host.append(canvas);
  try {
    const renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    const stage = new Stage(host, canvas, renderer, clips, events);
    stage.wear(recipe);
    return stage;
  } catch (failure) {
    canvas.remove();
    throw failure;
  }
}

class Stage implements LookStage {
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(FOV, 1, 0.05, 30);
  private readonly patterns = new CanvasTexture(drawPatterns());
  private readonly looks: Looks;
  private readonly stop = new AbortController();
  private readonly sizes: ResizeObserver;
  private readonly still = document.documentElement.classList.contains("still");
  private shown: (Dressed & { hips: Vector3 }) | null = null;
  private wanted: { recipe: Recipe; level: Level } | null = null;
  private spent: MeshLambertMaterial[] = [];
  private asked: Recipe | null = null;
  private rest_ms = 0;
  private busy = false;
  private later = 0;
  private timer = 0;
  private last_ms = 0;
  private clock_s = 0;
  private yaw = FIRST_YAW;
  private face = 0;
  private faceWanted = 0;
  private clip = "idle";
  private stool: Mesh | null = null;
  private first = true;
  private closed = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly canvas: HTMLCanvasElement,
    private readonly renderer: WebGLRenderer,
    private readonly clips: Clips,
    private readonly events: StageEvents,
  ) {
    this.looks = new Looks(new Worker(assetUrl("looks.js")) as unknown as Port, {
      catalogue: assetUrl("looks/catalogue.json"),
      parts: "/a/looks-",
    });
    this.patterns.flipY = false;
    this.patterns.anisotropy = 4;
    renderer.toneMapping = ACESFilmicToneMapping;
    renderer.toneMappingExposure = 1.05;
    renderer.shadowMap.enabled = true;
    renderer.shadowMap.type = PCFShadowMap;
    this.light();
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(host);
    this.listen();
    this.resize();
  }

  wear(recipe: Recipe, rests = true): void {
    clearTimeout(this.later);
    const again = recipe === this.asked;
    this.asked = recipe;
    this.rest_ms = rests ? 0 : REST_MS;
    this.wanted = { recipe, level: again && rests ? 0 : 1 };
    void this.assemble();
  }

  turn(radians: number): void {
    this.yaw += radians;
    this.schedule();
  }

  near(on: boolean): void {
    this.go(on ? 1 : 0);
  }

  async pose(clip: string): Promise<void> {
    this.clip = clip;
    if (!this.clips.byName.has(clip)) {
      const more = await assetJson<ClipFile>("animations/rest.json").catch(() => null);
      if (more && !this.clips.byName.has(clip)) addClips(this.clips, more);
    }
    this.clock_s = STRIKING_S;
    this.schedule();
  }

  /** False where it can't go further. */
  private go(near: number): boolean {
    const to = Math.min(NEAREST, Math.max(0, near));
    if (to === this.faceWanted) return false;
    this.faceWanted = to;
    if (this.still) this.face = this.faceWanted;
    this.schedule();
    return true;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.later);
    cancelAnimationFrame(this.timer);
    this.stop.abort();
    this.sizes.disconnect();
    this.looks.close();
    this.undress();
    this.spend();
    this.patterns.dispose();
    this.stool?.geometry.dispose();
    (this.stool?.material as MeshLambertMaterial | undefined)?.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.canvas.remove();
  }

  /** One at a time: who pulls a slider gets the newest of what they pulled through. */
  private async assemble(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    while (this.wanted && !this.closed) {
      const { recipe, level } = this.wanted;
      this.wanted = null;
      const held = await this.looks.hold(recipe, level).catch((error: unknown) => {
        if (!this.closed) console.warn("look", error);
        return null;
      });
      if (this.closed) break;
      if (!held || this.wanted) {
        held?.release();
        continue;
      }
      const bones = this.looks.bones;
      if (bones) {
        const material = lookMaterial({ patterns: this.patterns, marks: recipe.marks ?? {} });
        const look = drawn(held.look, bones.joints, bones.parents, material);
        const { height, chair } = held.look;
        this.dress({ look, material, height, chair });
      }
      held.release();
      if (level === 1)
        this.later = window.setTimeout(() => {
          this.wanted = { recipe, level: 0 };
          void this.assemble();
        }, this.rest_ms);
    }
    this.busy = false;
  }

  private dress(dressed: Dressed): void {
    this.undress();
    const { bones, root } = dressed.look;
    this.shown = { ...dressed, hips: bones.get("hips")?.position.clone() ?? new Vector3() };
    const low = dressed.chair ? dressed.chair - this.shown.hips.y : 0;
    root.position.y = low;
    this.shown.height += low;
    this.scene.add(root);
    this.schedule();
  }

  private undress(): void {
    if (!this.shown) return;
    this.scene.remove(this.shown.look.root);
    this.shown.look.dispose();
    this.spent.push(this.shown.material);
    this.shown = null;
  }

  /* The last material that has a program takes it along: the next picture would compile it anew. */
  private spend(): void {
    for (const material of this.spent) material.dispose();
    this.spent = [];
  }

  private light(): void {
    const floor = new Mesh(new CircleGeometry(1.2, 32), new ShadowMaterial({ opacity: 0.22 }));
    floor.rotation.x = -Math.PI / 2;
    floor.receiveShadow = true;
    this.scene.add(...studioLights(), floor);
  }

  private listen(): void {
    const { signal } = this.stop;
    const { canvas, host } = this;
    const moved = {
      turn: (radians: number) => this.turn(radians),
      nearer: (by: number) => this.go(this.faceWanted + by),
    };
    listen(canvas, host.parentElement ?? host, moved, signal);
    canvas.addEventListener(
      "webglcontextlost",
      (event) => {
        event.preventDefault();
        if (!this.closed) this.events.lost(true);
      },
      { signal },
    );
    canvas.addEventListener(
      "webglcontextrestored",
      () => {
        this.events.lost(false);
        this.schedule();
      },
      { signal },
    );
    document.addEventListener("visibilitychange", () => this.schedule(), { signal });
  }

  private schedule(): void {
    cancelAnimationFrame(this.timer);
    if (this.closed || document.hidden || !this.shown) return;
    this.timer = requestAnimationFrame((now) => this.loop(now));
  }

  private loop(now_ms: number): void {
    if (this.closed || document.hidden) return;
    /* Who wants nothing to move gets a picture for each change. */
    if (!this.still) this.timer = requestAnimationFrame((next) => this.loop(next));
    if (now_ms - this.last_ms < FRAME_MS && !this.still) return;
    const dt_s = this.last_ms ? Math.min((now_ms - this.last_ms) / 1000, 0.1) : 0;
    this.last_ms = now_ms;
    this.draw(dt_s);
  }

  private draw(dt_s: number): void {
    if (!this.shown) return;
    this.clock_s += this.still ? 0 : dt_s;
    this.face += (this.faceWanted - this.face) * Math.min(1, this.still ? 1 : dt_s * GLIDE);
    this.stand();
    this.shown.look.root.rotation.y = this.yaw;
    this.aim();
    this.renderer.render(this.scene, this.camera);
    this.spend();
    if (!this.first) return;
    this.first = false;
    this.events.ready();
  }

  /** Stands and breathes as people in rooms do, or sits where there is what to sit in. */
  private stand(): void {
    const { look, hips, chair } = this.shown!;
    const clip = this.clips.byName.get(chair ? "sit" : this.clip) ?? this.clips.byName.get("idle");
    if (!clip) return;
    const at = (this.clock_s % clip.seconds) * this.clips.fps;
    const frame = Math.min(Math.floor(at), clip.frames - 2);
    const part = at - frame;
    const size = this.clips.bones.length;
    const [a, b] = [new Quaternion(), new Quaternion()];
    this.clips.bones.forEach((name, i) => {
      const bone = look.bones.get(name);
      if (!bone) return;
      a.fromArray(clip.rotations, (frame * size + i) * 4);
      b.fromArray(clip.rotations, ((frame + 1) * size + i) * 4);
      bone.quaternion.copy(a.slerp(b, part));
    });
    const legs = hips.y / HIPS_REF_M;
    look.bones
      .get("hips")
      ?.position.copy(hips)
      .addScaledVector(new Vector3().fromArray(clip.hips, frame * 3), legs);
    const stool = clip.name === "sit" && !chair;
    if (!chair) look.root.position.y = stool ? SITS_M * legs - hips.y : 0;
    this.seat(stool);
  }

  /** Something to sit on, as high as who sits there. */
  private seat(on: boolean): void {
    if (on && !this.stool) {
      const round = new CylinderGeometry(STOOL_M, STOOL_M * 0.9, 1, 32);
      this.stool = new Mesh(round, new MeshLambertMaterial({ color: "#c9a27a" }));
      this.stool.receiveShadow = this.stool.castShadow = true;
      this.scene.add(this.stool);
    }
    if (!this.stool) return;
    this.stool.visible = on;
    const { look } = this.shown!;
    look.root.updateMatrixWorld(true);
    const hips = look.bones.get("hips")?.getWorldPosition(new Vector3());
    if (!hips) return;
    const high = Math.max(0.1, hips.y - SEAT_M);
    this.stool.scale.y = high;
    this.stool.position.set(hips.x, high / 2, hips.z);
  }

  private aim(): void {
    const { height, look } = this.shown!;
    const { camera } = this;
    const head = new Vector3();
    look.root.updateMatrixWorld(true);
    look.bones.get("head")?.getWorldPosition(head);
    const half = Math.tan((FOV * Math.PI) / 360);
    const far = (tall: number, wide: number) =>
      Math.max(tall / 2 / half, wide / 2 / half / camera.aspect);
    const part = Math.min(1, this.face);
    const mix = (whole: number, face: number) => whole + (face - whole) * part;
    const whole = far(height + 2 * ROOM_M, SHOULDERS_M + 2 * ROOM_M);
    const face = far(FACE_M, FACE_M);
    /* Each step is the same share of the way that is left, so that none jumps at the face. */
    const distance = whole * (face / whole) ** this.face;
    const y = mix(height / 2, head.y + 0.06);
    camera.position.set(0, y + mix(0.15, 0), distance + mix(0, head.z + 0.1));
    camera.lookAt(0, y, mix(0, head.z));
  }

  private resize(): void {
    const width = Math.max(1, this.host.clientWidth);
    const height = Math.max(1, this.host.clientHeight);
    this.renderer.setPixelRatio(Math.min(devicePixelRatio || 1, PIXELS_MAX));
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    if (this.shown) this.draw(0);
  }
}
