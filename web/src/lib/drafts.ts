// What somebody began and has not saved, on this device and for them alone: gone when they sign out,
// or after a month; when their session ended while no page was open, as soon as one is.

const PREFIX = "bauta.draft.";
const KEPT_MS = 30 * 86_400_000;

const keyOf = (account: string, what: string) => `${PREFIX}${account}.${what}`;

export function draftOf<T>(account: string, what: string): T | null {
  const key = keyOf(account, what);
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null") as { at: number; is: T } | null;
    if (kept && kept.at > Date.now() - KEPT_MS) return kept.is;
    localStorage.removeItem(key);
  } catch {
    /* Storage may be forbidden, or hold something older than this: then there is no draft. */
  }
  return null;
}

/** `is`: null when there is nothing that is not saved. */
export function keepDraft(account: string, what: string, is: unknown): void {
  const key = keyOf(account, what);
  try {
    if (is === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ at: Date.now(), is }));
  } catch {
    /* see above */
  }
}

export const forgetDrafts = (): void => keepDraftsOf(null);

/** Forgets those of everybody else; null: of everybody. */
export function keepDraftsOf(account: string | null): void {
  const own = account === null ? null : keyOf(account, "");
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith(PREFIX) && (own === null || !key.startsWith(own)))
        localStorage.removeItem(key);
  } catch {
    /* see above */
  }
}
