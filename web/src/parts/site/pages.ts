import { Landing } from "../../pages/landing.tsx";
import type { PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  { path: "/", who: "all", page: Landing },
  {
    path: "/developers",
    who: "all",
    load: () => import("../../pages/developers.tsx").then((m) => m.Developers),
  },
  {
    path: "/promises",
    who: "all",
    load: () => import("../../pages/promises.tsx").then((m) => m.Promises),
  },
  {
    path: "/privacy",
    who: "all",
    load: () => import("../../pages/privacy.tsx").then((m) => m.Privacy),
  },
  {
    path: "/terms",
    who: "all",
    load: () => import("../../pages/terms.tsx").then((m) => m.Terms),
  },
  {
    path: "/credits",
    who: "all",
    load: () => import("../../pages/credits.tsx").then((m) => m.Credits),
  },
];
