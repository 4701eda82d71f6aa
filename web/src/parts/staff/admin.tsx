import { Officers } from "./officers.tsx";
import type { AdminPart } from "../../rows.ts";

export const admin: AdminPart[] = [
  { name: "staff", place: 40, text: "officers.title", Part: Officers },
];
