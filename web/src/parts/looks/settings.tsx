import type { SettingsSection } from "../../rows.ts";
import { LookChoice } from "./choice.tsx";

export const sections: SettingsSection[] = [{ part: "privacy", place: 15, section: LookChoice }];
