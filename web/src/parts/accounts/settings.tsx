import { CloseAccount } from "./close.tsx";
import { Accessibility, LanguageOfAccount } from "./language.tsx";
import { ChangePassword } from "./password.tsx";
import type { SettingsSection } from "../../rows.ts";

export const sections: SettingsSection[] = [
  { part: "sign-in", place: 20, section: ChangePassword },
  { part: "language", place: 10, section: LanguageOfAccount },
  { part: "language", place: 20, section: Accessibility },
  { part: "close", place: 10, section: CloseAccount },
];
