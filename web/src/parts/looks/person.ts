import type { PersonAction } from "../../rows.ts";
import { copyFrom } from "./copied.ts";

export const actions: PersonAction[] = [
  {
    place: 75,
    text: "look.copy",
    icon: "shirt",
    when: ({ relation, look }) => relation === "friend" && !!look,
    act: ({ look }) => copyFrom(look!),
  },
];
