// One's own look as a file for elsewhere: assembled by a worker of its own, painted, written. Loaded when asked for.
import { assetUrl } from "../../lib/assets.ts";
import { t } from "../../lib/text.ts";
import type { Catalogue } from "../../looks/catalogue.ts";
import { leaving } from "../../looks/export/leaving.ts";
import { NoGraphics, paint } from "../../looks/export/paint.ts";
import { lay, vrmOf } from "../../looks/export/vrm.ts";
import { Looks, type Port } from "../../looks/looks.ts";
import type { Recipe } from "../../looks/recipe.ts";
import { covered, inOrder } from "./edit.ts";
import { aboutOf } from "./take_about.ts";
import { itemName } from "./tell.ts";

export type Stage = "shape" | "paint" | "write";
/** Why there is no file. */
export type NoFile = "graphics" | "licence" | "parts";

export interface Taken {
  bytes: Uint8Array;
  /** Names of what had to stay here. */
  left: string[];
  /** Their wheelchair, too. */
  seated: boolean;
}

/** `told`: how far it is. Throws {why: NoFile}. */
export async function takeAlong(
  recipe: Recipe,
  catalogue: Catalogue,
  told: (stage: Stage) => void,
): Promise<Taken> {
  const going = leaving(recipe, catalogue);
  if (!going) throw Object.assign(new Error("looks: the body stays"), { why: "licence" });
  told("shape");
  const looks = new Looks(new Worker(assetUrl("looks.js")) as unknown as Port, {
    catalogue: assetUrl("looks/catalogue.json"),
    parts: "/a/looks-",
  });
  try {
    const held = await looks.hold(inOrder(covered(going.recipe, catalogue), catalogue), 0);
    const laid = lay(held.look);
    told("paint");
    const picture = await paint(laid, held.marks);
    told("write");
    const left = going.left.map(itemName);
    if (going.plain) left.push(t("look.pattern"));
    const bytes = vrmOf(laid, held, picture, aboutOf(going, catalogue));
    return { bytes, left, seated: going.seated };
  } catch (error) {
    const why: NoFile = error instanceof NoGraphics ? "graphics" : "parts";
    throw Object.assign(new Error("looks: no file", { cause: error }), { why });
  } finally {
    looks.close();
  }
}
