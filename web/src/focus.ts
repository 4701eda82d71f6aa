// What has the keyboard may go: a row that was answered, a button that did its work. Then what stood
// beside it gets the keyboard, else what it stood in, and never nobody.

const PRESSED = "a[href], button:not(:disabled), [tabindex]:not([tabindex='-1'])";

/** From what has the focus outwards: each with what stood after and before it, the nearest first. */
let trail: { element: Element; beside: Element[] }[] = [];

function follow(from: Element): void {
  trail = [];
  for (let at: Element | null = from; at && at !== document.body; at = at.parentElement) {
    const all = [...(at.parentElement?.children ?? [])];
    const place = all.indexOf(at);
    trail.push({ element: at, beside: [...all.slice(place + 1), ...all.slice(0, place).reverse()] });
  }
}

const takes = (one: Element): HTMLElement | null =>
  one.matches(PRESSED) ? (one as HTMLElement) : one.querySelector<HTMLElement>(PRESSED);

function nearest(): HTMLElement | null {
  for (const { element, beside } of trail) {
    const found = (element.isConnected ? [element] : beside).filter((one) => one.isConnected).map(takes);
    const first = found.find((one) => one !== null);
    if (first) return first;
  }
  return document.getElementById("main");
}

function look(): void {
  if (document.activeElement !== document.body || !trail[0] || trail[0].element.isConnected) return;
  nearest()?.focus({ preventScroll: true });
}

/** Once, at the start. A page that comes gives the focus to its own title: that is waited for. */
export function keepFocus(): void {
  document.addEventListener("focusin", ({ target }) => target instanceof Element && follow(target));
  new MutationObserver(() => requestAnimationFrame(look)).observe(document.body, {
    childList: true,
    subtree: true,
  });
}
