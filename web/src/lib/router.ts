import { signal } from "@preact/signals";

export interface Place {
  path: string;
  search: string;
  hash: string;
}

const read = (): Place => ({
  path: location.pathname,
  search: location.search,
  hash: location.hash,
});

export const place = signal<Place>(read());

function arrived(): void {
  const old = place.value.path;
  place.value = read();
  if (place.value.path !== old) scrollTo(0, 0);
}

export function go(href: string, replace = false): void {
  history[replace ? "replaceState" : "pushState"](null, "", href);
  arrived();
}

/** Links to our own pages change the page without loading it; everything else is the browser's. */
export function startRouter(): void {
  addEventListener("popstate", arrived);
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.("a");
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin)
      return;
    if (link.pathname.startsWith("/api/") || link.pathname.startsWith("/a/")) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    go(link.href);
  });
}

/** The parts of the path that `pattern` names (`/rooms/:id`), or null when it does not fit. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split("/");
  const have = path.replace(/(.)\/$/, "$1").split("/");
  if (want.length !== have.length) return null;
  const found: Record<string, string> = {};
  for (const [i, part] of want.entries()) {
    if (part.startsWith(":")) {
      try {
        found[part.slice(1)] = decodeURIComponent(have[i]!);
      } catch {
        return null;
      }
    } else if (part !== have[i]) return null;
  }
  return found;
}
