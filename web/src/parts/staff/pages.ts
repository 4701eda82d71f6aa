import { desksWait } from "./waits.ts";
import type { NavRow, PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/staff",
    who: "desks",
    load: () => import("./page.tsx").then((m) => m.Staff),
  },
  {
    path: "/staff/:id",
    who: "consent",
    load: () => import("./page.tsx").then((m) => m.Staff),
  },
];

export const nav: NavRow[] = [
  {
    place: 80,
    href: "/staff",
    icon: "scrollText",
    text: "nav.staff",
    who: "desks",
    news: () => desksWait.count.value,
  },
];

export const start = desksWait.watch;
