// What a look's file says of itself in words.
import { t } from "../../lib/text.ts";
import type { Catalogue } from "../../looks/catalogue.ts";
import type { Leaving } from "../../looks/export/leaving.ts";
import type { About } from "../../looks/export/vrm.ts";
import { itemName } from "./tell.ts";

const LICENCES: Record<string, string> = {
  AGPL: "https://www.gnu.org/licenses/agpl-3.0.html",
  "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
};

/** Nothing in it says who somebody is; what tells of health or belief is not called by its name. */
export function aboutOf({ credits }: Leaving, catalogue: Catalogue): About {
  const plain = (id: string) => {
    const item = catalogue.items.get(id);
    return !item?.health && !item?.belief;
  };
  const authors = [...new Set(credits.map(({ credit }) => credit.author))];
  const first = credits.find(({ base }) => base)?.credit.licence ?? "";
  return {
    name: t("look.take_name"),
    version: new Date().toISOString().slice(0, 10),
    authors: [t("look.take_author"), ...authors],
    copyright: credits.map(({ credit }) => `${credit.author} (${credit.licence})`).join("; "),
    licences: credits
      .map(({ credit, base, items }) => {
        const what = [...(base ? [t("credits.base")] : []), ...items.filter(plain).map(itemName)];
        const { author, licence, source } = credit;
        return `${what.join(", ")}: ${author}, ${licence} (${source})`;
      })
      .join("\n"),
    licenceUrl: Object.entries(LICENCES).find(([name]) => first.startsWith(name))?.[1] ?? "",
  };
}
