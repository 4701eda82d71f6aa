import { Register } from "./register.tsx";
import { SignIn } from "./sign_in.tsx";
import type { PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  { path: "/register", who: "all", page: Register },
  { path: "/join/:invite", who: "all", page: Register },
  { path: "/sign-in", who: "all", page: SignIn },
  {
    path: "/verify",
    who: "all",
    load: () => import("./verify.tsx").then((m) => m.Verify),
  },
  {
    path: "/reset",
    who: "all",
    load: () => import("./reset.tsx").then((m) => m.Reset),
  },
  {
    path: "/undo",
    who: "all",
    load: () => import("./undo.tsx").then((m) => m.Undo),
  },
  {
    path: "/welcome",
    who: "all",
    load: () => import("./welcome.tsx").then((m) => m.Welcome),
  },
];
