import { t } from "../../lib/text.ts";
import { fieldText } from "../profiles/facts.tsx";
import type { ReportRow } from "../../rows.ts";

export const reports: ReportRow[] = [
  {
    kind: "page",
    field: (name, text) => ({ name: t(`profile.${name}`), text: fieldText(name, text) }),
    block: (name) => t(`home.${name}`),
  },
];
