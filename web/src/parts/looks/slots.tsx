import { useState } from "preact/hooks";
import { Choices } from "../../kit/choices.tsx";
import { t } from "../../lib/text.ts";
import type { Item } from "../../looks/catalogue.ts";
import type { Worn } from "../../looks/recipe.ts";
import { Cards } from "./cards.tsx";
import { Colours } from "./colours.tsx";
import { inColour, putOn, takeOff, tint, wornIn } from "./edit.ts";
import { Picture, useSheets } from "./pictures.tsx";
import { itemName } from "./tell.ts";
import type { Editor } from "./use_editor.ts";

/** Some slots, the first one open; whoever searches looks into all there are. */
export function Slots({ slots, editor }: { slots: string[]; editor: Editor }) {
  const [find, setFind] = useState("");
  const { catalogue, owns } = editor;
  const wanted = find.trim().toLowerCase();
  const called = ({ id }: Item) => itemName(id).toLowerCase().includes(wanted);
  const all = wanted ? catalogue.file.slots.map(({ id }) => id) : slots;
  const found = all
    .map((slot) => ({
      slot,
      items: catalogue.file.items.filter((one) => one.slot === slot && owns(one.id) && called(one)),
    }))
    .filter(({ items }) => items.length > 0);
  return (
    <>
      <label class="field">
        <span class="label">{t("look.find")}</span>
        <input
          class="input"
          type="search"
          value={find}
          onInput={(event) => setFind(event.currentTarget.value)}
        />
      </label>
      {found.length === 0 && <p role="status">{t("look.find_none")}</p>}
      {found.map(({ slot, items }, i) => (
        <Slot
          key={wanted ? `find ${slot}` : slot}
          slot={slot}
          items={items}
          editor={editor}
          open={wanted !== "" || i === 0}
          none={wanted === ""}
        />
      ))}
    </>
  );
}

/** What one may wear in a slot, and the colours of what one wears there. */
function Slot({
  slot,
  items,
  editor,
  open: opened,
  none,
}: {
  slot: string;
  items: Item[];
  editor: Editor;
  open: boolean;
  none: boolean;
}) {
  const { catalogue, recipe, change } = editor;
  const [open, setOpen] = useState(opened);
  const sheets = useSheets();
  const worn = wornIn(recipe, slot, catalogue);
  const item = worn && catalogue.items.get(worn.id);
  return (
    <details
      class="look-group look-slot"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <span class="look-slot-name">{t(`look_slot.${slot}`)}</span>
        {item && <span class="mute">{itemName(item.id)}</span>}
        {item && <Picture of={sheets} sheet={slot} id={item.id} />}
      </summary>
      {open && (
        <div class="stack">
          {item && worn && <Tints item={item} worn={worn} editor={editor} />}
          <Cards
            legend={t(`look_slot.${slot}`)}
            sheet={slot}
            {...(none ? { nothing: t("look.nothing") } : {})}
            options={items.map(({ id }) => ({ value: id, label: itemName(id) }))}
            value={worn?.id ?? ""}
            set={(id) =>
              change(id ? putOn(recipe, id, catalogue) : takeOff(recipe, slot, catalogue))
            }
          />
        </div>
      )}
    </details>
  );
}
function Tints({ item, worn, editor }: { item: Item; worn: Worn; editor: Editor }) {
  const { catalogue, recipe, change } = editor;
  const shades = catalogue.colours(item.palette);
  const to = (next: (worn: Worn) => Worn) => change(tint(recipe, item.slot, next, catalogue));
  return (
    <details class="look-tints">
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
