import { Choices } from "../../kit/choices.tsx";
import { t } from "../../lib/text.ts";
import type { Item } from "../../looks/catalogue.ts";
import type { Worn } from "../../looks/recipe.ts";
import { Colours } from "./colours.tsx";
import { inColour, putOn, takeOff, tint, wornIn } from "./edit.ts";
import { itemName } from "./tell.ts";
import type { Editor } from "./use_editor.ts";

/** What one may wear in a slot, and the colours of what one wears there; `find`: only what is called so. */
export function Slot({ slot, editor, find = "" }: { slot: string; editor: Editor; find?: string }) {
  const { catalogue, recipe, owns, change } = editor;
  const worn = wornIn(recipe, slot, catalogue);
  const items = catalogue.file.items.filter(
    ({ id, slot: its }) =>
      its === slot && owns(id) && itemName(id).toLowerCase().includes(find.trim().toLowerCase()),
  );
  if (items.length === 0) return null;
  const item = worn && catalogue.items.get(worn.id);
  return (
    <div class="stack look-slot">
      <Choices
        legend={t(`look_slot.${slot}`)}
        options={[
          { value: "", label: t("look.nothing") },
          ...items.map(({ id }) => ({ value: id, label: itemName(id) })),
        ]}
        value={worn?.id ?? ""}
        set={(id) => change(id ? putOn(recipe, id, catalogue) : takeOff(recipe, slot, catalogue))}
      />
      {item && worn && <Tints item={item} worn={worn} editor={editor} />}
    </div>
  );
}

function Tints({ item, worn, editor }: { item: Item; worn: Worn; editor: Editor }) {
  const { catalogue, recipe, change } = editor;
  const shades = catalogue.colours(item.palette);
  const to = (next: (worn: Worn) => Worn) => change(tint(recipe, item.slot, next, catalogue));
  return (
    <details class="look-group">
      <summary>{t("look.colours_of", { item: itemName(item.id) })}</summary>
      <div class="stack">
        {item.zones.map((zone, i) => (
          <Colours
            key={zone}
            legend={t(`look_zone.${zone}`)}
            shades={shades}
            chosen={worn.colours?.[i] ?? 0}
            choose={(colour) => to((old) => inColour(old, i, colour))}
          />
        ))}
        {item.patterns && (
          <Choices
            legend={t("look.pattern")}
            options={catalogue.patterns.map((id, i) => ({
              value: String(i),
              label: t(`look_pattern.${id}`),
            }))}
            value={String(worn.pattern ?? 0)}
            set={(pattern) => to((old) => ({ ...old, pattern: Number(pattern) }))}
          />
        )}
        {item.patterns && Boolean(worn.pattern) && (
          <Colours
            legend={t("look.pattern_colour")}
            shades={shades}
            chosen={worn.pattern_colour ?? 0}
            choose={(pattern_colour) => to((old) => ({ ...old, pattern_colour }))}
          />
        )}
      </div>
    </details>
  );
}
