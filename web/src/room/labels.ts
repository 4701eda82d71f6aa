// Names of seats and places, in the reader's language: they come with the scenes.
import { signal } from "@preact/signals";
import { assetJson } from "../lib/assets.ts";
import { language } from "../lib/text.ts";
import type { Spot } from "../live/protocol.ts";
import { nearestPlace, type SceneData } from "../world/scene.ts";

const labels = signal<Record<string, Record<string, string>>>({});

export const loadLabels = (): Promise<void> =>
  assetJson<Record<string, Record<string, string>>>("scenes/labels.json").then(
    (found) => void (labels.value = found),
    () => undefined,
  );

export function label(name: string): string {
  return labels.value[name]?.[language.value] ?? name.replaceAll("_", " ");
}

export function near(scene: SceneData, spot: Spot | undefined): string {
  const place = spot && nearestPlace(scene, spot.x, spot.z);
  return place ? label(place.name) : "";
}
