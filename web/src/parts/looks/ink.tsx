import { useId } from "preact/hooks";
import { Button } from "../../kit/parts.tsx";
import { t } from "../../lib/text.ts";
import { Colours } from "./colours.tsx";
import { setNumber } from "./edit.ts";
import type { Editor } from "./use_editor.ts";

/** Marks whose number is no share: a motif, or a colour. */
export const isInk = (id: string): boolean => /^(tattoo|nails)/.test(id);
const INK = "tattoo_ink";
const NAILS = "nails";

/** Tattoos by place and motif, in one ink; painted nails. */
export function Ink({ editor }: { editor: Editor }) {
  const { catalogue, recipe, change } = editor;
  const value = (id: string) => recipe.marks?.[id] ?? 0;
  const set = (id: string) => (to: number) => change(setNumber(recipe, "marks", id, to, catalogue));
  const places = catalogue.file.marks.filter(({ id }) => isInk(id) && id !== INK && id !== NAILS);
  if (places.length === 0) return null;
  const tattooed = places.some(({ id }) => value(id) > 0);
  return (
    <details class="look-group">
      <summary>{t("look.group_ink")}</summary>
      <div class="stack">
        {places.map(({ id, max }) => (
          <Motif key={id} id={id} max={max} value={value(id)} set={set(id)} />
        ))}
        {tattooed && (
          <Colours
            legend={t(`look_mark.${INK}`)}
            shades={catalogue.colours("ink")}
            chosen={value(INK)}
            choose={set(INK)}
          />
        )}
        <Colours
          legend={t(`look_mark.${NAILS}`)}
          shades={catalogue.colours("nails")}
          chosen={value(NAILS) - 1}
          choose={(colour) => set(NAILS)(colour + 1)}
        />
        {value(NAILS) > 0 && (
          <div class="row">
            <Button kind="line" icon="ban" onClick={() => set(NAILS)(0)}>
              {t("look.nails_off")}
            </Button>
          </div>
        )}
      </div>
    </details>
  );
}

function Motif({
  id,
  max,
  value,
  set,
}: {
  id: string;
  max: number;
  value: number;
  set: (motif: number) => void;
}) {
  const field = useId();
  return (
    <div class="look-motif">
      <label for={field}>{t(`look_mark.${id}`)}</label>
      <select
        id={field}
        class="input"
        value={value}
        onChange={(event) => set(Number(event.currentTarget.value))}
      >
        {Array.from({ length: max + 1 }, (_, motif) => (
          <option key={motif} value={motif}>
            {t(motif ? `look_motif.${motif}` : "look.nothing")}
          </option>
        ))}
      </select>
    </div>
  );
}
