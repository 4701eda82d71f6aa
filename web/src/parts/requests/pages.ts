import type { PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/contact",
    who: "all",
    load: () => import("./contact.tsx").then((m) => m.Contact),
  },
  {
    path: "/privacy/requests",
    who: "member",
    load: () => import("./mine.tsx").then((m) => m.Mine),
  },
  {
    path: "/privacy/requests/:id",
    who: "member",
    load: () => import("./mine.tsx").then((m) => m.Mine),
  },
  {
    path: "/privacy/ask",
    who: "all",
    load: () => import("./guest.tsx").then((m) => m.Guest),
  },
  {
    path: "/privacy/request",
    who: "all",
    load: () => import("./guest.tsx").then((m) => m.ByLink),
  },
  {
    path: "/staff/requests",
    who: "requests",
    load: () => import("./desk.tsx").then((m) => m.StaffRequests),
  },
  {
    path: "/staff/requests/:id",
    who: "requests",
    load: () => import("./desk.tsx").then((m) => m.StaffRequests),
  },
];
