import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { parts } from "../gen/parts/pages.ts";
import { Footer, Header, Rail, SkipLink } from "./layout.tsx";
import { NotFound } from "../kit/not_found.tsx";
import { go, match, place } from "../lib/router.ts";
import type { PageProps, PageRow, WindowRow } from "../rows.ts";
import { inside, lookAtSite, may, me, offline, site, startSession } from "../lib/session.ts";
import { allTexts, t } from "../lib/text.ts";
import { Failed, Loading } from "../kit/parts.tsx";
import { Prove } from "./prove.tsx";
import { toast, Toasts } from "../kit/toast.tsx";

type PageType = ComponentType<PageProps>;

const open = ({ path }: PageRow): number => path.split(":").length;
const PAGES = parts.flatMap((part) => part.pages ?? []).sort((a, b) => open(a) - open(b));
const WINDOWS = parts.flatMap((part) => part.windows ?? []);

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

/* Goes with the page that it stands over. */
function Window({ row }: { row: WindowRow }) {
  const [Shown, setShown] = useState<ComponentType<{ what: unknown }> | null>(null);
  const what = row.of.value;
  useEffect(row.close, [place.value.path]);
  useEffect(() => {
    if (what === null || Shown) return;
    Promise.all([row.load(), allTexts()]).then(
      ([shown]) => setShown(() => shown),
      () => {
        row.close();
        toast(t("app.unreachable"));
      },
    );
  }, [what]);
  return what !== null && Shown ? <Shown key={String(what)} what={what} /> : null;
}

export function App() {
  const { row } = find(place.value.path);
  const full = !!row?.full && me.value !== null;
  useEffect(lookAtSite, [place.value.path]);
  return (
    <div class={`app ${inside.value ? "in" : "out"} ${full ? "full" : ""}`}>
      <SkipLink />
      {!full && <Header />}
      {inside.value && <Rail />}
      <main id="main" tabIndex={-1}>
        <Content />
      </main>
      {!full && <Footer />}
      {me.value && WINDOWS.map((one, i) => <Window key={i} row={one} />)}
      <Prove />
      <Toasts />
    </div>
  );
}
