/** Chance by a seed: the same numbers everywhere, 0 up to 1. */
export function randomOf(seed) {
  let s = seed >>> 0;
  return () => (s = (Math.imul(s, 1664525) + 1013904223) >>> 0) / 4294967296;
}
