import { About, Consents, Copy } from "./data.tsx";
import { Allowed, Safe } from "./allowed.tsx";
import type { SettingsSection } from "../../rows.ts";

export const sections: SettingsSection[] = [
  { part: "privacy", place: 30, section: Allowed },
  { part: "privacy", place: 40, section: Safe },
  { part: "data", place: 10, section: Consents },
  { part: "data", place: 20, section: About },
  { part: "data", place: 30, section: Copy },
];
