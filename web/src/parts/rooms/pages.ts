import { Rooms } from "./rooms.tsx";
import type { NavRow, PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  { path: "/rooms", who: "member", page: Rooms },
  {
    path: "/rooms/:id",
    who: "member",
    full: true,
    load: () => import("./room.tsx").then((m) => m.Room),
  },
];

export const nav: NavRow[] = [
  { place: 10, href: "/rooms", icon: "sofa", text: "nav.rooms", who: "member" },
];
