import { pageOf } from "../../lib/person.ts";
import { go } from "../../lib/router.ts";
import type { PersonAction } from "../../rows.ts";

export const actions: PersonAction[] = [
  {
    place: 10,
    text: "person.page",
    icon: "house",
    when: () => true,
    act: ({ id }) => go(pageOf(id)),
    card: true,
  },
  {
    place: 20,
    text: "person.edit",
    icon: "pencil",
    when: ({ relation }) => relation === "self",
    act: () => go("/profile"),
  },
];
