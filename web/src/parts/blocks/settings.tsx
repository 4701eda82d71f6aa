import { Contact } from "../../pages/settings_people.tsx";
import type { SettingsSection } from "../../rows.ts";

export const sections: SettingsSection[] = [
  { part: "privacy", place: 10, section: Contact },
];
