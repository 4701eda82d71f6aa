import { Officers } from "../../pages/admin_staff.tsx";
import type { AdminPart } from "../../rows.ts";

export const admin: AdminPart[] = [
  { name: "staff", place: 40, text: "officers.title", Part: Officers },
];
