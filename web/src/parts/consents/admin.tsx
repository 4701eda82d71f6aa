import { Performance } from "./performance.tsx";
import type { AdminPart } from "../../rows.ts";

export const admin: AdminPart[] = [
  { name: "performance", place: 70, text: "admin.performance", may: "admin", Part: Performance },
];
