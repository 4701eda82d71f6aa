import { openPerson } from "../lib/person.ts";

/** A name that opens the card of whom it names. */
export function PersonName({
  id,
  name,
  tabIndex,
}: {
  id: string;
  name: string;
  /** In a log that is one stop of Tab. */
  tabIndex?: number;
}) {
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      class="person-name"
      aria-haspopup="dialog"
      dir="auto"
      onClick={(event) => openPerson(id, event.currentTarget)}
    >
      {name}
    </button>
  );
}
