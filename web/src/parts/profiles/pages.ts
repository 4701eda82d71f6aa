import { closePerson, openedPerson } from "../../lib/person.ts";
import { windowRow, type PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/people/:id",
    who: "member",
    load: () => import("./page.tsx").then((m) => m.PersonPage),
  },
  {
    path: "/profile",
    who: "member",
    load: () => import("./edit.tsx").then((m) => m.EditProfile),
  },
];

export const windows = [
  windowRow({
    of: openedPerson,
    close: closePerson,
    load: async () => (await import("./card.tsx")).PersonCard,
  }),
];
