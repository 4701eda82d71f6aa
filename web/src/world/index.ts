// The room in three dimensions. Loaded only where it is shown; what it shows comes in by calls,
// what the visitor does goes out by events.
import { Raycaster, Vector2 } from "three";
import { begun } from "./canvas";
import { Crowd, type Person } from "./crowd";
import { enter, type Furnished } from "./furnish";
import { Labels } from "./labels";
import type { Marks } from "./marks";
import type { AskRecipe } from "./bodies";
import type { Models } from "./models";
import { Orbit } from "./orbit";
import { listen } from "./pointer";
import { FRAME_MS, Governor, type Level, type Quality } from "./quality";
import type { SceneData, Seat } from "./scene";
import type { Stage } from "./stage";
import { Studio } from "./studio";

export type { Person } from "./crowd";
export { dismiss, isAhead, prepare, warm } from "./furnish";
export type { Level, Quality } from "./quality";
export type { SceneData } from "./scene";

export interface WorldEvents {
  walkTo(x: number, z: number, run: boolean): void;
  sit(seat: number): void;
  person(slot: number): void;
  /** The first picture of the room is on the screen. */
  ready(): void;
  /** The graphics went away for good: show the text-only room. */
  lost(): void;
}

export interface WorldOptions {
  quality: Quality;
  reducedMotion: boolean;
  t: (key: string) => string;
  /** 0..1 while the room is loading. */
  progress?: (part: number) => void;
  /** The recipe of a look; without it everybody is drawn as their ready avatar. */
  look?: AskRecipe;
}

export interface World {
  put(p: Person, me: boolean): void;
  drop(slot: number): void;
  move(slot: number, x: number, z: number, yaw: number, flags: number): void;
  seat(slot: number, seat: number, x: number, z: number, yaw: number): void;
  emote(slot: number, name: string): void;
  mood(slot: number, name: string): void;
  say(slot: number, text: string): void;
  typing(slot: number, on: boolean): void;
  away(slot: number, on: boolean): void;
  look(slot: number, avatar: string, colours: number[], look?: string): void;
  /** The face of somebody here who wears that, for lists; null where nobody does, or it can't be drawn. */
  portrait(look: string): Promise<Blob | null>;
  quality(q: Quality): void;
  labels(on: boolean): void;
  /** A soft ring there: for goals that were not clicked (a seat from a list). */
  target(x: number, z: number): void;
  /** Yaw that the camera looks along: `towards(heading, right, forward)` makes keys follow it. */
  heading(): number;
  /** For keys: radians around and over the middle. */
  turn(azimuth: number, polar: number): void;
  /** For keys: below 1 goes nearer. */
  zoom(factor: number): void;
  pause(): void;
  resume(): void;
  /** For tests: waits for all bodies, renders n frames of 1/30 s, and stops the clock. */
  frame(n: number): Promise<void>;
  /** For tests: what the graphics hold and do. */
  stats(): {
    calls: number;
    triangles: number;
    geometries: number;
    textures: number;
    /** People drawn from pictures. */
    pictured: number;
    level: Level;
  };
  close(): void;
}

const RESTORE_MS = 5000;
/** The other movements come then, or when somebody makes one: the first pictures come first. */
const MOVES_AFTER_MS = 2000;
/** A slow machine shows fewer pictures of the same time, not a slower time. */
const DT_MAX_S = 1;
const CATCH_UP_S = 1;
const TEST_DT_S = 1 / 30;
/** A frame a little early is not left out, or 60 Hz screens would stutter. */
const EARLY_MS = 3;
const SEAT_REACH_M = 0.36;

/** Rejects when there is no WebGL 2 or the scene cannot be loaded. */
export async function createWorld(
  host: HTMLElement,
  scene: SceneData,
  ev: WorldEvents,
  opts: WorldOptions,
): Promise<World> {
  await begun();
  const room = enter(scene, opts.quality);
  room.progress = opts.progress ?? (() => {});
  const { stage, marks, models, bodies } = room;
  if (opts.look) bodies.ask = opts.look;
  const canvas = stage.renderer.domElement;
  host.append(canvas);
  try {
    const clips = await room.done;
    // The first size is told to graphics that have nothing else to do, or the page stands still for them.
    await stage.caughtUp();
    const labels = new Labels(host);
    marks.still = opts.reducedMotion;
    const crowd = new Crowd(scene, stage, models, bodies, clips, labels, marks, opts.reducedMotion);
    const studio = new Studio(stage, bodies, clips);
    const parts = { stage, models, labels, marks, crowd, studio };
    return new Room(host, canvas, scene, ev, opts, room, parts);
  } catch (failure) {
    room.dispose();
    throw failure;
  }
}

interface Parts {
  stage: Stage;
  models: Models;
  labels: Labels;
  marks: Marks;
  crowd: Crowd;
  studio: Studio;
}

