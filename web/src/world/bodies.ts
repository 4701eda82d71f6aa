// Bodies for whoever is in a room, made from looks: each recipe is asked for once, each look assembled
// once in a detail, by one worker, and its memory goes back when nobody wears it any more.
import {
  CanvasTexture,
  FrontSide,
  LatheGeometry,
  Mesh,
  MeshLambertMaterial,
  type SkinnedMesh,
  Sphere,
  type Texture,
  Vector2,
  Vector3,
} from "three";
import { assetUrl } from "../lib/assets";
import type { Level as Detail } from "../looks/base";
import { type Held, Looks, NoLook, type Port } from "../looks/looks";
import { drawn, lookMaterial, type Shapes, shapesOf } from "../looks/material";
import { drawPatterns } from "../looks/patterns";
import type { Ready } from "../looks/ready";
import { HIPS_REF_M } from "./clips";
import type { Body, Expressions } from "./models";
import { AWAY_OPACITY } from "./looks";
import type { Level } from "./quality";
import { rigged } from "./rig";

/** What a person wears: a look by its id, or as long as there is none, a ready avatar. */
export interface Wearer {
  look?: string | undefined;
  avatar: string;
  /** Of the ready avatar, by its parts. */
  colours?: Ready["colours"];
}

/** The recipe of an id; null when there is no such look (any more). */
export type AskRecipe = (id: string) => Promise<unknown>;

export interface BodiesOptions {
  /** The worker; tests bring their own. */
  open?: () => Port & { onerror?: unknown };
  catalogue?: () => string;
  patterns?: () => Texture;
}

/** A room has 100 people at most; those who change their clothes all day leave nothing behind. */
const RECIPES_MAX = 128;
/** The build lays the parts there, by the names that the catalogue has. */
const PARTS = "/a/looks-";
const AROUND = new Sphere(new Vector3(0, 1, 0), 2);
/** Light from all around, which only the finest level has of its own and this material does not take. */
const FILL: Record<Level, number> = { low: 0, medium: 0, high: 0.8 };
const SHADE = "#8f86a3";
/** Half a silhouette, from the floor to the crown: metres from the middle, and up. */
const OUTLINE: [number, number][] = [
  [0.1, 0],
  [0.15, 0.4],
  [0.19, 0.85],
  [0.17, 1.05],
  [0.22, 1.35],
  [0.12, 1.42],
  [0.07, 1.46],
  [0.12, 1.55],
  [0.12, 1.66],
  [0.06, 1.74],
  [0, 1.75],
];

/** One look in one detail, for all who wear it. */
interface Mould {
  made: Promise<Made>;
  holders: number;
}

interface Made {
  held: Held;
  shapes: Shapes;
  materials: Map<string, MeshLambertMaterial>;
}

export class Bodies {
  /** Where recipes come from: told when somebody enters. */
  ask: AskRecipe = () => Promise.resolve(null);
  private looks: Looks | null = null;
  private readonly recipes = new Map<string, Promise<unknown>>();
  private readonly moulds = new Map<string, Mould>();
  private readonly fill = { value: 0 };
  private sheet: Texture | null = null;
  private shade: { geometry: LatheGeometry; material: MeshLambertMaterial } | null = null;
  private closed = false;

  constructor(private readonly options: BodiesOptions = {}) {}

  /** Has the worker fetch what all looks share. */
  begin(): void {
    this.worker();
  }

  /**
   * A body to show. Of a look that is gone it is the ready avatar's, of one that must not be drawn a
   * silhouette. Rejects when parts of it do not come: they may later.
   */
  async body({ look, avatar, colours = {} }: Wearer, detail: Detail): Promise<Body> {
    const recipe = look ? await this.recipe(look) : null;
    const ready: Ready = { ready: avatar, colours };
    const name = recipe === null ? JSON.stringify(ready) : look;
    try {
      return await this.cast(`${detail} ${name}`, recipe ?? ready, detail);
    } catch (failure) {
      if (this.closed || !(failure instanceof NoLook) || failure.why === "parts") throw failure;
      return this.silhouette();
    }
  }

  /** Draws or paints somebody who is not in the room: without the light that it has all around. */
  apart(run: () => void): void {
    const had = this.fill.value;
    this.fill.value = 0;
    run();
    this.fill.value = had;
  }

  /** Somebody is there, and that is all that is shown of them. */
  silhouette(): Body {
    this.shade ??= {
      geometry: new LatheGeometry(
        OUTLINE.map(([x, y]) => new Vector2(x, y)),
        14,
      ),
      material: new MeshLambertMaterial({ color: SHADE }),
    };
    const root = new Mesh(this.shade.geometry, this.shade.material);
    return {
      root,
      bones: new Map(),
      faces: [],
      hips_m: HIPS_REF_M,
      height_m: 1.75,
      full: false,
      release: () => undefined,
    };
  }

  /** For tests: how many looks are held, in whatever detail. */
  get held(): number {
    return this.moulds.size;
  }

  close(): void {
    this.closed = true;
    this.looks?.close();
    this.looks = null;
    for (const { made } of this.moulds.values()) made.then(free, () => undefined);
    this.moulds.clear();
    this.recipes.clear();
    this.sheet?.dispose();
    this.shade?.geometry.dispose();
    this.shade?.material.dispose();
  }

