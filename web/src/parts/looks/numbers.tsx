import { useId } from "preact/hooks";
import { Button } from "../../kit/parts.tsx";
import { t } from "../../lib/text.ts";
import { inOrder, type Numbers, setNumber } from "./edit.ts";
import type { Editor } from "./use_editor.ts";

export interface Ruled {
  id: string;
  min: number;
  max: number;
  of: Numbers;
}

const wordOf = ({ of, id }: Ruled) => t(of === "marks" ? `look_mark.${id}` : `look_slider.${id}`);

/** Sliders under a heading; closed until somebody wants them. */
export function Group({
  title,
  rules,
  editor,
  open,
}: {
  title: string;
  rules: Ruled[];
  editor: Editor;
  open?: boolean;
}) {
  const { recipe, catalogue, change } = editor;
  const moved = rules.some(({ of, id }) => recipe[of]?.[id]);
  const back = () => {
    let next = recipe;
    for (const { of, id } of rules) next = { ...next, [of]: { ...next[of], [id]: 0 } };
    change(inOrder(next, catalogue));
  };
  return (
    <details class="look-group" open={open}>
      <summary>{title}</summary>
      <div class="stack">
        {rules.map((rule) => (
          <Slider key={rule.id} rule={rule} editor={editor} />
        ))}
        {moved && (
          <div class="row">
            <Button kind="line" icon="refresh" onClick={back}>
              {t("look.usual")}
            </Button>
          </div>
        )}
      </div>
    </details>
  );
}

/** By pulling, by arrow keys, or by the number itself. */
function Slider({ rule, editor }: { rule: Ruled; editor: Editor }) {
  const id = useId();
  const { of, min, max } = rule;
  const { recipe, catalogue, change, rest } = editor;
  const value = recipe[of]?.[rule.id] ?? 0;
  const set = (to: number) =>
    change(setNumber(recipe, of, rule.id, to, catalogue), `${of} ${rule.id}`);
  return (
    <div class="look-slider">
      <label for={id}>{wordOf(rule)}</label>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        value={value}
        onInput={(event) => set(event.currentTarget.valueAsNumber)}
        onChange={rest}
        onBlur={rest}
      />
      <input
        class="input"
        type="number"
        inputMode="numeric"
        min={min}
        max={max}
        value={value}
        aria-label={t("look.value", { what: wordOf(rule) })}
        onChange={(event) => {
          set(event.currentTarget.valueAsNumber || 0);
          rest();
        }}
      />
    </div>
  );
}
