// Runs before the first paint: look and language, so that nothing flashes, and the catalogue's
// request leaves together with the program's. The answer is picked up by text.ts.
import { assetUrl } from "./assets.ts";
import { chosenLanguage } from "./choices.ts";
import { applyLook } from "./root.ts";

const root = document.documentElement;
applyLook();
root.lang = chosenLanguage();
window.bautaCatalogue = fetch(assetUrl(`locale/${root.lang}.json`)).then((answer) => answer.json());
window.bautaCatalogue.catch(() => undefined);
