import { Looked } from "./looked.tsx";
import type { SettingsSection } from "../../rows.ts";

export const sections: SettingsSection[] = [{ part: "data", place: 25, section: Looked }];
