// What a colour is called, for whoever hears it instead of seeing it: a plain word, and how light.

/** Where each hue ends, in degrees. */
const HUES: [number, string][] = [
  [12, "red"],
  [36, "orange"],
  [68, "yellow"],
  [165, "green"],
  [195, "turquoise"],
  [250, "blue"],
  [290, "violet"],
  [340, "pink"],
  [360, "red"],
];
const LIGHT = 0.72;
const DARK = 0.32;
/** Below this there is no hue to speak of. */
const GREY = 0.08;
/** Orange and yellow have other names where they are dull. */
const DULL = 0.53;
const BROWN = 0.55;

const shadeOf = (light: number) => (light > LIGHT ? "light" : light < DARK ? "dark" : "");

/** `#rrggbb` -> keys of the catalogue: the colour, and "light" or "dark" where it is one. */
export function colourWords(hex: string): { colour: string; shade: "light" | "dark" | "" } {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(
    (at) => parseInt(hex.slice(at, at + 2), 16) / 255,
  );
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  const light = most - range / 2;
  if (range < GREY) {
    if (light > 0.85) return { colour: "white", shade: "" };
    if (light < 0.14) return { colour: "black", shade: "" };
    return { colour: "grey", shade: shadeOf(light) };
  }
  const sixth =
    most === red
      ? (green - blue) / range
      : most === green
        ? (blue - red) / range + 2
        : (red - green) / range + 4;
  const hue = (sixth * 60 + 360) % 360;
  const name = HUES.find(([end]) => hue <= end)![1];
  if ((name === "orange" || name === "yellow") && hue < 48 && range < DULL)
    return light < BROWN
      ? { colour: "brown", shade: shadeOf(light) }
      : { colour: "beige", shade: "" };
  return { colour: name, shade: shadeOf(light) };
}
