import { Checklist } from "./checklist.tsx";
import { Jobs } from "./jobs.tsx";
import { Accounts } from "./people.tsx";
import type { AdminPart } from "../../rows.ts";

export const admin: AdminPart[] = [
  { name: "checklist", place: 10, text: "admin.checklist", Part: Checklist },
  { name: "people", place: 30, text: "admin.people", Part: Accounts },
  { name: "jobs", place: 50, text: "admin.jobs", Part: Jobs },
];
