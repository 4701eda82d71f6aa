import { officersWaits } from "./waits.ts";
import type { NavRow, PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/staff",
    who: "officer",
    load: () => import("./page.tsx").then((m) => m.Staff),
  },
  {
    path: "/staff/:id",
    who: "officer",
    load: () => import("./page.tsx").then((m) => m.Staff),
  },
];

export const nav: NavRow[] = [
  {
    place: 80,
    href: "/staff",
    icon: "scrollText",
    text: "nav.staff",
    who: "officer",
    news: () => officersWaits.count.value,
  },
];

export const start = officersWaits.watch;
