import type { PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/profile/home",
    who: "member",
    load: () => import("./edit.tsx").then((m) => m.EditHome),
  },
];
