// Everybody in the room: who wears what in which detail, who is on screen, who looks at whom.
import { Frustum, Matrix4, type Raycaster, Sphere, Vector3, type PerspectiveCamera } from "three";
import type { Level as Detail } from "../looks/base";
import type { Bodies } from "./bodies";
import type { Clips } from "./clips";
import { MOODS } from "./face";
import { Figure } from "./figure";
import { Impostors } from "./impostors";
import type { Anchor, Label, Labels } from "./labels";
import { detailsOf, type Standing } from "./levels";
import type { Marks } from "./marks";
import type { Body, Models } from "./models";
import type { Level } from "./quality";
import { seatOf, type SceneData, type Seat } from "./scene";
import type { Stage } from "./stage";

export interface Person {
  slot: number;
  id: string;
  name: string;
  avatar: string;
  colours: number[];
  /** The id of what they look like; without it they look like their avatar. */
  look?: string | undefined;
  x: number;
  z: number;
  yaw: number;
  seat: number;
  away: boolean;
  role: string;
  /** What their face shows; none: calm. */
  mood?: string | undefined;
}

/** What did not come is asked for again, each time after twice as long. */
const RETRY_S = 5;
const RETRY_MAX_S = 120;
/** Who is near enough for another detail is looked at so seldom. */
const DRESS_EVERY = 8;
/** Until somebody's body is there. */
const HEIGHT_M = 1.7;
const NEAR_M: Record<Level, number> = { low: 5, medium: 8, high: 12 };
const LISTEN_M = 8;
/** A face below where the name stands. */
const EYES_M = 0.3;
const REACH_M = 0.34;
const STATURE = [0.25, 0.6, 0.95];

interface Member extends Standing {
  person: Person;
  figure: Figure;
  label: Label;
  /** What is on its way or worn, to ask only once. */
  wanted: string;
  retry_s: number;
  tries: number;
  owed_s: number;
  seen: boolean;
}

export class Crowd {
  private readonly members = new Map<number, Member>();
  private readonly pending = new Set<Promise<void>>();
  private readonly impostors: Impostors;
  private readonly frustum = new Frustum();
  private readonly sphere = new Sphere();
  private readonly point = new Vector3();
  private readonly mouth = new Vector3();
  /** Who speaks, and to whom: the one who stood nearest then. */
  private speaker: { slot: number; left_s: number; to: number | null } | null = null;
  private readonly view = new Matrix4();
  private frames = 0;
  /** Frames until it is looked who is drawn how well: at once when somebody came or looks otherwise. */
  private due = 0;
  private level: Level | null = null;
  private more: Promise<void> | null = null;
  private closed = false;

  constructor(
    private readonly scene: SceneData,
    private readonly stage: Stage,
    private readonly models: Models,
    private readonly bodies: Bodies,
    private readonly clips: Clips,
    private readonly labels: Labels,
    private readonly marks: Marks,
    private readonly still: boolean,
  ) {
    this.impostors = new Impostors(stage.renderer, stage.scene);
  }

  get me(): Figure | null {
    for (const member of this.members.values()) if (member.me) return member.figure;
    return null;
  }

  put(person: Person, me: boolean): void {
    this.drop(person.slot);
    const figure = new Figure(this.clips, HEIGHT_M, this.still);
    const label = this.labels.add(person.name, me);
    const member: Member = {
      person: { ...person },
      me,
      figure,
      label,
      distance: Infinity,
      worn: null,
      wanted: "",
      retry_s: 0,
      tries: 0,
      owed_s: 0,
      seen: false,
    };
    this.members.set(person.slot, member);
    this.due = 0;
    figure.place(person.x, person.z, person.yaw);
    const seat = seatOf(this.scene, person.seat);
    if (seat) figure.sit(seat, true);
    figure.place(seat?.x ?? person.x, seat?.z ?? person.z, seat?.yaw ?? person.yaw);
    this.stage.scene.add(figure.root);
    this.away(person.slot, person.away);
    this.mood(person.slot, person.mood);
  }

  drop(slot: number): void {
    const member = this.members.get(slot);
    if (!member) return;
    this.members.delete(slot);
    this.due = 0;
    this.impostors.forget(member.figure);
    this.stage.scene.remove(member.figure.root);
    member.figure.undress();
    member.label.root.remove();
  }

  move(slot: number, x: number, z: number, yaw: number): void {
    this.members.get(slot)?.figure.glide.tell(x, z, yaw);
  }

  seat(slot: number, n: number, x: number, z: number, yaw: number): void {
    const member = this.members.get(slot);
    if (!member) return;
    member.person.seat = n;
    const seat = seatOf(this.scene, n) ?? null;
    member.figure.sit(seat);
    member.figure.glide.tell(seat?.x ?? x, seat?.z ?? z, seat?.yaw ?? yaw, this.still ? 0 : 0.45);
  }

