// The look that is being made: what it was, what it is, and how it is put on.
import { useEffect, useRef, useState } from "preact/hooks";
import { complain, toast } from "../../kit/toast.tsx";
import { Refused, send } from "../../lib/api.ts";
import { assetJson } from "../../lib/assets.ts";
import { t } from "../../lib/text.ts";
import { onMissed, onTold } from "../../live/channel.ts";
import { type Catalogue, type CatalogueFile, readCatalogue } from "../../looks/catalogue.ts";
import type { Recipe } from "../../looks/recipe.ts";
import { begin, type History, inOrder, isSame, redo, rest, step, undo } from "./edit.ts";
import { ownLook, type Shown, wearLook } from "./send_look.ts";
import { padded } from "./sent.ts";

export interface Editor {
  catalogue: Catalogue;
  recipe: Recipe;
  /** What is worn at present. */
  worn: Recipe;
  changed: boolean;
  /** It fits into what can be kept. */
  fits: boolean;
  canUndo: boolean;
  canRedo: boolean;
  busy: boolean;
  /** Another window's, when it changed the look meanwhile. */
  theirs: Shown | null;
  /** May this be worn? */
  owns: (id: string) => boolean;
  change: (recipe: Recipe, about?: string) => void;
  /** The slider was let go: what comes now is another step. */
  rest: () => void;
  undo: () => void;
  redo: () => void;
  wear: () => Promise<void>;
  takeTheirs: () => void;
  wearMine: () => Promise<void>;
  /** Something is worn by another way, an outfit, say. */
  isWorn: (shown: Shown) => void;
}

interface Loaded {
  catalogue: Catalogue;
  owned: Set<string>;
}

async function load(): Promise<[Loaded, Shown]> {
  const [file, wardrobe, own] = await Promise.all([
    assetJson<CatalogueFile>("looks/catalogue.json"),
    send("GET /api/wardrobe", {}),
    ownLook(),
  ]);
  const owned = new Set(wardrobe.items.map(({ id }) => id));
  return [{ catalogue: readCatalogue(file), owned }, own];
}

export interface Opened {
  editor: Editor | null;
  failed: boolean;
  again: () => void;
}

export function useEditor(): Opened {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failed, setFailed] = useState(false);
  const [round, setRound] = useState(0);
  const [shown, setShown] = useState<Shown | null>(null);
  const [history, setHistory] = useState<History | null>(null);
  const [theirs, setTheirs] = useState<Shown | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    let gone = false;
    setFailed(false);
    load().then(
      ([all, own]) => {
        if (gone) return;
        setLoaded(all);
        setShown(own);
        setHistory(begin(inOrder(own.recipe, all.catalogue)));
      },
      () => !gone && setFailed(true),
    );
    return () => void (gone = true);
  }, [round]);
  /* Another window wears another look: who has changed nothing here sees it, all others are asked when
     they wear theirs. */
  const follow = useRef<() => void>(() => undefined);
  useEffect(() => {
    const run = () => follow.current();
    const ends = [onTold("looks", run), onMissed(run)];
    return () => ends.forEach((end) => end());
  }, []);
  const again = () => setRound((n) => n + 1);
  if (!loaded || !shown || !history) return { editor: null, failed, again };

  const { catalogue, owned } = loaded;
  const recipe = history.now;
  const worn = inOrder(shown.recipe, catalogue);
  const to = (change: (old: History) => History) => setHistory((old) => old && change(old));
  const isWorn = (now: Shown) => {
    setShown(now);
    setTheirs(null);
    to((old) => step(old, inOrder(now.recipe, catalogue)));
  };
  const untouched = isSame(recipe, worn) && !busy;
  follow.current = () => {
    if (!untouched) return;
    ownLook().then(
      (now) => now.id !== shown.id && isWorn(now),
      () => undefined,
    );
  };
  const put = async (from: string | undefined) => {
    if (busy) return;
    setBusy(true);
    const before = shown;
    try {
      isWorn(await wearLook(from, recipe));
      toast(t("look.saved"), () => {
        ownLook()
          .then((now) => wearLook(now.id, before.recipe))
          .then(isWorn)
          .catch(complain);
      });
    } catch (error) {
      if (error instanceof Refused && error.code === "looks.changed") setTheirs(await ownLook());
      else complain(error);
    } finally {
      setBusy(false);
    }
  };
  const editor: Editor = {
    catalogue,
    recipe,
    worn,
    changed: !isSame(recipe, worn),
    fits: padded(recipe) !== null,
    canUndo: history.past.length > 0,
    canRedo: history.next.length > 0,
    busy,
    theirs,
    owns: (id) => owned.has(id),
    change: (next, about) => to((old) => step(old, next, about ?? null)),
    rest: () => to(rest),
    undo: () => to(undo),
    redo: () => to(redo),
    wear: () => put(shown.id),
    takeTheirs: () => theirs && isWorn(theirs),
    wearMine: () => put(theirs?.id),
    isWorn,
  };
  return { editor, failed, again };
}
