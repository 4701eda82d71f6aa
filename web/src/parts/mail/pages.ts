import type { PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/unsubscribe",
    who: "all",
    load: () => import("./unsubscribe.tsx").then((m) => m.Unsubscribe),
  },
];
