import type { Reminder } from "../../rows.ts";
import { refused } from "./policies.ts";

export const reminders: Reminder[] = [
  {
    name: "policies",
    place: 5,
    icon: "alert",
    when: () => refused.value !== null,
    load: () => import("./reminded.tsx").then((m) => m.Refused),
  },
];
