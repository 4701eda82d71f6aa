import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Footer, Header, Rail, SkipLink } from "./layout.tsx";
import { Landing } from "./pages/landing.tsx";
import { NotFound } from "./pages/not_found.tsx";
import { Register } from "./pages/register.tsx";
import { Rooms } from "./pages/rooms.tsx";
import { SignIn } from "./pages/sign_in.tsx";
import { closePerson, openedPerson } from "./person.ts";
import { closeReport, reported, type Reported } from "./reporting.ts";
import { go, match, place } from "./router.ts";
import { me, offline, site, startSession } from "./session.ts";
import { allTexts, t } from "./text.ts";
import { BlockQuestion } from "./ui/block_question.tsx";
import { Failed, Loading } from "./ui/parts.tsx";
import { Prove } from "./ui/prove.tsx";
import { toast, Toasts } from "./ui/toast.tsx";

export type PageProps = { params: Record<string, string> };
type PageType = ComponentType<PageProps>;
type Who = "all" | "member" | "officer" | "admin";

interface PageRow {
  path: string;
  who: Who;
  /** Fills the window: no footer, no scrolling page. */
  full?: boolean;
  page?: PageType;
  load?: () => Promise<PageType>;
}

/* Pages that a first visit does not need are loaded when they are opened. */
const PAGES: PageRow[] = [
  { path: "/", who: "all", page: Landing },
  { path: "/register", who: "all", page: Register },
  { path: "/join/:invite", who: "all", page: Register },
  { path: "/sign-in", who: "all", page: SignIn },
  {
    path: "/sign-in/with/:provider",
    who: "all",
    load: () => import("./pages/provider.tsx").then((m) => m.Provider),
  },
  {
    path: "/sign-in/back",
    who: "all",
    load: () => import("./pages/provider_back.tsx").then((m) => m.ProviderBack),
  },
  { path: "/rooms", who: "member", page: Rooms },
  {
    path: "/rooms/:id",
    who: "member",
    full: true,
    load: () => import("./pages/room.tsx").then((m) => m.Room),
  },
  {
    path: "/friends",
    who: "member",
    load: () => import("./pages/friends.tsx").then((m) => m.Friends),
  },
  {
    path: "/messages",
    who: "member",
    load: () => import("./pages/messages.tsx").then((m) => m.Messages),
  },
  {
    path: "/messages/:id",
    who: "member",
    load: () => import("./pages/messages.tsx").then((m) => m.Messages),
  },
  {
    path: "/avatar",
    who: "member",
    load: () => import("./pages/avatar.tsx").then((m) => m.Avatar),
  },
  {
    path: "/notices",
    who: "member",
    load: () => import("./pages/notices.tsx").then((m) => m.Notices),
  },
  {
    path: "/settings",
    who: "member",
    load: () => import("./pages/settings.tsx").then((m) => m.Settings),
  },
  {
    path: "/settings/:part",
    who: "member",
    load: () => import("./pages/settings.tsx").then((m) => m.Settings),
  },
  {
    path: "/settings/privacy/blocked",
    who: "member",
    load: () => import("./pages/blocked.tsx").then((m) => m.Blocked),
  },
  {
    path: "/people/:id",
    who: "member",
    load: () => import("./pages/person.tsx").then((m) => m.PersonPage),
  },
  {
    path: "/profile",
    who: "member",
    load: () => import("./pages/profile.tsx").then((m) => m.EditProfile),
  },
  {
    path: "/profile/home",
    who: "member",
    load: () => import("./pages/home.tsx").then((m) => m.EditHome),
  },
  { path: "/admin", who: "admin", load: () => import("./pages/admin.tsx").then((m) => m.Admin) },
  {
    path: "/admin/:part",
    who: "admin",
    load: () => import("./pages/admin.tsx").then((m) => m.Admin),
  },
  { path: "/verify", who: "all", load: () => import("./pages/verify.tsx").then((m) => m.Verify) },
  { path: "/reset", who: "all", load: () => import("./pages/reset.tsx").then((m) => m.Reset) },
  { path: "/undo", who: "all", load: () => import("./pages/undo.tsx").then((m) => m.Undo) },
  {
    path: "/welcome",
    who: "all",
    load: () => import("./pages/welcome.tsx").then((m) => m.Welcome),
  },
  {
    path: "/unsubscribe",
    who: "all",
    load: () => import("./pages/unsubscribe.tsx").then((m) => m.Unsubscribe),
  },
  {
    path: "/waiting",
    who: "all",
    load: () => import("./pages/waiting.tsx").then((m) => m.Waiting),
  },
  {
    path: "/parent",
    who: "all",
    load: () => import("./pages/parent.tsx").then((m) => m.Parent),
  },
  { path: "/staff", who: "officer", load: () => import("./pages/staff.tsx").then((m) => m.Staff) },
  {
    path: "/staff/reports",
    who: "officer",
    load: () => import("./pages/staff_reports.tsx").then((m) => m.StaffReports),
  },
  {
    path: "/staff/reports/:id",
    who: "officer",
    load: () => import("./pages/staff_reports.tsx").then((m) => m.StaffReports),
  },
  {
    path: "/staff/:id",
    who: "officer",
    load: () => import("./pages/staff.tsx").then((m) => m.Staff),
  },
  {
    path: "/developers",
    who: "all",
    load: () => import("./pages/developers.tsx").then((m) => m.Developers),
  },
  {
    path: "/promises",
    who: "all",
    load: () => import("./pages/promises.tsx").then((m) => m.Promises),
  },
  {
    path: "/privacy",
    who: "all",
    load: () => import("./pages/privacy.tsx").then((m) => m.Privacy),
  },
  {
    path: "/terms",
    who: "all",
    load: () => import("./pages/terms.tsx").then((m) => m.Terms),
  },
  {
    path: "/credits",
    who: "all",
    load: () => import("./pages/credits.tsx").then((m) => m.Credits),
  },
];

