import { useId, useMemo } from "preact/hooks";
import type { Catalogue } from "../../looks/catalogue.ts";
import type { Recipe } from "../../looks/recipe.ts";
import { faces } from "./chance.ts";
import { covered, isSame } from "./edit.ts";
import { Picture, useSheets } from "./pictures.tsx";
import { tell } from "./tell.ts";

/** People one may begin with, by their faces; the last `most` of them. */
export function Faces({
  legend,
  titled,
  hint,
  most,
  shown = true,
  catalogue,
  may,
  recipe,
  choose,
}: {
  legend: string;
  /** The legend stands above already. */
  titled?: boolean;
  hint?: string;
  most?: number;
  /** Their pictures, too: not before what matters more is there. */
  shown?: boolean;
  catalogue: Catalogue;
  may: (id: string) => boolean;
  recipe: Recipe;
  choose: (recipe: Recipe) => void;
}) {
  const name = useId();
  const sheets = useSheets();
  const list = useMemo(
    () =>
      faces(catalogue, may)
        .slice(-(most ?? 0))
        .map(({ id, recipe: of }) => ({
          id,
          is: covered(of, catalogue),
          words: tell(of, catalogue).join(", "),
        })),
    [catalogue],
  );
  return (
    <fieldset>
      <legend class={titled ? "unseen" : undefined}>{legend}</legend>
      {hint && <p class="hint">{hint}</p>}
      <div class="look-grid">
        {list.map(({ id, is, words }) => (
          <label key={id} class="pick-card look-card">
            <input
              type="radio"
              name={name}
              class="unseen-input"
              checked={isSame(recipe, is)}
              onChange={() => choose(is)}
            />
            <Picture of={shown ? sheets : null} sheet="faces" id={id} />
            <span class="look-name">{id}</span>
            <span class="unseen">{words}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
