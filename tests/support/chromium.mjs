// Debian's Chromium without windows, and what it needs to draw in 3D without a graphics card.
export const CHROMIUM = process.env.BAUTA_CHROMIUM ?? "/usr/bin/chromium";
/** The same without what only windows need: a quarter less to compute. It has neither WebGL here nor push. */
export const SHELL = process.env.BAUTA_CHROMIUM ?? "/usr/bin/chromium-headless-shell";
export const DRAWS = [
  "--no-sandbox",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  "--ignore-gpu-blocklist",
  "--disable-gpu-watchdog", // a processor that draws beside much else is slow, not stuck
];
export const DRAWS_NOT = ["--no-sandbox", "--disable-gpu", "--disable-3d-apis"];
