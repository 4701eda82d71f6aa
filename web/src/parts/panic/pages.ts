import type { PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  { path: "/out", who: "member", load: () => import("./out.tsx").then((m) => m.Out) },
];
