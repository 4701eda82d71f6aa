import { closeReport, reported } from "./reporting.ts";
import { windowRow, type PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/staff/reports",
    who: "reports",
    load: () => import("./desk.tsx").then((m) => m.StaffReports),
  },
  {
    path: "/staff/reports/:id",
    who: "reports",
    load: () => import("./desk.tsx").then((m) => m.StaffReports),
  },
];

export const windows = [
  windowRow({
    of: reported,
    close: closeReport,
    load: async () => (await import("./of_talk.tsx")).ReportTalk,
  }),
];
