import { useEffect, useState } from "preact/hooks";
import { send } from "../../lib/api.ts";
import { StrangerCaution } from "./caution.tsx";
import { accept, peopleChanged, refuse, withdraw, type Requests } from "./friends.ts";
import { place } from "../../lib/router.ts";
import { showDay, t } from "../../lib/text.ts";
import { useChanges, useLoad } from "../../kit/load.ts";
import { Button, Failed } from "../../kit/parts.tsx";
import { PersonRow } from "../../kit/person_row.tsx";
import { Section } from "../../kit/section.tsx";
import { complain } from "../../kit/toast.tsx";

type In = Requests["in"][number];

/** Who asks, with the caution about strangers; and whom one has asked. */
export function FriendRequests() {
  const { data, failed, again } = useLoad("GET /api/friends/requests", {});
  const [more, setMore] = useState<In[]>([]);
  const [after, setAfter] = useState<string | null>(null);
  const [gone, setGone] = useState<string[]>([]);
  useChanges(() => {
    setMore([]);
    again();
  }, peopleChanged.value);
  useEffect(() => setAfter(data?.next ?? null), [data]);
  const { hash } = place.value;
  const there = data !== null;
  useEffect(() => {
    if (there && hash) document.getElementById(hash.slice(1))?.scrollIntoView();
  }, [there, hash]);
  if (failed && !data) return <Failed retry={again} />;
  if (!data) return null;
  const first = new Set(data.in.map((one) => one.id));
  const asking = [...data.in, ...more.filter((one) => !first.has(one.id))].filter(
    (one) => !gone.includes(one.id),
  );
  if (asking.length + data.out.length === 0) return null;
  const next = async () => {
    const page = await send("GET /api/friends/requests", { after: after ?? "" });
    setMore((old) => [...old, ...page.in]);
    setAfter(page.next ?? null);
  };
  const no = (one: In) => {
    setGone((old) => [...old, one.id]);
    refuse(one, () => setGone((old) => old.filter((id) => id !== one.id)));
  };
  return (
    <>
      {asking.length > 0 && (
        <Section id="requests" title={t("friends.asking")} lead={t("friends.asking_lead")}>
          <ul class="table">
            {asking.map((one) => (
              <Asking key={one.id} one={one} no={() => no(one)} />
            ))}
          </ul>
          {after && (
            <Button kind="line" onClick={() => void next().catch(complain)}>
              {t("friends.more_requests")}
            </Button>
          )}
        </Section>
      )}
      {data.out.length > 0 && (
        <Section id="asked" title={t("friends.asked")}>
          <ul class="table">
            {data.out.map((one) => (
              <PersonRow
                key={one.id}
                one={one}
                actions={
                  <Button
                    kind="line slim"
                    aria-label={t("friends.withdraw_name", { name: one.name })}
                    onClick={() => void withdraw(one).catch(complain)}
                  >
                    {t("friends.withdraw")}
                  </Button>
                }
              >
                <p class="mute small">{t("friends.waiting", { day: showDay(one.at_ms) })}</p>
              </PersonRow>
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function Asking({ one, no }: { one: In; no: () => void }) {
  const { name } = one;
  return (
    <PersonRow
      one={one}
      actions={
        <>
          <Button
            kind="main slim"
            aria-label={t("friends.accept_name", { name })}
            onClick={() => void accept(one).catch(complain)}
          >
            {t("friends.accept")}
          </Button>
          <Button kind="line slim" aria-label={t("friends.refuse_name", { name })} onClick={no}>
            {t("friends.refuse")}
          </Button>
        </>
      }
      below={<StrangerCaution />}
    >
      <p class="mute small">{t("friends.asked_on", { day: showDay(one.at_ms) })}</p>
      {one.note && <p class="said-note">{one.note}</p>}
      {one.waits && <p class="mute small">{t("friends.note_waits")}</p>}
    </PersonRow>
  );
}
