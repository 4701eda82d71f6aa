// Which texts of the catalogue a program asks for, as far as its source says: literals that are keys,
// and templates by what stands before and behind `${…}`.

/** @param {string} code */
export function asksFor(code) {
  const whole = new Set(
    [...code.matchAll(/["'`]([a-z_]+\.[a-z_]+)["'`]/g)].map((match) => match[1]),
  );
  const partial = [...code.matchAll(/`([a-z_]+\.[a-z_]*)?\$\{[^`]*?\}([a-z_]*)`/g)].map(
    ([, start = "", end = ""]) => ({ start, end }),
  );
  return (key) =>
    whole.has(key) ||
    partial.some(
      ({ start, end }) =>
        (start !== "" && key.startsWith(start) && key.endsWith(end)) ||
        (start === "" && end.length > 1 && key.endsWith(end)),
    );
}

/** The catalogue in two: what this code asks for, and the rest. */
export function divide(catalogue, code) {
  const asked = asksFor(code);
  const parts = { first: {}, rest: {} };
  for (const [key, text] of Object.entries(catalogue))
    parts[asked(key) ? "first" : "rest"][key] = text;
  return parts;
}
