import type { NavRow, PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/avatar",
    who: "member",
    load: () => import("./editor.tsx").then((m) => m.LookEditor),
  },
  {
    path: "/avatar/first",
    who: "member",
    load: () => import("./first.tsx").then((m) => m.FirstLook),
  },
];

export const nav: NavRow[] = [
  { place: 40, href: "/avatar", icon: "shirt", text: "nav.avatar", who: "member" },
];
