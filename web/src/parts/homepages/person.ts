import { go } from "../../lib/router.ts";
import type { PersonAction } from "../../rows.ts";

export const actions: PersonAction[] = [
  {
    place: 30,
    text: "person.decorate",
    icon: "palette",
    when: ({ relation }) => relation === "self",
    act: () => go("/profile/home"),
  },
];
