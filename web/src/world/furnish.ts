// The room without anybody in it, and how it may be furnished before somebody comes.
import type { WebGLRenderer } from "three";
import { guess, isSmooth, levelOf } from "./canvas";
import type { Clips } from "./clips";
import { Marks } from "./marks";
import { type AskRecipe, Bodies } from "./bodies";
import { freeSkeletons, Models, type Body } from "./models";
import { Orbit } from "./orbit";
import type { Level, Quality } from "./quality";
import type { SceneData } from "./scene";
import { freeRenderer, makeRenderer, Stage } from "./stage";
import { samples } from "./surfaces";

/** Graphics before there is a room, and a room that was furnished before anybody stood in it. */
let spare: { renderer: WebGLRenderer; smooth: boolean } | null = null;
let ahead: Furnished | null = null;
/** The room that somebody is in. */
let entered: Furnished | null = null;

/** Has the graphics ready for the room that will be chosen. `dismiss` when none is, after all. */
export function warm(quality: Quality): void {
  if (spare || ahead || entered) return;
  const smooth = isSmooth(quality);
  spare = { renderer: makeRenderer(smooth), smooth };
}

function takeRenderer(smooth: boolean): WebGLRenderer {
  const had = spare;
  spare = null;
  if (had?.smooth === smooth && !had.renderer.getContext().isContextLost()) return had.renderer;
  if (had) freeRenderer(had.renderer);
  return makeRenderer(smooth);
}

/** What somebody looks like who is on the way in; null: as the ready avatar that they choose. */
export interface Own {
  look: string;
  ask: AskRecipe;
}
interface Comer {
  avatar: () => string;
  own: () => Own | null;
}

/**
 * Furnishes a room that is about to be entered, and has the small body of who will stand in it; one
 * room at a time. `dismiss` when nobody comes, after all.
 */
export async function prepare(
  scene: SceneData,
  quality: Quality,
  avatar: () => string,
  own: () => Own | null = () => null,
): Promise<void> {
  if (entered) return;
  const room = (ahead = furnished(scene, quality, { avatar, own }));
  try {
    await room.done;
  } catch (failure) {
    if (ahead === room) dismiss();
    throw failure;
  }
}

export function dismiss(): void {
  if (spare) freeRenderer(spare.renderer);
  ahead?.dispose();
  spare = ahead = null;
}

/** Is this scene being furnished already? */
export const isAhead = (scene: string): boolean => ahead?.scene.id === scene;

/** The room to enter. */
export function enter(scene: SceneData, quality: Quality): Furnished {
  entered = furnished(scene, quality);
  entered.awaited = true;
  return entered;
}

/** The one that was furnished ahead, when it is this one. */
function furnished(scene: SceneData, quality: Quality, comer?: Comer): Furnished {
  const had = ahead;
  ahead = null;
  if (had?.fits(scene, quality)) return had;
  had?.dispose();
  return new Furnished(scene, quality, comer);
}

/** The graphics and the empty room, on their way or there. */
export class Furnished {
  readonly start = guess();
  readonly models: Models;
  readonly bodies = new Bodies();
  readonly marks = new Marks(true);
  readonly stage: Stage;
  readonly done: Promise<Clips>;
  progress: (part: number) => void = () => {};
  /** Somebody stands before it: the next picture is theirs, and none is drawn only to learn. */
  awaited = false;
  private readonly level: Level;
  private gone = false;

  constructor(
    readonly scene: SceneData,
    quality: Quality,
    comer?: Comer,
  ) {
    this.level = levelOf(quality);
    this.models = new Models((name, part) => {
      if (name.startsWith("scenes/")) this.progress(part * 0.8);
    });
    this.stage = new Stage(takeRenderer(this.level !== "low"), scene);
    this.stage.scene.add(this.marks.root);
    this.done = this.furnish(comer);
  }

  fits(scene: SceneData, quality: Quality): boolean {
    const { renderer } = this.stage;
    const there = !renderer.getContext().isContextLost();
    return there && scene.id === this.scene.id && levelOf(quality) === this.level;
  }

  dispose(): void {
    this.gone = true;
    if (entered === this) entered = null;
    this.marks.dispose();
    this.models.dispose();
    this.bodies.close();
    this.stage.dispose();
    this.stage.renderer.domElement.remove();
  }

  /** The room stands, and so will the small body of who comes. */
  private async furnish(comer?: Comer): Promise<Clips> {
    const { models, stage, scene, level } = this;
    const orbit = new Orbit(scene, true);
    const coming = Promise.all([models.clips(), models.scene(scene.id)]);
    this.bodies.begin();
    const comes = comer ? this.bodyOf(comer).catch(() => null) : null;
    stage.be(level);
    await stage.learn(samples(level === "low"), orbit);
    const [clips, room] = await coming;
    const body = await comes;
    if (this.gone) throw new Error("closed");
    this.progress(0.9);
    stage.furnish(room);
    if (body) stage.dress(body.root, false, body.paint);
    if (!this.awaited) await this.draw(orbit, body);
    body?.release();
    return clips;
  }

  private bodyOf({ avatar, own }: Comer): Promise<Body> {
    const mine = own();
    if (mine) this.bodies.ask = mine.ask;
    return this.bodies.body({ avatar: avatar(), look: mine?.look }, 1);
  }

  /** A picture that nobody sees: much is made only when it is first drawn. */
  private async draw(orbit: Orbit, body: Body | null): Promise<void> {
    const { marks, stage } = this;
    if (body) stage.scene.add(body.root);
    marks.show(true);
    stage.render(orbit);
    marks.show(false);
    if (body) stage.scene.remove(body.root);
    await stage.caughtUp();
    if (body) freeSkeletons(body.root);
    if (this.gone) throw new Error("closed");
  }
}
