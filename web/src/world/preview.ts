// The avatar in the chooser: slowly turning, breathing, in the colours just picked.
import {
  ACESFilmicToneMapping,
  DirectionalLight,
  HemisphereLight,
  PerspectiveCamera,
  Scene,
  WebGLRenderer,
} from "three";
import { type AvatarInfo, avatars as ready } from "../lib/avatars";
import { Bodies } from "./bodies";
import { Figure } from "./figure";
import { Marks } from "./marks";
import { Models } from "./models";

export interface Preview {
  look(avatar: string, colours: number[]): Promise<void>;
  /** For tests: renders n frames of 1/30 s and stops the clock. */
  frame(n: number): Promise<void>;
  close(): void;
}

const TURN_RAD_S = 0.45;
const DRAG_RAD_PX = 0.012;
const FOV = 24;
const DISTANCE_M = 5;
const EXPOSURE = 1.1;
const PIXELS_MAX = 2;
const DT_MAX_S = 0.1;
const FRAME_MS = 1000 / 60 - 3;

/** A slowly turning avatar; drag turns it by hand. Rejects when there is no WebGL 2. */
export async function createPreview(
  host: HTMLElement,
  avatarId: string,
  colours: number[],
): Promise<Preview> {
  const canvas = document.createElement("canvas");
  canvas.style.cssText = "display:block;width:100%;height:100%;touch-action:pan-y";
  canvas.setAttribute("aria-hidden", "true");
  host.append(canvas);
  const [models, bodies] = [new Models(), new Bodies()];
  let renderer: WebGLRenderer | null = null;
  try {
    bodies.begin();
    renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    const [clips, avatars] = await Promise.all([models.clips(), ready()]);
    const still = document.documentElement.classList.contains("still");
    const figure = new Figure(clips, 1.7, still);
    const turntable = new Turntable(host, canvas, renderer, bodies, avatars, figure, still);
    await turntable.look(avatarId, colours);
    return turntable;
  } catch (failure) {
    bodies.close();
    renderer?.dispose();
    canvas.remove();
    throw failure;
  }
}

class Turntable implements Preview {
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(FOV, 1, 0.1, 20);
  private readonly marks = new Marks(true);
  private readonly sizes: ResizeObserver;
  private readonly stop = new AbortController();
  private timer = 0;
  private last_ms = 0;
  private dragged: number | null = null;
  private asked = 0;
  private manual = false;
  private closed = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly canvas: HTMLCanvasElement,
    private readonly renderer: WebGLRenderer,
    private readonly bodies: Bodies,
    private readonly avatars: AvatarInfo[],
    private readonly figure: Figure,
    private readonly still: boolean,
  ) {
    renderer.toneMapping = ACESFilmicToneMapping;
    renderer.toneMappingExposure = EXPOSURE;
    const sun = new DirectionalLight("#ffe2b8", 2.2);
    sun.position.set(-2, 3, 4);
    const rim = new DirectionalLight("#d9e6ff", 1.2);
    rim.position.set(2, 2, -4);
    const sky = new HemisphereLight("#fff3e2", "#8a6f5c", 1.6);
    this.scene.add(sky, sun, rim, figure.root, this.marks.root);
    this.marks.place(this.marks.blob(), 0, 0, true);
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(host);
    this.listen();
    this.resize();
    this.schedule();
  }

  async look(avatar: string, colours: number[]): Promise<void> {
    const turn = ++this.asked;
    const info = this.avatars.find((one) => one.id === avatar) ?? this.avatars[0]!;
    const chosen = info.slots.map(({ slot, part, colours: all, default: usual }) => [
      part,
      all[colours[slot - 1] ?? usual] ?? all[usual]!,
    ]);
    const wearer = { avatar: info.id, colours: Object.fromEntries(chosen) };
    const body = await this.bodies.body(wearer, 0);
    // Somebody clicked on: only the last choice is put on.
    if (this.closed || turn !== this.asked) {
      body.release();
      return;
    }
    this.figure.wear(body);
    body.paint?.("medium", false);
    this.resize();
  }

  async frame(n: number): Promise<void> {
    this.manual = true;
    for (let i = 0; i < n && !this.closed; i++) {
      await new Promise(requestAnimationFrame);
      this.draw(1 / 30);
    }
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    cancelAnimationFrame(this.timer);
    this.stop.abort();
    this.sizes.disconnect();
    this.figure.undress();
    this.marks.dispose();
    this.bodies.close();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.canvas.remove();
  }

  private listen(): void {
    const { signal } = this.stop;
    const { canvas } = this;
    canvas.addEventListener(
      "pointerdown",
      (e) => {
        canvas.setPointerCapture(e.pointerId);
        this.dragged = e.clientX;
      },
      { signal },
    );
    canvas.addEventListener(
      "pointermove",
      (e) => {
        if (this.dragged === null) return;
        this.figure.glide.yaw += (e.clientX - this.dragged) * DRAG_RAD_PX;
        this.dragged = e.clientX;
      },
      { signal },
    );
    for (const kind of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(kind, () => (this.dragged = null), { signal });
    }
    canvas.addEventListener("webglcontextlost", (e) => e.preventDefault(), { signal });
    document.addEventListener("visibilitychange", () => this.schedule(), { signal });
  }

  private schedule(): void {
    cancelAnimationFrame(this.timer);
    this.last_ms = 0;
    if (this.closed || document.hidden) return;
    this.timer = requestAnimationFrame((now) => this.loop(now));
  }

  private loop(now_ms: number): void {
    if (this.closed || this.manual || document.hidden) return;
    this.timer = requestAnimationFrame((next) => this.loop(next));
    if (now_ms - this.last_ms < FRAME_MS) return;
    const dt = this.last_ms ? Math.min((now_ms - this.last_ms) / 1000, DT_MAX_S) : 0;
    this.last_ms = now_ms;
    this.draw(dt);
  }

  private draw(dt_s: number): void {
    const { figure } = this;
    const turn = this.dragged === null && !this.still ? TURN_RAD_S * dt_s : 0;
    figure.place(0, 0, figure.glide.yaw + turn);
    figure.step(dt_s);
    figure.animate(dt_s, null);
    this.renderer.render(this.scene, this.camera);
  }

  private resize(): void {
    const width = Math.max(1, this.host.clientWidth);
    const height = Math.max(1, this.host.clientHeight);
    this.renderer.setPixelRatio(Math.min(devicePixelRatio || 1, PIXELS_MAX));
    this.renderer.setSize(width, height, false);
    const { camera } = this;
    camera.aspect = width / height;
    // Narrow frames step back until the arms fit.
    camera.position.set(0, 1.15, DISTANCE_M * Math.max(1, 0.55 / camera.aspect));
    camera.lookAt(0, this.figure.height_m * 0.5, 0);
    camera.updateProjectionMatrix();
  }
}
