import { MailCheck } from "./check.tsx";
import type { SettingsSection } from "../../rows.ts";

export const sections: SettingsSection[] = [{ part: "mail", place: 20, section: MailCheck }];
