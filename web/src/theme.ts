import { signal } from "@preact/signals";
import { chosenTheme, remember, type Theme } from "./choices.ts";

export const theme = signal<Theme>(chosenTheme());

export function chooseTheme(wanted: Theme): void {
  theme.value = wanted;
  remember("theme", wanted === "system" ? null : wanted);
  if (wanted === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = wanted;
}
