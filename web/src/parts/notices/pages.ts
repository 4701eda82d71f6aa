import { startNotices } from "./notices.ts";
import type { PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/notices",
    who: "member",
    load: () => import("./page.tsx").then((m) => m.Notices),
  },
];

export const start = startNotices;
