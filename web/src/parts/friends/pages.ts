import type { NavRow, PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/friends",
    who: "member",
    load: () => import("./page.tsx").then((m) => m.Friends),
  },
];

export const nav: NavRow[] = [
  { place: 20, href: "/friends", icon: "users", text: "nav.friends", who: "member" },
];
