import { reportPerson } from "../../lib/person.ts";
import type { PersonAction } from "../../rows.ts";

export const actions: PersonAction[] = [
  {
    place: 90,
    text: "report.title",
    icon: "flag",
    when: ({ relation }) => relation !== "self",
    act: ({ id }) => reportPerson(id),
  },
];
