import { signal } from "@preact/signals";
import { chosenLook, LOOKS, remember, type Look } from "./choices.ts";
import { applyLook, WISHES } from "./root.ts";

export const look = signal<Look>(chosenLook());
const shape = signal(applyLook());

function renew(): void {
  const next = applyLook(look.peek());
  const { narrow, still } = shape.peek();
  if (next.narrow !== narrow || next.still !== still) shape.value = next;
}

for (const wish of Object.values(WISHES)) wish.addEventListener("change", renew);
addEventListener("resize", renew);
/* Another tab of this device changed it. */
addEventListener("storage", (event) => {
  if (!event.key?.startsWith("bauta.")) return;
  look.value = chosenLook();
  renew();
});

export function chooseLook<Key extends keyof Look>(key: Key, value: Look[Key]): void {
  remember(key, value === LOOKS[key][0] ? null : value);
  look.value = { ...look.peek(), [key]: value };
  renew();
}

/** The window is narrow for the text size: one column, the navigation at the bottom. */
export const useNarrow = (): boolean => shape.value.narrow;

/** Nothing moves by itself. */
export const isStill = (): boolean => shape.peek().still;
