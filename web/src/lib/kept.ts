// Words that are kept for the tab's life and for who wrote them alone: drafts, and what waits for a
// connection. Signing out forgets them.

/* Storage may be forbidden; then they live as long as the page. */
const keyOf = (what: string, account: string, id: string) => `bauta.${what}.${account}.${id}`;

export function kept(what: string, account: string, id: string): string | null {
  try {
    return sessionStorage.getItem(keyOf(what, account, id));
  } catch {
    return null;
  }
}

/** "" forgets it. */
export function keep(what: string, account: string, id: string, value: string): void {
  try {
    if (value) sessionStorage.setItem(keyOf(what, account, id), value);
    else sessionStorage.removeItem(keyOf(what, account, id));
  } catch {
    /* see above */
  }
}

export function keptList<T>(what: string, account: string, id: string): T[] {
  try {
    return JSON.parse(kept(what, account, id) ?? "[]") as T[];
  } catch {
    return [];
  }
}

export function keepList(what: string, account: string, id: string, list: unknown[]): void {
  keep(what, account, id, list.length > 0 ? JSON.stringify(list) : "");
}
