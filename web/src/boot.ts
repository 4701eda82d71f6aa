// Runs before the first paint: theme and language, so that nothing flashes, and the catalogue's
// request leaves together with the program's. The answer is picked up by text.ts.
import { assetUrl } from "./assets.ts";
import { chosenLanguage, chosenTheme } from "./choices.ts";

const root = document.documentElement;
const theme = chosenTheme();
if (theme !== "system") root.dataset.theme = theme;
root.lang = chosenLanguage();
window.bautaCatalogue = fetch(assetUrl(`locale/${root.lang}.json`)).then((answer) => answer.json());
window.bautaCatalogue.catch(() => undefined);
