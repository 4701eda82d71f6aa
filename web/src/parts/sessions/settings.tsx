import { Devices } from "../../pages/settings_devices.tsx";
import { Programs } from "../../pages/settings_programs.tsx";
import type { SettingsSection } from "../../rows.ts";

export const sections: SettingsSection[] = [
  { part: "sign-in", place: 50, section: Devices },
  { part: "programs", place: 10, section: Programs },
];