  private worker(): Looks {
    if (this.looks) return this.looks;
    const {
      open = () => new Worker(assetUrl("looks.js")) as unknown as Port & { onerror?: unknown },
      catalogue = () => assetUrl("looks/catalogue.json"),
    } = this.options;
    const port = open();
    const looks = new Looks(port, { catalogue: catalogue(), parts: PARTS });
    // One that could not be loaded never answers: the next who asks gets another.
    port.onerror = () => {
      if (this.looks === looks) this.looks = null;
      looks.close();
    };
    this.looks = looks;
    return looks;
  }

  /** What a look is made of, asked for once; null when there is none (any more). */
  recipe(id: string): Promise<unknown> {
    let known = this.recipes.get(id);
    if (!known) {
      known = this.ask(id);
      known.catch(() => this.recipes.delete(id));
    }
    // The one that was asked for longest ago goes first.
    this.recipes.delete(id);
    this.recipes.set(id, known);
    for (const old of this.recipes.keys()) {
      if (this.recipes.size <= RECIPES_MAX) break;
      this.recipes.delete(old);
    }
    return known;
  }

  private async cast(name: string, recipe: unknown, detail: Detail): Promise<Body> {
    let known = this.moulds.get(name);
    if (!known) this.moulds.set(name, (known = { made: this.make(recipe, detail), holders: 0 }));
    const mould = known;
    mould.holders++;
    let given = false;
    const release = (): void => {
      if (given) return;
      given = true;
      if (--mould.holders > 0 || this.moulds.get(name) !== mould) return;
      this.moulds.delete(name);
      mould.made.then(free, () => undefined);
    };
    try {
      const made = await mould.made;
      if (this.closed) throw new Error("closed");
      return this.bodyOf(made, detail, release);
    } catch (failure) {
      release();
      throw failure;
    }
  }

  private async make(recipe: unknown, detail: Detail): Promise<Made> {
    if (this.closed) throw new Error("closed");
    const held = await this.worker().hold(recipe, detail);
    return { held, shapes: shapesOf(held.look), materials: new Map() };
  }

  private bodyOf(made: Made, detail: Detail, release: () => void): Body {
    const { look, joints, parents } = made.held;
    const first = this.material(made, "low", false);
    const one = drawn(look, joints, parents, first, made.shapes);
    const meshes: SkinnedMesh[] = [];
    one.root.traverse((each) => {
      if (!(each as SkinnedMesh).isSkinnedMesh) return;
      const mesh = each as SkinnedMesh;
      mesh.userData["painted"] = true;
      // Who is drawn first is decided by it, and finding it out takes a walk over all points and bones.
      mesh.boundingSphere = AROUND;
      meshes.push(mesh);
    });
    const bend = rigged(meshes);
    const { shows } = one;
    return {
      root: one.root,
      bones: one.bones,
      faces: shows
        ? [{ influences: shows.weights, names: shows.names, expressions: lidsOf(shows.names) }]
        : [],
      hips_m: one.bones.get("hips")?.position.y || HIPS_REF_M,
      height_m: look.height,
      ...(look.chair === undefined ? {} : { chair_m: look.chair }),
      full: detail === 0,
      ...(detail < 2 ? { sway: one.sway } : {}),
      bend,
      paint: (level, away) => {
        this.fill.value = FILL[level];
        for (const mesh of meshes) mesh.material = this.material(made, level, away);
      },
      release,
    };
  }

  private material(
    { held, shapes, materials }: Made,
    level: Level,
    away: boolean,
  ): MeshLambertMaterial {
    const plain = level === "low";
    const name = `${plain} ${away}`;
    let known = materials.get(name);
    if (known) return known;
    const { marks } = held;
    const { moving } = shapes;
    const hang = hangOf(held);
    const patterns = this.patterns();
    known = lookMaterial({ patterns, plain, marks, hang, moving, fill: this.fill });
    if (away) {
      known.transparent = true;
      known.opacity = AWAY_OPACITY;
      known.side = FrontSide;
    }
    materials.set(name, known);
    return known;
  }

  private patterns(): Texture {
    if (this.sheet) return this.sheet;
    const { patterns = sheetOf } = this.options;
    return (this.sheet = patterns());
  }
}

function sheetOf(): Texture {
  const sheet = new CanvasTexture(drawPatterns());
  sheet.flipY = false;
  sheet.anisotropy = 4;
  return sheet;
}

/** Hair hangs down from the skull, a skirt from the hips. */
function hangOf({ look, joints }: Held): [number, number, number] {
  const height = (name: string): number => look.joints[joints.indexOf(name) * 3 + 1] ?? -1;
  return [height("head"), height("leftUpperLeg"), joints.length];
}

function free({ held, shapes, materials }: Made): void {
  held.release();
  shapes.dispose();
  for (const material of materials.values()) material.dispose();
}

/** Both lids make one blink. */
function lidsOf(names: Record<string, number>): Expressions {
  const binds = ["blink_left", "blink_right"].flatMap((name) => {
    const index = names[name];
    return index === undefined ? [] : [{ index, weight: 1 }];
  });
  return { blink: { morphTargetBinds: binds } };
}
