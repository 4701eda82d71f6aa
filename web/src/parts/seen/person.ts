import { go } from "../../lib/router.ts";
import type { PersonAction } from "../../rows.ts";

export const actions: PersonAction[] = [
  {
    place: 35,
    text: "seen.title",
    icon: "eye",
    when: ({ relation }) => relation === "self",
    act: () => go("/profile/seen"),
  },
];
