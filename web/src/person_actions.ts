// What can be done with somebody, on their card and on their page. A feature adds its rows.
import { block } from "./block.ts";
import { FRIEND_ACTIONS } from "./friends.ts";
import { MESSAGE_ACTION } from "./messages/action.ts";
import { closePerson, pageOf, reportPerson, type Person } from "./person.ts";
import { go } from "./router.ts";
import type { IconName } from "./ui/icons.tsx";

export interface PersonAction {
  /** A key of the catalogue; `{name}` is filled in. */
  text: string;
  icon: IconName;
  when: (person: Person) => boolean;
  /** What it throws is said in a toast. */
  act: (person: Person) => void | Promise<unknown>;
  /** Does not stand on the person's own page: it leads there. */
  card?: boolean;
}

export const PERSON_ACTIONS: PersonAction[] = [
  {
    text: "person.page",
    icon: "house",
    when: () => true,
    act: ({ id }) => go(pageOf(id)),
    card: true,
  },
  {
    text: "person.edit",
    icon: "pencil",
    when: ({ relation }) => relation === "self",
    act: () => go("/profile"),
  },
  {
    text: "person.decorate",
    icon: "palette",
    when: ({ relation }) => relation === "self",
    act: () => go("/profile/home"),
  },
  MESSAGE_ACTION,
  ...FRIEND_ACTIONS,
  {
    text: "blocks.block_name",
    icon: "ban",
    when: ({ relation }) => relation !== "self",
    act: ({ id }) => {
      closePerson();
      return block(id);
    },
  },
  {
    text: "report.title",
    icon: "flag",
    when: ({ relation }) => relation !== "self",
    act: ({ id }) => reportPerson(id),
  },
];
