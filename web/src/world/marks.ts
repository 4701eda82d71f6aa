// Small signs on the floor: soft shadows, my ring, where I am going, the seat under the pointer.
import {
  CircleGeometry,
  DataTexture,
  Group,
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
  private readonly blobShape = new PlaneGeometry(BLOB_M, BLOB_M);
  private readonly blobPaint = new MeshBasicMaterial({
    map: this.texture,
    transparent: true,
    depthWrite: false,
  });
  private readonly mine = flat(new RingGeometry(0.35, 0.385, 48), paint(VIOLET, 0.6), 2);
  private readonly ring = flat(new RingGeometry(0.2, 0.26, 40), paint(VIOLET, 0), 3);
  private readonly dot = flat(new CircleGeometry(0.1, 32), paint(VIOLET, 0), 3);
  private readonly seat = flat(new RingGeometry(0.17, 0.24, 40), paint(SEAT, 0.95), 4);
  private age_s = TARGET_S;

  constructor(public still: boolean) {
    (this.seat.material as MeshBasicMaterial).depthTest = false;
    // One shadow is for `show`.
    const shadow = flat(this.blobShape, this.blobPaint, 1);
    this.root.add(this.mine, this.ring, this.dot, this.seat, shadow);
  }

  /** All of them at once, for a picture that nobody sees. */
  show(on: boolean): void {
    for (const one of this.root.children) one.visible = on;
  }

  /** A soft shadow; the caller moves it and takes it away. */
  blob(): Mesh {
    const mesh = flat(this.blobShape, this.blobPaint, 1);
    mesh.visible = true;
    this.root.add(mesh);
    return mesh;
  }

  place(blob: Mesh, x: number, z: number, visible: boolean): void {
    blob.position.set(x, FLOOR_M, z);
    blob.visible = visible;
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
    this.blobShape.dispose();
    this.blobPaint.dispose();
    this.texture.dispose();
  }
}