  /** Who does what has not come yet, does it when it has. */
  emote(slot: number, name: string): void {
    const member = this.members.get(slot);
    if (!member || this.clips.byName.has(name)) return member?.figure.emote(name);
    const act = (): void => {
      if (this.members.get(slot) === member) member.figure.emote(name);
    };
    this.moves().then(act, () => undefined);
  }

  /** All that somebody can do, and not only what shows who comes in. */
  moves(): Promise<void> {
    if (this.more) return this.more;
    this.more = this.models.moreClips(this.clips);
    const task = this.more
      .catch(() => void (this.more = null))
      .finally(() => this.pending.delete(task));
    this.pending.add(task);
    return this.more;
  }

  say(slot: number, text: string): void {
    const member = this.members.get(slot);
    if (!member) return;
    const seconds = member.label.say(text);
    member.figure.face.speak(text);
    this.speaker = { slot, left_s: seconds, to: this.nearest(slot) };
  }

  typing(slot: number, on: boolean): void {
    this.members.get(slot)?.label.dots(on);
  }

  away(slot: number, on: boolean): void {
    const member = this.members.get(slot);
    if (!member) return;
    member.person.away = on;
    member.label.away(on);
    this.paint(member);
  }

  mood(slot: number, name: string | undefined): void {
    const member = this.members.get(slot);
    if (member) member.figure.face.mood = MOODS.find((one) => one === name) ?? null;
  }

  look(slot: number, avatar: string, colours: number[], look?: string): void {
    const member = this.members.get(slot);
    if (!member) return;
    Object.assign(member.person, { avatar, colours, look });
    member.retry_s = member.tries = 0;
    this.due = 0;
  }

  /** Somebody here who wears that look. */
  wearing(look: string): Person | undefined {
    for (const { person } of this.members.values()) if (person.look === look) return person;
    return undefined;
  }

  /** Is nobody sitting there? */
  free(seat: Seat): boolean {
    for (const { person } of this.members.values()) if (person.seat === seat.n) return false;
    return true;
  }

  /** All steps of a frame but drawing; returns where the labels belong. */
  step(dt_s: number, level: Level, camera: PerspectiveCamera): void {
    this.frames++;
    this.speak(dt_s);
    this.view.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
    this.frustum.setFromProjectionMatrix(this.view);
    this.marks.unshaded();
    for (const [slot, member] of this.members) {
      member.retry_s -= dt_s;
      member.figure.step(dt_s);
      const { position } = member.figure.root;
      member.distance = camera.position.distanceTo(position);
      this.sphere.center.set(position.x, position.y + 0.9, position.z);
      this.sphere.radius = 1.2;
      member.seen = this.frustum.intersectsSphere(this.sphere);
      member.figure.root.visible = member.seen;
      this.animate(slot, member, level, member.distance, dt_s);
      this.mark(member);
    }
    this.marks.shaded();
    if (level !== this.level) this.due = 0;
    this.level = level;
    if (this.due-- > 0) return;
    this.due = DRESS_EVERY - 1;
    const all = [...this.members.values()];
    detailsOf(all, level).forEach((detail, i) => this.dress(all[i]!, detail));
  }

  /** Takes the pictures that whoever is far is drawn from: before the room is drawn, on the low level. */
  picture(level: Level, camera: PerspectiveCamera): void {
    const sitters = [...this.members.values()].map((one) => ({
      figure: one.figure,
      far: one.seen && one.worn === 2 && !one.me && !one.person.away && one.figure.rests,
    }));
    this.impostors.step(sitters, camera, level === "low");
  }

  /** How many are drawn from pictures. */
  get pictured(): number {
    return this.impostors.shown;
  }

  /** The context was lost, and with it all pictures. */
  lost(): void {
    this.impostors.lost();
  }

  anchors(camera: PerspectiveCamera, width: number, height: number): Anchor[] {
    return [...this.members.values()].map(({ figure, label, me, seen }) => {
      const crown = figure.crown(this.point);
      const distance = camera.position.distanceTo(crown);
      const p = crown.project(camera);
      const on = seen && p.z < 1 && Math.abs(p.x) < 1.05 && p.y > -1.05 && p.y < 1.4;
      const at = on ? { x: ((p.x + 1) / 2) * width, y: ((1 - p.y) / 2) * height } : null;
      return { label, at, distance: me ? 0 : distance };
    });
  }

