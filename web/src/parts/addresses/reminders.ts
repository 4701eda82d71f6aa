import type { Reminder } from "../../rows.ts";

/** Whoever has just registered was told already, and looks around first. */
const AFTER_MS = 3_600_000;

export const reminders: Reminder[] = [
  {
    name: "address",
    place: 10,
    icon: "mail",
    when: ({ email, email_verified, created_ms }) =>
      !!email && !email_verified && Date.now() - created_ms > AFTER_MS,
    load: () => import("./unproved.tsx").then((m) => m.Unproved),
  },
];
