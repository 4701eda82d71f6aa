import type { PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/waiting",
    who: "all",
    load: () => import("./waiting.tsx").then((m) => m.Waiting),
  },
  {
    path: "/parent",
    who: "all",
    load: () => import("./parent.tsx").then((m) => m.Parent),
  },
];