const RELOADED = "bauta.reloaded";

/** The page for a path. A missing part means that a newer version is there: load that, once. */
function usePage(row: PageRow | undefined): {
  Page: PageType | null;
  failed: boolean;
  again: () => void;
} {
  const [state, setState] = useState<{ row?: PageRow; page?: PageType; failed?: boolean }>({});
  const load = () => {
    if (!row?.load || row.page) return;
    Promise.all([row.load(), allTexts()]).then(
      ([page]) => {
        row.page = page;
        sessionStorage.removeItem(RELOADED);
        setState({ row, page });
      },
      () => {
        if (navigator.onLine && !sessionStorage.getItem(RELOADED)) {
          sessionStorage.setItem(RELOADED, "1");
          location.reload();
        } else setState({ row, failed: true });
      },
    );
  };
  useEffect(load, [row]);
  const Page = row?.page ?? (state.row === row ? (state.page ?? null) : null);
  return { Page, failed: state.row === row && !!state.failed, again: load };
}

function find(path: string): { row?: PageRow; params: Record<string, string> } {
  for (const row of PAGES) {
    const params = match(row.path, path);
    if (params) return { row, params };
  }
  return { params: {} };
}

const may = (who: Who): boolean =>
  who === "all" ||
  (me.value !== null &&
    (who === "member" || (who === "officer" ? me.value.officer : me.value.role === "admin")));

function Content() {
  const { path, search, hash } = place.value;
  const { row, params } = find(path);
  const allowed = !!row && may(row.who);
  const { Page, failed, again } = usePage(allowed ? row : undefined);
  const away = row && !allowed && !me.value;
  useEffect(() => {
    if (away && !offline.value) go(`/sign-in?to=${encodeURIComponent(path + search + hash)}`, true);
  }, [away, path, offline.value]);
  if (offline.value && !site.value) return <Failed retry={() => void startSession()} />;
  if (away) return null;
  if (!row || !allowed) return <NotFound />;
  if (failed) return <Failed retry={again} />;
  if (!Page)
    return (
      <div class="page">
        <Loading />
      </div>
    );
  return <Page key={row.path} params={params} />;
}

/* The card comes with the first person whose card is opened. */
function Card() {
  const [Shown, setShown] = useState<ComponentType<{ id: string }> | null>(null);
  const id = openedPerson.value;
  useEffect(closePerson, [place.value.path]);
  useEffect(() => {
    if (!id || Shown) return;
    Promise.all([import("./ui/person_card.tsx"), allTexts()]).then(
      ([m]) => setShown(() => m.PersonCard),
      () => {
        closePerson();
        toast(t("app.unreachable"));
      },
    );
  }, [id]);
  return id && Shown ? <Shown key={id} id={id} /> : null;
}

/* The window for reporting talk, likewise. */
function Report() {
  const [Shown, setShown] = useState<ComponentType<{ what: Reported }> | null>(null);
  const what = reported.value;
  useEffect(closeReport, [place.value.path]);
  useEffect(() => {
    if (!what || Shown) return;
    Promise.all([import("./ui/report_talk.tsx"), allTexts()]).then(
      ([m]) => setShown(() => m.ReportTalk),
      () => {
        closeReport();
        toast(t("app.unreachable"));
      },
    );
  }, [what]);
  return what && Shown ? <Shown what={what} /> : null;
}

export function App() {
  useEffect(closePerson, [place.value.path]);
  const { row } = find(place.value.path);
  const full = !!row?.full && me.value !== null;
  return (
    <div class={`app ${me.value ? "in" : "out"} ${full ? "full" : ""}`}>
      <SkipLink />
      {!full && <Header />}
      {me.value && <Rail />}
      <main id="main" tabIndex={-1}>
        <Content />
      </main>
      {!full && <Footer />}
      {me.value && <Card />}
      {me.value && <Report />}
      {me.value && <BlockQuestion />}
      <Prove />
      <Toasts />
    </div>
  );
}
