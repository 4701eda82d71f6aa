// Whoever is small in the picture is drawn from a picture of their own: one batch for all of them. A
// picture is taken with the room's camera and light, point for point where its person is, and redone
// when it would differ; until there is one, and while the camera turns faster than they are taken, people
// themselves are drawn. So nothing is seen of it.
import {
  BufferAttribute,
  Color,
  DepthTexture,
  DynamicDrawUsage,
  Group,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  type Light,
  Mesh,
  PerspectiveCamera,
  ShaderMaterial,
  type Scene,
  SRGBColorSpace,
  UnsignedIntType,
  Vector2,
  Vector3,
  type WebGLRenderer,
  WebGLRenderTarget,
} from "three";
import type { Figure } from "./figure";
import type { Body } from "./models";

/** The sheet of all pictures: 25 of them. */
const SHEET_PX = 1024;
const CELL_PX = 204;
const ACROSS = Math.floor(SHEET_PX / CELL_PX);
const CELLS = ACROSS * ACROSS;
/** What a picture shows: so much around the middle of a body, arms and hats with it. */
const VIEW_M = 2.3;
const MIDDLE_M = 1.05;
/** A picture is taken of so many in one frame. */
const A_FRAME = 2;
/** One that is older than so many frames is redone: people breathe. */
const OLD = 8;
/** Seen from another side, or farther off, by so much (radians, parts) it is redone; by more, it isn't shown. */
const TURNED = 0.03;
const WRONG = 0.08;
/** Who has no picture comes before whose is wrong. */
const WITHOUT = 100;
const UP = new Vector3(0, 1, 0);
/** The layer of who is pictured, and of the light on them. */
const PICTURED = 1;

const VERTEX = `
attribute vec4 place;
attribute vec4 part;
varying vec2 vAt;
varying float vDeep;
varying float vTaken;
void main() {
  vec4 seen = viewMatrix * vec4(place.xyz, 1.);
  seen.xy += position.xy * place.w;
  vAt = part.xy + (position.xy * .5 + .5) * part.z;
  vDeep = seen.z;
  vTaken = part.w;
  gl_Position = projectionMatrix * seen;
}`;

/* How deep each point lies is taken with the picture, or a seat would cut through who sits on it. */
const FRAGMENT = `
uniform sampler2D sheet;
uniform highp sampler2D depths;
uniform vec2 range;
varying vec2 vAt;
varying float vDeep;
varying float vTaken;
void main() {
  vec4 seen = texture2D(sheet, vAt);
  if (seen.a < .5) discard;
  float near = range.x, far = range.y;
  float was = near * far / ((far - near) * texture2D(depths, vAt).r - far);
  float now = min(vDeep + was + vTaken, -near);
  gl_FragDepth = (-(far + near) * now - 2. * far * near) / (far - near) / -now * .5 + .5;
  gl_FragColor = vec4(seen.rgb / seen.a, 1.);
}`;

/** Somebody who may be drawn from a picture. */
export interface Sitter {
  figure: Figure;
  /** Is at rest, wears what they should, and is none of those who are drawn well. */
  far: boolean;
}

interface Shot {
  cell: number;
  /** Part of the cell that is used. */
  px: number;
  /** Where the picture's middle lay beside the person, half of what it shows, and how deep it lay. */
  beside: Vector3;
  half: number;
  deep: number;
  /** The camera as the person saw it. */
  from: Vector3;
  body: Body | null;
  frame: number;
  right: boolean;
}

/** Nothing in it is drawn or moved but when it is pictured. */
class Aside extends Group {
  override visible = false;
  override updateMatrixWorld(): void {}
}

export class Impostors {
  private readonly aside = new Aside();
  private readonly shots = new Map<Figure, Shot>();
  private readonly cells = Array.from({ length: CELLS }, (_, n) => CELLS - 1 - n);
  private readonly size = new Vector2();
  private readonly middle = new Vector3();
  private readonly from = new Vector3();
  private readonly lens = new PerspectiveCamera();
  private readonly colour = new Color();
  private sheet: Sheet | null = null;
  private frame = 0;
  /** Graphics that can't draw on a sheet are not asked again. */
  private able = true;

  constructor(
    private readonly renderer: WebGLRenderer,
    private readonly scene: Scene,
  ) {
    scene.add(this.aside);
    this.lens.layers.set(PICTURED);
  }

  /** How many people are drawn from pictures now. */
  get shown(): number {
    return this.aside.children.length;
  }

  stands(figure: Figure): boolean {
    return figure.root.parent === this.aside;
  }

