// Mixes clips to one pose: a base (idle, walk, sit) with cross-fades, and an emote over it.
import type { Clip, Clips } from "./clips";
import { clamp } from "./grid";

const FADE_S = 0.25;
const EMOTE_IN_S = 0.2;
const EMOTE_OUT_S = 0.35;
/** A looping emote (dance) goes on this long unless something else comes. */
const EMOTE_LOOP_S = 12;
/** Reduced motion: a still of the emote, this long, from this part of the clip. */
const STILL_S = 2.5;
const STILL_AT = 0.4;
const TALK = /^talk/;
const LOWER = /^(hips|.*(Leg|Foot|Toes))$/;

export interface Pose {
  rotations: Float32Array;
  hips: Float32Array;
}

export class Mixer {
  readonly pose: Pose;
  /** Speed of the base clip's playing. */
  rate = 1;
  private readonly from: Pose;
  private readonly over: Pose;
  private readonly upper: boolean[];
  private base: Clip;
  private time = 0;
  private fade = 1;
  private fade_s = FADE_S;
  private act: Clip | null = null;
  private actTime = 0;
  private actUpper = false;

  constructor(
    private readonly clips: Clips,
    first: string,
    private readonly still: boolean,
  ) {
    const blank = (): Pose => ({
      rotations: new Float32Array(clips.bones.length * 4),
      hips: new Float32Array(3),
    });
    this.pose = blank();
    this.from = blank();
    this.over = blank();
    this.upper = clips.bones.map((bone) => !LOWER.test(bone));
    this.base = this.clip(first);
    this.update(0);
  }

  get playing(): string {
    return this.base.name;
  }

  /** A gesture that somebody wanted; hands that go along with talking are none. */
  get emoting(): string | null {
    return this.act && !TALK.test(this.act.name) ? this.act.name : null;
  }

  get busy(): boolean {
    return this.act !== null;
  }

  /** Loops of the base clip so far, to change between variants at a seam. */
  get rounds(): number {
    return this.time / this.base.seconds;
  }

  play(name: string, fade_s = FADE_S): void {
    if (name === this.base.name) return;
    this.freeze();
    // Walking into running keeps the phase of the step: no foot hops to the other side.
    const phase = this.base.speed > 0 ? (this.time / this.base.seconds) % 1 : 0;
    this.base = this.clip(name);
    this.time = this.base.speed > 0 ? phase * this.base.seconds : 0;
    this.fade = 0;
    this.fade_s = this.still ? 0 : fade_s;
  }

  /** Starts an emote; `upper` leaves legs and hips to the base (sitting, walking). */
  emote(name: string, upper: boolean): void {
    if (this.act) this.freeze();
    this.act = this.clip(name);
    this.actTime = 0;
    this.actUpper = upper;
  }

  endEmote(): void {
    if (!this.act) return;
    this.freeze();
    this.act = null;
  }

  update(dt_s: number): void {
    if (!this.still || this.base.speed > 0) this.time += dt_s * this.rate;
    this.sample(this.base, this.time, this.pose);
    if (this.still) this.pose.hips.set(this.base.hips.subarray(0, 3));
    if (this.act) this.mixEmote(this.act, dt_s);
    if (this.fade < 1) {
      this.fade = this.fade_s > 0 ? Math.min(1, this.fade + dt_s / this.fade_s) : 1;
      const k = this.fade * this.fade * (3 - 2 * this.fade);
      blend(this.pose, this.from, 1 - k);
    }
  }

  private mixEmote(act: Clip, dt_s: number): void {
    this.actTime += dt_s;
    const long = this.still ? STILL_S : act.loop ? EMOTE_LOOP_S : act.seconds;
    if (this.actTime >= long) {
      this.act = null;
      return;
    }
    const at = this.still ? act.seconds * STILL_AT : this.actTime;
    const ends = Math.min(this.actTime / EMOTE_IN_S, (long - this.actTime) / EMOTE_OUT_S, 1);
    const weight = this.still ? 1 : ends * ends * (3 - 2 * ends);
    this.sample(act, at, this.over);
    blend(this.pose, this.over, weight, this.actUpper ? this.upper : undefined);
  }

  /** The pose as it is now becomes what is faded from. */
  private freeze(): void {
    this.from.rotations.set(this.pose.rotations);
    this.from.hips.set(this.pose.hips);
    this.fade = 0;
    this.fade_s = this.still ? 0 : FADE_S;
  }

  private clip(name: string): Clip {
    const clip = this.clips.byName.get(name);
    if (!clip) throw new Error(`no clip ${name}`);
    return clip;
  }

  private sample(clip: Clip, time: number, out: Pose): void {
    const t = clip.loop ? time % clip.seconds : clamp(time, 0, clip.seconds);
    const at = t * this.clips.fps;
    const first = Math.min(Math.floor(at), clip.frames - 2);
    const k = at - first;
    const row = this.clips.bones.length * 4;
    const [a, b] = [first * row, (first + 1) * row];
    const q = clip.rotations;
    for (let i = 0; i < row; i += 4) mixInto(out.rotations, i, q, a + i, q, b + i, k);
    for (let i = 0; i < 3; i++) {
      const h = clip.hips[first * 3 + i]!;
      out.hips[i] = h + (clip.hips[first * 3 + 3 + i]! - h) * k;
    }
  }
}

/** `pose` moves by `weight` towards `other`; only the bones of `mask` when there is one. */
function blend(pose: Pose, other: Pose, weight: number, mask?: boolean[]): void {
  const to = pose.rotations;
  for (let b = 0; b * 4 < to.length; b++) {
    if (mask && !mask[b]) continue;
    mixInto(to, b * 4, to, b * 4, other.rotations, b * 4, weight);
  }
  if (mask) return;
  for (let i = 0; i < 3; i++) pose.hips[i]! += (other.hips[i]! - pose.hips[i]!) * weight;
}

/** Normalised linear mix of two rotations, by the shorter way. */
function mixInto(
  out: Float32Array,
  o: number,
  a: Float32Array,
  i: number,
  b: Float32Array,
  j: number,
  k: number,
): void {
  const dot = a[i]! * b[j]! + a[i + 1]! * b[j + 1]! + a[i + 2]! * b[j + 2]! + a[i + 3]! * b[j + 3]!;
  const kb = dot < 0 ? -k : k;
  const ka = 1 - k;
  const x = a[i]! * ka + b[j]! * kb;
  const y = a[i + 1]! * ka + b[j + 1]! * kb;
  const z = a[i + 2]! * ka + b[j + 2]! * kb;
  const w = a[i + 3]! * ka + b[j + 3]! * kb;
  const length = Math.sqrt(x * x + y * y + z * z + w * w) || 1;
  out[o] = x / length;
  out[o + 1] = y / length;
  out[o + 2] = z / length;
  out[o + 3] = w / length;
}
