import { Providers } from "./own.tsx";
import type { SettingsSection } from "../../rows.ts";

export const sections: SettingsSection[] = [{ part: "sign-in", place: 40, section: Providers }];
