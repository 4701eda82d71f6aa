// Where somebody is seen: ten reports a second become one even movement.
import { turned } from "./walk";

const GAP_MIN_S = 0.016;
/** Far people in full rooms are told twice a second; a longer silence means they stood still. */
const GAP_MAX_S = 0.65;
const GAP_USUAL_S = 0.1;
/** A bit slower than told, so that the next report comes before one has to stop. */
const SLACK = 1.15;
const LEAP_M = 4;
const SPEED_TAU_S = 0.07;

export class Glide {
  x = 0;
  z = 0;
  yaw = 0;
  /** Metres a second as seen, smoothed. */
  speed = 0;
  private to = { x: 0, z: 0, yaw: 0 };
  private left_s = 0;
  private sinceTold_s = 0;

  /** Puts the person there at once. */
  place(x: number, z: number, yaw: number): void {
    [this.x, this.z, this.yaw] = [x, z, yaw];
    this.to = { x, z, yaw };
    this.left_s = 0;
    this.speed = 0;
  }

  /** A report; `in_s` says how long the way there takes, if it is not to be guessed. */
  tell(x: number, z: number, yaw: number, in_s?: number): void {
    if (Math.hypot(x - this.x, z - this.z) > LEAP_M) {
      this.place(x, z, yaw);
      return;
    }
    const gap = this.sinceTold_s > GAP_MAX_S ? GAP_USUAL_S : Math.max(this.sinceTold_s, GAP_MIN_S);
    this.to = { x, z, yaw };
    this.left_s = in_s ?? gap * SLACK;
    this.sinceTold_s = 0;
  }

  step(dt_s: number): void {
    this.sinceTold_s += dt_s;
    const { x, z } = this;
    const k = this.left_s > dt_s ? dt_s / this.left_s : 1;
    this.x += (this.to.x - this.x) * k;
    this.z += (this.to.z - this.z) * k;
    const turn = Math.atan2(Math.sin(this.to.yaw - this.yaw), Math.cos(this.to.yaw - this.yaw));
    this.yaw = turned(this.yaw, this.to.yaw, Math.abs(turn) * k);
    this.left_s = Math.max(0, this.left_s - dt_s);
    if (dt_s <= 0) return;
    const now = Math.hypot(this.x - x, this.z - z) / dt_s;
    this.speed += (now - this.speed) * (1 - Math.exp(-dt_s / SPEED_TAU_S));
  }
}
