import type { AdminPart } from "../../rows.ts";
import { SiteSettings } from "./site_settings.tsx";

export const admin: AdminPart[] = [
  { name: "settings", place: 20, text: "site_set.title", may: "admin", Part: SiteSettings },
];
