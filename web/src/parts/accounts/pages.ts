import { Register } from "../../pages/register.tsx";
import { SignIn } from "../../pages/sign_in.tsx";
import type { PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  { path: "/register", who: "all", page: Register },
  { path: "/join/:invite", who: "all", page: Register },
  { path: "/sign-in", who: "all", page: SignIn },
  {
    path: "/verify",
    who: "all",
    load: () => import("../../pages/verify.tsx").then((m) => m.Verify),
  },
  {
    path: "/reset",
    who: "all",
    load: () => import("../../pages/reset.tsx").then((m) => m.Reset),
  },
  {
    path: "/undo",
    who: "all",
    load: () => import("../../pages/undo.tsx").then((m) => m.Undo),
  },
  {
    path: "/welcome",
    who: "all",
    load: () => import("../../pages/welcome.tsx").then((m) => m.Welcome),
  },
];
