// How this device shows rooms: by its own means, or as the person chose.
import { computed, signal } from "@preact/signals";
import { remember, remembered } from "../lib/choices.ts";
import { canDraw } from "../world/canvas.ts";
import type { Quality } from "../world/quality.ts";

export type { Quality };
export const QUALITIES: Quality[] = ["auto", "low", "medium", "high"];

/** The graphics went away for good. */
export const lost = signal(false);
/** The device can show the 3D view; tried when somebody first asks. */
export const drawable = computed(() => !lost.value && canDraw(quality.peek()));
export const wantsText = signal(remembered("room_view") === "text");
export const quality = signal<Quality>(
  QUALITIES.find((one) => one === remembered("quality")) ?? "auto",
);

/** Off until somebody wants it: others see a body move, and should not by a word that slipped in. */
export const gestureWords = signal(remembered("gesture_words") === "on");

export function chooseGestureWords(on: boolean): void {
  gestureWords.value = on;
  remember("gesture_words", on ? "on" : null);
}

export function chooseText(text: boolean): void {
  wantsText.value = text;
  remember("room_view", text ? "text" : null);
}

export function chooseQuality(wanted: Quality): void {
  quality.value = wanted;
  remember("quality", wanted === "auto" ? null : wanted);
}
