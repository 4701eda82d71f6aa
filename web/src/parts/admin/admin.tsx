import { Jobs } from "./jobs.tsx";
import { Overview } from "./overview.tsx";
import { Accounts } from "./people.tsx";
import type { AdminPart } from "../../rows.ts";

export const admin: AdminPart[] = [
  { name: "overview", place: 10, text: "admin.overview", may: "admin", Part: Overview },
  { name: "people", place: 30, text: "admin.people", may: "people", Part: Accounts },
  { name: "jobs", place: 50, text: "admin.jobs", may: "admin", Part: Jobs },
];
