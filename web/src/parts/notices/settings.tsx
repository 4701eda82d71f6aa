import { Notifications } from "./notifications.tsx";
import type { SettingsSection } from "../../rows.ts";

export const sections: SettingsSection[] = [{ part: "mail", place: 10, section: Notifications }];
