// The room without anybody in it, and how it may be furnished before somebody comes.
import type { WebGLRenderer } from "three";
import { guess, isSmooth, levelOf } from "./canvas";
import type { Clips } from "./clips";
import { Models, type AvatarInfo } from "./models";
import { Orbit } from "./orbit";
import type { Level, Quality } from "./quality";
import type { SceneData } from "./scene";
import { freeRenderer, makeRenderer, Stage } from "./stage";

/** Graphics before there is a room, and a room that was furnished before anybody stood in it. */
let spare: { renderer: WebGLRenderer; smooth: boolean } | null = null;
let ahead: Furnished | null = null;

/** Has the graphics ready for the room that will be chosen. `dismiss` when none is, after all. */
export function warm(quality: Quality): void {
  if (spare || ahead) return;
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

/**
 * Furnishes a room that is about to be entered, and has the small body of who will stand in it; one
 * room at a time. `dismiss` when nobody comes, after all.
 */
export async function prepare(scene: SceneData, quality: Quality, avatar: () => string): Promise<void> {
  const room = (ahead = furnished(scene, quality));
  try {
    await room.await(avatar);
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

/** The room to enter: the one that was furnished ahead, when it is this one. */
export function furnished(scene: SceneData, quality: Quality): Furnished {
  const had = ahead;
  ahead = null;
  if (had?.fits(scene, quality)) return had;
  had?.dispose();
  return new Furnished(scene, quality);
}

/** The graphics and the empty room, on their way or there. */
export class Furnished {
  readonly start = guess();
  readonly models: Models;
  readonly stage: Stage;
  readonly done: Promise<{ clips: Clips; avatars: AvatarInfo[] }>;
  progress: (part: number) => void = () => {};
  private readonly level: Level;
  private gone = false;

  constructor(readonly scene: SceneData, quality: Quality) {
    this.level = levelOf(quality);
    this.models = new Models((name, part) => {
      if (name.startsWith("scenes/")) this.progress(part * 0.8);
    });
    this.stage = new Stage(takeRenderer(this.level !== "low"), scene);
    this.done = this.furnish();
  }

  fits(scene: SceneData, quality: Quality): boolean {
    const { renderer } = this.stage;
    const there = !renderer.getContext().isContextLost();
    return there && scene.id === this.scene.id && levelOf(quality) === this.level;
  }

  dispose(): void {
    this.gone = true;
    this.models.dispose();
    this.stage.dispose();
    this.stage.renderer.domElement.remove();
  }

  /** The room stands, and so will somebody's small body. */
  async await(avatar: () => string): Promise<void> {
    const { models, stage } = this;
    // Read while the room itself is on its way, or the graphics are busy with it.
    const avatars = await models.avatars();
    const coming = models.body(avatars.find((one) => one.id === avatar()) ?? avatars[0]!, [], false);
    coming.catch(() => undefined);
    await this.done;
    const body = await coming;
    if (this.gone) return;
    stage.dress(body.root, false);
    await stage.learn(body.root, new Orbit(this.scene, true));
    body.release();
  }

  private async furnish(): Promise<{ clips: Clips; avatars: AvatarInfo[] }> {
    const { models, stage, scene, level } = this;
    const [clips, avatars, room] = await Promise.all([
      models.clips(), models.avatars(), models.scene(scene.id),
    ]);
    if (this.gone) throw new Error("closed");
    this.progress(0.9);
    stage.furnish(room);
    stage.fit(level, 1, 1, 1);
    const orbit = new Orbit(scene, true);
    await stage.learn(stage.scene, orbit);
    if (this.gone) throw new Error("closed");
    // A picture that nobody sees: much is made only when it is first drawn.
    stage.render(orbit);
    await stage.caughtUp();
    return { clips, avatars };
  }
}
