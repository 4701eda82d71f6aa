// Where registering ends: somebody drawn by chance, whom one may be, or be another.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import dices from "lucide-static/icons/dices.svg";
import { Page } from "../../kit/page.tsx";
import { Button, Loading } from "../../kit/parts.tsx";
import { Portrait } from "../../kit/portrait.tsx";
import { complain } from "../../kit/toast.tsx";
import { askAhead, Refused } from "../../lib/api.ts";
import { bound, takeNew, wanted } from "../../lib/ahead.ts";
import { go } from "../../lib/router.ts";
import { me, site } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import type { Catalogue } from "../../looks/catalogue.ts";
import type { Recipe } from "../../looks/recipe.ts";
import { firstComes, sparing, useWayIn } from "../../room/way_in.ts";
import { seeded, somebody } from "./chance.ts";
import { inOrder, isSame } from "./edit.ts";
import { Faces } from "./faces.tsx";
import { LookPreview, Words } from "./preview.tsx";
import { ownLook, type Shown, wearLook } from "./send_look.ts";
import { tell } from "./tell.ts";
import { load } from "./use_editor.ts";

interface Begun {
  catalogue: Catalogue;
  may: (id: string) => boolean;
  /** Who is shown at first, and worn. */
  first: Recipe;
}

/** Of two who change it at once the later is who pressed here: nothing of before is worth keeping. */
async function wearNow(from: string | undefined, recipe: Recipe): Promise<Shown> {
  try {
    return await wearLook(from, recipe);
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "looks.changed") throw error;
    return await wearLook((await ownLook()).id, recipe);
  }
}

/** A face needs no 3D, and is there seconds before the body on a slow line. */
function Meanwhile() {
  const { look, avatar_name: name = "" } = me.value ?? {};
  return look ? <Portrait look={look} avatar="" name={name} size="meanwhile" /> : null;
}

/** As many as one looks through. */
const FACES_FIRST = 20;

export function FirstLook() {
  const [begun, setBegun] = useState<Begun | null>(null);
  const [recipe, show] = useState<Recipe | null>(null);
  /* Who presses on at once means what they chose, drawn or not yet. */
  const chosen = useRef<Recipe | null>(null);
  const setRecipe = (one: Recipe) => {
    chosen.current = one;
    show(one);
  };
  const [busy, setBusy] = useState<"be" | "later" | null>(null);
  const [drawn, setDrawn] = useState(() => !sparing());
  /** All is there, or did not come. */
  const ready = useRef<Promise<unknown>>(Promise.resolve());
  /** What is worn, as soon as it is known. */
  const worn = useRef<Promise<Shown> | null>(null);
  /** The picture stands, or there is none to wait for. */
  const [stands, setStands] = useState(!drawn);
  const settle = useRef<() => void>(() => undefined);
  useLayoutEffect(() => {
    firstComes(new Promise<void>((done) => (settle.current = done)));
    return () => settle.current();
  }, []);
  useEffect(() => void (stands && settle.current()), [stands]);
  useWayIn(true, site.value?.scene ?? null, () => "");
  useEffect(() => {
    let gone = false;
    const isNew = takeNew();
    const start = async () => {
      const [{ catalogue, owned }, own] = await load();
      const may = (id: string) => owned.has(id);
      const first = isNew
        ? somebody(catalogue, may, seeded(own.id ?? ""))
        : inOrder(own.recipe, catalogue);
      /* Whoever goes on, or away, is who they saw here first, and not one of eleven. */
      worn.current = isNew ? wearNow(own.id, first).catch(() => own) : Promise.resolve(own);
      if (gone) return;
      setBegun({ catalogue, may, first });
      setRecipe(first);
    };
    ready.current = start().catch((error: unknown) => {
      if (!gone) console.warn("look", error);
    });
    return () => void (gone = true);
  }, []);
  const on = () => {
    if (wanted() === "/rooms") askAhead("/api/rooms");
    go(wanted(), true);
  };
  const be = async (then: () => void) => {
    if (busy) return;
    setBusy("be");
    try {
      const before = await worn.current;
      const is = chosen.current;
      if (begun && is && before && !isSame(inOrder(before.recipe, begun.catalogue), is))
        await wearNow(before.id, is);
      then();
    } catch (error) {
      complain(error);
      setBusy(null);
    }
  };
  /* Nobody comes into a room as one person and turns into another before everybody's eyes. */
  const later = async () => {
    if (busy) return;
    setBusy("later");
    await ready.current;
    await worn.current;
    on();
  };
  return (
    <Page wide title={t("first_look.title")} lead={t("first_look.lead")}>
      <div class="look-editor">
        <div class="look-side">
          {!begun || !recipe ? (
            <div class="look-view coming" />
          ) : drawn ? (
            <LookPreview
              recipe={recipe}
              words={tell(recipe, begun.catalogue)}
              face={false}
              meanwhile={recipe === begun.first && <Meanwhile />}
              settled={() => setStands(true)}
            />
          ) : (
            <div class="look-view in-words stack look-words">
              <Words words={tell(recipe, begun.catalogue)} />
              <Button kind="line" icon="eye" onClick={() => setDrawn(true)}>
                {t("first_look.show")}
              </Button>
            </div>
          )}
        </div>
        <div class="stack look-controls">
          {begun && recipe ? (
            <>
              <div class="row">
                <Button
                  kind="line"
                  icon={dices}
                  onClick={() => setRecipe(somebody(begun.catalogue, begun.may, Math.random))}
                >
                  {t("first_look.draw")}
                </Button>
              </div>
              <Faces
                legend={t("first_look.faces")}
                most={FACES_FIRST}
                shown={stands}
                catalogue={begun.catalogue}
                may={begun.may}
                recipe={recipe}
                choose={setRecipe}
              />
            </>
          ) : (
            <Loading height="6rem" />
          )}
          <p>
            <a
              href={bound("/avatar")}
              onClick={(event) => {
                event.preventDefault();
                void be(() => go(bound("/avatar")));
              }}
            >
              {t("first_look.more")}
            </a>
          </p>
        </div>
        <div class="first-look-end">
          <Button kind="main" icon="check" busy={busy === "be"} onClick={() => void be(on)}>
            {t("first_look.be")}
          </Button>
          <Button kind="line" busy={busy === "later"} onClick={() => void later()}>
            {t("first_look.later")}
          </Button>
        </div>
      </div>
    </Page>
  );
}
