// What has the keyboard may go: a row that was answered, a button that did its work. Then what stood
// beside it gets the keyboard, else what it stood in, and never nobody.

const PRESSED = "a[href], button:not(:disabled), [tabindex]:not([tabindex='-1'])";
const FIELDS = "input:not([type=hidden]), select, textarea";

/** From what has the focus outwards: each with what stood after and before it, the nearest first. */
let trail: { element: Element; beside: Element[] }[] = [];

function follow(from: Element): void {
  trail = [];
  for (let at: Element | null = from; at && at !== document.body; at = at.parentElement) {
    const all = [...(at.parentElement?.children ?? [])];
    const place = all.indexOf(at);
    trail.push({
      element: at,
      beside: [...all.slice(place + 1), ...all.slice(0, place).reverse()],
    });
  }
}

/* What is not drawn takes no focus. */
const firstOf = (one: Element, wanted: string): HTMLElement | null =>
  [one, ...one.querySelectorAll(wanted)].find(
    (each): each is HTMLElement => each.matches(wanted) && each.getClientRects().length > 0,
  ) ?? null;

function nearest(): HTMLElement | null {
  for (const { element, beside } of trail) {
    const found = (element.isConnected ? [element] : beside).filter((one) => one.isConnected);
    const first = found.map((one) => firstOf(one, PRESSED)).find((one) => one !== null);
    if (first) return first;
  }
  return document.getElementById("main");
}

function look(): void {
  if (document.activeElement !== document.body || !trail[0] || trail[0].element.isConnected) return;
  nearest()?.focus({ preventScroll: true });
}

/* ---- F6 goes round the parts of a page, Shift+F6 back: where a room is a list, Tab has far to go ---- */

const PARTS = "header, nav, section, form, [role=group], [role=tablist], [role=application]";

function goRound(event: KeyboardEvent): void {
  const within = document.querySelector("dialog[open]") ?? document;
  const starts = [...within.querySelectorAll(PARTS)]
    .map((part) => firstOf(part, `${PRESSED}, ${FIELDS}`))
    .filter((one) => one !== null);
  const stops = [...new Set(starts)];
  const from = document.activeElement ?? document.body;
  const isBefore = (one: Element) =>
    one === from || (one.compareDocumentPosition(from) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  const here = stops.filter(isBefore).length - 1;
  const last = stops.length - 1;
  const to = stops[event.shiftKey ? (here > 0 ? here - 1 : last) : here < last ? here + 1 : 0];
  if (!to) return;
  event.preventDefault();
  to.focus();
}

/** Once, at the start. A page that comes gives the focus to its own title: that is waited for. */
export function keepFocus(): void {
  document.addEventListener("focusin", ({ target }) => target instanceof Element && follow(target));
  addEventListener("keydown", (event) => event.key === "F6" && goRound(event));
  new MutationObserver(() => requestAnimationFrame(look)).observe(document.body, {
    childList: true,
    subtree: true,
  });
}
