// The camera: turns around a point that gently follows me, never under the floor.
import { PerspectiveCamera, Vector3 } from "three";
import { clamp } from "./grid";
import type { SceneData } from "./scene";

const POLAR_MIN = 0.3;
const POLAR_MAX = 1.47;
const DISTANCE_MIN_M = 1.8;
/** How far beyond the scene's own view one may go back. */
const DISTANCE_MORE = 1.35;
const TAU_S = 0.16;
const FOLLOW_TAU_S = 0.5;
/** Reduced motion: the view stands still until I am this far away from its middle, then cuts. */
const CUT_M = 1.6;
const EYE_M = 1.05;
/** From this near on the camera follows me alone; further away also the middle of the room. */
const CLOSE_M = 4.5;
const SHARE_WIDE = 0.15;
const SHARE_TALL = 0.7;
const FOV_WIDE = 38;
const FOV_TALL = 56;
const MARGIN_M = 0.6;
/** The walls (-x, -z) stop the camera this far before them, but not nearer to me than that. */
const WALL_M = 0.25;
const WALL_LEAST_M = 2.6;
/** A tall, narrow picture (a phone) starts nearer, and steeper so that the floor fills it. */
const TALL_SHARE = 0.62;
const STEEPER = 0.3;

export class Orbit {
  readonly camera = new PerspectiveCamera(FOV_WIDE, 1, 0.1, 120);
  private readonly home = new Vector3();
  private readonly target = new Vector3();
  private readonly me = new Vector3();
  private followed = false;
  private sized = false;
  /** How much of the middle of the picture is mine when the whole room is seen. */
  private share = SHARE_WIDE;
  private readonly max_m: number;
  private azimuth: number;
  private polar: number;
  private distance: number;
  private readonly seen: { azimuth: number; polar: number; distance: number };

  constructor(
    private readonly scene: SceneData,
    private readonly cuts: boolean,
  ) {
    const from = new Vector3(...scene.camera.position);
    this.home.set(...scene.camera.target);
    this.target.copy(this.home);
    from.sub(this.home);
    this.distance = from.length();
    this.max_m = this.distance * DISTANCE_MORE;
    this.azimuth = Math.atan2(from.x, from.z);
    this.polar = clamp(Math.acos(from.y / this.distance), POLAR_MIN, POLAR_MAX);
    this.seen = { azimuth: this.azimuth, polar: this.polar, distance: this.distance };
    this.step(0);
  }

  /** Yaw of the way that the camera looks along the floor. */
  get heading(): number {
    return Math.atan2(-Math.sin(this.seen.azimuth), -Math.cos(this.seen.azimuth));
  }

  get at(): Vector3 {
    return this.camera.position;
  }

  turn(azimuth: number, polar: number): void {
    this.azimuth += azimuth;
    this.polar = clamp(this.polar + polar, POLAR_MIN, POLAR_MAX);
  }

  zoom(factor: number): void {
    this.distance = clamp(this.distance * factor, DISTANCE_MIN_M, this.max_m);
  }

  follow(x: number, y: number, z: number): void {
    this.me.set(x, y + EYE_M, z);
    if (!this.followed) {
      this.followed = true;
      this.target.copy(this.wish());
    }
  }

  resize(width: number, height: number): void {
    const { camera } = this;
    camera.aspect = width / Math.max(1, height);
    const tall = clamp((1.5 - camera.aspect) / 0.9, 0, 1);
    camera.fov = FOV_WIDE + (FOV_TALL - FOV_WIDE) * tall;
    // Where the whole room does not fit, the part around me is shown.
    this.share = SHARE_WIDE + (SHARE_TALL - SHARE_WIDE) * tall;
    camera.updateProjectionMatrix();
    if (this.sized) return;
    this.sized = true;
    this.zoom(clamp(camera.aspect / 1.2, TALL_SHARE, 1));
    this.turn(0, -STEEPER * tall);
    Object.assign(this.seen, { polar: this.polar, distance: this.distance });
  }

  step(dt_s: number): void {
    const k = this.cuts ? 1 : 1 - Math.exp(-dt_s / TAU_S);
    const { seen } = this;
    seen.azimuth += (this.azimuth - seen.azimuth) * k;
    seen.polar += (this.polar - seen.polar) * k;
    seen.distance += (this.distance - seen.distance) * k;
    const wish = this.wish();
    if (!this.cuts) this.target.lerp(wish, 1 - Math.exp(-dt_s / FOLLOW_TAU_S));
    else if (this.target.distanceTo(wish) > CUT_M) this.target.copy(wish);
    const [sin, cos] = [Math.sin(seen.polar), Math.cos(seen.polar)];
    const way = new Vector3(Math.sin(seen.azimuth) * sin, cos, Math.cos(seen.azimuth) * sin);
    const distance = Math.min(seen.distance, this.room(way));
    this.camera.position.copy(this.target).addScaledVector(way, distance);
    this.camera.lookAt(this.target);
    this.camera.updateMatrixWorld();
  }

  /** Is the camera beyond that side of the room, so that its wall would hide the people? */
  beyond(axis: "x" | "z", sign: 1 | -1): boolean {
    const half = this.scene.size[axis === "x" ? 0 : 1] / 2;
    return this.camera.position[axis] * sign > half - MARGIN_M;
  }

  /** How far the camera may go that way without leaving the room through a wall. */
  private room(way: Vector3): number {
    if (!this.scene.cutaway) return Infinity;
    let most = Infinity;
    for (const [axis, side] of [
      ["x", 0],
      ["z", 1],
    ] as const) {
      const wall = WALL_M - this.scene.size[side] / 2;
      if (way[axis] < -1e-3) most = Math.min(most, (wall - this.target[axis]) / way[axis]);
    }
    return Math.max(most, WALL_LEAST_M);
  }

  private wish(): Vector3 {
    if (!this.followed) return this.home.clone();
    const near = clamp((this.max_m - this.seen.distance) / (this.max_m - CLOSE_M), 0, 1);
    return this.home.clone().lerp(this.me, this.share + (1 - this.share) * near * near);
  }
}
