// My own walking: by a click's way around the furniture or by keys, for 3D and text-only alike.
import { BODY_RADIUS_M, Grid, clearance, inside, standable, type Point } from "./grid";
import type { SceneData } from "./scene";

export const WALK_M_S = 1.5;
export const RUN_M_S = 3;
export const WALKING = 1;
export const RUNNING = 2;
/** The server takes 20 moves a second; ten are enough for a smooth picture at the others'. */
const SEND_EVERY_S = 0.1;
/** A tab that slept does not leap: at most this much is walked in one tick. */
const TICK_MAX_S = 1;
const STEP_MAX_M = 0.05;
const TURN_RAD_S = 9;
const NEAR_M = 0.02;

export type Report = (x: number, z: number, yaw: number, flags: number) => void;

/** What keys or a joystick say (right, forward as the screen shows them) in world axes. */
export function towards(heading: number, right: number, forward: number): [dx: number, dz: number] {
  const [s, c] = [Math.sin(heading), Math.cos(heading)];
  return [s * forward - c * right, c * forward + s * right];
}

/** `a` turned by the shorter way towards `b`, by at most `step` radians. */
export function turned(a: number, b: number, step: number): number {
  const d = Math.atan2(Math.sin(b - a), Math.cos(b - a));
  return Math.abs(d) <= step ? b : a + Math.sign(d) * step;
}

/**
 * Where I am. `moved` is told on every tick that changed something (my picture), `send` at most
 * ten times a second (the server), and once more when I have come to rest.
 */
export class Walker {
  private readonly grid: Grid;
  private x = 0;
  private z = 0;
  private yaw = 0;
  private flags = 0;
  private way: Point[] = [];
  private run = false;
  private arrived: (() => void) | undefined;
  private steering: [dx: number, dz: number] | null = null;
  private sinceSend_s = SEND_EVERY_S;
  private unsent = false;

  constructor(
    private readonly scene: SceneData,
    private readonly send: Report,
    private readonly moved: Report,
  ) {
    this.grid = new Grid(scene);
  }

  get at(): { x: number; z: number; yaw: number; flags: number } {
    return { x: this.x, z: this.z, yaw: this.yaw, flags: this.flags };
  }

  /** Puts me there without walking (entering, the server's `place`, a seat). Nothing is sent. */
  place(x: number, z: number, yaw: number): void {
    this.way = [];
    this.steering = null;
    this.arrived = undefined;
    [this.x, this.z, this.yaw, this.flags] = [x, z, yaw, 0];
    this.unsent = false;
    this.moved(x, z, yaw, 0);
  }

  /**
   * Walks to the point, or the reachable one nearest to it; `arrived` is called once, unless
   * something else comes first. False when there is no way.
   */
  goTo(x: number, z: number, run = false, arrived?: () => void): boolean {
    this.steering = null;
    this.arrived = undefined;
    this.way = this.grid.path(this.at, { x, z });
    if (this.way.length === 0) return false;
    this.run = run;
    this.arrived = arrived;
    return true;
  }

  /** Direction in world axes, length up to 1 (a joystick half pushed walks slower); 0, 0 ends. */
  steer(dx: number, dz: number, run: boolean): void {
    this.run = run;
    if (dx === 0 && dz === 0) {
      this.steering = null;
      return;
    }
    this.way = [];
    this.arrived = undefined;
    const long = Math.max(1, Math.hypot(dx, dz));
    this.steering = [dx / long, dz / long];
  }

  stop(): void {
    this.way = [];
    this.steering = null;
    this.arrived = undefined;
  }

  tick(dt_s: number): void {
    const dt = Math.min(Math.max(0, dt_s), TICK_MAX_S);
    const [x, z, yaw, flags] = [this.x, this.z, this.yaw, this.flags];
    const speed = this.run ? RUN_M_S : WALK_M_S;
    if (this.steering) this.slide(this.steering, speed * dt, dt);
    else this.follow(speed * dt, dt);
    const going = this.x !== x || this.z !== z;
    this.flags = going ? (this.run ? RUNNING : WALKING) : 0;
    if (going || this.yaw !== yaw || this.flags !== flags) {
      this.unsent = true;
      this.moved(this.x, this.z, this.yaw, this.flags);
    }
    this.sinceSend_s += dt;
    if (this.unsent && this.sinceSend_s >= SEND_EVERY_S) this.flush();
    if (this.arrived && this.way.length === 0) this.arrive();
  }

  private flush(): void {
    this.sinceSend_s = 0;
    this.unsent = false;
    this.send(this.x, this.z, this.yaw, this.flags);
  }

  /** The server must know where I am before it hears what I do there. */
  private arrive(): void {
    const done = this.arrived;
    this.arrived = undefined;
    if (this.unsent) this.flush();
    done?.();
  }

  private turn(dx: number, dz: number, dt: number): void {
    this.yaw = turned(this.yaw, Math.atan2(dx, dz), TURN_RAD_S * dt);
  }

  private follow(length: number, dt: number): void {
    let left = length;
    while (left > 0 && this.way.length > 0) {
      const next = this.way[0]!;
      const [dx, dz] = [next.x - this.x, next.z - this.z];
      const d = Math.hypot(dx, dz);
      if (d > NEAR_M) this.turn(dx, dz, dt);
      const part = d <= left ? 1 : left / d;
      this.x = part === 1 ? next.x : this.x + dx * part;
      this.z = part === 1 ? next.z : this.z + dz * part;
      if (part === 1) this.way.shift();
      left -= d;
    }
  }

  private slide([dx, dz]: [number, number], length: number, dt: number): void {
    this.turn(dx, dz, dt);
    const steps = Math.max(1, Math.ceil(length / STEP_MAX_M));
    const part = length / steps;
    for (let k = 0; k < steps; k++) {
      const [sx, sz] = [dx * part, dz * part];
      if (this.tryStep(sx, sz) || this.tryStep(sx, 0) || this.tryStep(0, sz)) continue;
      break;
    }
  }

  /** Not nearer to furniture than a body allows; who already stands nearer may move away. */
  private tryStep(dx: number, dz: number): boolean {
    if (dx === 0 && dz === 0) return false;
    const [x, z] = [this.x + dx, this.z + dz];
    if (!inside(this.scene.walk, x, z)) return false;
    const room = clearance(this.scene, x, z);
    const now = clearance(this.scene, this.x, this.z);
    if (room < BODY_RADIUS_M && room < now) return false;
    if (!standable(this.scene, x, z) && standable(this.scene, this.x, this.z)) return false;
    [this.x, this.z] = [x, z];
    return true;
  }
}