  /** Decides who is drawn from a picture in this frame, and takes those that are wanted most. */
  step(sitters: Iterable<Sitter>, camera: PerspectiveCamera, on: boolean): void {
    this.frame++;
    if (!on || !this.able) return this.free();
    this.renderer.getDrawingBufferSize(this.size);
    const wanted: { figure: Figure; wrong: number }[] = [];
    for (const { figure, far } of sitters) {
      if (!far || this.pixels(figure, camera) > CELL_PX) this.forget(figure);
      else {
        const wrong = this.judge(figure, camera);
        if (wrong > 1) wanted.push({ figure, wrong });
      }
    }
    if (wanted.length > 0 && this.ready(camera)) {
      wanted.sort((a, b) => b.wrong - a.wrong);
      for (const { figure } of wanted.slice(0, A_FRAME)) this.shoot(figure, camera);
    }
    this.show();
  }

  /** They are drawn themselves again. */
  forget(figure: Figure): void {
    const shot = this.shots.get(figure);
    if (!shot) return;
    this.shots.delete(figure);
    this.cells.push(shot.cell);
    if (this.stands(figure)) this.scene.add(figure.root);
  }

  /** What was on the sheet is gone: after a lost context. */
  lost(): void {
    for (const figure of [...this.shots.keys()]) this.forget(figure);
  }

  /** Gives the memory back; who is far later gets a new sheet. */
  free(): void {
    this.lost();
    this.sheet?.free();
    this.sheet = null;
  }

  /** The side of a picture of them, in points of the canvas; also finds their middle. */
  private pixels({ root }: Figure, camera: PerspectiveCamera): number {
    this.middle.copy(root.position).y += MIDDLE_M;
    this.from.copy(this.middle).applyMatrix4(camera.matrixWorldInverse);
    return this.from.z > -camera.near ? Infinity : Math.ceil(VIEW_M / this.point(camera));
  }

  /** Metres a point of the canvas, as deep as `from` lies. */
  private point(camera: PerspectiveCamera): number {
    return (-2 * this.from.z * Math.tan((camera.fov * Math.PI) / 360)) / this.size.y;
  }

  /** How wrong the picture of them is: above 1 it is to be redone. */
  private judge(figure: Figure, camera: PerspectiveCamera): number {
    const shot = this.shots.get(figure);
    if (!shot) return this.cells.length > 0 ? WITHOUT : 0;
    this.seen(figure, camera);
    const grown = Math.abs(this.from.length() / shot.from.length() - 1);
    const turned = this.from.angleTo(shot.from);
    shot.right = shot.body === figure.body && turned < WRONG && grown < WRONG;
    return Math.max(turned / TURNED, grown / TURNED, (this.frame - shot.frame) / OLD);
  }

  /** `from` becomes the camera as they see it. */
  private seen({ root }: Figure, camera: PerspectiveCamera): void {
    this.from.copy(camera.position).sub(root.position).applyAxisAngle(UP, -root.rotation.y);
  }

  private shoot(figure: Figure, camera: PerspectiveCamera): void {
    const { lens, size, middle, sheet } = this;
    const cell = this.shots.get(figure)?.cell ?? this.cells.pop();
    if (cell === undefined || !sheet) return;
    const px = this.pixels(figure, camera);
    const point = this.point(camera);
    const deep = -this.from.z;
    // Laid on the points of the canvas, so that each of the picture becomes one there.
    const left = Math.round(size.x / 2 + this.from.x / point - px / 2);
    const top = Math.round(size.y / 2 - this.from.y / point - px / 2);
    lens.copy(camera, false);
    lens.layers.set(PICTURED);
    lens.setViewOffset(size.x, size.y, left, top, px, px);
    middle.set((left + px / 2 - size.x / 2) * point, (size.y / 2 - top - px / 2) * point, -deep);
    const beside = camera.localToWorld(middle).clone().sub(figure.root.position);
    sheet.aim(cell, px);
    this.take(figure, sheet);
    this.seen(figure, camera);
    this.shots.set(figure, {
      cell,
      px,
      beside,
      half: (px / 2) * point,
      deep,
      from: this.from.clone(),
      body: figure.body,
      frame: this.frame,
      right: true,
    });
  }

  /** They alone, in the room's light, on a cell that nothing else is on. */
  private take(figure: Figure, { target }: Sheet): void {
    const { renderer, scene, aside, colour } = this;
    const meshes = figure.body?.root.children ?? [];
    for (const one of aside.children) one.visible = one === figure.root;
    for (const one of meshes) one.layers.enable(PICTURED);
    figure.root.updateMatrixWorld(true);
    const { background } = scene;
    const alpha = renderer.getClearAlpha();
    renderer.getClearColor(colour);
    aside.visible = true;
    scene.background = null;
    scene.matrixWorldAutoUpdate = false;
    renderer.setClearColor(0, 0);
    renderer.setRenderTarget(target);
    renderer.render(scene, this.lens);
    renderer.setRenderTarget(null);
    renderer.setClearColor(colour, alpha);
    scene.matrixWorldAutoUpdate = true;
    scene.background = background;
    aside.visible = false;
    for (const one of meshes) one.layers.disable(PICTURED);
  }

