import { Invites } from "./invites.tsx";
import type { AdminPart } from "../../rows.ts";

export const admin: AdminPart[] = [
  { name: "invites", place: 20, text: "admin.invites", may: "invites", Part: Invites },
];
