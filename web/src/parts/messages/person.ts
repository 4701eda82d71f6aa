import { writeTo } from "./action.ts";
import type { PersonAction } from "../../rows.ts";

export const actions: PersonAction[] = [
  {
    place: 40,
    text: "talk.write",
    icon: "message",
    when: ({ may }) => may.message,
    act: ({ id }) => writeTo([id]),
  },
];
