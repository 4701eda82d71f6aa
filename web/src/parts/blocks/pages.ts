import { blocking, decideBlock } from "./block.ts";
import { windowRow, type PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/settings/privacy/blocked",
    who: "member",
    load: () => import("./blocked.tsx").then((m) => m.Blocked),
  },
];

export const windows = [
  windowRow({
    of: blocking,
    close: () => decideBlock(false), // whoever goes elsewhere did not say yes
    load: async () => (await import("./question.tsx")).BlockQuestion,
  }),
];
