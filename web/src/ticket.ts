import { useEffect, useState } from "preact/hooks";
import { go, place } from "./router.ts";

/** The secret of a link in a mail: taken out of the address at once, so that it stays nowhere. */
export function useTicket(): string {
  const [ticket] = useState(() => place.value.hash.slice(1));
  useEffect(() => {
    if (place.value.hash) go(place.value.path, true);
  }, []);
  return ticket;
}
