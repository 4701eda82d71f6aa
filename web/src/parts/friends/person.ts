import { StrangerCaution } from "./caution.tsx";
import { accept, ask, join, withdraw } from "./friends.ts";
import type { PersonAction } from "../../rows.ts";

export const actions: PersonAction[] = [
  {
    place: 50,
    text: "friends.ask",
    icon: "userPlus",
    when: ({ relation, may }) => relation === "none" && may.request,
    act: (one) => ask(one, ""),
  },
  {
    place: 60,
    text: "friends.accept",
    icon: "check",
    when: ({ relation }) => relation === "asking",
    Caution: StrangerCaution,
    act: accept,
  },
  {
    place: 61,
    text: "friends.withdraw",
    icon: "close",
    when: ({ relation }) => relation === "asked",
    act: withdraw,
  },
  { place: 70, text: "friends.join", icon: "doorOpen", when: ({ may }) => may.join, act: join },
];
