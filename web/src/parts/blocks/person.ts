import { block } from "./block.ts";
import { closePerson } from "../../lib/person.ts";
import type { PersonAction } from "../../rows.ts";

export const actions: PersonAction[] = [
  {
    place: 80,
    text: "blocks.block_name",
    icon: "ban",
    when: ({ relation }) => relation !== "self",
    act: (person) => {
      closePerson();
      return block(person);
    },
  },
];
