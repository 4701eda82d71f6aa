// Faces for lists, of who is in the room: from the same look as their body, each drawn once, beside the
// room and in nobody's frame. They stand in the light and the frame of the portraits that are made of
// layers (tools/looks/view/layers.ts), so that both look well in one list.
import {
  AmbientLight,
  DirectionalLight,
  HemisphereLight,
  PerspectiveCamera,
  Scene,
  SRGBColorSpace,
  Color,
  Vector3,
  type WebGLRenderer,
  WebGLRenderTarget,
} from "three";
import { isHonest } from "../looks/honest";
import type { Bodies } from "./bodies";
import type { Clips } from "./clips";
import { type Body, freeSkeletons } from "./models";
import type { Level } from "./quality";
import type { Stage } from "./stage";

/** Pixels of a portrait's side, and how much finer it is drawn. */
const SIDE = 192;
const FINE = 2;
const QUALITY = 0.9;
const YAW = -0.24;
const ANGLE = 14;
const FAR_M = 2.2;
/** Above the joint of the head: the camera, and what it looks at. */
const EYE_M = 0.095;
const AIM_M = 0.065;
const SMILE = 0.3;
const STANDS = { clip: "idle", seconds: 0.4 };

export class Studio {
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(ANGLE, 1, 0.05, 20);
  private target: WebGLRenderTarget | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly stage: Stage,
    private readonly bodies: Bodies,
    private readonly clips: Clips,
  ) {
    const sun = new DirectionalLight("#fff0dc", 2.1);
    sun.position.set(-1.6, 2.9, 2.6);
    this.scene.add(
      new HemisphereLight("#fff4e4", "#b39a86", 0.95),
      new AmbientLight("#ffffff", 0.38),
      sun,
    );
  }

  /** One after the other; null where there is nobody to draw, or it can't be read. */
  draw(look: string, level: Level): Promise<Blob | null> {
    const drawn = this.last.then(() => (this.closed ? null : this.sit(look, level)));
    this.last = drawn.catch(() => undefined);
    return drawn;
  }

  private get renderer(): WebGLRenderer {
    return this.stage.renderer;
  }

  dispose(): void {
    this.closed = true;
    this.target?.dispose();
  }

  private async sit(look: string, level: Level): Promise<Blob | null> {
    if (typeof OffscreenCanvas === "undefined" || !isHonest()) return null;
    // The finest on every machine: only there a smile has teeth, and it is assembled in the worker.
    // In the room somebody stands for them; in a list there is no face of somebody else.
    if ((await this.bodies.recipe(look)) === null) return null;
    const body = await this.bodies.body({ look, avatar: "" }, 0);
    try {
      // Somebody who must not be drawn has no face.
      if (this.closed || body.bones.size === 0) return null;
      const finest = level === "high" ? level : "medium";
      this.bodies.apart(() => body.paint?.(finest, false));
      this.stand(body);
      this.renderer.compile(body.root, this.camera, this.scene);
      await this.stage.caughtUp();
      if (this.closed || this.renderer.getContext().isContextLost()) return null;
      this.bodies.apart(() => this.take(body));
      const pixels = await this.read();
      return pixels && (await pictureOf(pixels));
    } finally {
      body.root.removeFromParent();
      freeSkeletons(body.root);
      body.release();
    }
  }

  private stand({ root, bones, faces }: Body): void {
    const { camera, clips } = this;
    const clip = clips.byName.get(STANDS.clip);
    const frame = Math.min(Math.round(STANDS.seconds * clips.fps), (clip?.frames ?? 1) - 1);
    if (clip)
      clips.bones.forEach((name, b) => {
        const at = (frame * clips.bones.length + b) * 4;
        bones.get(name)?.quaternion.fromArray(clip.rotations, at);
      });
    for (const { influences, names } of faces) {
      const at = names["happy"];
      if (at !== undefined) influences[at] = SMILE;
    }
    root.rotation.y = YAW;
    this.scene.add(root);
    root.updateMatrixWorld(true);
    const head = new Vector3();
    bones.get("head")?.getWorldPosition(head);
    camera.position.set(head.x, head.y + EYE_M, head.z + FAR_M);
    camera.lookAt(head.x, head.y + AIM_M, head.z);
    camera.updateMatrixWorld(true);
  }

  private take({ root }: Body): void {
    const { renderer } = this;
    const alpha = renderer.getClearAlpha();
    const colour = renderer.getClearColor(new Color());
    this.target ??= targetOf();
    renderer.setClearColor(0, 0);
    renderer.setRenderTarget(this.target);
    renderer.render(this.scene, this.camera);
    renderer.setRenderTarget(null);
    renderer.setClearColor(colour, alpha);
    root.removeFromParent();
  }

  /** Without waiting for the graphics; null where they answer with something else. */
  private async read(): Promise<Uint8ClampedArray<ArrayBuffer> | null> {
    const side = SIDE * FINE;
    const pixels = new Uint8Array(side * side * 4);
    await this.renderer.readRenderTargetPixelsAsync(this.target!, 0, 0, side, side, pixels);
    const alpha = (x: number, y: number) => pixels[(y * side + x) * 4 + 3];
    // The first row is the lowest: there the chest is, and nothing in the upper corner.
    const whole = alpha(side >> 1, 0) === 255 && alpha(0, side - 1) === 0;
    return whole ? new Uint8ClampedArray(pixels.buffer) : null;
  }
}

function targetOf(): WebGLRenderTarget {
  const target = new WebGLRenderTarget(SIDE * FINE, SIDE * FINE, {
    colorSpace: SRGBColorSpace,
    internalFormat: "RGBA8",
  });
  // Drawn on it as on the canvas, tones mapped (see impostors.ts).
  return Object.assign(target, { isXRRenderTarget: true });
}

/** As large as those of layers, and the right way up. */
function pictureOf(pixels: Uint8ClampedArray<ArrayBuffer>): Promise<Blob | null> {
  const side = SIDE * FINE;
  const [fine, canvas] = [new OffscreenCanvas(side, side), new OffscreenCanvas(SIDE, SIDE)];
  const [from, to] = [fine.getContext("2d"), canvas.getContext("2d")];
  if (!from || !to) return Promise.resolve(null);
  from.putImageData(new ImageData(pixels, side, side), 0, 0);
  to.imageSmoothingQuality = "high";
  to.setTransform(1 / FINE, 0, 0, -1 / FINE, 0, SIDE);
  to.drawImage(fine, 0, 0);
  return canvas.convertToBlob({ type: "image/webp", quality: QUALITY });
}
