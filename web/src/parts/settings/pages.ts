import type { NavRow, PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/settings",
    who: "member",
    load: () => import("./frame.tsx").then((m) => m.Settings),
  },
  {
    path: "/settings/:part",
    who: "member",
    load: () => import("./frame.tsx").then((m) => m.Settings),
  },
];

export const nav: NavRow[] = [
  { place: 70, href: "/settings", icon: "settings", text: "nav.settings", who: "member" },
];
