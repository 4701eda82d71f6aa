import { Providers } from "../../pages/settings_providers.tsx";
import type { SettingsSection } from "../../rows.ts";

export const sections: SettingsSection[] = [
  { part: "sign-in", place: 40, section: Providers },
];
