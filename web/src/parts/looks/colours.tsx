import { useId } from "preact/hooks";
import { t } from "../../lib/text.ts";
import { colourName } from "./tell.ts";

/** One colour of a palette. */
export function Colours({
  legend,
  shades,
  chosen,
  choose,
}: {
  legend: string;
  shades: readonly string[];
  chosen: number;
  choose: (colour: number) => void;
}) {
  const name = useId();
  return (
    <fieldset>
      <legend>{legend}</legend>
      <div class="swatches">
        {shades.map((hex, i) => {
          const colour = colourName(hex);
          return (
            <label key={hex} class="swatch" style={{ background: `#${hex}` }} title={colour}>
              <input
                type="radio"
                name={name}
                class="unseen-input"
                checked={i === chosen}
                onChange={() => choose(i)}
                aria-label={t("look.colour", { colour, n: i + 1, of: shades.length })}
              />
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
