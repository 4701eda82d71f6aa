import { useEffect, useState } from "preact/hooks";
import { go, place } from "../../lib/router.ts";

/** The secret of a link in a mail: taken out of the address at once, so that it stays nowhere. */
export function useTicket(): string {
  const { path, hash } = place.value;
  const [ticket, setTicket] = useState(hash.slice(1));
  useEffect(() => {
    if (!hash) return;
    setTicket(hash.slice(1)); // another link, opened where this page stands already
    go(path, true);
  }, [hash]);
  return ticket;
}
