import { closeReport, reported } from "../../reporting.ts";
import { windowRow, type PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/staff/reports",
    who: "officer",
    load: () => import("../../pages/staff_reports.tsx").then((m) => m.StaffReports),
  },
  {
    path: "/staff/reports/:id",
    who: "officer",
    load: () => import("../../pages/staff_reports.tsx").then((m) => m.StaffReports),
  },
];

export const windows = [
  windowRow({
    of: reported,
    close: closeReport,
    load: async () => (await import("../../ui/report_talk.tsx")).ReportTalk,
  }),
];
