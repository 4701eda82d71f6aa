// One person in the room: where, how moving, in which body; the picture of what the server told.
import { Euler, Group, type Object3D, Quaternion, Vector3 } from "three";
import type { Clips } from "./clips";
import { HIPS_REF_M } from "./clips";
import { Face } from "./face";
import { Glide } from "./glide";
import { plantFeet } from "./feet";
import { clamp } from "./grid";
import { freeSkeletons, type Body } from "./models";
import { Mixer } from "./pose";
import type { Seat } from "./scene";
import { calm, Springs } from "./springs";

const WALK_FROM_M_S = 0.2;
const RUN_FROM_M_S = 2.2;
const SIT_S = 0.45;
/** Hips of a sitting person above the seat. */
const HIPS_ON_SEAT_M = 0.1;
const HEAD_ROOM_M = 0.16;
const LOOK_YAW = 0.9;
const LOOK_PITCH = 0.4;
const LOOK_TAU_S = 0.18;
const NECK_SHARE = 0.4;
const IDLE_CHANGE = 0.4;
const STANDING = ["idle", "idle2", "idle3", "idle4"];
const SITTING = ["sit", "sit2", "sit3"];
const TALKING = ["talk", "talk2"] as const;

const look = new Quaternion();
const turn = new Euler(0, 0, 0, "YXZ");
const spot = new Vector3();

export class Figure {
  readonly root = new Group();
  readonly glide = new Glide();
  readonly face: Face;
  private readonly springs = new Springs();
  body: Body | null = null;
  seat: Seat | null = null;
  away = false;
  private readonly mixer: Mixer;
  private bones: (Object3D | undefined)[] = [];
  private sitting = 0;
  private yawLook = 0;
  private pitchLook = 0;
  private waiting_s = 0;
  private nextVariant = 1;

  constructor(
    private readonly clips: Clips,
    public height_m: number,
    private readonly still: boolean,
    private readonly chance: () => number = Math.random,
  ) {
    this.mixer = new Mixer(clips, "idle", still);
    this.mixer.update(chance() * 4);
    this.face = new Face(still, chance);
  }

  /** Puts on a body (another person's look or detail); the movement goes on. */
  wear(body: Body): void {
    this.undress();
    this.body = body;
    this.height_m = body.height_m ?? this.height_m;
    this.bones = this.clips.bones.map((name) => body.bones.get(name));
    this.root.add(body.root);
    this.pose();
    body.bend?.();
  }

  undress(): void {
    if (!this.body) return;
    this.root.remove(this.body.root);
    freeSkeletons(this.body.root);
    this.body.release();
    this.body = null;
    this.bones = [];
  }

  place(x: number, z: number, yaw: number): void {
    this.glide.place(x, z, yaw);
    this.settle();
  }

  /** Sits down on the seat, or gets up (null). `at_once` on entering. */
  sit(seat: Seat | null, at_once = false): void {
    this.seat = seat;
    this.mixer.endEmote();
    if (at_once || this.still) this.sitting = seat ? 1 : 0;
    if (seat)
      this.mixer.play(
        this.known("sit2") && this.chance() < 0.5 ? "sit2" : "sit",
        at_once ? 0 : SIT_S,
      );
    else this.mixer.play("idle", SIT_S);
  }

  emote(name: string): void {
    if (!this.known(name)) return;
    this.mixer.emote(name, this.sits || this.glide.speed > WALK_FROM_M_S);
  }

  /** Where the name floats: above the head as the body stands or sits. */
  crown(to: Vector3): Vector3 {
    const lift = this.lift();
    const y = this.height_m + (this.body?.chair_m ? lift : lift * this.sitting);
    return to.set(this.root.position.x, y + HEAD_ROOM_M, this.root.position.z);
  }

  /** Moves; `watch` is the point to look at. Cheap: called on every frame for everybody. */
  step(dt_s: number): void {
    this.glide.step(dt_s);
    const goal = this.seat ? 1 : 0;
    const step = dt_s / SIT_S;
    this.sitting = clamp(goal, this.sitting - step, this.sitting + step);
    this.settle();
  }

  /** Bends the bones: for those on screen, near ones on every frame. `sways`: hair and skirts do, too. */
  animate(dt_s: number, watch: Vector3 | null, sways = true): void {
    this.choose(dt_s);
    this.gesticulate();
    this.mixer.update(dt_s);
    if (!this.body) return;
    this.pose();
    this.lookAt(watch, dt_s);
    this.face.step(dt_s, this.body.faces, this.mixer.emoting);
    this.body.bend?.();
    const { bones, sway } = this.body;
    if (!sway) return;
    if (sways && !this.still) this.springs.step(dt_s, bones, this.root, sway);
    else calm(sway);
  }

  private settle(): void {
    const k = this.sitting * this.sitting * (3 - 2 * this.sitting);
    const low = this.seat ? this.lift() : this.root.position.y;
    const y = this.body?.chair_m ? this.lift() : this.sitting > 0 ? low * k : 0;
    this.root.position.set(this.glide.x, y, this.glide.z);
    this.root.rotation.y = this.glide.yaw;
  }

