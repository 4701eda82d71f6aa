import { useEffect, useState } from "preact/hooks";
import type { PageProps } from "../../rows.ts";
import type { Item } from "../../lib/api.ts";
import { countryName } from "../../lib/countries.ts";
import { go } from "../../lib/router.ts";
import { may } from "../../lib/session.ts";
import { showDay, t } from "../../lib/text.ts";
import { useLoad } from "../../kit/load.ts";
import { Page } from "../../kit/page.tsx";
import { Case } from "./case.tsx";
import { Desk, NotYet, type Decided } from "./desk.tsx";

const DAY_MS = 24 * 3600 * 1000;

/** The desk of parents' proofs: those that wait, and those that were decided. */
export function Staff({ params }: PageProps) {
  if (!may("consent")) return <FirstDesk />;
  return params.id ? <Case id={params.id} /> : <Queue />;
}

/** Whose first desk is another one goes on to that. */
function FirstDesk() {
  const { data, failed, refused, again } = useLoad("GET /api/staff/waiting", {});
  const first = data?.items[0]?.path;
  useEffect(() => {
    if (first) go(first, true);
  }, [first]);
  return (
    <Page key="wait" title={t("nav.staff")}>
      <NotYet failed={failed} refused={refused} again={again} />
    </Page>
  );
}

function Queue() {
  const [decided, setDecided] = useState<Decided>("no");
  return (
    <Desk
      title={t("officer.title")}
      lead={t("officer.lead")}
      decided={decided}
      setDecided={setDecided}
      list={useLoad("GET /api/staff/cases", { decided })}
      row={(one) => <Row key={one.id} one={one} decided={decided === "yes"} />}
    />
  );
}

function Row({ one, decided }: { one: Item<"GET /api/staff/cases">; decided: boolean }) {
  const days = Math.max(0, Math.floor((one.ends_ms - Date.now()) / DAY_MS));
  return (
    <li>
      <div class="grow">
        <strong>{one.avatar_name}</strong>{" "}
        <span class="tag plain">{t(`officer.by_${one.method ?? "form"}`)}</span>{" "}
        {one.child_here && <span class="tag bad">{t("officer.child_here")}</span>}
        <p class="mute small">
          {t("officer.row", {
            number: one.id.slice(0, 8),
            country: countryName(one.country),
            day: showDay(one.answered_ms || one.created_ms),
          })}
        </p>
        <p class="small">
          {decided
            ? t("officer.decided_on", { day: showDay(one.decided_ms) })
            : t("officer.left", { n: days })}
        </p>
      </div>
      <a class="button main slim" href={`/staff/${one.id}`}>
        {t("officer.open")}
        <span class="unseen"> {one.id.slice(0, 8)}</span>
      </a>
    </li>
  );
}
