import { Landing } from "./landing.tsx";
import type { PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  { path: "/", who: "all", page: Landing },
  {
    path: "/developers",
    who: "all",
    load: () => import("./developers.tsx").then((m) => m.Developers),
  },
  {
    path: "/promises",
    who: "all",
    load: () => import("./promises.tsx").then((m) => m.Promises),
  },
  {
    path: "/privacy",
    who: "all",
    load: () => import("./privacy.tsx").then((m) => m.Privacy),
  },
  {
    path: "/credits",
    who: "all",
    load: () => import("./credits.tsx").then((m) => m.Credits),
  },
];
