import { closePerson, openedPerson } from "../../person.ts";
import { windowRow, type PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/people/:id",
    who: "member",
    load: () => import("../../pages/person.tsx").then((m) => m.PersonPage),
  },
  {
    path: "/profile",
    who: "member",
    load: () => import("../../pages/profile.tsx").then((m) => m.EditProfile),
  },
];

export const windows = [
  windowRow({
    of: openedPerson,
    close: closePerson,
    load: async () => (await import("../../ui/person_card.tsx")).PersonCard,
  }),
];
