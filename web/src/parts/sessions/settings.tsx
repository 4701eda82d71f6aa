import { Devices } from "./devices.tsx";
import { Programs } from "./programs.tsx";
import type { SettingsSection } from "../../rows.ts";

export const sections: SettingsSection[] = [
  { part: "sign-in", place: 50, section: Devices },
  { part: "programs", place: 10, section: Programs },
];
