import { openPerson } from "../person.ts";

/** A name that opens the card of whom it names. */
export function PersonName({ id, name }: { id: string; name: string }) {
  return (
    <button
      type="button"
      class="person-name"
      aria-haspopup="dialog"
      dir="auto"
      onClick={(event) => openPerson(id, event.currentTarget)}
    >
      {name}
    </button>
  );
}
