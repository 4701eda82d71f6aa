import type { PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/profile/seen",
    who: "member",
    load: () => import("./page.tsx").then((m) => m.SeenPage),
  },
];
