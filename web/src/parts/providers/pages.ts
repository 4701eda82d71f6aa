import type { PageRow } from "../../rows.ts";

export const pages: PageRow[] = [
  {
    path: "/sign-in/with/:provider",
    who: "all",
    load: () => import("./provider.tsx").then((m) => m.Provider),
  },
  {
    path: "/sign-in/back",
    who: "all",
    load: () => import("./back.tsx").then((m) => m.ProviderBack),
  },
];
