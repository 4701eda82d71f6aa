import { windowRow, type PageRow } from "../../rows.ts";
import { asking, startPolicies } from "./policies.ts";

export const pages: PageRow[] = [
  { path: "/terms", who: "all", load: () => import("./page.tsx").then((m) => m.Terms) },
  {
    path: "/policies/:kind",
    who: "all",
    load: () => import("./page.tsx").then((m) => m.PolicyPage),
  },
  {
    path: "/policies/:kind/:number",
    who: "all",
    load: () => import("./page.tsx").then((m) => m.PolicyPage),
  },
];

export const windows = [
  windowRow({
    of: asking,
    close: () => undefined, // it is no page's: whoever goes elsewhere is asked there
    load: async () => (await import("./ask.tsx")).Ask,
  }),
];

export const start = startPolicies;
