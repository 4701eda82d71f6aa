import type { ReportRow } from "../../rows.ts";

export const reports: ReportRow[] = [{ kind: "message" }];
