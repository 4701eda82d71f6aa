import gift from "lucide-static/icons/gift.svg";
import type { PersonAction } from "../../rows.ts";
import { give } from "./gifts.ts";

export const actions: PersonAction[] = [
  {
    place: 45,
    text: "gifts.give",
    icon: gift,
    when: ({ relation }) => relation === "friend",
    act: give,
  },
];
