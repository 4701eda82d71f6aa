import { Mail } from "./outbox.tsx";
import type { AdminPart } from "../../rows.ts";

export const admin: AdminPart[] = [
  { name: "mail", place: 60, text: "admin.mail", may: "admin", Part: Mail },
];
