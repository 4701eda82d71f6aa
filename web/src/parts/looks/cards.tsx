import { useId } from "preact/hooks";
import { Icon } from "../../kit/icons.tsx";
import { Picture, useSheets } from "./pictures.tsx";

/** Cards stand in rows: up and down go to the next row, as the eye does. Left and right are the browser's. */
function byRows(event: KeyboardEvent): void {
  const list = [...(event.currentTarget as HTMLElement).querySelectorAll("input")];
  const at = list.indexOf(event.target as HTMLInputElement);
  if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  const top = (one: HTMLElement) => one.closest("label")!.offsetTop;
  const columns = Math.max(1, list.filter((one) => top(one) === top(list[0]!)).length);
  const to = {
    ArrowUp: at - columns,
    ArrowDown: at + columns,
    Home: 0,
    End: list.length - 1,
  }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const one = list[to];
  one?.focus();
  one?.click();
}

/** One of a slot's things, by picture and name. */
export function Cards({
  legend,
  sheet,
  nothing,
  options,
  value,
  set,
}: {
  legend: string;
  sheet: string;
  /** What it is called to take none. */
  nothing?: string;
  options: { value: string; label: string }[];
  value: string;
  set: (value: string) => void;
}) {
  const name = useId();
  const sheets = useSheets();
  const all = nothing === undefined ? options : [{ value: "", label: nothing }, ...options];
  return (
    <fieldset>
      <legend class="unseen">{legend}</legend>
      <div class="look-grid" onKeyDown={byRows}>
        {all.map((one) => (
          <label key={one.value} class="pick-card look-card">
            <input
              type="radio"
              name={name}
              class="unseen-input"
              checked={one.value === value}
              onChange={() => set(one.value)}
            />
            {one.value ? (
              <Picture of={sheets} sheet={sheet} id={one.value} />
            ) : (
              <span class="look-pic look-none" aria-hidden="true">
                <Icon name="ban" />
              </span>
            )}
            <span class="look-name">{one.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
