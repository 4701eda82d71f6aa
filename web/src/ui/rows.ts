// A log whose rows have the keyboard one at a time.

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
