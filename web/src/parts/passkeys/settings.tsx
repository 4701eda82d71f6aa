import { Passkeys } from "../../pages/settings_passkeys.tsx";
import type { SettingsSection } from "../../rows.ts";

export const sections: SettingsSection[] = [
  { part: "sign-in", place: 10, section: Passkeys },
];
