import { adminsWaits } from "../staff/waits.ts";
import type { NavRow, PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/admin",
    who: "pages",
    load: () => import("./frame.tsx").then((m) => m.Admin),
  },
  {
    path: "/admin/:part",
    who: "pages",
    load: () => import("./frame.tsx").then((m) => m.Admin),
  },
];

export const nav: NavRow[] = [
  {
    place: 90,
    href: "/admin",
    icon: "shield",
    text: "nav.admin",
    who: "pages",
    news: () => adminsWaits.count.value,
  },
];

export const start = adminsWaits.watch;
