import { inbox, startInbox } from "./start.ts";
import type { NavRow, PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/messages",
    who: "member",
    load: () => import("./page.tsx").then((m) => m.Messages),
  },
  {
    path: "/messages/:id",
    who: "member",
    load: () => import("./page.tsx").then((m) => m.Messages),
  },
];

export const nav: NavRow[] = [
  {
    place: 30,
    href: "/messages",
    icon: "message",
    text: "nav.messages",
    who: "member",
    news: () => inbox.news.value,
  },
];

export const start = startInbox;
