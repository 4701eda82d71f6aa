import { Log } from "./log.tsx";
import { Roles } from "./roles.tsx";
import type { AdminPart } from "../../rows.ts";

export const admin: AdminPart[] = [
  { name: "staff", place: 40, text: "roles.title", may: "roles", Part: Roles },
  { name: "log", place: 45, text: "log.title", may: "log", Part: Log },
];
