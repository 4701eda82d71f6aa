import { ReadMarks } from "./read_marks.tsx";
import type { SettingsSection } from "../../rows.ts";

export const sections: SettingsSection[] = [{ part: "privacy", place: 20, section: ReadMarks }];
