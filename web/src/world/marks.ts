// Small signs on the floor: soft shadows, my ring, where I am going, the seat under the pointer.
import {
  CircleGeometry,
  DataTexture,
  DynamicDrawUsage,
  Group,
  InstancedMesh,
  Matrix4,
  Mesh,
  MeshBasicMaterial,
  PlaneGeometry,
  RGBAFormat,
  RingGeometry,
  type BufferGeometry,
} from "three";
import type { Seat } from "./scene";

const VIOLET = "#7a2fd0";
const SEAT = "#ffffff";
/** Above the rugs (2.4 cm), so that rings and shadows lie on them too. */
const FLOOR_M = 0.03;
const BLOB_PX = 64;
const BLOB_M = 0.95;
const TARGET_S = 1.4;
/** Shadows for so many at first; it grows by twice. */
const BLOBS = 32;

function soft(): DataTexture {
  const data = new Uint8Array(BLOB_PX * BLOB_PX * 4);
  for (let i = 0; i < BLOB_PX * BLOB_PX; i++) {
    const dx = ((i % BLOB_PX) / (BLOB_PX - 1)) * 2 - 1;
    const dy = (Math.floor(i / BLOB_PX) / (BLOB_PX - 1)) * 2 - 1;
    const k = Math.max(0, 1 - Math.hypot(dx, dy));
    data.set([30, 12, 6, 150 * k * k * (3 - 2 * k)], i * 4);
  }
  const texture = new DataTexture(data, BLOB_PX, BLOB_PX, RGBAFormat);
  texture.needsUpdate = true;
  return texture;
}

function flat(geometry: BufferGeometry, material: MeshBasicMaterial, order: number): Mesh {
  const mesh = new Mesh(geometry, material);
  mesh.rotation.x = -Math.PI / 2;
  mesh.renderOrder = order;
  mesh.visible = false;
  return mesh;
}

function paint(colour: string, opacity: number): MeshBasicMaterial {
  return new MeshBasicMaterial({
    color: colour,
    transparent: true,
    opacity,
    depthWrite: false,
    toneMapped: false,
  });
}

export class Marks {
  readonly root = new Group();
  private readonly texture = soft();
  private readonly blobShape = new PlaneGeometry(BLOB_M, BLOB_M).rotateX(-Math.PI / 2);
  private readonly blobPaint = new MeshBasicMaterial({
    map: this.texture,
    transparent: true,
    depthWrite: false,
  });
  /** The shadows of all, drawn at once. */
  private blobs = this.batch(BLOBS);
  private many = 0;
  private moved = false;
  private readonly mine = flat(new RingGeometry(0.35, 0.385, 48), paint(VIOLET, 0.6), 2);
  private readonly ring = flat(new RingGeometry(0.2, 0.26, 40), paint(VIOLET, 0), 3);
  private readonly dot = flat(new CircleGeometry(0.1, 32), paint(VIOLET, 0), 3);
  private readonly seat = flat(new RingGeometry(0.17, 0.24, 40), paint(SEAT, 0.95), 4);
  private age_s = TARGET_S;

  constructor(public still: boolean) {
    (this.seat.material as MeshBasicMaterial).depthTest = false;
    this.root.add(this.mine, this.ring, this.dot, this.seat, this.blobs);
  }

  /** All of them at once, for a picture that nobody sees. */
  show(on: boolean): void {
    for (const one of this.root.children) one.visible = on;
    this.blobs.count = on ? 1 : 0;
  }

  /** Soft shadows are told anew for each picture: this one first, then `shadow` for each, then `shaded`. */
  unshaded(): void {
    this.many = 0;
  }

  shadow(x: number, z: number): void {
    if (this.many === this.blobs.instanceMatrix.count) this.grow();
    const to = this.blobs.instanceMatrix.array;
    const at = this.many++ * 16;
    this.moved ||= to[at + 12] !== Math.fround(x) || to[at + 14] !== Math.fround(z);
    to[at + 12] = x;
    to[at + 14] = z;
  }

  shaded(): void {
    this.blobs.count = this.many;
    this.blobs.visible = this.many > 0;
    this.blobs.instanceMatrix.needsUpdate = this.moved;
    this.moved = false;
  }

  me(x: number, z: number, visible: boolean): void {
    this.mine.visible = visible;
    this.mine.position.set(x, FLOOR_M + 0.004, z);
  }

  target(x: number, z: number): void {
    this.age_s = 0;
    for (const one of [this.ring, this.dot]) {
      one.position.set(x, FLOOR_M + 0.006, z);
      one.visible = true;
    }
  }

  hover(seat: Seat | null): void {
    this.seat.visible = seat !== null;
    if (seat) this.seat.position.set(seat.x, seat.y + 0.02, seat.z);
  }

  step(dt_s: number): void {
    if (this.age_s >= TARGET_S) return;
    this.age_s += dt_s;
    const left = Math.max(0, 1 - this.age_s / TARGET_S);
    (this.ring.material as MeshBasicMaterial).opacity = 0.85 * left;
    (this.dot.material as MeshBasicMaterial).opacity = 0.6 * left;
    this.ring.scale.setScalar(this.still ? 1 : 1 + 0.5 * (1 - left));
    this.ring.visible = this.dot.visible = left > 0;
  }

  dispose(): void {
    for (const mesh of [this.mine, this.ring, this.dot, this.seat]) {
      mesh.geometry.dispose();
      (mesh.material as MeshBasicMaterial).dispose();
    }
    this.blobs.dispose();
    this.blobShape.dispose();
    this.blobPaint.dispose();
    this.texture.dispose();
  }
  private batch(most: number): InstancedMesh {
    const mesh = new InstancedMesh(this.blobShape, this.blobPaint, most);
    mesh.instanceMatrix.setUsage(DynamicDrawUsage);
    const lying = new Matrix4().makeTranslation(0, FLOOR_M, 0);
    for (let i = 0; i < most; i++) mesh.setMatrixAt(i, lying);
    mesh.renderOrder = 1;
    mesh.frustumCulled = false;
    mesh.visible = false;
    mesh.count = 0;
    return mesh;
  }

  private grow(): void {
    const had = this.blobs;
    this.blobs = this.batch(this.many * 2);
    this.blobs.instanceMatrix.array.set(had.instanceMatrix.array);
    had.removeFromParent();
    had.dispose();
    this.root.add(this.blobs);
    this.moved = true;
  }
}