  private show(): void {
    const { sheet } = this;
    sheet?.begin();
    for (const [figure, shot] of this.shots) {
      const parent = shot.right && sheet ? this.aside : this.scene;
      if (figure.root.parent !== parent) parent.add(figure.root);
      if (parent === this.aside)
        sheet?.put(shot, this.middle.copy(figure.root.position).add(shot.beside));
    }
    sheet?.end();
  }

  /** There is a sheet, and what draws it; false as long as the graphics still learn it. */
  private ready(camera: PerspectiveCamera): boolean {
    if (!this.sheet) {
      this.scene.traverse((one) => (one as Light).isLight && one.layers.enable(PICTURED));
      const sheet = (this.sheet = new Sheet(camera));
      this.scene.add(sheet.batch);
      this.able = sheet.works(this.renderer);
      if (!this.able) this.free();
      else
        this.renderer
          .compileAsync(sheet.batch, camera, this.scene)
          .then(() => (sheet.learnt = true))
          .catch(() => undefined);
    }
    return this.sheet?.learnt === true;
  }
}

/** Pictures in cells, how deep all in them lies, and the batch of squares that shows them. */
class Sheet {
  readonly target: WebGLRenderTarget;
  readonly batch: Mesh<InstancedBufferGeometry, ShaderMaterial>;
  learnt = false;
  private readonly places = new InstancedBufferAttribute(new Float32Array(CELLS * 4), 4);
  private readonly parts = new InstancedBufferAttribute(new Float32Array(CELLS * 4), 4);

  constructor({ near, far }: PerspectiveCamera) {
    this.target = new WebGLRenderTarget(SHEET_PX, SHEET_PX, {
      colorSpace: SRGBColorSpace,
      // Colours are written as they will be seen: nothing is to convert them once more.
      internalFormat: "RGBA8",
      depthTexture: new DepthTexture(SHEET_PX, SHEET_PX, UnsignedIntType),
    });
    this.target.scissorTest = true;
    // Drawn on it as on the canvas, tones mapped, so by the programs that are there already.
    Object.assign(this.target, { isXRRenderTarget: true });
    const geometry = new InstancedBufferGeometry();
    const corners = new Float32Array([-1, -1, 0, 1, -1, 0, 1, 1, 0, -1, 1, 0]);
    geometry.setAttribute("position", new BufferAttribute(corners, 3));
    geometry.setIndex([0, 1, 2, 0, 2, 3]);
    for (const [name, numbers] of [["place", this.places] as const, ["part", this.parts] as const])
      geometry.setAttribute(name, numbers.setUsage(DynamicDrawUsage));
    geometry.instanceCount = 0;
    const material = new ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: {
        sheet: { value: this.target.texture },
        depths: { value: this.target.depthTexture },
        range: { value: new Vector2(near, far) },
      },
    });
    this.batch = new Mesh(geometry, material);
    this.batch.frustumCulled = false;
    this.batch.visible = false;
  }

  works(renderer: WebGLRenderer): boolean {
    const gl = renderer.getContext();
    renderer.setRenderTarget(this.target);
    const whole = gl.checkFramebufferStatus(gl.FRAMEBUFFER) === gl.FRAMEBUFFER_COMPLETE;
    renderer.setRenderTarget(null);
    return whole;
  }

  /** What is drawn next goes there. */
  aim(cell: number, px: number): void {
    const [x, y] = placeOf(cell);
    this.target.viewport.set(x, y, px, px);
    this.target.scissor.set(x, y, px, px);
  }

  begin(): void {
    this.batch.geometry.instanceCount = 0;
  }

  put({ cell, px, half, deep }: Shot, { x, y, z }: Vector3): void {
    const n = this.batch.geometry.instanceCount++;
    const [left, low] = placeOf(cell);
    this.places.setXYZW(n, x, y, z, half);
    this.parts.setXYZW(n, left / SHEET_PX, low / SHEET_PX, px / SHEET_PX, deep);
  }

  end(): void {
    this.batch.visible = this.batch.geometry.instanceCount > 0;
    this.places.needsUpdate = this.parts.needsUpdate = true;
  }

  free(): void {
    this.batch.removeFromParent();
    this.batch.geometry.dispose();
    this.batch.material.dispose();
    this.target.depthTexture?.dispose();
    this.target.dispose();
  }
}

const placeOf = (cell: number): [number, number] => [
  (cell % ACROSS) * CELL_PX,
  Math.floor(cell / ACROSS) * CELL_PX,
];
