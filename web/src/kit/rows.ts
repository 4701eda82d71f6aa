// A log whose rows have the keyboard one at a time: all of them are one stop of Tab, and so is what
// can be pressed in that one.
import { useState } from "preact/hooks";

/** The row that has the keyboard, the last one if none was chosen; and what the list does for it. */
export function useRows(seqs: number[]) {
  const [chosen, setChosen] = useState<number | null>(null);
  // By touch a row need not get the focus.
  const choose = (event: globalThis.Event) => {
    const near = (event.target as HTMLElement).closest<HTMLElement>("[data-seq]");
    if (near) setChosen(Number(near.dataset.seq));
  };
  const current = chosen !== null && seqs.includes(chosen) ? chosen : seqs.at(-1);
  return { current, on: { onFocusIn: choose, onClick: choose } };
}

/** Between rows; Enter presses what `opens` finds in one, Escape leads back to the place to write. */
export const moveBetween =
  (opens: string, write: string) =>
  (event: KeyboardEvent): void => {
    const list = event.currentTarget as HTMLElement;
    const inMenu = (event.target as HTMLElement).closest("[role=menu]");
    const row = (event.target as HTMLElement).closest<HTMLElement>("[data-seq]");
    if (inMenu || !row) return;
    const all = [...list.querySelectorAll<HTMLElement>("[data-seq]")];
    const at = all.indexOf(row);
    const onRow = event.target === row;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined && (onRow || event.key === "Home" || event.key === "End")) {
      all[Math.max(0, Math.min(to, all.length - 1))]!.focus();
    } else if (event.key === "Enter" && onRow) {
      row.querySelector<HTMLElement>(opens)?.click();
    } else if (event.key === "Escape") document.getElementById(write)?.focus();
    else return;
    event.preventDefault();
  };