  /** Stands or sits and does nothing else. */
  get rests(): boolean {
    const settled = this.sitting === (this.seat ? 1 : 0);
    return settled && this.glide.speed <= WALK_FROM_M_S && !this.mixer.emoting;
  }

  /** In a wheelchair one sits, wherever one goes. */
  private get sits(): boolean {
    return this.seat !== null || this.body?.chair_m !== undefined;
  }

  /** How much higher than standing the body is: on a seat it is lower. */
  private lift(): number {
    const hips = this.body?.hips_m ?? HIPS_REF_M;
    const chair = this.body?.chair_m;
    if (chair) return chair - hips;
    return this.seat ? this.seat.y + HIPS_ON_SEAT_M - hips : 0;
  }

  private choose(dt_s: number): void {
    const { mixer } = this;
    const { speed } = this.glide;
    mixer.rate = 1;
    if (this.sits) {
      this.vary(SITTING);
    } else if (speed > WALK_FROM_M_S) {
      const clip = speed > RUN_FROM_M_S ? "run" : "walk";
      if (mixer.emoting && mixer.playing !== clip) mixer.endEmote();
      mixer.play(clip);
      const made = (this.clips.byName.get(clip)?.speed || 1.4) * this.legs();
      mixer.rate = clamp(speed / made, 0.6, 1.8);
      this.waiting_s = 0;
    } else {
      // A short stop between two reports is not a halt.
      this.waiting_s += dt_s;
      if (this.waiting_s > 0.08) this.vary(STANDING);
    }
  }

  /** Now and then, at a seam of the loop, the other way of standing or sitting. */
  private vary(names: readonly string[]): void {
    const { playing } = this.mixer;
    if (!names.includes(playing)) {
      this.mixer.play(names[0]!);
      this.nextVariant = 1;
    } else if (this.mixer.rounds >= this.nextVariant) {
      const others = names.filter((name) => name !== playing && this.known(name));
      const other = this.chance() < IDLE_CHANGE;
      const next = (other && others[Math.floor(this.chance() * others.length)]) || playing;
      this.nextVariant = next === playing ? this.nextVariant + 1 : 1;
      this.mixer.play(next, 0.6);
    }
  }

  /** Hands go along with what is said, now one and now both, as long as nothing else is done. */
  private gesticulate(): void {
    const { mixer, face } = this;
    if (this.still || !face.speaks || mixer.busy || this.glide.speed > WALK_FROM_M_S) return;
    const name = TALKING[this.chance() < 0.5 ? 0 : 1];
    if (this.known(name) && face.long) mixer.emote(name, true);
  }

  private known(name: string): boolean {
    return this.clips.byName.has(name);
  }

  private legs(): number {
    return (this.body?.hips_m ?? HIPS_REF_M) / HIPS_REF_M;
  }

  private pose(): void {
    const { rotations, hips } = this.mixer.pose;
    const { body } = this;
    if (!body) return;
    for (let b = 0; b < this.bones.length; b++)
      this.bones[b]?.quaternion.fromArray(rotations, b * 4);
    const scale = this.legs();
    const pelvis = body.bones.get("hips");
    const rest = pelvis?.userData["rest"] as Vector3 | undefined;
    if (!pelvis) return;
    if (!rest) pelvis.userData["rest"] = pelvis.position.clone();
    const from = rest ?? pelvis.position;
    const [x, y, z] = hips as unknown as [number, number, number];
    pelvis.position.set(from.x + x * scale, from.y + y * scale, from.z + z * scale);
    // In a wheelchair they stand on its rest.
    if (!this.seat || body.chair_m) return;
    plantFeet(body.bones, body.hips_m, this.root.position.y, this.seat.y, this.sitting);
  }

  /** Turns neck and head a little towards a point, as far as is comfortable. */
  private lookAt(watch: Vector3 | null, dt_s: number): void {
    let [yaw, pitch] = [0, 0];
    if (watch && !this.mixer.emoting) {
      spot.copy(watch).sub(this.root.position);
      const head = this.height_m * 0.9 + this.root.position.y;
      const side = Math.atan2(spot.x, spot.z) - this.root.rotation.y;
      yaw = Math.atan2(Math.sin(side), Math.cos(side));
      pitch = -Math.atan2(spot.y - head, Math.hypot(spot.x, spot.z));
      // What is behind one's back is not looked at.
      if (Math.abs(yaw) > 2.2) [yaw, pitch] = [0, 0];
    }
    const k = 1 - Math.exp(-dt_s / LOOK_TAU_S);
    this.yawLook += (clamp(yaw, -LOOK_YAW, LOOK_YAW) - this.yawLook) * k;
    this.pitchLook += (clamp(pitch, -LOOK_PITCH, LOOK_PITCH) - this.pitchLook) * k;
    if (Math.abs(this.yawLook) + Math.abs(this.pitchLook) < 1e-3) return;
    for (const [name, share] of [
      ["neck", NECK_SHARE],
      ["head", 1 - NECK_SHARE],
    ] as const) {
      turn.set(this.pitchLook * share, this.yawLook * share, 0);
      this.body?.bones.get(name)?.quaternion.premultiply(look.setFromEuler(turn));
    }
  }
}
