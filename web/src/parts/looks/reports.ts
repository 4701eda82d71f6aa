import { t } from "../../lib/text.ts";
import type { ReportRow } from "../../rows.ts";

export const reports: ReportRow[] = [
  { kind: "look", field: (_, text) => ({ name: t("look.told"), text }) },
];
