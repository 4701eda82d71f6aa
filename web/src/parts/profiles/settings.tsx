import { Profile } from "./section.tsx";
import type { SettingsSection } from "../../rows.ts";

export const sections: SettingsSection[] = [{ part: "profile", place: 10, section: Profile }];
