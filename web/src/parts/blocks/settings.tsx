import { Contact } from "./contact.tsx";
import type { SettingsSection } from "../../rows.ts";

export const sections: SettingsSection[] = [{ part: "privacy", place: 10, section: Contact }];
