// The look that is being made: what it was, what it is, and how it is put on.
import { useEffect, useRef, useState } from "preact/hooks";
import { complain, toast } from "../../kit/toast.tsx";
import { Refused, send } from "../../lib/api.ts";
import { assetJson } from "../../lib/assets.ts";
import { me } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { onMissed, onTold } from "../../live/channel.ts";
import { type Catalogue, type CatalogueFile, readCatalogue } from "../../looks/catalogue.ts";
import type { Recipe } from "../../looks/recipe.ts";
import { begin, type History, inOrder, isSame, redo, rest, step, undo } from "./edit.ts";
import { ownLook, type Shown, wearLook } from "./send_look.ts";
import { padded } from "./sent.ts";
import { keepUnworn, unworn, type Unworn } from "./look_draft.ts";

export interface Editor {
  catalogue: Catalogue;
  recipe: Recipe;
  /** What is worn at present. */
  worn: Recipe;
  changed: boolean;
  /** No slider is being pulled. */
  rests: boolean;
  /** Changes of another visit are back, which were not worn. */
  restored: boolean;
  /** What is worn, instead of what was changed. */
  drop: () => void;
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

/** What there is, and what is worn. */
export async function load(): Promise<[Loaded, Shown]> {
  const [file, wardrobe, own] = await Promise.all([
    assetJson<CatalogueFile>("looks/catalogue.json"),
    send("GET /api/wardrobe", {}),
    ownLook(),
  ]);
  const owned = new Set(wardrobe.items.map(({ id }) => id));
  return [{ catalogue: readCatalogue(file), owned }, own];
}

/* Not at each step of a slider: the browser writes it to the disk. */
const KEEP_MS = 300;

/** Keeps what is not worn; who goes away with it is told so. */
function useUnworn(account: string, is: Unworn | null): void {
  const kept = useRef(false);
  const write = useRef<() => void>(() => undefined);
  useEffect(() => {
    /* Nothing was changed here: what is kept may be another window's. */
    if (!is && !kept.current) return;
    kept.current = is !== null;
    const now = () => {
      write.current = () => undefined;
      /* Who signs out leaves nothing. */
      if (me.peek()) keepUnworn(account, is);
    };
    write.current = now;
    if (!is) return now();
    const timer = setTimeout(() => write.current(), KEEP_MS);
    return () => clearTimeout(timer);
  }, [is?.recipe, is?.from]);
  useEffect(() => {
    const end = () => write.current();
    addEventListener("pagehide", end);
    return () => {
      removeEventListener("pagehide", end);
      end();
      if (kept.current && me.peek()) toast(t("look.kept"));
    };
  }, []);
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
  /** What of another visit the changes were begun from. */
  const [begun, setBegun] = useState<Unworn | null>(null);
  const account = me.value!.id;
  useEffect(() => {
    let gone = false;
    setFailed(false);
    load().then(
      ([all, own]) => {
        if (gone) return;
        setLoaded(all);
        setShown(own);
        const is = begin(inOrder(own.recipe, all.catalogue));
        const kept = unworn(account, all.catalogue, (id) => all.owned.has(id));
        const goesOn = kept !== null && !isSame(kept.recipe, is.now);
        setBegun(goesOn ? kept : null);
        setHistory(goesOn ? step(is, kept.recipe) : is);
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
  useUnworn(
    account,
    loaded && shown && history && !isSame(history.now, inOrder(shown.recipe, loaded.catalogue))
      ? { ...(begun ? { from: begun.from } : { from: shown.id }), recipe: history.now }
      : null,
  );
  if (!loaded || !shown || !history) return { editor: null, failed, again };

  const { catalogue, owned } = loaded;
  const recipe = history.now;
  const worn = inOrder(shown.recipe, catalogue);
  const to = (change: (old: History) => History) => setHistory((old) => old && change(old));
  const isWorn = (now: Shown) => {
    setShown(now);
    setTheirs(null);
    setBegun(null);
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
        if (me.peek()?.id !== account) return; /* it would dress whoever signed in since */
        ownLook()
          .then((now) => wearLook(now.id, before.recipe, before.words ?? ""))
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
    rests: history.about === null,
    restored: begun !== null && !isSame(recipe, worn),
    drop: () => isWorn(shown),
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
    wear: () => put(begun ? begun.from : shown.id),
    takeTheirs: () => theirs && isWorn(theirs),
    wearMine: () => put(theirs?.id),
    isWorn,
  };
  return { editor, failed, again };
}
