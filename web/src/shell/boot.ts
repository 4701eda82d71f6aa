// Stands in the page itself and runs before the first paint: look and language, so that nothing
// flashes, and what the program will ask for first leaves together with it (early.ts).
import { chosenLanguage, remembered, SIGNED_IN, type Language } from "../lib/choices.ts";
import { applyLook } from "../lib/root.ts";

declare const FIRST_TEXTS: Record<Language, string>;

const root = document.documentElement;
applyLook();
const language = (root.lang = chosenLanguage()) as Language;
const paths = [FIRST_TEXTS[language], "/api/site"];
if (remembered(SIGNED_IN)) paths.push("/api/me");
const early: Record<string, Promise<Response>> = (globalThis.bautaEarly = {});
for (const path of paths) {
  const answer = fetch(path, { headers: { "Accept-Language": language } });
  answer.catch(() => undefined);
  early[path] = answer;
}
