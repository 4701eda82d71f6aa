// What a person chose on this device. Strictly necessary preferences: they never leave it.

export const LANGUAGES = ["en", "id"] as const;
export type Language = (typeof LANGUAGES)[number];

/* How pages look, the plain choice first. */
export const LOOKS = {
  theme: ["system", "light", "dark"],
  text: ["100", "115", "130", "150", "175", "200"],
  font: ["standard", "legible"],
  contrast: ["system", "more"],
  motion: ["system", "less"],
} as const;
export type Look = { [Key in keyof typeof LOOKS]: (typeof LOOKS)[Key][number] };

/** localStorage may be forbidden (private windows, strict settings): then choices last a visit. */
export function remembered(key: string): string | null {
  try {
    return localStorage.getItem(`bauta.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`bauta.${key}`);
    else localStorage.setItem(`bauta.${key}`, value);
  } catch {
    /* see above */
  }
}

/** Somebody is signed in here, as far as this device knows: the cookie cannot be read. */
export const SIGNED_IN = "signed_in";

export const isLanguage = (text: unknown): text is Language => LANGUAGES.includes(text as Language);

export function chosenLanguage(): Language {
  const kept = remembered("language");
  if (isLanguage(kept)) return kept;
  /* Browsers still say "in" for Indonesian here and there. */
  const wanted = navigator.languages.map((tag) =>
    tag.slice(0, 2).toLowerCase().replace("in", "id"),
  );
  return wanted.find(isLanguage) ?? "en";
}

export function chosenLook(): Look {
  const found = Object.entries(LOOKS).map(([key, values]) => {
    const kept = remembered(key);
    return [key, values.find((value) => value === kept) ?? values[0]];
  });
  return Object.fromEntries(found) as Look;
}
