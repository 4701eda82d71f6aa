import type { SettingsPart } from "../../rows.ts";

export const settings: SettingsPart[] = [
  { name: "profile", place: 10, icon: "user", text: "settings.profile" },
  { name: "sign-in", place: 20, icon: "key", text: "settings.sign_in" },
  { name: "privacy", place: 30, icon: "shield", text: "settings.privacy" },
  { name: "mail", place: 40, icon: "mail", text: "settings.mail" },
  { name: "language", place: 50, icon: "accessibility", text: "settings.language" },
  { name: "data", place: 60, icon: "folder", text: "settings.data" },
  { name: "programs", place: 70, icon: "code", text: "settings.programs" },
  { name: "close", place: 80, icon: "doorOpen", text: "settings.close" },
];
