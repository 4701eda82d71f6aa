import { ReadMarks } from "../../pages/settings_messages.tsx";
import type { SettingsSection } from "../../rows.ts";

export const sections: SettingsSection[] = [
  { part: "privacy", place: 20, section: ReadMarks },
];