class Room implements World {
  private readonly orbit: Orbit;
  private readonly governor: Governor;
  private readonly ray = new Raycaster();
  private readonly unlisten: (() => void)[] = [];
  private width = 1;
  private height = 1;
  private last_ms = 0;
  private drawn_ms = 0;
  private timer = 0;
  private rescue = 0;
  private later = 0;
  private paused = false;
  private manual = false;
  private lost = false;
  private closed = false;
  private first = true;
  private standing = false;
  private stood: Promise<void> | undefined;
  private stale = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly canvas: HTMLCanvasElement,
    private readonly scene: SceneData,
    private readonly ev: WorldEvents,
    private readonly opts: WorldOptions,
    private readonly furnished: Furnished,
    private readonly parts: Parts,
  ) {
    this.orbit = new Orbit(scene, opts.reducedMotion);
    this.governor = new Governor(furnished.start, opts.quality === "auto");
    this.governor.choose(opts.quality, furnished.start);
    this.resize();
    this.unlisten.push(
      listen(canvas, {
        tap: (x, y, twice) => this.tap(x, y, twice),
        hover: (x, y) => this.hover(x, y),
        leave: () => parts.marks.hover(null),
        turn: (azimuth, polar) => this.orbit.turn(azimuth, polar),
        zoom: (factor) => this.orbit.zoom(factor),
      }),
    );
    const sizes = new ResizeObserver(() => this.resize());
    sizes.observe(host);
    const stop = new AbortController();
    const { signal } = stop;
    document.addEventListener("visibilitychange", () => this.schedule(), { signal });
    canvas.addEventListener("webglcontextlost", (e) => this.contextLost(e), { signal });
    canvas.addEventListener("webglcontextrestored", () => this.contextBack(), { signal });
    this.unlisten.push(
      () => sizes.disconnect(),
      () => stop.abort(),
    );
    this.schedule();
  }

  put(p: Person, me: boolean): void {
    this.parts.crowd.put(p, me);
  }

  drop(slot: number): void {
    this.parts.crowd.drop(slot);
  }

  move(slot: number, x: number, z: number, yaw: number, _flags: number): void {
    this.parts.crowd.move(slot, x, z, yaw);
  }

  seat(slot: number, seat: number, x: number, z: number, yaw: number): void {
    this.parts.crowd.seat(slot, seat, x, z, yaw);
    this.parts.marks.hover(null);
  }

  emote(slot: number, name: string): void {
    this.parts.crowd.emote(slot, name);
  }

  mood(slot: number, name: string): void {
    this.parts.crowd.mood(slot, name);
  }

  say(slot: number, text: string): void {
    this.parts.crowd.say(slot, text);
  }

  typing(slot: number, on: boolean): void {
    this.parts.crowd.typing(slot, on);
  }

  away(slot: number, on: boolean): void {
    this.parts.crowd.away(slot, on);
  }

  look(slot: number, avatar: string, colours: number[], look?: string): void {
    this.parts.crowd.look(slot, avatar, colours, look);
  }

  async portrait(look: string): Promise<Blob | null> {
    const { crowd, studio } = this.parts;
    if (this.closed || this.lost || !crowd.wearing(look)) return null;
    return await studio.draw(look, this.governor.level);
  }

  quality(q: Quality): void {
    this.governor.choose(q, this.furnished.start);
    this.refit();
  }

  labels(on: boolean): void {
    this.parts.labels.shown = on;
  }

  target(x: number, z: number): void {
    this.parts.marks.target(x, z);
  }

  heading(): number {
    return this.orbit.heading;
  }

  turn(azimuth: number, polar: number): void {
    this.orbit.turn(azimuth, polar);
  }

  zoom(factor: number): void {
    this.orbit.zoom(factor);
  }

  pause(): void {
    this.paused = true;
    this.schedule();
  }

  resume(): void {
    this.paused = false;
    this.manual = false;
    this.schedule();
  }

  async frame(n: number): Promise<void> {
    this.manual = true;
    this.schedule();
    // A step says which bodies are wanted; the small ones come before the full ones.
    for (this.advance(0); this.parts.crowd.coming.length > 0; this.advance(0)) {
      await Promise.all(this.parts.crowd.coming);
    }
    for (let i = 0; i < n && !this.closed && !this.lost; i++) {
      await new Promise(requestAnimationFrame);
      this.draw(TEST_DT_S);
    }
    await this.stood;
  }

  stats(): ReturnType<World["stats"]> {
    const { render, memory } = this.parts.stage.renderer.info;
    return {
      calls: render.calls,
      triangles: render.triangles,
      geometries: memory.geometries,
      textures: memory.textures,
      pictured: this.parts.crowd.pictured,
      level: this.governor.level,
    };
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    cancelAnimationFrame(this.timer);
    clearTimeout(this.rescue);
    clearTimeout(this.later);
    this.unlisten.forEach((f) => f());
    this.parts.crowd.dispose();
    this.parts.studio.dispose();
    this.parts.labels.dispose();
    this.furnished.dispose();
  }

  private get running(): boolean {
    return !this.closed && !this.paused && !this.manual && !this.lost && !document.hidden;
  }

  private schedule(): void {
    cancelAnimationFrame(this.timer);
    this.last_ms = 0;
    this.governor.restart();
    if (!this.running) return;
    // Who walked while nobody looked is shown where they are now.
    if (!this.first) this.advance(CATCH_UP_S);
    this.timer = requestAnimationFrame((now) => this.loop(now));
  }

  private loop(now_ms: number): void {
    if (!this.running) return;
    this.timer = requestAnimationFrame((next) => this.loop(next));
    if (!this.first && !this.standing) return;
    if (now_ms - this.drawn_ms < FRAME_MS[this.governor.level] - EARLY_MS) return;
    const interval = this.last_ms ? now_ms - this.last_ms : FRAME_MS[this.governor.level];
    this.last_ms = this.drawn_ms = now_ms;
    const before = performance.now();
    // A new size empties the picture: only right before it is drawn.
    if (this.stale) this.fit();
    this.draw(Math.min(interval / 1000, DT_MAX_S));
    this.stale = this.governor.frame(interval, performance.now() - before);
  }

  private draw(dt_s: number): void {
    const { stage, crowd, labels } = this.parts;
    this.advance(dt_s);
    stage.renderer.info.reset();
    crowd.picture(this.governor.level, this.orbit.camera);
    stage.render(this.orbit);
    labels.layout(crowd.anchors(this.orbit.camera, this.width, this.height), dt_s, this.width);
    if (!this.first) return;
    this.first = false;
    this.stood = this.stand();
  }

  /** The first picture is there when the graphics have done it: until then no other is asked of them. */
  private async stand(): Promise<void> {
    const { stage, crowd } = this.parts;
    await stage.caughtUp();
    this.standing = true;
    if (this.closed) return;
    this.later = window.setTimeout(() => void crowd.moves().catch(() => undefined), MOVES_AFTER_MS);
    this.opts.progress?.(1);
    this.ev.ready();
  }

  private advance(dt_s: number): void {
    const { crowd, marks } = this.parts;
    const me = crowd.me;
    if (me) this.orbit.follow(me.glide.x, 0, me.glide.z);
    this.orbit.step(dt_s);
    crowd.step(dt_s, this.governor.level, this.orbit.camera);
    marks.step(dt_s);
  }

  private resize(): void {
    const width = Math.max(1, this.host.clientWidth);
    const height = Math.max(1, this.host.clientHeight);
    if (width === this.width && height === this.height) return;
    [this.width, this.height] = [width, height];
    this.orbit.resize(this.width, this.height);
    this.parts.labels.resized = true;
    this.refit();
  }

  /** The clock may be standing, so the emptied picture is drawn at once. */
  private refit(): void {
    this.fit();
    if (!this.first && !this.lost) this.draw(0);
  }

  private fit(): void {
    const { level, scale } = this.governor;
    this.parts.stage.fit(level, this.width, this.height, scale);
    this.parts.crowd.repaint();
  }

  private aim(x: number, y: number): Raycaster {
    const at = new Vector2((x / this.width) * 2 - 1, 1 - (y / this.height) * 2);
    this.ray.setFromCamera(at, this.orbit.camera);
    return this.ray;
  }

  private tap(x: number, y: number, twice: boolean): void {
    const { crowd, labels, marks, stage } = this.parts;
    const named = labels.shown ? crowd.named(x, y) : null;
    if (named !== null) return this.ev.person(named);
    const ray = this.aim(x, y);
    const person = crowd.hit(ray);
    const seat = this.seatAt(ray);
    if (person && (!seat || person.distance < seat.distance)) {
      this.ev.person(person.slot);
    } else if (seat) {
      marks.target(seat.seat.stand[0], seat.seat.stand[1]);
      this.ev.sit(seat.seat.n);
    } else {
      const point = stage.hit(ray);
      if (!point) return;
      marks.target(point.x, point.z);
      this.ev.walkTo(point.x, point.z, twice);
    }
  }

  private hover(x: number, y: number): void {
    const ray = this.aim(x, y);
    const { crowd, labels } = this.parts;
    const person = (labels.shown && crowd.named(x, y) !== null) || crowd.hit(ray) !== null;
    const seat = person ? null : this.seatAt(ray);
    this.parts.marks.hover(seat?.seat ?? null);
    this.canvas.style.cursor = person || seat ? "pointer" : "";
  }

  private seatAt(ray: Raycaster): { seat: Seat; distance: number } | null {
    let best: { seat: Seat; distance: number } | null = null;
    const centre = this.ray.ray.origin.clone();
    const reach = SEAT_REACH_M * SEAT_REACH_M;
    for (const seat of this.scene.seats) {
      centre.set(seat.x, seat.y + 0.12, seat.z);
      if (ray.ray.distanceSqToPoint(centre) > reach || !this.parts.crowd.free(seat)) continue;
      const distance = ray.ray.origin.distanceTo(centre);
      if (!best || distance < best.distance) best = { seat, distance };
    }
    return best;
  }

  private contextLost(e: Event): void {
    e.preventDefault();
    if (this.closed) return;
    this.lost = true;
    this.schedule();
    this.rescue = window.setTimeout(() => this.ev.lost(), RESTORE_MS);
  }

  private contextBack(): void {
    clearTimeout(this.rescue);
    this.lost = false;
    this.parts.crowd.lost();
    this.parts.stage.refresh();
    this.refit();
    this.schedule();
  }
}