  /** The person (not me) that a ray meets first. */
  hit(ray: Raycaster): { slot: number; distance: number } | null {
    let best: { slot: number; distance: number } | null = null;
    for (const [slot, { figure, me, seen }] of this.members) {
      if (me || !seen) continue;
      const crown = figure.crown(this.point);
      const [low, high] = [Math.max(0, figure.root.position.y), crown.y];
      for (const part of STATURE) {
        this.point.y = low + (high - low) * part;
        if (ray.ray.distanceSqToPoint(this.point) > REACH_M * REACH_M) continue;
        const distance = ray.ray.origin.distanceTo(this.point);
        if (!best || distance < best.distance) best = { slot, distance };
      }
    }
    return best;
  }

  /** The person (not me) whose name or words are at this point of the picture. */
  named(x: number, y: number): number | null {
    for (const [slot, { label, me }] of this.members) {
      const { box } = label;
      if (!me && box && x >= box.left && x <= box.right && y >= box.top && y <= box.bottom)
        return slot;
    }
    return null;
  }

  repaint(): void {
    for (const member of this.members.values()) this.paint(member);
  }

  /** Bodies and movements that are on their way. */
  get coming(): Promise<void>[] {
    return [...this.pending];
  }

  dispose(): void {
    this.closed = true;
    for (const slot of [...this.members.keys()]) this.drop(slot);
    this.impostors.free();
  }

  private speak(dt_s: number): void {
    if (!this.speaker) return;
    this.speaker.left_s -= dt_s;
    const member = this.members.get(this.speaker.slot);
    if (!member || this.speaker.left_s <= 0) {
      this.speaker = null;
      return;
    }
    member.figure.crown(this.mouth).y -= EYES_M;
  }

  private animate(
    slot: number,
    member: Member,
    level: Level,
    distance: number,
    dt_s: number,
  ): void {
    member.owed_s += dt_s;
    const near = NEAR_M[level];
    const slow = this.impostors.stands(member.figure) ? 8 : distance < near * 2 ? 2 : 4;
    const every = member.me || distance < near ? 1 : slow;
    if (!member.seen || (this.frames + slot) % every !== 0) return;
    const watched = this.still ? null : this.watched(slot, member);
    member.figure.animate(member.owed_s, watched, level !== "low" && every === 1);
    member.owed_s = 0;
  }

  /** Who hears somebody looks at them; who speaks looks at whoever is nearest. */
  private watched(slot: number, member: Member): Vector3 | null {
    const { speaker, mouth } = this;
    if (!speaker) return null;
    if (speaker.slot !== slot)
      return mouth.distanceTo(member.figure.root.position) < LISTEN_M ? mouth : null;
    const other = speaker.to === null ? undefined : this.members.get(speaker.to);
    if (!other) return null;
    other.figure.crown(this.point).y -= EYES_M;
    return this.point;
  }

  private nearest(slot: number): number | null {
    const from = this.members.get(slot)?.figure.root.position;
    let best: number | null = null;
    let least = LISTEN_M;
    for (const [other, { figure }] of this.members) {
      const far = from && other !== slot ? figure.root.position.distanceTo(from) : Infinity;
      if (far < least) [best, least] = [other, far];
    }
    return best;
  }

  private mark({ figure, me, seen }: Member): void {
    const { x, y, z } = figure.root.position;
    if (seen && y > -0.05 && !figure.seat) this.marks.shadow(x, z);
    if (me) this.marks.me(x, z, !figure.seat);
  }

  /** Sees to it that the body worn is the one wanted now. */
  private dress(member: Member, detail: Detail): void {
    if (member.retry_s > 0) return;
    const { look, avatar } = member.person;
    const wanted = `${look ?? avatar} ${detail}`;
    if (wanted === member.wanted) return;
    member.wanted = wanted;
    const task = this.bodies
      .body({ look, avatar }, detail)
      .then(
        (body) => this.wear(member, wanted, detail, body),
        () => this.missing(member, wanted),
      )
      .finally(() => this.pending.delete(task));
    this.pending.add(task);
  }

  private wear(member: Member, wanted: string, detail: Detail, body: Body): void {
    if (!this.wants(member, wanted)) {
      body.release();
      return;
    }
    member.tries = 0;
    member.worn = detail;
    this.due = 0;
    member.figure.wear(body);
    this.paint(member);
  }

  /** What did not come is tried again; until then at least somebody is seen to be there. */
  private missing(member: Member, wanted: string): void {
    if (!this.wants(member, wanted)) return;
    member.wanted = "";
    member.retry_s = Math.min(RETRY_S * 2 ** member.tries++, RETRY_MAX_S);
    if (member.figure.body) return;
    member.figure.wear(this.bodies.silhouette());
    this.paint(member);
  }

  private wants(member: Member, wanted: string): boolean {
    const here = this.members.get(member.person.slot) === member;
    return !this.closed && here && member.wanted === wanted;
  }

  private paint(member: Member): void {
    const { body } = member.figure;
    if (body) this.stage.dress(body.root, member.person.away, body.paint);
  }
}
