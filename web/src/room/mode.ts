// How this device shows rooms: by its own means, or as the person chose.
import { signal } from "@preact/signals";
import { remember, remembered } from "../choices.ts";

export type Quality = "auto" | "low" | "medium" | "high";
export const QUALITIES: Quality[] = ["auto", "low", "medium", "high"];

function canDraw(): boolean {
  try {
    const context = document.createElement("canvas").getContext("webgl2");
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    return context !== null;
  } catch {
    return false;
  }
}

/** The device can show the 3D view; false for good once its graphics were lost. */
export const drawable = signal(canDraw());
export const wantsText = signal(remembered("room_view") === "text");
export const quality = signal<Quality>(
  QUALITIES.find((one) => one === remembered("quality")) ?? "auto",
);

export function chooseText(text: boolean): void {
  wantsText.value = text;
  remember("room_view", text ? "text" : null);
}

export function chooseQuality(wanted: Quality): void {
  quality.value = wanted;
  remember("quality", wanted === "auto" ? null : wanted);
}
