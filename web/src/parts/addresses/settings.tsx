import { Email } from "./email.tsx";
import type { SettingsSection } from "../../rows.ts";

export const sections: SettingsSection[] = [{ part: "profile", place: 30, section: Email }];
