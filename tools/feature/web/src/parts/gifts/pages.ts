import gift from "lucide-static/icons/gift.svg";
import type { NavRow, PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  { path: "/gifts", who: "member", load: () => import("./page.tsx").then((m) => m.Gifts) },
];

export const nav: NavRow[] = [
  { place: 45, href: "/gifts", icon: gift, text: "gifts.title", who: "member" },
];
