import { AvatarName } from "./name.tsx";
import type { SettingsSection } from "../../rows.ts";

export const sections: SettingsSection[] = [{ part: "profile", place: 20, section: AvatarName }];
