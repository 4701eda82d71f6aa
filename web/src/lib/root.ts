// How pages look on this device: what was chosen here over what the system wants. Styles read it
// from the root element, so that one rule serves both.
import { chosenLook, type Look } from "./choices.ts";

const query = (text: string) => matchMedia(`(${text})`);
export const WISHES = {
  dark: query("prefers-color-scheme: dark"),
  contrast: query("prefers-contrast: more"),
  still: query("prefers-reduced-motion: reduce"),
};

/* Widths in rem, as measured with the text size that was chosen: large text is a narrow window. */
const NARROW_REM = 47.5;
const STACKED_REM = 40;
const TINY_REM = 24;
const LEAST_REM = 16;

/** Puts the look on the root element; returns what code needs to know of it. */
export function applyLook(look: Look = chosenLook()): { narrow: boolean; still: boolean } {
  const root = document.documentElement;
  const dark = look.theme === "system" ? WISHES.dark.matches : look.theme === "dark";
  const still = look.motion === "less" || WISHES.still.matches;
  root.dataset.theme = dark ? "dark" : "light";
  root.style.fontSize = look.text === "100" ? "" : `${look.text}%`;
  // Not by innerWidth: a phone widens that for a page that is too wide, and so kept it too wide.
  const rem = parseFloat(getComputedStyle(root).fontSize);
  const within = (rems: number) => query(`max-width: ${rems * rem}px`).matches;
  const narrow = within(NARROW_REM);
  const upright = innerHeight >= innerWidth;
  const classes = {
    legible: look.font === "legible",
    contrast: look.contrast === "more" || WISHES.contrast.matches,
    still,
    narrow,
    stacked: within(STACKED_REM) || (narrow && upright),
    upright,
    tiny: within(TINY_REM),
    least: within(LEAST_REM),
  };
  for (const [name, on] of Object.entries(classes)) root.classList.toggle(name, on);
  return { narrow, still };
}
