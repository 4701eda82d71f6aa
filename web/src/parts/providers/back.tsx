import { useEffect, useState } from "preact/hooks";
import { Refused, send, type In, type Out } from "../../lib/api.ts";
import { signedInTo } from "../../lib/ahead.ts";
import { go, place } from "../../lib/router.ts";
import { signedIn } from "../../lib/session.ts";
import { t } from "../../lib/text.ts";
import { arriveNew, goSecond, ownPath, tripOf, type Trip } from "../../lib/trip.ts";
import { Closed, CLOSED } from "../sessions/closed.tsx";
import { Page } from "../../kit/page.tsx";
import { Button, Loading, Notice } from "../../kit/parts.tsx";
import { toast } from "../../kit/toast.tsx";

type Brought = In<"POST /api/providers/back">;
type Arrived = Out<"POST /api/providers/back">;

/** What the provider gave the browser; taken out of the address at once, so that nobody passes it on. */
function take(): Brought | null {
  const query = new URLSearchParams(place.value.search);
  const state = query.get("state");
  if (!state) return null;
  const brought: Brought = { state };
  for (const name of ["code", "iss", "error"] as const) {
    const value = query.get(name);
    if (value) brought[name] = value;
  }
  go(place.value.path, true);
  return brought;
}

async function arrive(arrived: Arrived): Promise<void> {
  const trip = tripOf();
  const name = arrived.name;
  const to = ownPath(trip?.to, "/rooms");
  if (arrived.status === "in") {
    await signedIn();
    go(signedInTo(to), true);
  } else if (arrived.status === "second") {
    goSecond(arrived.ticket!, arrived.ways ?? "");
    go(`/sign-in?to=${encodeURIComponent(to)}`, true);
  } else if (arrived.status === "unknown") {
    arriveNew(arrived.ticket!, arrived.provider, name);
    go(`/register?to=${encodeURIComponent(to)}`, true);
  } else {
    toast(arrived.status === "linked" ? t("provider.linked", { name }) : t("provider.proved"));
    go(ownPath(trip?.to, "/settings/sign-in"), true);
  }
}

/** There once more: what the provider said is used up, and this time the account opens. */
async function reopen({ provider, remember }: Trip): Promise<void> {
  const wish = { provider, remember, reopen: true };
  location.assign((await send("POST /api/providers/{provider}/sign-in", wish)).url);
}

/** Where a provider sends the browser back to. */
export function ProviderBack() {
  const [brought] = useState(take);
  const [said, setSaid] = useState<string | null>(null);
  const [closed, setClosed] = useState(false);
  const [away, setAway] = useState(false);
  const ask = async () => {
    if (!brought) return go("/sign-in", true);
    setSaid(null);
    try {
      await arrive(await send("POST /api/providers/back", brought));
    } catch (error) {
      setClosed(error instanceof Refused && error.code === CLOSED);
      setAway(!(error instanceof Refused) || error.status === 503);
      setSaid(error instanceof Refused ? error.message : t("app.unreachable"));
    }
  };
  useEffect(() => void ask(), []);
  if (said === null)
    return (
      <Page title={t("provider.asking")}>
        <Loading rows={2} />
      </Page>
    );
  const trip = tripOf();
  if (closed && trip)
    return (
      <Page key="closed" title={t("provider.title", { name: trip.name })}>
        <Closed why={said} open={() => reopen(trip)} leave={() => go("/sign-in", true)} />
      </Page>
    );
  return (
    <Page key="failed" title={t("provider.failed")}>
      <div role="alert">
        <Notice kind="bad">
          <p>{said}</p>
        </Notice>
      </div>
      <div class="row">
        {away ? (
          <Button kind="main" icon="refresh" onClick={() => void ask()}>
            {t("app.retry")}
          </Button>
        ) : (
          trip && (
            <a
              class="button main"
              href={`/sign-in/with/${trip.provider}?${new URLSearchParams({ for: trip.purpose, to: trip.to })}`}
            >
              {t("provider.again")}
            </a>
          )
        )}
        <a class="button line" href={trip && trip.purpose !== "sign-in" ? trip.to : "/sign-in"}>
          {t("provider.not")}
        </a>
      </div>
    </Page>
  );
}
